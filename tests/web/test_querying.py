"""``/query`` and the names that its tables ask for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

from kgtool.config import Settings
from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.vocabulary import ID_BASE, PREFIXES
from kgtool.web.app import create_app
from kgtool.web.source import LoneSource
from kgtool.web.workbench.querying import MOST_LABELS, VIEWS
from tests.web.conftest import ROOT

CAFE = f"{ID_BASE}coast/café"
DATA = f"""
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<{CAFE}> a <urn:Place> ; rdfs:label "</script><b>Coffee</b>"@en, "Café"@fr .
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    store = tmp_path_factory.mktemp("plain") / "store"
    with KnowledgeGraph.open(store, write=True, create=True, engine="none") as graph:
        graph.load(sources_of_bytes(DATA.encode(), name="data", graph="urn:g", format="turtle"))
    settings = Settings(store=store, query_workers=1)
    source = LoneSource(settings)
    yield create_app(source, settings).test_client()
    source.close()


def textarea(page: str) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found
    return unescape(found[1])


def settings_of(page: str) -> dict[str, object]:
    found = re.search(r'id="query-settings">(.*?)</script>', page, re.DOTALL)
    assert found
    read: dict[str, object] = json.loads(found[1])
    return read


def test_the_page_holds_a_query_that_has_an_answer(client: FlaskClient) -> None:
    page = client.get("/query").get_data(as_text=True)
    text = textarea(page)
    assert settings_of(page)["first"] == text
    answer = client.post("/sparql", data={"query": text}).get_json(force=True)
    assert answer["results"]["bindings"]


@pytest.mark.parametrize("text", ["ASK {}", "</textarea><script>alert(1)</script>", "# \u202e\n\"'&<>"])
def test_a_query_of_the_address_stands_in_the_form_as_text(client: FlaskClient, text: str) -> None:
    page = client.get("/query", query_string={"query": text}).get_data(as_text=True)
    assert textarea(page) == text
    assert "<script>alert" not in page


def test_the_page_speaks_the_readers_language(client: FlaskClient) -> None:
    french = client.get("/query", headers={"Accept-Language": "fr"}).get_data(as_text=True)
    assert '<html lang="fr">' in french
    assert "Exécuter" in french
    english = client.get("/query?lang=en", headers={"Accept-Language": "fr"}).get_data(as_text=True)
    assert '<html lang="en">' in english


def test_pictures_in_styles_are_all_that_the_policy_lets_in_beyond_the_site(client: FlaskClient) -> None:
    headers = client.get("/query").headers
    policy = headers["Content-Security-Policy"]
    assert policy.split("; ")[0] == "default-src 'self'"
    assert "img-src 'self' data:" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_an_unchanged_page_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/query?query=ASK%20%7B%7D", headers={"Accept-Language": "fr"})
    assert "Accept-Language" in first.headers["Vary"]
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/query?query=ASK%20%7B%7D", headers={**tag, "Accept-Language": "fr"}).status_code == 304
    assert client.get("/query?query=ASK%20%7B%7D", headers={**tag, "Accept-Language": "en"}).status_code == 200
    assert client.get("/query", headers={**tag, "Accept-Language": "fr"}).status_code == 200


@pytest.mark.parametrize(
    "asked", ["reasoning=maybe", "timeout=never", "view=cube", "run=2", "query=a&query=b", "lang=x"]
)
def test_what_is_no_choice_is_refused(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/query?{asked}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


def test_the_views_are_those_of_the_page() -> None:
    folder = ROOT / "kgtool" / "web" / "client" / "src" / "query" / "results"
    named = {name for file in folder.glob("*.ts") for name in re.findall(r'^  name: "(\w+)",$', file.read_text(), re.M)}
    assert named == set(VIEWS)


def ask_names(client: FlaskClient, document: object, **headers: str) -> tuple[int, dict[str, dict[str, object]]]:
    answer = client.post("/query/labels", json=document, headers=headers)
    return answer.status_code, answer.get_json(force=True).get("labels")


def test_things_have_names_in_the_readers_language(client: FlaskClient) -> None:
    iris = [CAFE, f"{PREFIXES['schema']}startDate", "urn:nothing"]
    status, names = ask_names(client, {"iris": iris}, **{"Accept-Language": "fr"})
    assert status == 200
    assert names == {
        CAFE: {"text": "Café", "language": "fr"},
        iris[1]: {"text": "début", "language": "fr"},  # a term of a standard vocabulary
        iris[2]: {"text": "urn:nothing", "language": None},
    }
    assert ask_names(client, {"iris": []})[1] == {}


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ([], 400),
        ({}, 400),
        ({"iris": "urn:a"}, 400),
        ({"iris": ["no iri"]}, 400),
        ({"iris": [1]}, 400),
        ({"iris": ["urn:a> <urn:b"]}, 400),
        ({"iris": ["urn:\ud800"]}, 400),
        ({"iris": ["urn:a"] * (MOST_LABELS + 1)}, 413),
    ],
)
def test_what_is_no_list_of_iris_is_refused(client: FlaskClient, document: object, status: int) -> None:
    answer = client.post("/query/labels", json=document)
    assert answer.status_code == status
    assert answer.get_json(force=True)["detail"]


def test_names_are_asked_for_in_json(client: FlaskClient) -> None:
    assert client.post("/query/labels", data="iris=urn:a").status_code == 415
    assert client.post("/query/labels", data=b"{", content_type="application/json").status_code == 400
    assert client.post("/query/labels", data=b"[" * 100_000, content_type="application/json").status_code == 400
    assert client.get("/query/labels").status_code == 405
