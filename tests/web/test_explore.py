"""Exploring: the region on a day, classes and properties of any graph, the ontology's documentation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient

from kgtool.config import Settings
from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.vocabulary import ONTOLOGY_IRI, PREFIXES
from kgtool.web.app import create_app
from kgtool.web.source import LoneSource
from tests.browser.sample import HERE, SCRIPT, write_coast
from tests.web.test_pages import Elements

HTML = {"Accept": "text/html", "Accept-Language": "en"}
#: People, units and projects of the coast, certain and possible, computed by hand from its dates.
DAYS = {
    "2011-01-01": {"people": (0, 1), "units": (4, 2), "projects": (0, 0)},
    "2019-06-01": {"people": (2, 0), "units": (6, 0), "projects": (1, 0)},
    "2021-08-15": {"people": (0, 2), "units": (5, 1), "projects": (1, 0)},
}
#: A graph in other words than ours: a circle of classes, a class that is declared and empty, labels that mean harm.
FOREIGN = """
@prefix ex: <https://example.org/zoo#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:Animal a owl:Class ; rdfs:label "Animal"@en , "Bête"@fr ; rdfs:comment "What lives."@en .
ex:Cat rdfs:subClassOf ex:Animal ; rdfs:label "<script>window.hurt = true</script>" .
ex:Unicorn a owl:Class ; rdfs:subClassOf ex:Animal .
ex:One rdfs:subClassOf ex:Two . ex:Two rdfs:subClassOf ex:One .
ex:tom a ex:Cat ; ex:chases ex:jerry ; ex:age 4 . ex:kim a ex:Cat ; ex:chases ex:jerry . ex:jerry a ex:Animal .
"""
ZOO = "https://example.org/zoo#"


@contextmanager
def client_of(store: Path) -> Iterator[FlaskClient]:
    settings = Settings(store=store, query_workers=1, read_only=True)
    source = LoneSource(settings)
    try:
        yield create_app(source, settings).test_client()
    finally:
        source.close()


@pytest.fixture(scope="module")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    place = tmp_path_factory.mktemp("coast")
    KnowledgeGraph.build(place / "store", [write_coast(place / "folder")])
    with client_of(place / "store") as client:
        yield client


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    store = tmp_path_factory.mktemp("zoo") / "store"
    with KnowledgeGraph.open(store, write=True, create=True) as graph:
        graph.load(sources_of_bytes(FOREIGN.encode(), name="zoo", graph="urn:g:zoo", format="turtle"))
    with client_of(store) as client:
        yield client


def page(client: FlaskClient, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={**HTML, "Accept-Language": language})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def rows_behind(client: FlaskClient, link: str) -> list[dict[str, object]]:
    """Follow a link to the query behind a number, and run that query as anybody would."""
    answer = client.get(link)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    (text,) = parse_qs(urlsplit(answer.headers["Location"]).query)["query"]
    result = client.get(f"/sparql?query={quote(text)}", headers={"Accept": "application/sparql-results+json"})
    assert result.status_code == 200, result.get_data(as_text=True)
    found: list[dict[str, object]] = result.get_json()["results"]["bindings"]
    return found


def total(text: str, kind: str) -> tuple[int, int]:
    card = text.partition(f'id="total-{kind}"')[2].partition("</li>")[0]
    certain, possible = (
        card.partition(f'data-kind="{mode}">')[2].partition("<")[0] for mode in ("certain", "possible")
    )
    return int(certain), int(possible)


@pytest.mark.parametrize("day", DAYS)
def test_a_day_counts_what_is_certain_and_what_is_possible(coast: FlaskClient, day: str) -> None:
    text = page(coast, f"/explore?date={day}")
    assert {kind: total(text, kind) for kind in DAYS[day]} == DAYS[day]
    assert coast.get(f"/explore?date={day}", headers=HTML).headers["ETag"]


@pytest.mark.parametrize("address", ["/explore?date=2019-06-01", "/explore?date=2019-06-01&count=projects",
                                     "/explore?date=2021-08-15&count=people"])  # fmt: skip
def test_every_number_leads_to_a_query_that_gives_as_many_rows(coast: FlaskClient, address: str) -> None:
    text = page(coast, address)
    followed = 0
    for part in text.split('<a href="/explore/query?')[1:]:
        link, _, rest = part.partition('">')
        number = rest.partition("</a>")[0]
        if number.isdigit():
            rows = rows_behind(coast, "/explore/query?" + link.replace("&amp;", "&"))
            assert len(rows) == int(number), link
            followed += 1
    assert followed > 10


def test_the_matrix_and_the_ties_follow_the_day(coast: FlaskClient) -> None:
    text = page(coast, "/explore?date=2019-06-01")
    matrix = text.partition('class="matrix"')[2].partition("</table>")[0]
    assert "National Health Body" in matrix
    assert "University of the Coast" in matrix
    assert "Cardiovascular diseases" in matrix
    pairs = text.partition('class="pairs"')[2].partition("</table>")[0]
    assert pairs.count("<tr>") == 1 + 3  # the heart's two, and each of them with the hospital, by the project
    # On this day the health body supervises no more, and the project has ended.
    later = page(coast, "/explore?date=2024-01-01")
    assert "No two institutions share" in later
    assert "National Health Body" not in later.partition('class="matrix"')[2].partition("</table>")[0]


def test_filters_narrow_what_is_counted_and_can_be_taken_away(coast: FlaskClient) -> None:
    health = quote(f"{HERE}institution/health")
    text = page(coast, f"/explore?date=2019-06-01&institution={health}")
    assert (total(text, "people"), total(text, "units"), total(text, "projects")) == ((1, 0), (1, 0), (1, 0))
    assert 'aria-label="Take away the filter"' in text
    theme = quote(f"{ONTOLOGY_IRI}#theme-cardiovascular-diseases")
    narrowed = page(coast, f"/explore?date=2019-06-01&theme={theme}")
    assert (total(narrowed, "people"), total(narrowed, "units")) == ((1, 0), (1, 0))


@pytest.mark.parametrize(
    "address",
    ["/explore?date=yesterday", "/explore?date=2020-02-30", "/explore?institution=a%20b", "/explore?count=cats",
     "/explore?date=2020-01-01&date=2021-01-01", "/explore/query", "/explore/query?view=../questions/affiliated",
     "/explore/query?view=region-people&date=never", "/explore/query?view=region-people&what=ever",
     "/explore?lang=de"],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_a_reason(coast: FlaskClient, address: str) -> None:
    answer = coast.get(address, headers=HTML)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.get_json()["detail"]


def test_a_view_or_a_term_that_is_not_there_is_a_404(coast: FlaskClient) -> None:
    assert coast.get("/explore/query?view=region-nothing", headers=HTML).status_code == 404
    assert coast.get("/explore/terms?term=urn:x:nothing", headers=HTML).status_code == 404


@pytest.mark.parametrize("address", ["/explore?date=0001-01-01", "/explore?date=9999-12-31"])
def test_the_first_and_the_last_day_have_a_page(coast: FlaskClient, address: str) -> None:
    assert 'id="overview"' in page(coast, address)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("address", ["/explore?date=2019-06-01", "/explore/terms", "/ontology"])
def test_pages_are_kept_by_browsers_and_differ_by_language(coast: FlaskClient, address: str, language: str) -> None:
    headers = {**HTML, "Accept-Language": language}
    answer = coast.get(address, headers=headers)
    assert f'<html lang="{language}">' in answer.get_data(as_text=True)
    assert "Accept-Language" in answer.headers["Vary"]
    again = {**headers, "If-None-Match": answer.headers["ETag"]}
    assert coast.get(address, headers=again).status_code == 304
    other = {**again, "Accept-Language": "en" if language == "fr" else "fr"}
    assert coast.get(address, headers=other).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/explore", f"/explore/terms?term={quote(ONTOLOGY_IRI + '#ResearchUnit')}", "/explore/terms", "/ontology"],
)
def test_hostile_labels_stay_text(coast: FlaskClient, address: str) -> None:
    text = page(coast, address)
    assert SCRIPT not in text
    for tag, attrs in Elements(text).found:
        assert tag != "img"
        assert not any(name.startswith("on") or name == "style" for name in attrs)
        assert not attrs.get("href", "").lower().startswith("javascript:")


def test_a_graph_in_other_words_says_what_is_missing(zoo: FlaskClient) -> None:
    text = page(zoo, "/explore")
    assert "in the words of the kgtool ontology" in text
    assert "/explore/terms" in text
    assert "no coordinates" in text
    assert "This graph has no kgtool ontology" in page(zoo, "/ontology")


def test_classes_of_any_graph_stand_below_each_other_with_their_counts(zoo: FlaskClient) -> None:
    text = page(zoo, "/explore/terms")
    tree = text.partition('class="tree"')[2].partition("</table>")[0]
    assert tree.index(">Animal</a>") < tree.index("&lt;script&gt;")
    assert tree.count("level 2:") >= 2  # cats and unicorns; of the circle, one stands at the top
    assert ">https://example.org/zoo#One</a>" in tree
    assert "Bête" in tree  # the other language's name beside
    animal = page(zoo, f"/explore/terms?term={quote(ZOO + 'Animal')}")
    assert "1 asserted, 2 inferred" in animal
    assert "What lives." in animal
    chases = page(zoo, f"/explore/terms?term={quote(ZOO + 'chases')}")
    assert "2 asserted, 0 inferred" in chases
    assert "Classes of its subjects" in chases


def test_a_search_finds_terms_without_their_accents(zoo: FlaskClient) -> None:
    text = page(zoo, "/explore/terms?q=bete", "fr")
    assert ">Bête</a>" in text
    assert "zoo%23Unicorn" not in text
    assert "None found." in page(zoo, "/explore/terms?q=nothing-like-it")


def test_the_queries_of_a_term_give_what_its_page_counts(zoo: FlaskClient) -> None:
    term = quote(ZOO + "Animal")
    assert len(rows_behind(zoo, f"/explore/query?view=term-instances&class={term}")) == 3
    used = f"/explore/query?view=term-used&class={term}&property={quote(ZOO + 'chases')}&side="
    assert len(rows_behind(zoo, used + "from")) == 2
    assert len(rows_behind(zoo, used + "to")) == 2


def test_the_documentation_tells_rules_questions_counts_and_alignments(coast: FlaskClient) -> None:
    text = page(coast, "/ontology")

    def article(name: str) -> str:
        return text.partition(f'<article id="{name}">')[2].partition("</article>")[0]

    assert 'href="#rule-affiliated-with"' in article("affiliatedWith")
    assert 'id="rule-affiliated-with"' in text
    assert "/ask/" in article("Institution")
    assert f"{PREFIXES['org']}FormalOrganization" in article("Institution")
    assert "3 instances" in article("Institution")
    assert "Établissement" in article("Institution")  # in the other language beside
    assert "theme-oncology" in text
