"""SPARQL endpoints, and what a person may name as a source."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from pyoxigraph import DefaultGraph, NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Store

from kgtool.config import settings_from
from kgtool.errors import InputError, MissingError, QueryError, RemoteError
from kgtool.ingest.registries.registry import Fault
from kgtool.ingest.registries.services import sparql
from kgtool.ingest.registries.services.opening import Named, Opened, opened_source
from kgtool.ingest.registries.statements import iri

from ..web.server import Asked, Registry, Told
from .test_orcid import ORCID, RECORD

ORDERED = "CONSTRUCT { ?s <urn:x:p> ?o } WHERE { ?s <urn:x:p> ?o } ORDER BY ?s"


def endpoint(lines: Iterable[str], heeded: Callable[[str], str] = lambda query: query) -> Callable[[Asked], Told]:
    """Answer as a real endpoint that has these triples; ``heeded`` is what it heeds of a query."""
    store = Store()
    text = "\n".join(lines).encode()
    for graph in (DefaultGraph(), NamedNode("urn:x:g")):
        store.bulk_load(text, format=RdfFormat.TURTLE, to_graph=graph)

    def answer(asked: Asked) -> Told:
        query = asked.parameters.get("query") or dict(parse_qsl(asked.body.decode()))["query"]
        found = store.query(heeded(query))
        if isinstance(found, QueryTriples):
            return Told(found.serialize(format=RdfFormat.N_TRIPLES))
        assert asked.headers["Accept"] == "application/sparql-results+json"
        return Told(found.serialize(format=QueryResultsFormat.JSON))

    return answer


def test_an_endpoint_is_paged_where_its_solutions_are_in_order(server: Registry, visit) -> None:
    server.answer = endpoint(f"<urn:x:{number:05}> <urn:x:p> _:b{number} ." for number in range(11_000))
    read = visit("sparql", query=ORDERED, path="/sparql")
    assert len(read.graph) == 11_000
    assert len(server.asked) == 5  # four pages, and how many solutions there are
    assert not read.ask("?s ?p ?o FILTER(isBlank(?o))")


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { <urn:x:any> <urn:x:q> ?k } WHERE { ?s <urn:x:k> ?k } ORDER BY ?s",
        "PREFIX x: <urn:x:> construct { ?k a x:Kind } { ?s x:k ?k } order by ?s # to the end",
        "CONSTRUCT { ?k a <urn:x:Kind> } FROM <urn:x:g> WHERE { { SELECT * { ?s <urn:x:k> ?k } } } ORDER BY ?s",
        "DESCRIBE ?k WHERE { ?s <urn:x:k> ?k } ORDER BY ?s",
    ],
)
def test_pages_that_make_the_same_triples_are_read_to_the_last(server, visit, monkeypatch, query) -> None:
    monkeypatch.setattr(sparql, "PAGE", 2)
    kinds = ["a", "a", "a", "a", "a", "b", "a", "c"]
    lines = [f"<urn:x:{number}> <urn:x:k> <urn:x:{kind}> ." for number, kind in enumerate(kinds)]
    server.answer = endpoint([*lines, *(f"<urn:x:{kind}> a <urn:x:Kind> ." for kind in "abc")])
    assert len(visit("sparql", query=query, path="/sparql").graph) == 3


def test_pages_without_a_triple_are_not_the_end(server: Registry, visit, monkeypatch) -> None:
    monkeypatch.setattr(sparql, "PAGE", 2)
    lines = [f"<urn:x:{number:02}> <urn:x:p> 1 ." for number in range(9)]
    server.answer = endpoint([*lines, "<urn:x:08> <urn:x:q> 1 .", "<urn:x:00> <urn:x:q> 1 ."])
    query = "CONSTRUCT { ?s <urn:x:q> ?q } WHERE { ?s <urn:x:p> ?p OPTIONAL { ?s <urn:x:q> ?q } } ORDER BY ?s"
    assert len(visit("sparql", query=query, path="/sparql").graph) == 2


def test_an_endpoint_that_heeds_no_offset_is_refused(server: Registry, visit, monkeypatch) -> None:
    monkeypatch.setattr(sparql, "PAGE", 2)
    lines = [f"<urn:x:{number}> <urn:x:p> 1 ." for number in range(9)]
    server.answer = endpoint(lines, lambda query: query.partition(" OFFSET")[0])
    with pytest.raises(RemoteError, match="behind all 9 solutions a page comes again"):
        visit("sparql", query=ORDERED, path="/sparql")


def test_an_endpoint_that_does_not_count_is_refused(server: Registry, visit) -> None:
    whole = endpoint(["<urn:x:a> <urn:x:p> 1 ."])

    def answer(asked: Asked) -> Told:
        return Told(b'{"results": {"bindings": []}}') if "COUNT" in asked.parameters["query"] else whole(asked)

    server.answer = answer
    with pytest.raises(RemoteError, match="does not say how many solutions"):
        visit("sparql", query=ORDERED, path="/sparql")


def test_a_long_query_is_sent_as_a_form(server: Registry, visit) -> None:
    server.answer = endpoint(["<urn:x:a> <urn:x:p> 1 ."])
    assert len(visit("sparql", query=f"{ORDERED} # {'x' * 2000}", path="/sparql").graph) == 1
    assert {asked.method for asked in server.asked} == {"POST"}


def test_without_an_order_an_endpoint_is_asked_once_and_the_person_told(server: Registry, visit) -> None:
    server.answer = lambda asked: Told('<urn:x:a> <urn:x:p> "é"@fr, 5, <urn:x:b> .'.encode())
    said: list[str] = []
    read = visit("sparql", query="CONSTRUCT WHERE { ?s ?p ?o }", path="/sparql", said=said)
    assert read.ask('<urn:x:a> <urn:x:p> "é"@fr, 5, <urn:x:b>')
    assert len(server.asked) == 1
    assert "may cut its answer off" in said[0]


def test_so_many_subjects_of_an_endpoint_are_taken_as_are_asked_for(server: Registry, visit) -> None:
    server.answer = endpoint([f"<urn:x:{number // 2:05}> <urn:x:p> {number} ." for number in range(40)])
    read = visit("sparql", query="CONSTRUCT WHERE { ?s <urn:x:p> ?o } ORDER BY ?s", path="/sparql", limit=3)
    assert [record.key for record in read.records] == [f"urn:x:{number:05}" for number in range(3)]
    assert len(read.graph) == 6


@pytest.mark.parametrize("made", ["?s <urn:x:p> ?o", "?s <urn:x:q> [ <urn:x:p> ?o ]"])
def test_the_last_subject_within_the_limit_is_whole_though_it_goes_on_on_the_next_pages(
    server: Registry, visit, monkeypatch, made: str
) -> None:
    monkeypatch.setattr(sparql, "PAGE", 5)
    rows = [(subject, value) for subject in range(9) for value in range(8)]
    server.answer = endpoint([f"<urn:x:{subject}> <urn:x:p> {value} ." for subject, value in rows])
    query = f"CONSTRUCT {{ {made} }} WHERE {{ ?s <urn:x:p> ?o }} ORDER BY ?s ?o"
    read = visit("sparql", query=query, path="/sparql", limit=2)
    assert [record.key for record in read.records] == ["urn:x:0", "urn:x:1"]
    assert read.rows("SELECT (COUNT(*) AS ?n) { ?s <urn:x:p> ?o }") == [("16",)]
    assert len(server.asked) == 5  # the fifth page is the first without either


@pytest.mark.parametrize("body", [b"<urn:x:a> <urn:x:p>", b"<html>", b"<urn:x:a> <urn:x:p> " + b"<<( " * 3000])
def test_an_answer_that_is_no_turtle_is_asked_for_again_and_then_told(server: Registry, visit, body: bytes) -> None:
    server.script(Told(body))
    with pytest.raises(RemoteError, match="cannot be read"):
        visit("sparql", query="CONSTRUCT WHERE { ?s ?p ?o }", path="/sparql")
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("source", "query", "error"),
    [
        ("sparql", "SELECT ?s { ?s ?p ?o }", QueryError),
        ("sparql", " ", InputError),
        ("openalex", "diabetes", InputError),
        ("scanr", "publications:", InputError),
        ("ror", "x", InputError),
        ("nothing", "x", InputError),
        ("sparql", "missing.rq", MissingError),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is(server, visit, source, query, error) -> None:
    with pytest.raises(error):
        visit(source, query=query)
    assert server.asked == []


@pytest.mark.parametrize(
    "named",
    [
        Named("hal"),
        Named("hal", ("hal-01234567",), query="x"),
        Named("hal", ("hal-01234567", "file.json")),
        Named("table", ("file.csv",)),
        Named("hal", ("file.json",), mapping=Path("m.rq")),
        Named("orcid", ("0000-0002-1825-0098",)),
    ],
)
def test_what_does_not_go_together_is_refused(named: Named) -> None:
    with pytest.raises(InputError), opened_source(named, settings_from({}), version="test"):
        pass


def test_a_file_called_like_an_identifier_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(ORCID).write_text(json.dumps(RECORD), encoding="utf-8")

    def records(opened: Opened) -> list[object]:
        return [one for one in opened.records if not isinstance(one, Fault)]

    with opened_source(Named("orcid", (ORCID,)), settings_from({}), version="test") as opened:
        assert len(records(opened)) == 1
        assert opened.retrieved is None


@pytest.mark.parametrize("limit", [None, 1])
@pytest.mark.parametrize("content", ["", "[]", '{"id": "no number"}\n', "[1, 2]"])
def test_a_file_without_a_record_is_no_reason_to_empty_a_graph(tmp_path: Path, content: str, limit: int | None) -> None:
    file = tmp_path / "ror.json"
    file.write_text(content, encoding="utf-8")
    with (
        opened_source(Named("ror", (str(file),), limit=limit), settings_from({}), version="test") as opened,
        pytest.raises(InputError, match="no record for ror can be taken") as raised,
    ):
        list(opened.records)
    assert "nothing was changed" in (raised.value.hint or "")


def test_an_address_with_odd_signs_is_an_iri_in_the_graph(server: Registry, visit) -> None:
    server.answer = lambda asked: Told(b"<urn:x:a> <urn:x:p> 1 .")
    read = visit("sparql", query="CONSTRUCT WHERE { ?s ?p ?o } ORDER BY ?s LIMIT 5", path="/a|b^{c}")
    (origin,) = read.origins
    assert iri(origin.iri)
    assert "|" not in origin.iri
    assert server.asked[0].path == "/a%7Cb%5E%7Bc%7D"
