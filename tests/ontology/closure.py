"""The plainest reasoning that can be: owlrl and the rule files, turn about, until nothing is new."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import owlrl
import pyoxigraph as ox
from rdflib import Graph
from rdflib.term import Literal

from kgtool.reasoning.language.functions import CUSTOM_FUNCTIONS

from .sources import BASE, RULE_FILES, axioms, snippet, with_prefixes

SOURCE = ox.NamedNode("urn:example:source")


@dataclass(frozen=True)
class Closure:
    """What follows from some triples, and what owlrl found wrong with them."""

    triples: Graph
    errors: tuple[str, ...]


def owl_closure(asserted: Graph) -> Closure:
    """Close a graph under OWL 2 RL, without axiomatic triples."""
    graph = Graph()
    for triple in asserted:
        graph.add(triple)
    run = owlrl.OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False)
    run.closure()
    return Closure(graph, tuple(run.error_messages))


@cache
def closed_axioms() -> Graph:
    """Close the axioms of the ontology alone."""
    return owl_closure(axioms()).triples


def close_with_ontology(turtle: str) -> Closure:
    """Close a snippet of Turtle together with the axioms of the ontology."""
    return owl_closure(axioms() + snippet(turtle))


def materialise(turtle: str) -> ox.Store:
    """Give a store whose default graph is the fixpoint of closure and rules over the ontology's axioms and a snippet.

    What is asserted stands in named graphs, as in the store of kgtool, so that ``GRAPH ?g`` in a rule sees just that.
    """
    store = ox.Store()
    store.load(axioms().serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES, to_graph=SOURCE)
    store.load(with_prefixes(turtle).encode(), format=ox.RdfFormat.TURTLE, base_iri=BASE, to_graph=SOURCE)
    for quad in list(store):
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    while True:
        before = len(store)
        _add_owl_consequences(store)
        run_rules(store)
        if len(store) == before:
            return store


def run_rules(store: ox.Store) -> None:
    """Add to the default graph what the rule files conclude, until nothing is new; no OWL, and narrow nodes stay."""
    before = -1
    while len(store) != before:
        before = len(store)
        for rule in RULE_FILES:
            concluded = store.query(rule.read_text(encoding="utf-8"), custom_functions=dict(CUSTOM_FUNCTIONS))
            assert isinstance(concluded, ox.QueryTriples)
            for triple in concluded:
                store.add(ox.Quad(triple.subject, triple.predicate, triple.object))


def _add_owl_consequences(store: ox.Store) -> None:
    default = (quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    # Blank nodes would get new names on each way through rdflib: they travel as IRIs.
    text = ox.serialize((_skolem(triple) for triple in default), format=ox.RdfFormat.N_TRIPLES)
    closed = owl_closure(Graph().parse(data=text, format="nt"))
    legal = Graph()
    for subject, predicate, object_ in closed.triples:
        if not isinstance(subject, Literal):
            legal.add((subject, predicate, object_))
    store.load(legal.serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)


def _skolem(triple: ox.Triple) -> ox.Triple:
    subject, object_ = triple.subject, triple.object
    if isinstance(subject, ox.BlankNode):
        subject = ox.NamedNode(f"urn:example:blank:{subject.value}")
    if isinstance(object_, ox.BlankNode):
        object_ = ox.NamedNode(f"urn:example:blank:{object_.value}")
    return ox.Triple(subject, triple.predicate, object_)
