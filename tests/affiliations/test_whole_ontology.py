"""The same with the packaged ontology, in a store on disk: files, updates as SPARQL, and who is affiliated on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from kgtool import KnowledgeGraph
from kgtool.ingest import sources_of_bytes

from .closures import agree
from .days import certainly, days_of_change, possibly
from .facts import ENDS, NAMES, Facts, Node, facts_of
from .graphs import GRAPHS, PERSON_CLASSES, Edit, edits, graphs, parts, same_of, sound
from .oracle import affiliations

#: An answer is looked at on every so many of the days on which one may change.
DAYS_APART = 9
#: Names of dated nodes are left out: validation wants an end of each under one and the same name. So are blank
#: nodes: see the last test.
named_parts = parts | same_of("person", "organisation").filter(
    lambda part: not any(isinstance(end, BlankNode) for triple in part for end in (triple.subject, triple.object))
)
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
    found = agree(triples(graph, reasoning=True) - asserted, facts)
    for day in days_of_change(facts)[::DAYS_APART]:
        for institution in {one.institution for one in found}:
            ask(graph, facts, institution, date.fromordinal(day))


def ask(graph: KnowledgeGraph, facts: Facts, institution: Node, day: date) -> None:
    """Ask who is affiliated with an institution on a day, and compare with the oracle of bounds and that of days."""
    values = {"institution": institution.value, "date": day.isoformat()}
    rows = {tuple(term and term.value for term in row) for row in graph.ask("affiliated", values).solutions()}
    mine = [one for one in affiliations(facts) if one.institution == institution]
    sure, maybe = certainly(facts, day.toordinal()), possibly(facts, day.toordinal())
    expected = {
        (one.person.value, one.through.value, mode, first and first.isoformat(), last and last.isoformat())
        for one in mine
        for mode, pairs, first, last in (
            ("certain", sure, one.certain_from, one.certain_until),
            ("possible", maybe, one.possible_from, one.possible_until),
        )
        if (one.person, institution) in pairs and (mode == "possible" or first)
        if (first is None or first <= day) and (last is None or day <= last)
    }
    assert rows == expected
    assert {(row[0], row[2]) for row in rows} == {
        (person.value, mode)
        for mode, pairs in (("certain", sure), ("possible", maybe))
        for person, place in pairs
        if place == institution
    }


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
    return frozenset(quad for quad in quads if BlankNode in (type(quad.subject), type(quad.object)))


@settings(max_examples=3)
@given(graphs(named_parts), st.lists(edits(), min_size=2, max_size=3))
def test_a_store_has_the_affiliations_of_the_oracle(
    graph: KnowledgeGraph, quads: frozenset[Quad], changes: Sequence[Edit]
) -> None:
    follow(graph, quads, changes)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=300)
@given(graphs(named_parts), st.lists(edits(named_parts), min_size=2, max_size=12))
def test_a_store_has_the_affiliations_of_the_oracle_for_long(
    graph: KnowledgeGraph, quads: frozenset[Quad], changes: Sequence[Edit]
) -> None:
    follow(graph, quads, changes)


def test_a_person_who_is_also_a_blank_node_has_one_row(graph: KnowledgeGraph) -> None:
    clear(graph)
    data = """
        @prefix org: <http://www.w3.org/ns/org#> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix : <urn:x:> .
        :m org:member :p ; org:organization :o . _:p owl:sameAs :p .
    """
    graph.load(sources_of_bytes(data.encode(), name="x", graph=GRAPHS[0].value, format="turtle"))
    rows = [row[0] for row in graph.ask("affiliated", {"institution": "urn:x:o", "date": "2024-06-30"}).solutions()]
    clear(graph)
    assert rows == [NamedNode("urn:x:p")]
