"""Closures whose affiliations are compared with the oracle's: in memory, with few axioms and all rule files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis.strategies import SearchStrategy
from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from kgtool.reasoning.datalog_engine import DatalogEngine
from kgtool.reasoning.language import Rule
from kgtool.reasoning.rulefiles import read_rules
from kgtool.store.canonical import canonical_quads
from kgtool.store.change import QuadDelta
from kgtool.store.layout import asserted_quads, read_state
from kgtool.transactions.commits import prepare
from tests.reasoning.worlds import World, quads_of

from .derived import affiliated_with, derived
from .facts import Facts, Node, facts_of
from .graphs import ALIASES, AXIOMS, GRAPHS, POOLS, Edit, Part, graphs, parts
from .oracle import Affiliation, affiliations

FOLDER = Path(__file__).resolve().parent.parent.parent / "ontology" / "rules"
Oracle = Callable[[Facts], set[Affiliation]]
MOVED = frozenset(node for kind, pool in POOLS.items() for node in [*pool, *ALIASES[kind]])


@cache
def rules() -> tuple[Rule, ...]:
    """Give the packaged rule files."""
    return read_rules(FOLDER)


@cache
def axioms() -> frozenset[Quad]:
    """Give the axioms that affiliations look at."""
    return frozenset(quads_of(AXIOMS))


class Kept:
    """A closure that changes carry from graph to graph, so that the axioms are closed once."""

    def __init__(self) -> None:
        self.world = World(DatalogEngine(rules()))
        self.world.change(axioms())

    def become(self, quads: Iterable[Quad], oracle: Oracle = affiliations) -> None:
        """Change the data, and see to it that their affiliations are the oracle's.

        :raises AssertionError: if they differ; whoever goes on after that needs a new one.
        """
        wanted = set(canonical_quads(quads))
        there = {quad for graph in GRAPHS for quad in self.world.store.quads(graph=graph)}
        self.world.change(wanted - there, there - wanted)
        try:
            agree(self.world.inferred(), facts_of(asserted_quads(self.world.store, self.world.state)), oracle)
        except AssertionError as fault:
            fault.add_note("\n".join(["from", *sorted(map(str, there)), "to", *sorted(map(str, wanted))]))
            raise


def follow(kept: list[Kept], quads: frozenset[Quad], changes: Sequence[Edit], *, anew: bool = False) -> None:
    """Go from nothing to a graph and through changes of it.

    :param kept: holds a closure to change, if there is one; whoever finds a fault leaves it empty.
    :param anew: compare with a closure from scratch in the end.
    """
    closure = kept.pop() if kept else Kept()
    closure.become(())
    closure.become(quads)
    for change in changes:
        quads = change.apply(quads)
        closure.become(quads)
    if anew:
        found = closure.world.anew().consequences
        assert (found.inferred.added, found.inferred.removed) == (frozenset(), frozenset())
        assert (found.premises.added, found.premises.removed) == (frozenset(), frozenset())
    kept.append(closure)


def agree(inferred: Iterable[Triple], facts: Facts, oracle: Oracle = affiliations) -> set[Affiliation]:
    """See to it that a closure holds the affiliations of the oracle, and the shortcut for each; give them."""
    inferred, expected = list(inferred), oracle(facts)
    found = derived(inferred, facts)
    assert (found - expected, expected - found) == (set(), set())
    assert affiliated_with(inferred, facts) == {(one.person, one.institution) for one in expected}
    return found


def from_scratch(quads: Iterable[Quad]) -> set[Triple]:
    """Give what follows from data and axioms, closed in bulk."""
    world = World(DatalogEngine(rules()))
    world.store.fill([*axioms(), *canonical_quads(quads)])
    world.state = read_state(world.store)
    return set(prepare(world.store, world.state, world.engine, QuadDelta(), anew=True).consequences.inferred.added)


def side_by_side(graphs: Sequence[Iterable[Quad]]) -> list[Quad]:
    """Give several graphs as one in which nothing of one meets anything of another."""
    return [
        Quad(_moved(quad.subject, place), quad.predicate, _moved(quad.object, place), quad.graph_name)
        for place, graph in enumerate(graphs)
        for quad in graph
    ]


def _moved(term: Node, place: int) -> Node:
    if term not in MOVED:
        return term
    kind = BlankNode if isinstance(term, BlankNode) else NamedNode
    return kind(f"{term.value}x{place}")


def drawn(number: int, kinds: SearchStrategy[Part] = parts) -> list[frozenset[Quad]]:
    """Draw many graphs: a closure from scratch costs a second whatever it holds, so it takes them all at once."""
    found = []

    @settings(max_examples=number, phases=[Phase.generate], database=None)
    @given(graphs(kinds))
    def draw(quads: frozenset[Quad]) -> None:
        found.append(quads)

    draw()
    return found


def close(several: Sequence[frozenset[Quad]]) -> None:
    """Close several graphs at once, and see to it that their affiliations are the oracle's."""
    quads = side_by_side(several)
    agree(from_scratch(quads), facts_of([*axioms(), *quads]))
