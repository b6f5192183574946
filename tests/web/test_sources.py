"""``/sources``: what the graph is made of, and the check of a file, which changes nothing."""

from __future__ import annotations

import bz2
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import PREFIXES
from tests.browser.sample import HERE, write_coast
from tests.web.conftest import SMALL, TOKEN, Answer, Server, make_small, serving
from tests.web.test_pages import Elements

PROLOGUE = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("kg", "org", "rdfs", "schema", "xsd"))
#: The seventh line has a month that there is not.
BROKEN_DATE = f"""{PROLOGUE}<person/eve> a kg:Researcher ; rdfs:label "Eve" .
<membership/eve> a kg:Membership ; org:member <person/eve> ; org:organization <{HERE}unit/heart> ; rdfs:label "m" ;
  schema:startDate "2020-13"^^xsd:gYearMonth .
"""
GOOD = BROKEN_DATE.replace("2020-13", "2020-12")
BAD_SYNTAX = f'{PROLOGUE}<urn:eve> rdfs:label "Eve ;\n'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    place = tmp_path_factory.mktemp("coast")
    KnowledgeGraph.build(place / "store", [write_coast(place / "folder")])
    settings = {"KGTOOL_QUERY_WORKERS": "1", "KGTOOL_WRITE_TOKEN": TOKEN, "KGTOOL_MAX_BODY": "1"}
    with serving(place / "store", place / "log", **settings) as running:
        yield running


def check(server: Server, body: bytes | str, name: str = "eve.ttl", **asked: str) -> Answer:
    path = f"/sources/check?{urlencode({'name': name, **asked})}"
    return server("POST", path, body.encode() if isinstance(body, str) else body)


def report(server: Server, body: bytes | str, name: str = "eve.ttl", **asked: str) -> dict[str, Any]:
    answer = check(server, body, name, **asked)
    assert answer.status == 200, answer.body
    return dict(json.loads(answer.body))


def test_each_source_is_shown_with_title_licence_date_and_size(server: Server) -> None:
    for language, title in (("en", "The coast"), ("fr", "La côte")):
        answer = server("GET", f"/sources?lang={language}", headers={"Accept": "text/html"})
        text = answer.body.decode()
        assert answer.status == 200
        assert title in text
        assert "CC0 1.0" in text
        assert "2026-01-15" in text
        hrefs = [attrs.get("href", "") for _, attrs in Elements(text).found]
        assert any("/export?format=turtle&graph=urn:kgtool:source:coast.ttl" in href for href in hrefs)
        assert all(any(f"only={only}" in href for href in hrefs) for only in ("asserted", "inferred", "all"))
        assert sum(href.startswith("/query?query=") for href in hrefs) > 3
    first = server("GET", "/sources")
    assert first["Vary"].startswith("Accept, Accept-Language")
    assert server("GET", "/sources", headers={"If-None-Match": first["ETag"]}).status == 304


def test_the_numbers_are_those_of_the_queries_beside_them(server: Server) -> None:
    text = server("GET", "/sources?lang=en").body.decode()
    found = json.loads(server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "application/json").body)
    number = int(found["results"]["bindings"][0]["n"]["value"])
    assert f"<strong>{number:,}</strong> triples" in text


def test_a_syntax_error_is_told_with_its_line_and_changes_nothing(server: Server) -> None:
    before = server("GET", "/sources")["ETag"]
    found = report(server, BAD_SYNTAX)
    assert found["conforms"] is False
    assert found["error"]["line"] == 6
    assert found["error"]["column"]
    assert [6, '<urn:eve> rdfs:label "Eve ;'] in found["error"]["lines"]
    assert server("GET", "/sources")["ETag"] == before


@pytest.mark.parametrize(("language", "words"), [("en", "is not a date"), ("fr", "n'est pas une date")])
def test_a_violation_is_told_with_the_line_of_what_is_wrong(server: Server, language: str, words: str) -> None:
    found = report(server, BROKEN_DATE, lang=language)
    assert found["conforms"] is False
    wrong = next(each for each in found["findings"] if words in each["message"])
    assert (wrong["severity"], wrong["line"], wrong["value"]) == ("violation", 8, "2020-13")
    assert wrong["lines"] == [[8, '  schema:startDate "2020-13"^^xsd:gYearMonth .']]
    assert found["violations"] >= 1


def test_a_file_that_is_right_says_what_it_would_bring(server: Server) -> None:
    before = server("GET", "/sources")["ETag"]
    found = report(server, GOOD)
    assert found["conforms"] is True
    assert (found["read"], found["added"], found["removed"]) == (7, 7, 0)
    assert found["inferred"] > 0
    assert found["graphs"] == [found["graph"]] == ["urn:kgtool:source:eve.ttl"]
    assert server("GET", "/sources")["ETag"] == before


def test_replacing_a_source_says_what_would_go(server: Server) -> None:
    graph = "urn:kgtool:source:coast.ttl"
    assert report(server, GOOD, graph=graph)["removed"] > 100
    assert report(server, GOOD, graph=graph, replace="no")["removed"] == 0


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("x.ttl.gz", gzip.compress(GOOD.encode())),
        ("x.ttl.bz2", bz2.compress(GOOD.encode())),
        ("x.nt", b'<urn:a> <urn:p> "x" .\n'),
        ("x.nq", b'<urn:a> <urn:p> "x" <urn:g> .\n'),
        ("x.trig", b'<urn:g> { <urn:a> <urn:p> "x" }'),
        ("x.jsonld", b'{"@id": "urn:a", "urn:p": "x"}'),
        ("x.rdf", b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'),
        ('<img src=x onerror="1">\u202e.ttl', GOOD.encode()),
        ("C:\\data\\x.ttl", GOOD.encode()),
    ],
)
def test_every_format_is_checked(server: Server, name: str, body: bytes) -> None:
    found = report(server, body, name)
    assert found["error"] is None
    assert found["conforms"] is True


def test_a_file_with_graphs_of_its_own_says_which(server: Server) -> None:
    assert report(server, b'<urn:a> <urn:p> "x" <urn:g> .\n', "x.nq")["graphs"] == ["urn:g"]


@pytest.mark.parametrize(
    ("name", "body", "asked", "status"),
    [
        ("x.ttl", b"", {}, 400),
        ("x.pdf", b"x", {}, 400),
        ("x.ttl", b"x", {"format": "pdf"}, 400),
        ("x.ttl", b"x", {"graph": "no iri"}, 400),
        ("x.ttl", GOOD.encode(), {"graph": "urn:kgtool:inferred"}, 403),
        ("x.ttl", b"#" * (2**20 + 1), {}, 413),
        ("x.ttl.gz", gzip.compress(b"#" * (2**21)), {}, 413),
        ("x.ttl", GOOD.encode(), {"replace": "maybe"}, 400),
        ("x.ttl", GOOD.encode(), {"timeout": "0.00001"}, 504),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_an_error(
    server: Server, name: str, body: bytes, asked: dict[str, str], status: int
) -> None:
    answer = check(server, body, name, **asked)
    assert answer.status == status, answer.body
    assert json.loads(answer.body)["detail"]


def test_nothing_answers_a_check_by_get(server: Server) -> None:
    assert server("GET", "/sources/check").status == 405


def test_a_read_only_service_checks_and_says_that_nothing_can_be_added(tmp_path: Path) -> None:
    KnowledgeGraph.build(tmp_path / "store", [write_coast(tmp_path / "folder")])
    with serving(tmp_path / "store", tmp_path / "log", KGTOOL_QUERY_WORKERS="1", KGTOOL_READ_ONLY="1") as reading:
        assert report(reading, GOOD)["conforms"] is True
        text = reading("GET", "/sources?lang=en").body.decode()
        assert "takes no changes" in text
        assert 'type="password"' not in text


def test_an_empty_store_says_that_it_is_empty(tmp_path: Path) -> None:
    with KnowledgeGraph.open(make_small(tmp_path / "store"), write=True) as graph:
        graph.unload(list(SMALL))
    with serving(tmp_path / "store", tmp_path / "log", KGTOOL_QUERY_WORKERS="1") as empty:
        answer = empty("GET", "/sources?lang=en")
        assert answer.status == 200
        assert "no source has been loaded yet" in answer.body.decode()
