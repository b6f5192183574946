"""SPARQL 1.1 Update as the contract means it: where it writes, what it sees, what it reports."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtool import (
    ForbiddenError,
    InputError,
    KnowledgeGraph,
    LimitError,
    MissingError,
    QueryError,
    TimeLimitError,
)
from tests.graph.conftest import turtle

Rows = Callable[..., list[tuple[str, ...]]]
PREFIX = "PREFIX : <https://example.org/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
E = "https://example.org/"


def test_data_without_a_graph_goes_to_the_default_source(kg: KnowledgeGraph, rows: Rows) -> None:
    report = kg.update(PREFIX + "INSERT DATA { :a :p :b . GRAPH <urn:x:g> { :a :p :c } }")
    assert (report.added, report.deleted) == (2, 0)
    assert rows("SELECT ?g ?o { GRAPH ?g { :a :p ?o } }") == [("urn:kgtool:default", E + "b"), ("urn:x:g", E + "c")]


def test_delete_data_says_where_else_the_triple_stands(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":a :p :b .", "urn:x:one"))
    report = kg.update(PREFIX + "DELETE DATA { :a :p :b . :a :p :none }")
    assert (report.deleted, report.not_found) == (0, 2)
    assert [found.elsewhere for found in report.found_elsewhere] == [("urn:x:one",)]
    assert rows("SELECT ?o { :a :p ?o }") == [(E + "b",)]


def test_where_sees_what_follows(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":p rdfs:subPropertyOf :q . :a :p :b .", "urn:x:one"))
    kg.update(PREFIX + "INSERT { ?s :seen ?o } WHERE { ?s :q ?o }")
    assert rows("SELECT ?g ?o { GRAPH ?g { :a :seen ?o } }") == [("urn:kgtool:default", E + "b")]


def test_with_and_using_choose_what_where_sees(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":a :p :b .", "urn:x:one"))
    kg.load(turtle(":a :p :c .", "urn:x:two"))
    kg.update(PREFIX + "WITH <urn:x:one> DELETE { ?s :p ?o } INSERT { ?s :r ?o } WHERE { ?s :p ?o }")
    assert rows("SELECT ?g ?p ?o { GRAPH ?g { :a ?p ?o } }") == [
        ("urn:x:one", E + "r", E + "b"),
        ("urn:x:two", E + "p", E + "c"),
    ]
    kg.update(PREFIX + "INSERT { ?s :only ?o } USING <urn:x:two> WHERE { ?s ?p ?o }")
    assert rows("SELECT ?o { :a :only ?o }") == [(E + "c",)]
    kg.update(PREFIX + "INSERT { ?s :named ?g } USING NAMED <urn:x:two> WHERE { GRAPH ?g { ?s ?p ?o } }")
    assert rows("SELECT ?o { :a :named ?o }") == [("urn:x:two",)]
    kg.update(PREFIX + "INSERT { ?s :protocol ?o } WHERE { ?s :p ?o }", using=["urn:x:two"])
    assert rows("SELECT ?o { :a :protocol ?o }") == [(E + "c",)]


def test_operations_see_the_consequences_of_earlier_ones(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":p rdfs:subPropertyOf :q .", "urn:x:one"))
    report = kg.update(
        PREFIX
        + """INSERT DATA { :a :p :b } ;
             INSERT { ?s :seen ?o } WHERE { ?s :q ?o } ;
             PREFIX x: <https://example.org/> DELETE WHERE { ?s x:p ?o } ;
             INSERT { :end :seen ?n } WHERE { SELECT (COUNT(*) AS ?n) { ?s :q ?o } }"""
    )
    assert rows("SELECT ?s ?o { ?s :seen ?o }") == [(E + "a", E + "b"), (E + "end", "0")]
    assert rows("SELECT ?o { :a :q ?o }") == []
    assert (report.added, report.deleted) == (2, 0)


def test_an_insert_wins_over_a_delete_of_the_same_triple(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.update(PREFIX + "INSERT DATA { :a :p :b }")
    kg.update(PREFIX + "DELETE { ?s ?p ?o } INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert rows("SELECT ?o { :a :p ?o }") == [(E + "b",)]


def test_blank_nodes_of_the_store_can_be_deleted_and_new_ones_are_fresh(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.update(PREFIX + "INSERT DATA { :a :p [ :q 1 ], [ :q 2 ] }")
    kg.update(PREFIX + "DELETE { ?s :p ?b . ?b :q ?n } WHERE { ?s :p ?b . ?b :q ?n FILTER(?n = 1) }")
    assert rows("SELECT ?n { :a :p [ :q ?n ] }") == [("2",)]
    kg.update(PREFIX + "INSERT { ?s :copy [ :of ?n ] } WHERE { ?s :p [ :q ?n ] }")
    assert rows("SELECT ?n { :a :copy [ :of ?n ] }") == [("2",)]


def test_no_solution_inserts_nothing(kg: KnowledgeGraph, rows: Rows) -> None:
    report = kg.update(PREFIX + "INSERT { :a :p :b } WHERE { :none :none :none }")
    assert report.added == 0
    kg.update(PREFIX + "INSERT { :a :p :b } WHERE {}")
    assert rows("SELECT ?o { :a :p ?o }") == [(E + "b",)]


def test_literals_are_deleted_by_value(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.update(PREFIX + 'INSERT DATA { :a :p "01"^^<http://www.w3.org/2001/XMLSchema#integer>, "x"@FR }')
    assert rows("SELECT ?o { :a :p ?o }") == [("1",), ("x",)]
    report = kg.update(PREFIX + 'DELETE DATA { :a :p "001"^^<http://www.w3.org/2001/XMLSchema#integer>, "x"@fr }')
    assert (report.deleted, report.not_found) == (2, 0)


def test_graph_operations_mean_the_sources(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":p rdfs:subPropertyOf :q . :a :p :b .", "urn:x:one"))
    kg.update("COPY <urn:x:one> TO DEFAULT")
    assert rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }") == [("urn:kgtool:default",), ("urn:x:one",)]
    kg.update("MOVE DEFAULT TO GRAPH <urn:x:two>; ADD <urn:x:two> TO <urn:x:three>")
    assert rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }") == [("urn:x:one",), ("urn:x:three",), ("urn:x:two",)]
    kg.update("CLEAR GRAPH <urn:x:one>; DROP SILENT GRAPH <urn:x:none>")
    kg.update("CREATE GRAPH <urn:x:new>")
    kg.update("DROP ALL")
    assert rows("SELECT ?s { ?s ?p ?o }") == []
    assert rows("SELECT ?s { GRAPH <urn:kgtool:inferred> { ?s ?p ?o } }") == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("INSERT DATA { GRAPH <urn:kgtool:inferred> { <urn:a> <urn:b> 1 } }", ForbiddenError),
        ("DROP GRAPH <urn:kgtool:provenance>", ForbiddenError),
        ("COPY <urn:x:one> TO <urn:kgtool:meta>", ForbiddenError),
        ("INSERT { GRAPH ?g { ?s ?p ?o } } WHERE { VALUES ?g { <urn:kgtool:x> } ?s ?p ?o }", ForbiddenError),
        ("COPY <urn:x:none> TO <urn:x:two>", MissingError),
        ("CREATE GRAPH <urn:x:one>", InputError),
        ("LOAD <http://127.0.0.1/x.ttl>", QueryError),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", QueryError),
        ("INSERT DATA { <urn:a> <urn:b> ", QueryError),
        ("DELETE DATA { _:a <urn:b> 1 }", QueryError),
        ("DELETE { _:a ?p ?o } WHERE { ?s ?p ?o }", QueryError),
        ("WITH <urn:x:one> INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }; nonsense", QueryError),
        ("SELECT * { ?s ?p ?o }", QueryError),
        ("INSERT DATA { _:b <urn:p> 1 }; INSERT DATA { _:b <urn:p> 2 }", QueryError),
        ("CLEAR GRAPH <relative>", QueryError),
        ("INSERT DATA { <urn:a> <urn:b> <<( <urn:a> <urn:b> 1 )>> }", QueryError),
        ('INSERT DATA { <urn:a> <urn:b> "x"@ar--rtl }', QueryError),
    ],
)
def test_refused_updates_change_nothing(kg: KnowledgeGraph, rows: Rows, text: str, error: type[Exception]) -> None:
    kg.load(turtle(":a :p :b .", "urn:x:one"))
    before = kg.commit
    with pytest.raises(error):
        kg.update(text)
    assert kg.commit == before
    assert rows("SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }") == [("urn:x:one", E + "a", E + "p", E + "b")]


def test_a_failure_in_the_middle_undoes_the_whole_request(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":a :p :b .", "urn:x:one"))
    with pytest.raises(MissingError):
        kg.update(PREFIX + "INSERT DATA { :a :p :c }; DELETE WHERE { ?s :p :b }; COPY <urn:x:none> TO <urn:x:two>")
    assert rows("SELECT ?o { :a :p ?o }") == [(E + "b",)]


def test_an_update_ends_when_its_time_is_up(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.update(PREFIX + "INSERT DATA { " + " . ".join(f":a{n} :p {n}" for n in range(200)) + " }")
    crossed = "INSERT { ?a :q ?d } WHERE { ?a :p ?b . ?c :p ?d . ?e :p ?f . ?g :p ?h }"
    with pytest.raises(TimeLimitError):
        kg.update(PREFIX + crossed, timeout=0.2)
    assert rows("SELECT ?o { ?s :q ?o }") == []


def test_an_update_with_too_many_solutions_is_refused(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgtool.store.updates.MAX_SOLUTIONS", 100)
    kg.update(PREFIX + "INSERT DATA { " + " . ".join(f":a{n} :p {n}" for n in range(20)) + " }")
    with pytest.raises(LimitError, match="100 solutions"):
        kg.update(PREFIX + "INSERT { ?a :q ?d } WHERE { ?a :p ?b . ?c :p ?d }")
