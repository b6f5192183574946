"""SPARQL 1.1 Protocol over real HTTP."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

from tests.web.conftest import Server

SELECT = "SELECT ?o WHERE { <urn:a> <urn:p> ?o }"
CONSTRUCT = "CONSTRUCT { ?s <urn:r> ?o } WHERE { ?s <urn:q> ?o }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def values(body: bytes) -> list[dict[str, str]]:
    return [{k: v["value"] for k, v in row.items()} for row in json.loads(body)["results"]["bindings"]]


@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("GET", "/sparql?" + urlencode({"query": SELECT}), None, {}),
        ("POST", "/sparql", urlencode({"query": SELECT}), FORM),
        ("POST", "/sparql", SELECT, {"Content-Type": "application/sparql-query"}),
        ("POST", "/sparql?reasoning=off", SELECT, {"Content-Type": "application/sparql-query; charset=UTF-8"}),
        ("GET", "/sparql?unknown=1&" + urlencode({"query": SELECT}), None, {}),
    ],
)
def test_each_way_to_send_a_query(small: Server, method: str, path: str, body: str | None, headers: dict) -> None:
    answer = small(method, path, body, headers)
    assert answer.status == 200
    assert values(answer.body) == [{"o": "one"}]


@pytest.mark.parametrize(
    ("accept", "media_type", "format"),
    [
        ("application/sparql-results+json", "application/sparql-results+json", QueryResultsFormat.JSON),
        ("application/json", "application/json", QueryResultsFormat.JSON),
        ("application/sparql-results+xml", "application/sparql-results+xml", QueryResultsFormat.XML),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", QueryResultsFormat.TSV),
        ("*/*", "application/sparql-results+json", QueryResultsFormat.JSON),
        ("application/*;q=0.4, text/tab-separated-values;q=0.5", "text/tab-separated-values; charset=utf-8",
         QueryResultsFormat.TSV),
        ("*/*, application/sparql-results+json;q=0", "application/sparql-results+xml", QueryResultsFormat.XML),
    ],
)  # fmt: skip
def test_formats_of_solutions(small: Server, accept: str, media_type: str, format: QueryResultsFormat) -> None:
    answer = small.query(SELECT, accept)
    assert (answer.status, answer["Content-Type"]) == (200, media_type)
    assert "Accept" in answer["Vary"]
    solutions = parse_query_results(answer.body, format)
    assert [solution["o"].value for solution in solutions] == ["one"]  # type: ignore[union-attr]


def test_csv(small: Server) -> None:
    answer = small.query(SELECT, "text/csv")
    assert list(csv.reader(io.StringIO(answer.body.decode()))) == [["o"], ["one"]]


@pytest.mark.parametrize(
    ("accept", "media_type", "format"),
    [
        ("text/turtle", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", RdfFormat.N_TRIPLES),
        ("application/ld+json", "application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml", "application/rdf+xml", RdfFormat.RDF_XML),
        ("*/*", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
    ],
)
def test_formats_of_graphs(small: Server, accept: str, media_type: str, format: RdfFormat) -> None:
    answer = small.query(CONSTRUCT, accept)
    assert (answer.status, answer["Content-Type"]) == (200, media_type)
    triples = {(q.subject.value, q.predicate.value, q.object.value) for q in parse(answer.body, format)}  # type: ignore[union-attr]
    assert triples == {("urn:a", "urn:r", "urn:b")}


def test_format_parameter_wins_over_accept(small: Server) -> None:
    assert small.query(SELECT, "text/turtle", format="csv")["Content-Type"].startswith("text/csv")
    assert small.query(SELECT, format="turtle").status == 406  # a format of graphs
    assert small.query(SELECT, format="pdf").status == 406


def test_ask(small: Server) -> None:
    assert json.loads(small.query("ASK { <urn:a> ?p ?o }").body)["boolean"] is True
    assert json.loads(small.query("ASK { <urn:absent> ?p ?o }").body)["boolean"] is False


def test_what_nobody_offers_is_406(small: Server) -> None:
    answer = small.query(SELECT, "image/png")
    assert (answer.status, answer["Content-Type"]) == (406, "application/problem+json")
    assert "Accept" in answer["Vary"]
    assert small.query(SELECT, "text/turtle").status == 406  # a select has no Turtle


def test_reasoning_is_on_unless_switched_off(small: Server) -> None:
    text = "ASK { <urn:tom> a <urn:Animal> }"
    assert json.loads(small.query(text).body)["boolean"] is True
    assert json.loads(small.query(text, reasoning="off").body)["boolean"] is False
    assert small.query(text, reasoning="maybe").status == 400


def test_graphs_of_the_protocol(small: Server) -> None:
    one = {"default-graph-uri": "urn:g:two"}
    assert values(small.query("SELECT ?s { ?s <urn:p> 3 }", **one).body) == [{"s": "urn:c"}]
    assert values(small.query("SELECT ?s { ?s <urn:q> ?o }", **one).body) == []
    both = "/sparql?" + urlencode(
        [("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"), ("default-graph-uri", "urn:g:one"),
         ("default-graph-uri", "urn:g:two")]
    )  # fmt: skip
    assert values(small("GET", both).body) == [{"n": "3"}]  # the triple that stands in both counts once
    named = small.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", **{"named-graph-uri": "urn:g:one"})
    assert values(named.body) == [{"g": "urn:g:one"}]


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/sparql?reasoning=on", None, {}, 400),
        ("GET", "/sparql", None, {"Accept": "image/png"}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, {}, 400),
        ("GET", "/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%22%FF%22%20%7D", None, {}, 400),
        ("GET", "/sparql?query=", None, {}, 400),
        ("GET", "/sparql?query=SELECT", None, {}, 400),
        ("GET", "/sparql?query=" + quote("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"), None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=not%20an%20iri", None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=soon", None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=nan", None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=-1", None, {}, 400),
        ("GET", "/sparql?update=" + quote("CLEAR ALL"), None, {}, 400),
        ("POST", "/sparql", b"query=%FF", FORM, 400),
        ("POST", "/sparql", b"\xff", {"Content-Type": "application/sparql-query"}, 400),
        ("POST", "/sparql", b"", FORM, 400),
        ("POST", "/sparql", "query=ASK{}&update=CLEAR ALL", FORM, 400),
        ("POST", "/sparql?query=ASK%7B%7D", "ASK{}", {"Content-Type": "application/sparql-query"}, 400),
        ("POST", "/sparql", "ASK {}", {"Content-Type": "text/plain"}, 415),
        ("POST", "/sparql", "ASK {}", {}, 415),
        ("POST", "/sparql", "ASK {}", {"Content-Type": "application/sparql-query; charset=utf-16"}, 415),
        ("POST", "/sparql", "ASK {}", {"Content-Type": "application/sparql-query", "Content-Encoding": "br"}, 415),
        ("PUT", "/sparql", "ASK {}", {}, 405),
        ("DELETE", "/sparql", None, {}, 405),
        ("GET", "/nowhere", None, {}, 404),
        ("GET", "/static/../app.py", None, {}, 404),
        ("POST", "/sparql", "query=" + "x" * (2**20), FORM, 413),
        ("BREW", "/", None, {}, 405),
    ],
)
def test_what_a_client_does_wrong_is_a_problem(
    small: Server, method: str, path: str, body: bytes | str | None, headers: dict, status: int
) -> None:
    answer = small(method, path, body, headers)
    assert answer.status == status
    assert answer["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.body)
    assert problem["status"] == status
    assert problem["detail"]
    assert problem["title"]
    assert problem["type"]
    if status == 405:
        assert "GET" in answer["Allow"]


def test_a_syntax_error_tells_its_place(small: Server) -> None:
    problem = json.loads(small.query("SELECT *\nWHERE { ?s ?p }").body)
    assert problem["line"] == 2
    assert problem["column"] > 1


@pytest.mark.parametrize("path", ["/", "/health", "/nowhere", "/sparql", "/static/icon.svg", "/sparql?query=ASK%7B%7D"])
def test_security_header_fields_are_on_every_answer(small: Server, path: str) -> None:
    answer = small("GET", path)
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"]


def test_head_is_get_without_a_body(small: Server) -> None:
    path = "/sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o }"})
    connection = small.connection()
    try:
        for _ in range(2):  # on one connection: what one answer leaves behind would spoil the next
            connection.request("HEAD", path)
            answer = connection.getresponse()
            assert answer.status == 200
            assert answer.headers["Content-Type"] == "application/sparql-results+json"
            assert answer.read() == b""
    finally:
        connection.close()
    assert small("HEAD", "/nowhere").status == 404


@pytest.mark.parametrize("query", ["ASK {}", "SELECT * { ?s ?p ?o }"])
def test_head_gives_the_length_of_get_or_none(small: Server, query: str) -> None:
    path = "/sparql?" + urlencode({"query": query})
    lengths = {len(small("GET", path).body), None}
    given = small("HEAD", path)["Content-Length"]
    assert (int(given) if given else None) in lengths


def test_an_answer_that_the_client_has_is_not_sent_again(small: Server) -> None:
    first = small.query(SELECT)
    path = "/sparql?" + urlencode({"query": SELECT})
    again = small("GET", path, headers={"If-None-Match": first["ETag"]})
    assert (again.status, again.body, again["ETag"]) == (304, b"", first["ETag"])
    assert small("GET", path, headers={"If-None-Match": first["ETag"], "Accept": "text/csv"}).status == 200
    assert small("GET", path + "&reasoning=off", headers={"If-None-Match": first["ETag"]}).status == 200
    commit = json.loads(small("GET", "/ready").body)["commit"]
    assert commit in first["ETag"]


def test_a_query_that_changes_by_itself_is_sent_again(small: Server) -> None:
    text = "SELECT (RAND() AS ?r) {}"
    first = small.query(text)
    again = small("GET", "/sparql?" + urlencode({"query": text}), headers={"If-None-Match": first["ETag"]})
    assert again.status == 200
    assert again.body != first.body


def test_the_service_describes_itself(small: Server) -> None:
    answer = small("GET", "/sparql", headers={"Accept": "text/turtle"})
    assert answer.status == 200
    triples = {(q.predicate.value, getattr(q.object, "value", "")) for q in parse(answer.body, RdfFormat.TURTLE)}
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert (f"{sd}endpoint", f"{small.url}/sparql") in triples
    assert (f"{sd}name", "urn:g:one") in triples
    page = small("GET", "/sparql", headers={"Accept": "text/html,*/*;q=0.1"})
    assert (page.status, page["Location"]) == (303, "/query")


def test_without_a_script_the_form_shows_a_table(small: Server) -> None:
    answer = small.query("SELECT ?o { <urn:a> <urn:p> ?o }", format="html", lang="fr")
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert '<span lang="en">one</span>' in answer.body.decode()
    assert "Résultats" in answer.body.decode()
    many = small.query("SELECT * { ?s <urn:number>|<urn:text> ?o }", format="html").body.decode()
    assert many.count("<tr>") == 1001
    assert "Only the first rows" in many
