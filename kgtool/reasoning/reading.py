"""The axioms of a store, read by look-ups, and the rules that they leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kgtool.reasoning.incremental.instances import Rules
from kgtool.reasoning.language import Fact, Rule, Term
from kgtool.reasoning.language.rule import is_resource
from kgtool.reasoning.owl.axioms import Axioms, axiom_patterns, with_lists
from kgtool.reasoning.program import program_of
from kgtool.store.interface import GraphName, QuadStore
from kgtool.store.layout import State
from kgtool.vocabulary import INFERRED, iri

_PARTS = (iri("rdf", "first"), iri("rdf", "rest"))


def rules_of_store(store: QuadStore, state: State, files: Sequence[Rule]) -> Rules | None:
    """Give the rules of a store, ready for look-ups.

    None if axioms follow from its data, and not from axioms alone; or if a rule looks for what is the same as itself,
    which each term is for as long as anything is said of it.
    """
    program = program_of(Axioms(_axiom_facts(store, state.asserted_graphs)), files)
    if any(part.rule.name == "eq-ref" for part in program.owl):
        return None
    given = set(program.facts)
    for predicate, value in axiom_patterns():
        if any(fact not in given for fact in _look_up(store, [INFERRED], None, predicate, value)):
            return None
    parts = (
        f for node in program.axioms.list_nodes for p in _PARTS for f in _look_up(store, [INFERRED], node, p, None)
    )
    return Rules(program) if next(parts, None) is None else None


def axioms_of_closure(store: QuadStore, state: State) -> Axioms:
    """Give all axioms of a store's closure, whatever they follow from."""
    return Axioms(_axiom_facts(store, [*state.asserted_graphs, INFERRED]))


def _axiom_facts(store: QuadStore, graphs: Sequence[GraphName]) -> list[Fact]:
    axioms = (fact for p, value in axiom_patterns() for fact in _look_up(store, graphs, None, p, value))
    return with_lists(axioms, lambda node: (f for p in _PARTS for f in _look_up(store, graphs, node, p, None)))


def _look_up(
    store: QuadStore, graphs: Sequence[GraphName], subject: Term | None, predicate: Term, value: Term | None
) -> Iterator[Fact]:
    if subject is None or is_resource(subject):
        for graph in graphs:
            for quad in store.quads(subject, predicate, value, graph):  # type: ignore[arg-type]
                yield quad.subject, quad.predicate, quad.object  # type: ignore[misc]
