"""The Graph Store Protocol beyond the W3C suites: names, formats, conditions, rights."""

from __future__ import annotations

import json
from urllib.parse import quote, urlsplit

import pytest
from pyoxigraph import RdfFormat, parse

from tests.web.conftest import TOKEN, Answer, Server

BEARER = {"Authorization": f"Bearer {TOKEN}".encode().decode("latin-1")}
TURTLE = {**BEARER, "Content-Type": "text/turtle"}


def of(graph: str) -> str:
    return "/graphs?graph=" + quote(graph, safe="")


def triples(answer: Answer, format: RdfFormat = RdfFormat.TURTLE) -> set[tuple[str, str, str]]:
    assert answer.status == 200
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in parse(answer.body, format)}


@pytest.mark.parametrize(
    ("accept", "media_type", "format"),
    [
        ("*/*", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", RdfFormat.N_TRIPLES),
        ("application/ld+json", "application/ld+json", RdfFormat.JSON_LD),
        ("application/json", "application/json", RdfFormat.JSON_LD),
        ("application/rdf+xml", "application/rdf+xml", RdfFormat.RDF_XML),
    ],
)
def test_a_graph_is_read_in_each_format(small: Server, accept: str, media_type: str, format: RdfFormat) -> None:
    answer = small("GET", of("urn:g:one"), headers={"Accept": accept})
    assert answer["Content-Type"] == media_type
    assert triples(answer, format) == {
        ("<urn:a>", "<urn:p>", '"one"@en'),
        ("<urn:a>", "<urn:q>", "<urn:b>"),
    }
    head = small("HEAD", of("urn:g:one"), headers={"Accept": accept})
    assert (head.status, head.body, head["Content-Length"]) == (200, b"", str(len(answer.body)))
    again = small("GET", of("urn:g:one"), headers={"Accept": accept, "If-None-Match": answer["ETag"]})
    assert again.status == 304


def test_what_the_service_itself_keeps_is_read_and_not_written(small: Server) -> None:
    assert ("<urn:tom>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<urn:Animal>") in triples(
        small("GET", of("urn:kgtool:inferred"))
    )
    assert triples(small("GET", of("urn:kgtool:provenance")))
    assert small("GET", of("urn:kgtool:meta")).status == 404
    for method in ("PUT", "POST", "DELETE"):
        assert small(method, of("urn:kgtool:inferred"), "<urn:x> <urn:p> 1 .", TURTLE).status == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/graphs", 400),
        ("PUT", "/graphs", 400),
        ("DELETE", "/graphs/", 400),
        ("GET", "/graphs?graph=", 400),
        ("PUT", "/graphs?graph=", 400),
        ("GET", "/graphs?graph=relative", 400),
        ("GET", "/graphs?graph=/also/relative", 400),
        ("GET", "/graphs?graph=urn:a%20b", 400),
        ("GET", "/graphs?graph=urn:g:one&default", 400),
        ("GET", "/graphs?graph=urn:g:one&graph=urn:g:two", 400),
        ("GET", "/graphs/direct?default", 400),
        ("GET", "/graphs?graph=urn:%FF", 400),
        ("GET", "/graphs?graph=urn:absent", 404),
        ("HEAD", "/graphs?graph=urn:absent", 404),
        ("DELETE", "/graphs?graph=urn:absent", 404),
        ("GET", "/graphs/absent", 404),
        ("GET", "/graphs?graph=urn:g:one&format=pdf", 406),
        ("PATCH", "/graphs?graph=urn:g:one", 405),
    ],
)
def test_what_a_client_does_wrong(small: Server, method: str, path: str, status: int) -> None:
    answer = small(method, path, "<urn:x> <urn:p> 1 ." if method in ("PUT", "PATCH") else None, TURTLE)
    assert answer.status == status
    if method != "HEAD":
        assert json.loads(answer.body)["status"] == status
    if status == 405:
        assert {"GET", "PUT", "DELETE"} <= set(answer["Allow"].split(", "))


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("<urn:x> <urn:p> 1 .", {}, 415),
        ("<urn:x> <urn:p> 1 .", {"Content-Type": "application/pdf"}, 415),
        ("<urn:x> <urn:p> 1 .", {"Content-Type": "text/turtle; charset=latin-1"}, 415),
        ("<urn:x> <urn:p>", {"Content-Type": "text/turtle"}, 400),
        (b"<urn:x> <urn:p> '\xff' .", {"Content-Type": "text/turtle"}, 400),
        ("<urn:g> { <urn:x> <urn:p> 1 . }", {"Content-Type": "application/trig"}, 400),
        ('{"@context": "http://127.0.0.1:9/", "@id": "urn:x"}', {"Content-Type": "application/ld+json"}, 400),
        ("# " + "x" * 2**20, {"Content-Type": "text/turtle"}, 413),
        ("--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b"}, 400),
        ("--b", {"Content-Type": "multipart/form-data"}, 400),
    ],
)
def test_a_body_that_is_refused_changes_nothing(small: Server, body: str | bytes, headers: dict, status: int) -> None:
    answer = small("PUT", of("urn:refused"), body, {**BEARER, **headers})
    assert answer.status == status
    assert json.loads(answer.body)["detail"]
    assert small("GET", of("urn:refused")).status == 404


def test_writing_needs_the_token(small: Server) -> None:
    body, kind = "<urn:x> <urn:p> 1 .", {"Content-Type": "text/turtle"}
    assert small("PUT", of("urn:refused"), body, kind).status == 401
    assert small("PUT", of("urn:refused"), body, {**kind, "Authorization": "Bearer no"}).status == 403
    assert small("DELETE", of("urn:g:one")).status == 401
    assert small("GET", of("urn:refused")).status == 404


def test_relative_iris_are_those_of_the_graph(small: Server) -> None:
    place = "/graphs/people/list.ttl"
    assert small("PUT", place, "<ann> <#knows> <../bob> .", TURTLE).status == 201
    expected = {
        (f"<{small.url}/graphs/people/ann>", f"<{small.url}{place}#knows>", f"<{small.url}/graphs/bob>"),
    }
    assert triples(small("GET", place)) == expected
    assert triples(small("GET", of(small.url + place))) == expected, "the same graph by its IRI"
    assert small("DELETE", place, headers=BEARER).status == 200
    assert small("GET", place).status == 404


def test_a_made_graph_is_where_the_answer_says(small: Server) -> None:
    made = small("POST", "/graphs", "[] <urn:p> <> .", TURTLE)
    assert made.status == 201
    place = urlsplit(made["Location"]).path
    ((_, _, own),) = triples(small("GET", place))
    assert own == f"<{made['Location']}>"
    assert small("DELETE", place, headers=BEARER).status == 200


def test_the_default_graph_is_always_there(small: Server) -> None:
    assert triples(small("GET", "/graphs?default")) == set()
    assert small("PUT", "/graphs?default", "<urn:d> <urn:p> 1 .", TURTLE).status == 201
    assert len(triples(small("GET", of("urn:kgtool:default")))) == 1
    assert small("PUT", "/graphs?default", "", TURTLE).status == 204
    assert small("DELETE", "/graphs?default", headers=BEARER).status == 200
    assert triples(small("GET", "/graphs?default")) == set()


def test_conditions(small: Server) -> None:
    place = of("urn:conditional")
    assert small("PUT", place, "<urn:x> <urn:p> 1 .", {**TURTLE, "If-Match": "*"}).status == 412
    assert small("PUT", place, "<urn:x> <urn:p> 1 .", {**TURTLE, "If-None-Match": "*"}).status == 201
    assert small("PUT", place, "<urn:x> <urn:p> 2 .", {**TURTLE, "If-None-Match": "*"}).status == 412
    read = small("GET", place)
    assert small("GET", place, headers={"If-None-Match": read["ETag"]}).status == 304
    assert small("POST", place, "<urn:x> <urn:p> 3 .", {**TURTLE, "If-Match": read["ETag"]}).status == 200
    late = small("PUT", place, "<urn:x> <urn:p> 4 .", {**TURTLE, "If-Match": read["ETag"]})
    assert (late.status, json.loads(late.body)["title"]) == (412, "Condition not met")
    update = {**BEARER, "Content-Type": "application/sparql-update", "If-Match": read["ETag"]}
    assert small("POST", "/sparql", "CLEAR GRAPH <urn:conditional>", update).status == 412
    assert len(triples(small("GET", place))) == 2
    assert small("DELETE", place, headers={**BEARER, "If-Match": read["ETag"]}).status == 412
    assert small("DELETE", place, headers={**BEARER, "If-Match": small("GET", place)["ETag"]}).status == 200


def test_two_files_of_a_form(small: Server) -> None:
    parts = [("a.nt", "", "_:x <urn:p> 1 ."), ("b", "Content-Type: text/turtle\r\n", "_:x <urn:p> 2 .")]
    body = "".join(
        f'--cut\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n{kind}\r\n{text}\r\n'
        for name, kind, text in parts
    )
    kind = {**BEARER, "Content-Type": "multipart/form-data; boundary=cut"}
    assert small("POST", of("urn:form"), body + "--cut--\r\n", kind).status in (201, 400)
    nt = body.replace("1 .", '"1" .')
    assert small("POST", of("urn:form"), nt + "--cut--\r\n", kind).status == 201
    found = triples(small("GET", of("urn:form")))
    assert len({subject for subject, _, _ in found}) == 2, "a blank node belongs to its file"
    assert small("DELETE", of("urn:form"), headers=BEARER).status == 200
