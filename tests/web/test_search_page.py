"""``/search``: JSON for programs, a page for people, facets that narrow it, identifiers, and odd requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from kgtool.config import Settings
from kgtool.graph import KnowledgeGraph
from kgtool.web.app import create_app
from kgtool.web.source import LoneSource
from tests.browser.sample import HERE, write_coast
from tests.web.conftest import make_small
from tests.web.test_pages import Elements

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
UNIVERSITY = f"{HERE}institution/university"
HARBOUR = f"{HERE}city/harbour"


@pytest.fixture(scope="module")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    place = tmp_path_factory.mktemp("coast")
    KnowledgeGraph.build(place / "store", [write_coast(place / "folder")])
    settings = Settings(store=place / "store", query_workers=1, read_only=True)
    source = LoneSource(settings)
    yield create_app(source, settings).test_client()
    source.close()


def page(client: FlaskClient, language: str = "en", **asked: object) -> str:
    answer = client.get(f"/search?{urlencode({**asked, 'lang': language}, doseq=True)}", headers=HTML)
    assert (answer.status_code, answer.mimetype) == (200, "text/html"), answer.text
    return answer.text


def titles(text: str) -> list[str]:
    """Give the headings of the results."""
    return [
        part.partition("</h2>")[0].partition(">")[2].removesuffix("</a>").strip() for part in text.split("<h2>")[1:]
    ]


def test_programs_get_json_and_browsers_a_page(coast: FlaskClient) -> None:
    for accept in (None, "*/*", "application/json", "image/png"):
        answer = coast.get("/search?q=ada", headers={"Accept": accept} if accept else {})
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        assert [each["label"] for each in answer.get_json()["results"]] == ["Ada"]
    assert coast.get("/search?q=ada&format=html").mimetype == "text/html"
    assert coast.get("/search?q=ada&format=json", headers=HTML).mimetype == "application/json"
    assert coast.get("/search?q=ada&format=pdf").status_code == 406
    assert coast.get("/search").status_code == 400  # a program has to say what it looks for


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("coeur", "Cœur et vaisseaux"), ("CŒUR", "Cœur et vaisseaux"), ("cerveau age", "Cerveau et âge"),
        ("univ cot", "Université de la Côte"), ("UdC", "Université de la Côte"), ("Q1", "Université de la Côte"),
        (UNIVERSITY, "Université de la Côte"),
    ],
)  # fmt: skip
def test_names_acronyms_and_identifiers_are_found_however_written(coast: FlaskClient, text: str, found: str) -> None:
    assert found in "\n".join(titles(page(coast, "fr", q=text)))


def test_facets_narrow_and_say_how_many_there_are(coast: FlaskClient) -> None:
    everything = page(coast)
    assert "University of the Coast" in everything
    units = page(coast, **{"class": "kg:ResearchUnit"})
    assert {"Heart and vessels", "Brain and age"} <= {each.partition("<")[0] for each in titles(units)}
    assert "Coast Hospital" not in "\n".join(titles(units))
    both = page(coast, place=HARBOUR, institution=UNIVERSITY)
    assert titles(both) == ["Heart and vessels"]
    assert {"Ada", "Ben", "Heart and vessels"} <= set(titles(page(coast, institution=UNIVERSITY)))
    assert titles(page(coast, place=HARBOUR, **{"class": ["kg:ResearchUnit", "kg:City"]})) == ["Heart and vessels"]
    assert titles(page(coast, q="heart", place=f"{HERE}city/hill")) == []
    box = next(
        attrs
        for tag, attrs in Elements(both).found
        if tag == "input" and attrs.get("name") == "institution" and attrs.get("value") == UNIVERSITY
    )
    assert "checked" in box


def test_what_is_chosen_can_be_taken_back_by_a_link(coast: FlaskClient) -> None:
    text = page(coast, q="heart", **{"class": "kg:ResearchUnit"})
    chips = [attrs["href"] for tag, attrs in Elements(text).found if tag == "a" and attrs.get("class") == "chip"]
    assert chips == ["/search?q=heart&lang=en"]


def test_a_page_is_sent_again_only_when_the_graph_has_changed(coast: FlaskClient) -> None:
    first = coast.get("/search?q=ada", headers=HTML)
    assert first.headers["Vary"].startswith("Accept, Accept-Language")
    again = coast.get("/search?q=ada", headers={**HTML, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    other = coast.get("/search?q=ben", headers={**HTML, "If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


@pytest.mark.parametrize("path", ["?start=-1", "?start=x", "?lang=xx", "?q=%ff", "?q=a&q=b"])
def test_what_is_asked_wrongly_is_an_error_that_says_so(coast: FlaskClient, path: str) -> None:
    answer = coast.get(f"/search{path}", headers=HTML)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert json.loads(answer.data)["detail"]


@pytest.mark.parametrize(
    "asked",
    [{"place": "javascript:alert(1)"}, {"place": "urn:x> } #"}, {"class": "<script>"}, {"theme": "a" * 9000},
     {"q": "\u202e<b>'\"" * 200}, {"q": "%"}, {"q": "* OR 1=1"}, {"start": 9000}],
)  # fmt: skip
def test_odd_values_find_nothing_and_break_nothing(coast: FlaskClient, asked: dict[str, object]) -> None:
    for tag, attrs in Elements(page(coast, **asked)).found:
        assert tag != "script" or "src" in attrs or attrs.get("type") == "application/json"
        assert not attrs.get("href", "").startswith("javascript:")


def test_too_many_values_are_refused(coast: FlaskClient) -> None:
    values = urlencode([("place", f"urn:{number}") for number in range(51)])
    assert coast.get(f"/search?{values}", headers=HTML).status_code == 400


def test_hostile_names_are_text(coast: FlaskClient) -> None:
    for tag, attrs in Elements(page(coast, **{"class": "kg:ResearchUnit"})).found:
        assert tag != "img"
        assert tag != "script" or attrs.get("type") in ("module", "application/json")


def test_a_store_without_an_ontology_is_searched_too(tmp_path: Path) -> None:
    settings = Settings(store=make_small(tmp_path / "store"), query_workers=1, read_only=True)
    source = LoneSource(settings)
    try:
        text = page(create_app(source, settings).test_client())
        assert titles(text) == []
    finally:
        source.close()
