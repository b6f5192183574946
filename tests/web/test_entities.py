"""The pages of things: what they say, what follows, when it holds, and what they tell programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from pyoxigraph import QueryResultsFormat as Results
from pyoxigraph import RdfFormat, parse, parse_query_results

from kgtool.config import Settings
from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.vocabulary import ID_BASE, PREFIXES
from kgtool.web.app import create_app
from kgtool.web.source import LoneSource
from tests.browser.sample import HERE, HOSTILE, write_coast

COAST = "/page/coast"
KG = PREFIXES["kg"]


@pytest.fixture(scope="module")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A region that is not the packaged one."""
    place = tmp_path_factory.mktemp("coast")
    KnowledgeGraph.build(place / "store", [write_coast(place / "folder")])
    yield from client(place / "store")


def client(store: Path) -> Iterator[FlaskClient]:
    settings = Settings(store=store, query_workers=1, read_only=True)
    source = LoneSource(settings)
    yield create_app(source, settings).test_client()
    source.close()


def page(app: FlaskClient, path: str, language: str = "en") -> str:
    answer = app.get(path, headers={"Accept-Language": language})
    assert (answer.status_code, answer.mimetype) == (200, "text/html"), path
    return answer.get_data(as_text=True)


def section(text: str, id: str) -> str:
    """Give a part of a page."""
    return text.partition(f'aria-labelledby="{id}"')[2].partition("</section>")[0]


def words(markup: str) -> str:
    """Give the text of a piece of HTML, without what only screen readers say."""
    seen = re.sub(r'<span class="unseen">.*?</span>', "", markup)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", seen)).split())


def table(text: str, id: str) -> list[list[str]]:
    body = section(text, id).partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [words(cell) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.S)] for row in body.split("</tr>")[:-1]
    ]


def test_affiliations_have_the_bounds_that_the_contract_defines(coast: FlaskClient) -> None:
    # Ada: a membership that began in 2012 and ended in August 2021. The unit's supervision by the university began in
    # 2010 and nobody saw it since, so it is certain at no date; that by the health body began on a known day, and its
    # end lies after that of the membership.
    assert table(page(coast, f"{COAST}/person/ada"), "affiliations") == [
        ["Heart and vessels", "directly", "31 Dec 2012 – 1 Aug 2021", "1 Jan 2012 – 31 Aug 2021", "why?"],
        ["National Health Body", "Heart and vessels", "1 Jan 2015 – 1 Aug 2021", "1 Jan 2015 – 31 Aug 2021", "why?"],
        ["University of the Coast", "Heart and vessels", "at no date", "1 Jan 2012 – 31 Aug 2021", "why?"],
    ]
    # Ben: seen in the unit on two days, which makes all days between certain; the university's supervision was seen on
    # one of these. Employed by the hospital from a known day on, which makes that day certain.
    unknown = "at any date: neither start nor end is known"
    assert table(page(coast, f"{COAST}/person/ben"), "affiliations") == [
        ["Brain and age", "directly", "1 Jan 2018 – 1 Jan 2020", unknown, "why?"],
        ["Coast Hospital", "directly", "1 Mar 2016", "from 1 Mar 2016, end not known", "why?"],
        ["University of the Coast", "Brain and age", "1 Jun 2019", unknown, "why?"],
    ]


def test_the_drawing_shows_the_bounds_of_the_table(coast: FlaskClient) -> None:
    drawing = section(page(coast, f"{COAST}/person/ben"), "affiliations").partition("<defs>")[2].partition("</div>")[0]
    bars = drawing.split('class="name"')[1:]
    assert [bar.count('class="certain"') for bar in bars] == [1, 1, 1]
    assert [bar.count('class="possible"') for bar in bars] == [1, 1, 1]
    assert [bar.count('class="open"') for bar in bars] == [2, 1, 2]  # where a bound is not known
    places = [
        [float(x) for x in re.findall(r'class="certain" x="([\d.]+)%" y="\d+" width="([\d.]+)%"', bar)[0]]
        for bar in bars
    ]
    (unit, hospital, university) = places
    assert hospital[0] < unit[0] < university[0] < unit[0] + unit[1]
    years = [(float(x), int(year)) for x, year in re.findall(r'class="year" x="([\d.]+)%"[^>]*>(\d+)<', drawing)]
    (first, earliest), (last, latest) = years[0], years[-1]
    assert unit[0] == pytest.approx(first + (2018 - earliest) * (last - first) / (latest - earliest), abs=0.2)
    assert unit[1] == pytest.approx(2 * (last - first) / (latest - earliest), abs=0.2)


@pytest.mark.parametrize(
    ("day", "certain", "possible"),
    [("2019-06-01", ["Ben"], ["Ada"]), ("2019-06-02", [], ["Ada", "Ben"]), ("2022-01-01", [], ["Ben"])],
)
def test_people_are_those_of_the_question_on_that_day(
    coast: FlaskClient, day: str, certain: list[str], possible: list[str]
) -> None:
    text = page(coast, f"{COAST}/institution/university?date={day}")
    rows = table(text, "people")
    assert [(row[0], row[2]) for row in rows] == [(name, "certain") for name in certain] + [
        (name, "possible") for name in possible
    ]
    counts = re.findall(r'<strong><a class="behind" href="([^"]*)">(\d+)', section(text, "people"))
    assert [int(number) for _, number in counts] == [len(certain), len(possible)]
    query = parse_qs(urlsplit(unescape(counts[0][0])).query)["query"][0]
    found = parse_query_results(coast.post("/sparql", data={"query": query}).data, Results.JSON)
    assert {row["mode"].value: int(row["people"].value) for row in found} == {  # type: ignore[union-attr]
        mode: len(names) for mode, names in (("certain", certain), ("possible", possible)) if names
    }
    link = re.search(r'href="(/ask/affiliated[^"]*)"', text)
    assert link is not None
    lines = coast.get(unescape(link[1])).get_data(as_text=True).splitlines()[1:]
    assert sorted(line.split(",")[0].rpartition("/")[2] for line in lines) == sorted(
        name.lower() for name in (*certain, *possible)
    )


def test_nobody_on_a_day_is_said(coast: FlaskClient) -> None:
    text = page(coast, f"{COAST}/unit/heart?date=2001-01-01")
    assert "Nobody may be affiliated with it on that day." in text
    assert table(text, "people") == []


@pytest.mark.parametrize("date", ["yesterday", "2020-02-30", "2020", "1-1-1", "²020-01-01", "2020-01-01T00:00:00"])
def test_what_is_no_day_is_a_problem(coast: FlaskClient, date: str) -> None:
    answer = coast.get(f"{COAST}/institution/university", query_string={"date": date})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert coast.get(f"{COAST}/institution/university?date=2020-01-01&date=2020-01-02").status_code == 400


@pytest.mark.parametrize("thing", ["person/ben", "institution/university", "unit/heart", "project/tides"])
def test_what_is_marked_as_deduced_is_what_no_source_says(coast: FlaskClient, thing: str) -> None:
    text = page(coast, f"{COAST}/{thing}")
    seen = 0
    for group in ("relation", "date", "name", "identifier", "also", "technical"):
        part = text.partition(f'id="group-{group}"')[2].partition("</section>")[0]
        for value in re.findall(r"<dd>.*?</dd>", part, re.S):
            why = re.search(r'data-why href="([^"]*)"', value)
            assert ('class="inferred"' in value) == (why is not None)
            assert ('class="ref"' in value) != (why is not None)
            if why:
                seen += 1
                s, p, o = (parse_qs(urlsplit(unescape(why[1])).query)[name][0] for name in "spo")
                for reasoning, holds in (("on", True), ("off", False)):
                    asked = {"query": f"ASK {{ {s} {p} {o} }}", "reasoning": reasoning}
                    assert coast.post("/sparql", data=asked).get_json(force=True)["boolean"] is holds
    assert seen or thing == "project/tides"


def test_why_leads_to_a_proof(coast: FlaskClient) -> None:
    text = section(page(coast, f"{COAST}/person/ben"), "affiliations")
    for address in re.findall(r'data-why href="([^"]*)"', text):
        proof = page(coast, unescape(address))
        assert "It follows in" in proof
        assert 'class="explanation"' in proof


def test_numbers_lead_to_queries_that_stand_alone(coast: FlaskClient) -> None:
    text = page(coast, f"{COAST}/institution/university?date=2019-06-01")
    queries = {
        parse_qs(urlsplit(unescape(link)).query)["query"][0]
        for link in re.findall(r'class="behind" href="(/query\?[^"]*)"', text)
    }
    assert len(queries) >= 4
    for query in queries:
        assert coast.post("/sparql", data={"query": query}).status_code == 200, query


def test_sources_say_what_they_are(coast: FlaskClient) -> None:
    text = words(section(page(coast, f"{COAST}/unit/heart", "fr"), "sources"))
    assert "La côte" in text
    assert "15 janv. 2026" in text
    assert "énoncés" in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_schema_org_says_what_the_page_says(coast: FlaskClient, language: str) -> None:
    text = page(coast, f"{COAST}/person/ben", language)
    document = linked_data(text)
    assert document["@type"] == ["Person"]
    assert document["@id"] == f"{HERE}person/ben"
    assert {each["@id"] for each in document["affiliation"]} == {  # type: ignore[attr-defined]
        f"{HERE}{each}" for each in ("unit/brain", "institution/hospital", "institution/university")
    }
    place = linked_data(page(coast, f"{COAST}/institution/university", language))
    assert place["name"] == {"en": "University of the Coast", "fr": "Université de la Côte"}[language]
    assert place["@type"][0] == "CollegeOrUniversity"  # type: ignore[index]
    assert place["identifier"] == [{"@type": "PropertyValue", "propertyID": "Wikidata", "value": "Q1"}]
    # It is JSON-LD: read without the context that it names, which lies elsewhere.
    local = {**document, "@context": {"@vocab": "https://schema.org/"}}
    assert len(list(parse(json.dumps(local).encode(), RdfFormat.JSON_LD))) > 5


def linked_data(text: str) -> dict[str, object]:
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    found = json.loads(block)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_labels_stay_text(coast: FlaskClient, number: int) -> None:
    for thing in (f"unit/hostile-{number}", "institution/university"):
        text = page(coast, f"{COAST}/{thing}")
        assert "<script>window" not in text
        assert "<img" not in text
        shown = re.sub(r"<script.*?</script>", "", text, flags=re.S)
        assert not set(unescape(shown)) & set("\u202e\u2066")
    assert linked_data(page(coast, f"{COAST}/unit/hostile-{number}"))["name"] == HOSTILE[number]


def test_a_page_keeps_its_tag_and_differs_by_day(coast: FlaskClient) -> None:
    path = f"{COAST}/institution/university?date=2019-06-01"
    answer = coast.get(path)
    tag = answer.headers["ETag"]
    assert coast.get(path, headers={"If-None-Match": tag}).status_code == 304
    other = path.replace("06-01", "06-02")
    assert coast.get(other, headers={"If-None-Match": tag}).status_code == 200
    assert 'rel="alternate"; type="text/turtle"' in answer.headers["Link"]
    assert f'<link rel="canonical" href="{COAST}/institution/university">' in answer.get_data(as_text=True)


def test_the_way_from_a_thing_to_its_page_keeps_the_language(coast: FlaskClient) -> None:
    answer = coast.get("/id/coast/person/ada?lang=fr", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{COAST}/person/ada?lang=fr")
    text = page(coast, answer.headers["Location"])
    assert '<html lang="fr">' in text
    assert 'href="/id/coast/unit/heart?lang=fr"' in text


PLAIN = f"""
<{ID_BASE}plain/a> <urn:p> <{ID_BASE}plain/b>, "text", 3 ; <urn:q> [ <urn:r> [ <urn:s> "deep" ] ] .
<{ID_BASE}plain/b> <http://www.w3.org/2003/01/geo/wgs84_pos#lat> "north" ;
  <http://www.w3.org/2003/01/geo/wgs84_pos#long> "999" .
"""


def test_a_graph_without_an_ontology_has_pages_too(tmp_path: Path) -> None:
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True) as graph:
        graph.load(sources_of_bytes(PLAIN.encode(), name="plain", graph="urn:g", format="turtle"))
    for app in client(tmp_path / "store"):
        text = page(app, "/page/plain/a", "fr")
        assert "<h1>a</h1>" in text
        assert "deep" in text
        assert linked_data(text)["@type"] == ["Thing"]
        other = page(app, "/page/plain/b")
        assert "urn:p" in other
        assert 'id="map"' not in other
        assert 'id="people"' not in other
        assert app.get("/page/plain/c").status_code == 404


def test_a_large_thing_has_a_small_page(region: FlaskClient) -> None:
    text = page(region, "/page/hauts-de-france/institution/universite-de-lille", "fr")
    assert len(text) < 150_000
    shown = re.search(r"voir les (\d+)<", text)
    assert shown is not None
    assert int(shown[1]) > 100
