"""The triple patterns of a query: what it can look at.

Source: SPARQL 1.1 Query Language, sections 5 and 9; which solutions a part of a query is combined with, sections 18.2
(translation) and 18.6 (``substitute``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pyoxigraph import NamedNode

#: A variable by its name, an IRI, or None for a literal.
End: TypeAlias = str | NamedNode | None


@dataclass(frozen=True)
class Path:
    """A property path (SPARQL 1.1, section 9): an IRI, or what it makes of its parts.

    :param kind: ``optional`` is ``?``, ``repeated`` is ``*`` or ``+``.
    :param empty: whether the path also leads from a node to itself.
    """

    kind: Literal["link", "inverse", "sequence", "choice", "optional", "repeated"]
    parts: tuple[Path, ...] = ()
    iri: NamedNode | None = None
    empty: bool = False


@dataclass(frozen=True)
class Pattern:
    """A triple pattern, or one with a path; a variable in the place of the path is its name."""

    subject: End
    path: Path | str
    object: End

    def variables(self) -> set[str]:
        """Give the names of its variables."""
        return {each for each in (self.subject, self.path, self.object) if isinstance(each, str)}


@dataclass
class Group:
    """A group graph pattern, with the plain groups and sub-selects in it.

    :param patterns: what each of its solutions matches.
    :param inner: what its solutions are combined with (OPTIONAL, MINUS, UNION) or tested by (EXISTS).
    """

    patterns: list[Pattern] = field(default_factory=list)
    inner: list[Inner] = field(default_factory=list)

    def variables(self, start: int = 0) -> set[str]:
        """Give the variables of the patterns from the one at ``start``."""
        return {name for pattern in self.patterns[start:] for name in pattern.variables()}


@dataclass
class Inner:
    """A group inside another.

    :param sees: the outer variables of which only those values matter that the outer patterns give them.
    :param substituted: whether they are replaced by these values in whatever it holds (EXISTS).
    """

    group: Group
    sees: set[str]
    substituted: bool


@dataclass(frozen=True)
class Query:
    """What a SELECT or ASK looks at.

    :param projected: the variables of SELECT, ``*`` for all; none for ASK.
    :param named: every variable in its text.
    :param flat: whether each of its variables means the same everywhere: in groups that are tested by EXISTS, but not
        in those that are evaluated by themselves.
    :param aggregated: whether it counts or cuts off solutions: no solution is not the same then as an empty answer.
    """

    group: Group
    projected: frozenset[str]
    named: frozenset[str]
    aggregated: bool
    flat: bool
