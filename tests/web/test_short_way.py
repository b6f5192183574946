"""Plain requests go a short way, and nobody can tell: the answer is that of the long way."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.web.conftest import Server
from tests.web.test_limits import ENDLESS

QUERIES = [
    "SELECT ?p ?o { <urn:a> ?p ?o } ORDER BY ?p ?o",
    "ASK { <urn:a> ?p ?o }",
    "CONSTRUCT WHERE { <urn:tom> a ?c }",
    "DESCRIBE <urn:c>",
    "SELECT * { ?s <urn:number> ?n } ORDER BY ?n",  # longer than the short way
    "SELECT (RAND() > 2 AS ?never) {}",
    "ASK { <s> ?p ?o }",
    "SELECT ?broken",
    "SELECT * { ?s ?p }",
    "ASK { SERVICE <urn:x:y> { ?s ?p ?o } }",
    'ASK { ?s ?p "caf\u00e9 + 1%" }',
    "",
]


@pytest.mark.parametrize("accept", [None, "*/*", "text/csv, text/turtle", "text/html", "image/png", "application/json"])
@pytest.mark.parametrize("query", QUERIES)
def test_both_ways_give_the_same(small: Server, query: str, accept: str | None) -> None:
    headers = {"Accept": accept} if accept else {}
    short = small("GET", "/sparql?query=" + quote(query), headers=headers)
    long = small("GET", "/sparql?query=" + quote(query) + "&other=1", headers=headers)
    assert (short.status, short.body) == (long.status, long.body)
    told = [{k: v for k, v in answer.headers.items() if k not in ("x-request-id", "date")} for answer in (short, long)]
    assert told[0] == told[1]


@pytest.mark.parametrize("encoded", ["%FF", "%C3", "ASK%20%7B%7D%"])
def test_what_is_no_text_is_refused_on_both(small: Server, encoded: str) -> None:
    assert small("GET", f"/sparql?query={encoded}").status == small("GET", f"/sparql?query={encoded}&other=1").status


def test_a_tag_of_one_way_holds_on_the_other(small: Server) -> None:
    path = "/sparql?query=" + quote(QUERIES[0])
    tag = small("GET", path)["ETag"]
    assert small("GET", path, headers={"If-None-Match": tag}).status == 304


def test_a_long_answer_breaks_off_as_on_the_long_way(small: Server) -> None:
    connection = small.connection()
    try:
        connection.request("GET", "/sparql?query=" + quote(ENDLESS))
        assert connection.getresponse().read(10)
    finally:
        connection.close()
    assert small.query("ASK {}").status == 200
