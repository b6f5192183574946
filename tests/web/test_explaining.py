"""Why a triple holds, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.reasoning.proofs.as_json import explanation_document
from kgtool.reasoning.proofs.naming import GraphLabels
from kgtool.reasoning.proofs.text import as_text, explanation_blocks
from kgtool.store.terms import read_triple
from kgtool.vocabulary import ID_BASE

LUC = {"s": "Luc Buée", "p": "kg:affiliatedWith", "o": "Inserm"}
NOT = {**LUC, "o": "CHU Amiens-Picardie"}
SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"""
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<{ID_BASE}hostile> rdfs:label "{SCRIPT}" ; <urn:x:p> <javascript:alert(1)>, "{SCRIPT}" .
<urn:x:p> rdfs:subPropertyOf <urn:x:q> .
"""


def explained(
    store: Path, asked: dict[str, str], language: str = "en", limit: int = 3
) -> tuple[dict[str, object], str]:
    """Give the JSON and the text of an explanation as the graph gives them."""
    with KnowledgeGraph.open(store) as graph:
        found = graph.explain(*read_triple(asked["s"], asked["p"], asked["o"], graph))
        return explanation_document(found), as_text(explanation_blocks(found, GraphLabels(graph), language))


@pytest.mark.parametrize("asked", [LUC, NOT], ids=["holds", "does not"])
def test_json_and_text_are_what_the_graph_explains(
    region: FlaskClient, region_store: Path, asked: dict[str, str]
) -> None:
    document, text = explained(region_store, asked, "fr")
    answer = region.get("/explain", query_string=asked, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.json == document
    assert document["holds"] is (asked is LUC)
    plain = region.get("/explain", query_string=asked, headers={"Accept": "text/plain", "Accept-Language": "fr"})
    assert plain.content_type == "text/plain; charset=utf-8"
    assert plain.get_data(as_text=True) == text


def test_turtle_is_what_it_says(region: FlaskClient) -> None:
    answer = region.get("/explain", query_string={**LUC, "format": "turtle"})
    assert answer.content_type == "text/turtle; charset=utf-8"
    plans = {quad.object.value for quad in parse(answer.data, RdfFormat.TURTLE) if "hadPlan" in quad.predicate.value}
    assert "urn:kgtool:rule:affiliation-by-supervision" in plans


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("text/turtle;q=0.9, text/plain", "text/plain"),
    ],
)
def test_the_format_is_negotiated(region: FlaskClient, accept: str, mimetype: str) -> None:
    answer = region.get("/explain", query_string=LUC, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    assert answer.headers["Vary"].startswith("Accept, Accept-Language")


def test_the_limit_is_that_of_proofs(region: FlaskClient) -> None:
    asked = {"s": "InBrain Pharma", "p": "a", "o": "schema:Organization"}
    for limit in (1, 2):
        answer = region.get("/explain", query_string={**asked, "limit": str(limit)})
        assert len(answer.json["proofs"]) == limit  # type: ignore[index]


@pytest.mark.parametrize(
    ("asked", "status", "parts"),
    [
        ({"s": "Luc Buée", "p": "a"}, 400, ["object is missing", "o="]),
        ({**LUC, "s": ""}, 400, ["subject is missing"]),
        ({**LUC, "s": "Luc Buéé"}, 400, ["Luc Buéé", "did you mean Luc Buée?"]),
        ({**LUC, "p": "kgg:affiliatedWith"}, 400, ["kgg", "did you mean kg:affiliatedWith?"]),
        ({**LUC, "p": "<no iri>"}, 400, ["no iri"]),
        ({**LUC, "o": '"open'}, 400, ["no literal"]),
        ({**LUC, "limit": "0"}, 400, ["limit=0"]),
        ({**LUC, "limit": "many"}, 400, ["limit=many"]),
        ({**LUC, "limit": "²"}, 400, ["limit=²"]),
        ({**LUC, "timeout": "-1"}, 400, ["timeout=-1"]),
        ({**LUC, "lang": "de"}, 400, ["lang=de"]),
        ({**LUC, "format": "pdf"}, 406, ["pdf", "turtle"]),
    ],
)
def test_what_is_wrong_is_a_problem_that_helps(
    region: FlaskClient, asked: dict[str, str], status: int, parts: list[str]
) -> None:
    answer = region.get("/explain", query_string=asked)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    told = f"{answer.json['detail']} {answer.json.get('hint')}"  # type: ignore[index,union-attr]
    assert all(part in told for part in parts), told


def test_a_parameter_given_twice_is_a_problem(region: FlaskClient) -> None:
    assert region.get("/explain?s=a&s=b&p=a&o=c").status_code == 400
    assert region.get("/explain?s=%FF&p=a&o=c").status_code == 400


def test_an_answer_that_the_client_has_is_not_sent_again(region: FlaskClient) -> None:
    answer = region.get("/explain", query_string=LUC)
    tag = answer.headers["ETag"]
    commit = region.get("/ready").json["commit"]  # type: ignore[index]
    assert tag.startswith(f'W/"{commit}.')
    again = region.get("/explain", query_string=LUC, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    for other in ({"limit": "1"}, {"format": "text"}, {"s": LUC["o"]}):
        changed = region.get("/explain", query_string={**LUC, **other}, headers={"If-None-Match": tag})
        assert changed.status_code == 200


class Page(HTMLParser):
    """The text and the links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.text += "\n" if tag == "br" else ""
        self.links += [value or "" for name, value in attrs if name == "href" and tag == "a"]

    def handle_data(self, data: str) -> None:
        self.text += data


def words(text: str) -> list[str]:
    """Give the words of a text, whatever stands before its lines."""
    return [word for word in text.split() if word != "-"]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("asked", [LUC, NOT], ids=["holds", "does not"])
def test_the_page_says_what_the_text_says(
    region: FlaskClient, region_store: Path, asked: dict[str, str], language: str
) -> None:
    answer = region.get("/explain", query_string=asked, headers={"Accept": "text/html", "Accept-Language": language})
    page = Page(answer.get_data(as_text=True))
    assert f'<html lang="{language}">' in answer.get_data(as_text=True)
    _, text = explained(region_store, asked, language)
    told = " ".join(words(page.text))
    assert " ".join(words(text)) in told
    assert "/id/hauts-de-france/person/luc-buee" in page.links
    downloads = [link for link in page.links if link.startswith("/explain?")]
    assert {region.get(link).mimetype for link in downloads} == {"application/json", "text/turtle", "text/plain"}


def test_a_page_that_is_asked_for_nothing_asks_for_a_triple(region: FlaskClient) -> None:
    answer = region.get("/explain", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert Page(answer.get_data(as_text=True)).tags.count("input") >= 3
    assert region.get("/explain", headers={"Accept": "application/json"}).status_code == 400


@pytest.fixture
def hostile_store(tmp_path: Path) -> Path:
    store = tmp_path / "store"
    with KnowledgeGraph.open(store, write=True, create=True) as graph:
        graph.load(sources_of_bytes(HOSTILE.encode(), name="x", graph="urn:g:hostile", format="turtle"))
    return store


def test_data_never_become_code_and_a_write_is_seen(hostile_store: Path, serve: Callable) -> None:
    ask = f"/explain?s=%3C{ID_BASE}hostile%3E&p=%3Curn:x:q%3E&o="
    with serve(hostile_store, KGTOOL_WRITE_TOKEN="token") as server:
        for value in ("%3Cjavascript:alert(1)%3E", "%22" + SCRIPT.replace("<", "%3C").replace(">", "%3E") + "%22"):
            answer = server("GET", ask + value, headers={"Accept": "text/html"})
            body = answer.body.decode()
            assert answer.status == 200
            assert "&lt;script&gt;" in body
            assert SCRIPT not in body
            assert not [link for link in Page(body).links if link.lower().startswith("javascript:")]
        before = server("GET", ask + "3")
        assert json.loads(before.body)["holds"] is False
        insert = f"INSERT DATA {{ <{ID_BASE}hostile> <urn:x:p> 3 }}"
        sent = {"Content-Type": "application/sparql-update", "Authorization": "Bearer token"}
        assert server("POST", "/sparql", insert, sent).status in (200, 204)
        after = server("GET", ask + "3", headers={"If-None-Match": before["ETag"]})
        assert after.status == 200
        assert json.loads(after.body)["holds"] is True


def test_an_explanation_has_the_time_of_a_query(region: FlaskClient) -> None:
    answer = region.get("/explain", query_string={**LUC, "timeout": "0.000001"})
    assert (answer.status_code, answer.mimetype) == (504, "application/problem+json")
    assert region.get("/explain", query_string=LUC).status_code == 200, "the worker is replaced"
