"""The axioms of a store, read by look-ups, and the rules that they leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kgtool.reasoning.incremental.instances import Rules
from kgtool.reasoning.language import Fact, Rule
from kgtool.reasoning.owl.axioms import Axioms, axiom_patterns, is_axiom
from kgtool.reasoning.program import program_of
from kgtool.store.interface import GraphName, QuadStore
from kgtool.store.layout import State
from kgtool.vocabulary import INFERRED


def rules_of_store(store: QuadStore, state: State, files: Sequence[Rule]) -> Rules | None:
    """Give the rules of a store, ready for look-ups; None if axioms follow from its data, and not from axioms alone."""
    asserted = list(_axiom_facts(store, state.asserted_graphs))
    program = program_of(Axioms(asserted), files)
    given = set(program.facts)
    for fact in _axiom_facts(store, [INFERRED]):
        if fact not in given and (is_axiom(fact) or fact[0] in program.axioms.list_nodes):
            return None
    return Rules(program)


def axioms_of_closure(store: QuadStore, state: State) -> Axioms:
    """Give all axioms of a store's closure, whatever they follow from."""
    return Axioms(_axiom_facts(store, [*state.asserted_graphs, INFERRED]))


def _axiom_facts(store: QuadStore, graphs: Sequence[GraphName]) -> Iterator[Fact]:
    for graph in graphs:
        for predicate, value in axiom_patterns():
            for quad in store.quads(None, predicate, value, graph):  # type: ignore[arg-type]
                yield quad.subject, quad.predicate, quad.object  # type: ignore[misc]
