"""The contract's section “Graphs”: what the default graph holds, what GRAPH binds, what answers only when named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtool import KnowledgeGraph, QueryError
from tests.graph.conftest import turtle

Rows = Callable[..., list[tuple[str, ...]]]
COUNT = "SELECT (COUNT(*) AS ?n) { :a :p ?o }"


@pytest.fixture(params=["one source", "two sources"])
def layout(request: pytest.FixtureRequest, kg: KnowledgeGraph) -> str:
    """Load the same facts alone (no union kept) and beside another source that repeats them (union kept)."""
    kg.load(turtle(":p rdfs:subPropertyOf :q . :a :p :b, :c .", "urn:x:one"))
    if request.param == "two sources":
        kg.load(turtle(":a :p :b . :other :r 1 .", "urn:x:two"))
    return str(request.param)


def test_a_triple_of_two_sources_answers_once(layout: str, rows: Rows) -> None:
    assert rows("SELECT ?o { :a :p ?o }") == [("https://example.org/b",), ("https://example.org/c",)]
    assert rows(COUNT) == [("2",)]
    assert rows(COUNT, reasoning=False) == [("2",)]


def test_what_follows_is_there_unless_reasoning_is_off(layout: str, rows: Rows) -> None:
    assert rows("SELECT ?o { :a :q ?o }") == [("https://example.org/b",), ("https://example.org/c",)]
    assert rows("SELECT ?o { :a :q ?o }", reasoning=False) == []


def test_graph_variables_bind_sources_only(layout: str, rows: Rows) -> None:
    found = {row[0] for row in rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")}
    assert found == {"urn:x:one", "urn:x:two"} if layout == "two sources" else {"urn:x:one"}


def test_inferred_and_provenance_answer_when_named(layout: str, rows: Rows) -> None:
    assert rows("SELECT ?o { GRAPH <urn:kgtool:inferred> { :a :q ?o } }") == [
        ("https://example.org/b",),
        ("https://example.org/c",),
    ]
    assert rows("SELECT ?o { GRAPH <urn:kgtool:inferred> { :a :q ?o } }", reasoning=False) == []
    assert rows("SELECT ?s { GRAPH <urn:kgtool:provenance> { ?s <http://www.w3.org/ns/prov#generated> <urn:x:one> } }")
    assert rows("SELECT ?s { ?s <http://www.w3.org/ns/prov#generated> <urn:x:one> }") == []


def test_naming_a_hidden_graph_does_not_let_a_variable_bind_it(layout: str, rows: Rows) -> None:
    named = (
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(?g != <urn:kgtool:none>) GRAPH <urn:kgtool:inferred> {} }"
    )
    assert not {g for (g,) in rows(named) if g.startswith("urn:kgtool:")}


def test_the_stores_own_notes_never_answer(layout: str, rows: Rows) -> None:
    assert rows("SELECT ?s { GRAPH <urn:kgtool:meta> { ?s ?p ?o } }") == []
    assert rows("SELECT ?s FROM <urn:kgtool:meta> { ?s ?p ?o }") == []
    assert rows("SELECT ?s FROM NAMED <urn:kgtool:meta> { GRAPH ?g { ?s ?p ?o } }") == []


def test_from_merges_graphs_as_asserted(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":p rdfs:subPropertyOf :q . :a :p :b .", "urn:x:one"))
    kg.load(turtle(":a :p :b, :c .", "urn:x:two"))
    kg.load(turtle(":a :p :d .", "urn:x:three"))
    both = "SELECT ?o FROM <urn:x:one> FROM <urn:x:two> { :a :p ?o }"
    assert rows(both) == [("https://example.org/b",), ("https://example.org/c",)]
    assert rows("SELECT ?o FROM <urn:x:one> FROM <urn:x:two> { :a :q ?o }") == []
    assert rows("SELECT ?o { :a :p ?o }", default_graphs=["urn:x:three"]) == [("https://example.org/d",)]
    assert rows("SELECT ?o { :a :p ?o }", default_graphs=["urn:x:one", "urn:x:two"]) == rows(both)
    assert rows("SELECT ?g FROM NAMED <urn:x:two> { GRAPH ?g { :a :p :b } }") == [("urn:x:two",)]
    assert rows("SELECT ?o FROM NAMED <urn:x:two> { :a :p ?o }") == []
    merged = "SELECT ?g FROM <urn:x:one> FROM <urn:x:two> FROM NAMED <urn:x:two> { :a :p :b GRAPH ?g { :a :p :c } }"
    assert rows(merged) == [("urn:x:two",)]


def test_emptied_graphs_are_gone(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":a :p :b .", "urn:x:one"))
    kg.load(turtle(":a :p :c .", "urn:x:two"))
    kg.unload(["urn:x:one"])
    assert rows("SELECT ?g { GRAPH ?g {} }") == [("urn:x:two",)]
    assert rows("SELECT ?o { :a :p ?o }") == [("https://example.org/c",)]


def test_a_triple_stays_while_one_source_states_it(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":p rdfs:subPropertyOf :q . :a :p :b .", "urn:x:one"))
    kg.load(turtle(":a :p :b .", "urn:x:two"))
    kg.unload(["urn:x:two"])
    assert rows("SELECT ?o { :a :q ?o }") == [("https://example.org/b",)]
    kg.unload(["urn:x:one"])
    assert rows("SELECT ?s { ?s ?p ?o }") == []


def test_an_inferred_triple_that_becomes_asserted_answers_once(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":p rdfs:subPropertyOf :q . :a :p :b .", "urn:x:one"))
    kg.load(turtle(":a :q :b .", "urn:x:two"))
    assert rows("SELECT (COUNT(*) AS ?n) { :a :q ?o }") == [("1",)]
    assert rows("SELECT ?o { GRAPH <urn:kgtool:inferred> { :a :q ?o } }") == []
    kg.unload(["urn:x:two"])
    assert rows("SELECT ?o { GRAPH <urn:kgtool:inferred> { :a :q ?o } }") == [("https://example.org/b",)]


def test_columns_of_a_star_come_as_the_query_names_them(kg: KnowledgeGraph) -> None:
    kg.load(turtle(":a :p :b .", "urn:x:one"))
    assert kg.query("SELECT * { ?z ?y ?x }").variables == ("z", "y", "x")
    assert kg.query("SELECT DISTINCT * { ?b ?a 'SELECT *' }").variables == ("b", "a")


@pytest.mark.parametrize(
    "text", ["SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "ASK { service silent <http://x.y/> {} }"]
)
def test_service_is_refused_with_its_place(kg: KnowledgeGraph, text: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is switched off") as caught:
        kg.query(text)
    assert caught.value.where is not None
    assert caught.value.where.line == 1


def test_the_word_service_in_data_is_no_service(kg: KnowledgeGraph) -> None:
    assert not kg.query('ASK { ?service ?p "SERVICE <http://x.y/>" # SERVICE\n }').answer
