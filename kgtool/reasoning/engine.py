"""The seam between a graph and whatever closes it.

What travels is the change, in both directions: quads of sources that come and go, and the triples that became asserted
or no longer are, go in; triples that follow now or no longer do come out. An engine looks up what else it needs in the
store, which still is as before the change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pyoxigraph import Quad, Triple

from kgtool.reasoning.clash import Clash
from kgtool.store.change import QuadDelta, TripleDelta
from kgtool.store.interface import QuadStore
from kgtool.store.layout import State
from kgtool.store.looked_up import LookedUp

#: Told about the progress: what is going on, and how many facts it found.
Tell = Callable[[str, int], None]


@dataclass(frozen=True)
class Consequences:
    """What a change brings.

    :param inferred: how the inferred graph changes.
    :param premises: how the graph of what is left out of it, and still counts as a premise, changes.
    :param clashes: the contradictions that it brings; from scratch, all of the graph.
    :param seconds: what was spent on other stages than ``reason``: ``read`` for opening columns, ``validate`` for
        looking for contradictions, ``write`` for finding the difference to what is stored.
    """

    inferred: TripleDelta = field(default_factory=TripleDelta)
    premises: QuadDelta = field(default_factory=QuadDelta)
    clashes: tuple[Clash, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


class Facts(Protocol):
    """The graph as an engine may read it: asserted statements after the change, the store as before it."""

    @property
    def store(self) -> QuadStore:
        """The store before the change."""
        ...

    @property
    def lookups(self) -> LookedUp:
        """The same store for many small look-ups: what is said of a thing is read once."""
        ...

    @property
    def state(self) -> State:
        """Its state."""
        ...

    def asserted(self) -> Iterable[Triple]:
        """Give each asserted triple once, as after the change."""
        ...

    def quads(self) -> Iterable[Quad]:
        """Give the quads of the source graphs, as after the change."""
        ...

    def inferred(self) -> Iterable[Triple]:
        """Give the inferred graph, as before the change."""
        ...

    def premises(self) -> Iterable[Quad]:
        """Give the graph of premises, as before the change."""
        ...


class Engine(Protocol):
    """Computes the closure: OWL 2 RL/RDF (W3C OWL 2 Profiles, tables 4 to 9) plus the store's rules.

    What the contract leaves out of the graph is left out of the consequences.
    """

    name: str

    def consequences(
        self, change: QuadDelta, asserted: TripleDelta, facts: Facts, *, anew: bool = False, tell: Tell | None = None
    ) -> Consequences:
        """Say what a change brings.

        :param change: source quads added and removed.
        :param asserted: triples that become asserted, or are no longer in any source.
        :param anew: compute the closure from scratch, and find every contradiction.
        :returns: the change of the inferred graph; afterwards it holds the closure less what is asserted.
        :raises kgtool.errors.LimitError: if the closure does not end within the engine's bounds.
        """
        ...

    def follow(self, before: State, after: State, change: QuadDelta, consequences: Consequences) -> None:
        """Take note of a commit with these consequences."""
        ...

    def elsewhere(self) -> Engine:
        """Give an engine of the same rules for another store, such as a copy; it notes nothing for this one."""
        ...


class NoEngine:
    """Infers nothing: for a store that only keeps what is asserted."""

    name = "none"

    def consequences(
        self, change: QuadDelta, asserted: TripleDelta, facts: Facts, *, anew: bool = False, tell: Tell | None = None
    ) -> Consequences:
        """Give no consequences, and withdraw those that another engine left."""
        return Consequences(
            TripleDelta(removed=frozenset(facts.inferred())), QuadDelta(removed=frozenset(facts.premises()))
        )

    def follow(self, before: State, after: State, change: QuadDelta, consequences: Consequences) -> None:
        """Do nothing."""

    def elsewhere(self) -> NoEngine:
        """Give this engine."""
        return self
