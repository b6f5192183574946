"""The consequences of a change, in three strata: what needs no competing nodes, the nodes, and what follows of them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass

from pyoxigraph import Quad, Triple

from kgtool.reasoning.clash import Clash
from kgtool.reasoning.incremental.deletion import Deletion
from kgtool.reasoning.incremental.insertion import AxiomFollows, Insertion
from kgtool.reasoning.incremental.instances import Rules, Views, heads
from kgtool.reasoning.incremental.nodes import NodeChange
from kgtool.reasoning.incremental.stored import Budget, Stored, TooMuchWork
from kgtool.reasoning.incremental.views import Becoming, GraphView, OwlView, Sources
from kgtool.reasoning.language import Fact
from kgtool.reasoning.premises import premise_quad
from kgtool.reasoning.program import Place
from kgtool.store.change import QuadDelta, TripleDelta
from kgtool.store.layout import State
from kgtool.store.looked_up import LookedUp
from kgtool.vocabulary import iri

_SAME_AS = iri("owl", "sameAs")


@dataclass(frozen=True)
class Found:
    """What a change brings: to the inferred graph, to the premises kept out of sight, and in contradictions."""

    inferred: TripleDelta
    premises: QuadDelta
    clashes: tuple[Clash, ...]


def consequences_of(
    change: QuadDelta, asserted: TripleDelta, store: LookedUp, state: State, rules: Rules, budget: Budget
) -> Found:
    """Find the consequences of a change from the change alone.

    :param change: quads of source graphs, added and removed.
    :param asserted: the triples that became asserted, or lost their last source.
    :raises AxiomFollows: if the change, or what follows from it, changes the axioms.
    :raises TooMuchWork: if the change reaches too far.
    """
    stored = Stored(store, state, budget, rules.unused, rules.used)
    try:
        work = _Work(change, asserted, stored, rules, budget)
        work.without_nodes()
        work.nodes_and_after()
        return work.found()
    finally:
        stored.forget()


class _Work:
    """One change under way."""

    def __init__(self, change: QuadDelta, asserted: TripleDelta, stored: Stored, rules: Rules, budget: Budget) -> None:
        self._rules = rules
        self._budget = budget
        self._quads: tuple[Quad, ...] = (*change.removed, *change.added)
        self._change = change
        self._gained: dict[Fact, None] = dict.fromkeys(map(_fact, asserted.added))
        self._lost: dict[Fact, None] = dict.fromkeys(map(_fact, asserted.removed))
        if any(map(rules.touches_axioms, (*self._gained, *self._lost))):
            raise AxiomFollows
        self._stored = stored
        self._facts = Becoming(self._stored)
        self._sources = Sources(self._stored, change)
        facts, literals = self._facts, rules.program.literal_types
        was = ((lambda: stored.equates), stored.uses)
        self._before = Views(OwlView(stored, literals), GraphView(stored, Sources(stored)), *was)
        self._now = Views(OwlView(facts, literals), GraphView(facts, self._sources), facts.equates, facts.uses)
        self._touched: dict[Fact, None] = {**self._lost, **self._gained}
        self._clashes: dict[Clash, None] = {}

    def without_nodes(self) -> None:
        """Bring everything up to date that needs no competing nodes."""
        denied = self._conclusions(self._change.added, self._before, positive=False)
        lost = self._conclusions(self._change.removed, self._before, positive=True)
        self._delete((*self._lost, *lost, *denied), self._before, lambda fact: self._is_built(fact, self._before))
        gained = self._conclusions(self._change.added, self._now, positive=True)
        allowed = self._conclusions(self._change.removed, self._now, positive=False)
        insertion = Insertion(self._rules, self._facts, self._now, self._budget)
        insertion.run(self._gained, asserted=True)
        insertion.run((*gained, *allowed))
        self._note(insertion)

    def nodes_and_after(self) -> None:
        """Bring the nodes that compete up to date, and what follows from them."""
        if not self._rules.nodes:
            return
        if any(fact[1] == _SAME_AS for fact in self._touched):
            raise TooMuchWork("other things are the same: whatever was built of either is built anew")
        before, now = self._by_least_names(self._before), self._by_least_names(self._now)
        nodes = NodeChange(self._rules, self._facts, before, now, self._budget)
        nodes.run(self._quads, tuple(self._touched))
        # Their facts go and come by the rules of deletion and insertion, as something may also follow otherwise.
        for fact in nodes.removed:
            self._facts.add(fact)
        for fact in nodes.added:
            self._facts.remove(fact)

        def stays(fact: Fact) -> bool:
            if fact in nodes.removed:
                return False
            if fact[1] in self._rules.said_of_nodes and not self._facts.equates():
                return self._facts.holds(fact)
            return self._is_built(fact, self._now)

        gone = set[Fact]()
        if not self._facts.equates():
            known = self._rules.said_of_nodes
            gone = {fact for fact in nodes.removed if fact[1] in known and not self._is_asserted(fact)}
        self._delete(nodes.removed, self._now, stays, gone)
        insertion = Insertion(self._rules, self._facts, self._now, self._budget)
        insertion.run(nodes.added)
        self._note(insertion)

    def found(self) -> Found:
        """Say what changes in the inferred graph and among the premises."""
        shown: tuple[list[Triple], list[Triple]] = ([], [])
        hidden: tuple[list[Quad], list[Quad]] = ([], [])
        for fact in self._touched:
            follows = self._facts.holds(fact) and not self._is_asserted(fact)
            place = self._rules.program.place(fact) if follows else None
            if self._stored.is_inferred(fact) != (place is Place.GRAPH):
                shown[place is Place.GRAPH].append(Triple(*fact))  # type: ignore[arg-type]
            if self._stored.is_hidden(fact) != (place is Place.HIDDEN):
                hidden[place is Place.HIDDEN].append(premise_quad(fact))
        return Found(
            TripleDelta(frozenset(shown[True]), frozenset(shown[False])),
            QuadDelta(frozenset(hidden[True]), frozenset(hidden[False])),
            tuple(self._clashes),
        )

    def _conclusions(self, quads: Iterable[Quad], views: Views, *, positive: bool) -> list[Fact]:
        """Give what rule files conclude, in the given state, by looking at some quads of sources."""
        quads = list(quads)
        if not quads:
            return []
        found = self._rules.concluded_from_sources(self._rules.plain, quads, views, positive=positive)
        return [fact for shape, solution in found for fact in heads(shape, solution)]

    def _delete(
        self, seeds: Iterable[Fact], before: Views, also_stays: Callable[[Fact], bool], gone: Container[Fact] = ()
    ) -> None:
        def stays(fact: Fact) -> bool:
            program = self._rules.program
            return (
                self._is_asserted(fact)
                or fact in self._rules.given
                or program.axioms.holds(fact)
                or program.literal_types.holds(fact)
                or also_stays(fact)
            )

        deletion = Deletion(
            self._rules, stays, before, self._now, self._sources, self._facts.remove, self._budget, gone
        )
        self._touched |= dict.fromkeys(deletion.run(fact for fact in seeds if self._facts.holds(fact)))

    def _is_asserted(self, fact: Fact) -> bool:
        """Tell whether sources say a fact after the change."""
        return fact in self._gained or (fact not in self._lost and self._stored.is_asserted(fact))

    def _is_built(self, fact: Fact, views: Views) -> bool:
        """Tell whether a fact is one about a node that competes, as the rules build it."""
        return bool(self._rules.nodes) and self._rules.builds(fact, self._by_least_names(views))

    def _by_least_names(self, views: Views) -> Views:
        return views.by_least_names(self._rules.named_by_nodes)

    def _note(self, insertion: Insertion) -> None:
        self._touched |= insertion.added
        self._clashes |= insertion.clashes


def _fact(triple: Triple) -> Fact:
    subject, predicate, value = triple
    return subject, predicate, value
