"""Changes to a graph as values: what is added, what is removed, and how two changes follow one another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pyoxigraph import Quad, Triple

Statement = TypeVar("Statement", Quad, Triple)


@dataclass(frozen=True)
class Delta(Generic[Statement]):
    """Statements added and statements removed; no statement is in both."""

    added: frozenset[Statement] = field(default_factory=frozenset)
    removed: frozenset[Statement] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def then(self, later: Delta[Statement]) -> Delta[Statement]:
        """Give the net change of this one followed by a later one.

        Both say what really changes: what is added was absent before it, what is removed was present.

        >>> a, b = Delta(frozenset("xy"), frozenset("z")), Delta(frozenset("z"), frozenset("x"))
        >>> a.then(b) == Delta(frozenset("y"), frozenset())
        True
        """
        return Delta(
            (self.added - later.removed) | (later.added - self.removed),
            (self.removed - later.added) | (later.removed - self.added),
        )


QuadDelta = Delta[Quad]
TripleDelta = Delta[Triple]


def delta(added: Iterable[Statement] = (), removed: Iterable[Statement] = ()) -> Delta[Statement]:
    """Make a change; a statement both removed and added is added (SPARQL 1.1 Update deletes first).

    >>> delta("ab", "bc") == Delta(frozenset("ab"), frozenset("c"))
    True
    """
    additions = frozenset(added)
    return Delta(additions, frozenset(removed) - additions)
