"""Pages and documents of the region's graph, and of data that mean harm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

from kgtool.config import Settings
from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.vocabulary import ID_BASE, ONTOLOGY_IRI
from kgtool.web.app import create_app
from kgtool.web.source import LoneSource

PERSON = "hauts-de-france/person/francois-pattou"
#: What stands in a page for its scripts to read, and never runs.
DATA_BLOCKS = ("application/json", "application/ld+json")
SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"""
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix id: <{ID_BASE}> .
<{ID_BASE}hostile> rdfs:label "{SCRIPT}", "\\"><img src=x onerror=alert(1)>"@fr ;
  rdfs:seeAlso <javascript:alert(1)>, <data:text/html,x>, <https://example.org/"> .
<{ID_BASE}caf%C3%A9> rdfs:label "encoded" .
<{ID_BASE}thé> rdfs:label "plain" .
<{ID_BASE}a/b%2Fc> rdfs:label "slash" .
<{ID_BASE}part#one> rdfs:label "fragment" ;
  rdfs:seeAlso [ rdfs:label "nested" ; rdfs:seeAlso [ rdfs:label "deeper" ] ] .
_:x rdfs:label "loop" ; rdfs:seeAlso _:x .
<{ID_BASE}loop> rdfs:seeAlso _:x .
<{ID_BASE}v1.2> rdfs:label "dotted" .
""".replace('<https://example.org/">', "<https://example.org/%22>")


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def links(self) -> list[str]:
        return [attrs["href"] for tag, attrs in self.found if tag == "a" and "href" in attrs]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    store = tmp_path_factory.mktemp("hostile") / "store"
    with KnowledgeGraph.open(store, write=True, create=True, engine="none") as graph:
        graph.load(sources_of_bytes(HOSTILE.encode(), name="hostile", graph="urn:g:hostile", format="turtle"))
    settings = Settings(store=store, query_workers=1)
    source = LoneSource(settings)
    yield create_app(source, settings).test_client()
    source.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_start_page_says_what_is_here(region: FlaskClient, language: str) -> None:
    answer = region.get("/", headers={"Accept-Language": language})
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert f'<html lang="{language}">' in text
    assert {"fr": "Unité de recherche", "en": "Research unit"}[language] in text
    assert {"fr": "Université de Lille</option>", "en": "University of Lille</option>"}[language] in text
    assert (
        region.get("/", headers={"Accept-Language": language, "If-None-Match": answer.headers["ETag"]}).status_code
        == 304
    )
    assert region.get("/?lang=fr", headers={"If-None-Match": answer.headers["ETag"]}).status_code == (
        304 if language == "fr" else 200
    )


def test_each_question_is_a_link_to_its_page_in_both_languages(region: FlaskClient) -> None:
    for language in ("fr", "en"):
        links = Elements(region.get(f"/?lang={language}").get_data(as_text=True)).links()
        for question in region.get("/ask").get_json()["questions"]:
            link = f"/ask/{question['name']}?lang={language}"
            assert link in links
            page = region.get(link, headers={"Accept": "text/html"})
            assert page.status_code == 200
            assert f"<h1>{escape(question['title'][language])}</h1>" in page.get_data(as_text=True)


def test_the_editor_holds_a_query_with_rows(region: FlaskClient) -> None:
    page = region.get("/query?lang=fr").get_data(as_text=True)
    query = unescape(page.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0])
    result = region.post("/sparql", data={"query": query})
    assert result.status_code == 200, result.get_data()
    assert len(result.get_json(force=True)["results"]["bindings"]) > 1
    shown = region.get(
        "/sparql", query_string={"query": query, "format": "html"}
    )  # what the form does without a script
    assert "<td>" in shown.get_data(as_text=True)


def test_every_link_within_the_site_leads_somewhere(region: FlaskClient) -> None:
    seen: set[str] = set()
    waiting = ["/", "/ontology", f"/page/{PERSON}"]
    while waiting and len(seen) < 60:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = region.get(path, headers={"Accept": "text/html,*/*;q=0.1"}, follow_redirects=True)
        assert answer.status_code == 200, path
        if answer.mimetype == "text/html" and len(seen) < 20:
            for link in Elements(answer.get_data(as_text=True)).links():
                there = urljoin(f"http://localhost{path}", link)
                if urlsplit(there).netloc == "localhost" and "/export" not in there:
                    waiting.append(there.removeprefix("http://localhost").partition("#")[0])
    assert len(seen) == 60


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/html", f"/page/{PERSON}"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", f"/page/{PERSON}"),
        ("text/turtle", f"/data/{PERSON}.ttl"),
        ("application/ld+json", f"/data/{PERSON}.jsonld"),
        ("application/rdf+xml", f"/data/{PERSON}.rdf"),
        ("application/n-triples", f"/data/{PERSON}.nt"),
        ("*/*", f"/data/{PERSON}.ttl"),
    ],
)
def test_a_thing_sends_on_to_a_document_about_it(region: FlaskClient, accept: str, location: str) -> None:
    answer = region.get(f"/id/{PERSON}", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Location"]) == (303, location)
    assert "Accept" in answer.headers["Vary"]
    assert region.get(location).status_code == 200


@pytest.mark.parametrize(
    ("ending", "format"),
    [
        ("ttl", RdfFormat.TURTLE),
        ("nt", RdfFormat.N_TRIPLES),
        ("jsonld", RdfFormat.JSON_LD),
        ("rdf", RdfFormat.RDF_XML),
    ],
)
def test_each_document_says_the_same(region: FlaskClient, ending: str, format: RdfFormat) -> None:
    answer = region.get(f"/data/{PERSON}.{ending}")
    got = {(q.subject, q.predicate, q.object) for q in parse(answer.data, format)}
    expected = {
        (q.subject, q.predicate, q.object) for q in parse(region.get(f"/data/{PERSON}.nt").data, RdfFormat.N_TRIPLES)
    }
    assert got == expected
    assert any(getattr(subject, "value", "") == ID_BASE + PERSON for subject, _, _ in got)
    again = region.get(f"/data/{PERSON}.{ending}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    ["/id/hauts-de-france/nobody", "/page/hauts-de-france/nobody", "/data/hauts-de-france/nobody.ttl", "/id/", "/data/",
     f"/data/{PERSON}.exe", f"/data/{PERSON}", "/id/%ff%00", "/id/%20", "/id/%22%3E", "/page/" + "x" * 5000],
)  # fmt: skip
def test_what_is_not_there_is_404(region: FlaskClient, path: str) -> None:
    answer = region.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_page_names_things_in_the_readers_language(region: FlaskClient) -> None:
    french = region.get("/page/hauts-de-france/institution/universite-de-lille", headers={"Accept-Language": "fr"})
    english = region.get("/page/hauts-de-france/institution/universite-de-lille", headers={"Accept-Language": "en"})
    assert "<h1>Université de Lille</h1>" in french.get_data(as_text=True)
    assert "<h1>University of Lille</h1>" in english.get_data(as_text=True)
    assert french.headers["ETag"] != english.headers["ETag"]
    assert "Accept-Language" in french.headers["Vary"]


def test_what_has_no_label_is_named_all_the_same(region: FlaskClient) -> None:
    page = region.get("/page/hauts-de-france/unit/u1190").get_data(as_text=True)
    assert "<bdi>RNSR 201019111J</bdi></a>" in page  # an identifier, by its register and value
    assert "<bdi>https://ror.org/03pbmtd68</bdi></a>" in page  # an address of the web, as it is
    assert "<bdi>resulted from</bdi>" in page  # a standard term, by what pages call it


def test_the_ontology_documents_every_term(region: FlaskClient) -> None:
    page = region.get("/ontology", headers={"Accept": "text/html"}).get_data(as_text=True)
    rdf = region.get("/ontology", headers={"Accept": "text/turtle"})
    assert rdf.mimetype == "text/turtle"
    classes = {
        quad.subject.value  # type: ignore[union-attr]
        for quad in parse(rdf.data, RdfFormat.TURTLE)
        if getattr(quad.object, "value", "") == "http://www.w3.org/2002/07/owl#Class"
    }
    ours = {iri.removeprefix(f"{ONTOLOGY_IRI}#") for iri in classes if iri.startswith(f"{ONTOLOGY_IRI}#")}
    assert "Researcher" in ours
    anchors = {attrs["id"] for tag, attrs in Elements(page).found if tag == "article"}
    assert ours <= anchors
    assert region.get("/ontology?format=pdf").status_code == 406


def test_health_and_readiness(region: FlaskClient) -> None:
    assert region.get("/health").get_json() == {"status": "alive"}
    assert region.get("/ready").get_json()["status"] == "ready"


@pytest.mark.parametrize(
    "path",
    ["/page/hostile", "/", "/sparql?format=html&query=SELECT%20*%20%7B?s%20?p%20?o%7D",
     "/sparql?format=html&query=CONSTRUCT%20WHERE%20%7B?s%20?p%20?o%7D",
     "/sparql?format=html&query=SELECT%20(%22%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E%22%20AS%20?x)%20%7B%7D"],
)  # fmt: skip
def test_data_never_become_code(hostile: FlaskClient, path: str) -> None:
    answer = hostile.get(path, headers={"Accept-Language": "fr"})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    for tag, attrs in Elements(answer.get_data(as_text=True)).found:
        assert tag != "img"
        assert tag != "script" or attrs.get("src", "").startswith("/static/") or attrs["type"] in DATA_BLOCKS
        assert not any(name.startswith("on") or name == "style" for name in attrs)
        for name in ("href", "src", "action"):
            assert not attrs.get(name, "").lower().startswith(("javascript:", "data:"))


def test_problems_and_results_escape_too(hostile: FlaskClient) -> None:
    answer = hostile.get(f"/id/{SCRIPT}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    rows = parse_query_results(
        hostile.post("/sparql", data={"query": "SELECT ?l { ?s ?p ?l FILTER(CONTAINS(STR(?l), '<script>')) }"}).data,
        QueryResultsFormat.JSON,
    )
    assert [row["l"].value for row in rows] == [SCRIPT]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("caf%C3%A9", "encoded"),
        ("th%C3%A9", "plain"),
        ("a/b%2Fc", "slash"),
        ("part%23one", "fragment"),
        ("v1.2", "dotted"),
    ],
)
def test_an_address_stands_for_its_iri_however_it_is_encoded(hostile: FlaskClient, path: str, label: str) -> None:
    answer = hostile.get(f"/id/{path}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/page/{path}")
    assert f"<h1>{label}</h1>" in hostile.get(answer.headers["Location"]).get_data(as_text=True)
    data = hostile.get(f"/id/{path}", headers={"Accept": "text/turtle"}).headers["Location"]
    assert label in hostile.get(data).get_data(as_text=True)


def test_blank_nodes_bring_their_facts_even_in_a_circle(hostile: FlaskClient) -> None:
    nested = hostile.get("/page/part%23one").get_data(as_text=True)
    assert "nested" in nested
    assert "deeper" in nested
    assert "loop" in hostile.get("/page/loop").get_data(as_text=True)


def test_the_pages_need_nothing_from_elsewhere(region: FlaskClient) -> None:
    for path in ("/", "/ontology", f"/page/{PERSON}"):
        page = region.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
        for tag, attrs in Elements(page).found:
            if attrs.get("type") in DATA_BLOCKS or attrs.get("rel") == "canonical":
                continue
            if tag in ("script", "link", "img"):
                assert attrs.get("src", attrs.get("href", "")).startswith("/")
            if tag == "script":
                assert region.get(attrs["src"]).status_code == 200
    assert json.loads(region.get("/ready").data)["commit"] in region.get("/").get_data(as_text=True)
