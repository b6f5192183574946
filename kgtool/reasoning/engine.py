"""The seam between a graph and whatever closes it.

What travels is the change, in both directions: triples that became asserted or no longer are go in, triples that follow
now or no longer do come out. Whoever holds an encoded copy of the graph is the engine (in a folder that it is given):
it follows each commit from the changes alone, and reads the facts again only when its copy is missing or older. The
first engine, owlrl, keeps no copy and always reads everything: 96 % of a materialisation measured on it is this reading
and writing, which is why the interface lets the next engine do without.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from pyoxigraph import Quad, Triple

from kgtool.store.change import QuadDelta, TripleDelta


@dataclass(frozen=True)
class Clash:
    """An inconsistency: what a false-rule of OWL 2 RL found.

    :param message: what clashes, with the IRIs.
    """

    message: str


@dataclass(frozen=True)
class Consequences:
    """What a change brings: how the inferred graph changes, and the clashes of the whole graph after it."""

    inferred: TripleDelta = field(default_factory=TripleDelta)
    clashes: tuple[Clash, ...] = ()


class Facts(Protocol):
    """The graph as an engine may read it: asserted statements after the change, inferred ones before it."""

    def asserted(self) -> Iterable[Triple]:
        """Give each asserted triple once, as after the change."""
        ...

    def quads(self) -> Iterable[Quad]:
        """Give the quads of the source graphs, as after the change."""
        ...

    def inferred(self) -> Iterable[Triple]:
        """Give the inferred graph, as before the change."""
        ...


class Engine(Protocol):
    """Computes the closure: OWL 2 RL/RDF (W3C OWL 2 Profiles, tables 4 to 9) plus the store's rules.

    What the contract leaves out of the graph is left out of the consequences.
    """

    name: str

    def consequences(self, change: QuadDelta, asserted: TripleDelta, facts: Facts) -> Consequences:
        """Say what a change brings.

        :param change: source quads added and removed.
        :param asserted: triples that become asserted, or are no longer in any source.
        :param facts: the whole graph, for engines that need it.
        :returns: the change of the inferred graph; afterwards it holds the closure less what is asserted.
        :raises kgtool.errors.LimitError: if the closure does not end within the engine's bounds.
        """
        ...


class NoEngine:
    """Infers nothing: for a store that only keeps what is asserted."""

    name = "none"

    def consequences(self, change: QuadDelta, asserted: TripleDelta, facts: Facts) -> Consequences:
        """Give no consequences, and withdraw those that another engine left."""
        return Consequences(TripleDelta(removed=frozenset(facts.inferred())))
