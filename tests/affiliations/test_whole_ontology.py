"""The same with the packaged ontology, in a store on disk: files loaded, updates as SPARQL, graphs taken out again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Quad, Triple

from kgtool import KnowledgeGraph
from kgtool.ingest import sources_of_bytes

from .closures import agree
from .facts import ENDS, NAMES, facts_of
from .graphs import GRAPHS, PERSON_CLASSES, Edit, edits, graphs, sound

OTHER_END = dict(zip(ENDS, (ENDS[1], ENDS[0], ENDS[3], ENDS[2]), strict=True))


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """A graph of the ontology alone."""
    store = tmp_path_factory.mktemp("affiliations") / "store"
    KnowledgeGraph.build(store, [], with_data=False)
    with KnowledgeGraph.open(store, write=True) as opened:
        yield opened


def whole(quads: frozenset[Quad]) -> frozenset[Quad]:
    """Leave out what validation refuses: nodes that lack an end, and people who would be organisations as well."""
    given_ends = {(quad.subject, quad.predicate) for quad in quads}
    lacking = {
        subject
        for end, other in OTHER_END.items()
        for subject, predicate in given_ends
        if predicate == NAMES[end] and (subject, NAMES[other]) not in given_ends
    }
    return frozenset(quad for quad in quads if quad.subject not in lacking and quad.object not in PERSON_CLASSES)


def said(quads: Iterable[Quad]) -> str:
    return " ".join(f"GRAPH {quad.graph_name} {{ {quad.triple} }}" for quad in quads)


def triples(graph: KnowledgeGraph, *, reasoning: bool) -> set[Triple]:
    rows = graph.query("SELECT ?s ?p ?o { ?s ?p ?o }", reasoning=reasoning).solutions()
    return {Triple(*row) for row in rows}  # type: ignore[arg-type]


def check(graph: KnowledgeGraph) -> None:
    asserted = triples(graph, reasoning=False)
    facts = facts_of(Quad(*triple, GRAPHS[0]) for triple in asserted)
    agree(triples(graph, reasoning=True) - asserted, facts)


def clear(graph: KnowledgeGraph) -> None:
    graph.update(" ; ".join(f"DROP SILENT GRAPH {name}" for name in GRAPHS))
    assert not list(graph.query("SELECT ?a { ?a a <https://w3id.org/kgtool/ontology#Affiliation> }").solutions())


def follow(graph: KnowledgeGraph, quads: frozenset[Quad], changes: Sequence[Edit]) -> None:
    """Load a graph as a file, change it by updates, look at it after each, and take it out again."""
    clear(graph)
    text = "".join(f"{quad} .\n" for quad in whole(quads)) or "# nothing\n"
    graph.load(sources_of_bytes(text.encode(), name="x", graph=GRAPHS[0].value, format="nquads"))
    check(graph)
    # An update cannot name the blank nodes of a store: those that were loaded stay as they are.
    unnamed = _unnamed(quads)
    for change in changes:
        after = (change.apply(quads) - _unnamed(change.apply(quads))) | unnamed
        if sound(after):
            before, now = whole(quads), whole(after)
            graph.update(f"DELETE DATA {{ {said(before - now)} }} ; INSERT DATA {{ {said(now - before)} }}")
            check(graph)
            quads = after


def _unnamed(quads: frozenset[Quad]) -> frozenset[Quad]:
    return frozenset(quad for quad in quads if isinstance(quad.subject, BlankNode))


@settings(
    max_examples=6,
)
@given(graphs(), st.lists(edits(), min_size=2, max_size=5))
def test_a_store_has_the_affiliations_of_the_oracle(
    graph: KnowledgeGraph, quads: frozenset[Quad], changes: Sequence[Edit]
) -> None:
    follow(graph, quads, changes)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=300)
@given(graphs(), st.lists(edits(), min_size=2, max_size=12))
def test_a_store_has_the_affiliations_of_the_oracle_for_long(
    graph: KnowledgeGraph, quads: frozenset[Quad], changes: Sequence[Edit]
) -> None:
    follow(graph, quads, changes)
