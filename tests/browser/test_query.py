"""The page of queries: asking, cancelling, mistakes at their place, and each way to see an answer."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from kgtool.vocabulary import PREFIXES
from tests.browser.conftest import Watched
from tests.browser.sample import HERE, HOSTILE
from tests.web.conftest import Server

KG = f"PREFIX kg: <{PREFIXES['kg']}>\nPREFIX rdfs: <{PREFIXES['rdfs']}>\n"
UNITS = f"{KG}SELECT * WHERE {{ ?unit kg:locatedIn ?city ; a kg:ResearchUnit }}"
LABELS = f"{KG}SELECT ?unit ?name WHERE {{ ?unit a kg:ResearchUnit ; rdfs:label ?name }}"
AFFILIATIONS = f"""{KG}SELECT ?person ?institution ?possibleFrom ?possibleUntil ?certainFrom ?certainUntil WHERE {{
  ?a a kg:Affiliation ; kg:person ?person ; kg:institution ?institution .
  {"".join(f"OPTIONAL {{ ?a kg:{each} ?{each} }} " for each in ("possibleFrom", "possibleUntil", "certainFrom"))}
  OPTIONAL {{ ?a kg:certainUntil ?certainUntil }}
}}"""
CLASSES = "SELECT ?class (COUNT(?x) AS ?number) WHERE { ?x a ?class } GROUP BY ?class ORDER BY DESC(?number) LIMIT 12"
TRIPLES = f"{KG}CONSTRUCT {{ ?p kg:affiliatedWith ?i }} WHERE {{ ?p a kg:Researcher ; kg:affiliatedWith ?i }}"
_DIGITS = " ".join(str(digit) for digit in range(10))
TWENTY_THOUSAND = (
    "SELECT ?number WHERE { VALUES ?a { 0 1 } "
    + " ".join(f"VALUES ?{name} {{ {_DIGITS} }}" for name in "bcde")
    + " BIND(?a * 10000 + ?b * 1000 + ?c * 100 + ?d * 10 + ?e AS ?number) }"
)
WORDS = {
    "en": {"rows": "rows in", "yes": "Yes", "empty": "A map needs", "cancelled": "Cancelled after", "line": "line 2"},
    "fr": {"rows": "lignes en", "yes": "Oui", "empty": "Une carte", "cancelled": "Annulée après", "line": "ligne 2"},
}


def address(query: str, **parameters: str) -> str:
    return "/query?" + urlencode({"query": query, "run": "1", **parameters})


def cells(page: Page, column: int) -> list[str]:
    """The texts of a column of the table that is shown."""
    return page.locator(f".result-table tbody tr td:nth-child({column + 1})").all_inner_texts()


def write(page: Page, query: str) -> None:
    """Put a query into the editor as a person does."""
    page.locator(".tabPanel.active .CodeMirror").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(query)


@pytest.mark.journey
def test_a_newcomer_runs_the_first_query(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto("/query")
    page.click("#run")
    expect(page.locator("#status")).to_contain_text(WORDS[language]["rows"])
    expect(page.locator(".result-table tbody")).to_contain_text("Ada")
    assert "run=1" in page.url
    browser_page.has_no_violations()
    browser_page.is_quiet()


def test_columns_come_in_the_order_of_the_query_with_names_in_the_readers_language(
    browser_page: Watched, language: str
) -> None:
    page = browser_page.page
    browser_page.goto(address(UNITS, lang=language))
    heads = page.locator(".result-table thead th button")
    expect(heads).to_have_text(["unit", "city"])
    expect(page.locator(".result-table tbody")).to_contain_text("La Colline" if language == "fr" else "Hill")
    link = page.locator(".result-table tbody a").first.get_attribute("href")
    assert link is not None
    assert re.match(rf"/id/.*\?lang={language}$", link)


def test_rows_are_sorted_as_what_they_mean_filtered_and_paged(browser_page: Watched) -> None:
    page = browser_page.page
    browser_page.goto(address(TWENTY_THOUSAND))
    rows = page.locator(".result-table tbody tr")
    expect(rows).to_have_count(50)
    head = page.locator(".result-table th[data-column=number]")
    head.locator("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert cells(page, 1)[:3] == ["0", "1", "2"]
    page.keyboard.press("Enter")  # the head keeps the focus
    expect(head).to_have_attribute("aria-sort", "descending")
    assert cells(page, 1)[:2] == ["19999", "19998"]
    page.click("[data-to=last]")
    assert cells(page, 1)[-1] == "0"
    page.fill(".table-bar input", "1777")
    expect(rows).to_have_count(12)
    page.fill(".table-bar input", "")
    expect(rows).to_have_count(50)
    browser_page.has_no_violations()
    browser_page.is_quiet()


@pytest.mark.parametrize(
    ("view", "query", "drawn"),
    [
        ("graph", TRIPLES, ".graph canvas"),
        ("graph", UNITS, ".graph canvas"),
        ("map", UNITS, ".map path.leaflet-interactive"),
        ("map", 'SELECT ("POINT(3 50)" AS ?where) ("<b>Lille</b>" AS ?name) {}', ".map path.leaflet-interactive"),
        ("map", 'SELECT (50.6 AS ?lat) (3.1 AS ?long) ("Lille" AS ?name) {}', ".map path.leaflet-interactive"),
        ("chart", CLASSES, ".chart svg path"),
        ("timeline", AFFILIATIONS, ".timeline rect.certain"),
        ("raw", UNITS, ".result-raw pre"),
        ("table", TRIPLES, ".result-table tbody tr"),
    ],
)
def test_an_answer_is_seen_in_another_way(browser_page: Watched, view: str, query: str, drawn: str) -> None:
    page = browser_page.page
    browser_page.goto(address(query, view=view))
    expect(page.locator(f".yasr_results {drawn}").first).to_be_attached()
    expect(page.locator(f".select_{view}")).to_have_attribute("aria-pressed", "true")
    browser_page.has_no_violations()
    browser_page.is_quiet()


def test_the_chosen_view_stands_in_the_address(browser_page: Watched) -> None:
    page = browser_page.page
    browser_page.goto(address(CLASSES))
    expect(page.locator(".result-table tbody tr")).to_have_count(12)
    page.click(".select_chart")
    expect(page.locator(".chart svg")).to_be_visible()
    assert "view=chart" in page.url
    page.reload()
    expect(page.locator(".chart svg")).to_be_visible()
    assert page.locator("[role=tab]").count() == 1


def test_a_graph_is_walked_by_keys_and_tells_what_is_chosen(browser_page: Watched) -> None:
    page = browser_page.page
    browser_page.goto(address(TRIPLES, view="graph"))
    page.locator(".drawing.graph").focus()
    page.keyboard.press("ArrowRight")
    chosen = page.locator(".graph-frame .chosen a")
    expect(chosen).to_be_visible()
    target = chosen.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/page/" in url)
    assert target is not None
    assert target.startswith("/id/")


def test_a_view_says_when_it_has_nothing_to_show(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto(address("SELECT (1 AS ?x) {}", view="map"))
    expect(page.locator(".nothing")).to_contain_text(WORDS[language]["empty"])
    browser_page.goto(address("ASK {}"))
    expect(page.locator(".yes-no")).to_have_text(WORDS[language]["yes"])
    browser_page.is_quiet()


def test_a_mistake_is_told_at_its_place(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto(address("SELECT * WHERE {\n  ?s ?p nonsense\n}"))
    problem = page.locator(".yasr_results .problem")
    expect(problem).to_contain_text(WORDS[language]["line"])
    expect(page.locator(".wrong-line")).to_have_count(1)
    browser_page.has_no_violations()
    write(page, "ASK {}")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".yes-no")).to_be_visible()
    expect(page.locator(".wrong-line")).to_have_count(0)
    browser_page.is_quiet(refusals=1)


def test_an_update_is_refused_without_the_token_and_never_run_by_an_address(browser_page: Watched) -> None:
    page = browser_page.page
    update = "INSERT DATA { <urn:a> <urn:b> <urn:c> }"
    browser_page.goto(address(update))
    expect(page.locator(".CodeMirror-code")).to_contain_text("INSERT DATA")
    assert page.locator(".yasr_results > *").count() == 0
    page.click("#run")
    expect(page.locator(".yasr_results .problem")).to_contain_text("token")
    browser_page.is_quiet(refusals=1)


def test_reasoning_and_time_are_chosen(browser_page: Watched) -> None:
    page = browser_page.page
    query = f"{KG}ASK {{ ?x kg:affiliatedWith ?y }}"
    browser_page.goto(address(query, reasoning="off", timeout="7"))
    expect(page.locator(".yes-no")).to_have_text(re.compile("No"))
    assert not page.is_checked("#with-reasoning")
    assert page.input_value("#timeout") == "7"
    page.check("#with-reasoning")
    page.click("#run")
    expect(page.locator(".yes-no")).to_have_text(re.compile("Yes|Oui"))
    assert "reasoning" not in page.url


def test_each_format_is_saved(browser_page: Watched) -> None:
    page = browser_page.page
    browser_page.goto(address(UNITS))
    for name, start in (("CSV", "unit,city"), ("TSV", "?unit\t?city"), ("JSON", "{"), ("XML", "<?xml")):
        with page.expect_download() as saved:
            page.click(f".downloads a:text-is('{name}')")
        assert Path(saved.value.path()).read_text("utf-8").startswith(start)
    browser_page.goto(address(TRIPLES))
    for name in ("Turtle", "N-Triples", "JSON-LD", "RDF/XML"):
        with page.expect_download() as saved:
            page.click(f".downloads a:text-is('{name}')")
        assert HERE in Path(saved.value.path()).read_text("utf-8")


def test_tabs_keep_their_queries(browser_page: Watched) -> None:
    page = browser_page.page
    browser_page.goto("/query")
    page.click(".tab-buttons button >> nth=0")
    write(page, "ASK { FILTER(false) }")
    page.click("#run")
    expect(page.locator(".tabPanel.active .yes-no")).to_be_visible()
    page.locator("[role=tab]").first.click()
    expect(page.locator(".tabPanel.active .yes-no")).to_have_count(0)
    assert "query=" not in page.url
    page.reload(wait_until="networkidle")
    assert page.locator("[role=tab]").count() == 2
    page.locator("[role=tab]").last.click()
    expect(page.locator(".tabPanel.active .CodeMirror-code")).to_contain_text("FILTER(false)")
    # The answer is asked for again: what a browser kept might be wrong by now.
    expect(page.locator(".tabPanel.active .yes-no")).to_have_count(0)
    browser_page.has_no_violations()
    page.click(".tab-buttons button >> nth=2")
    assert page.locator("[role=tab]").count() == 1
    browser_page.is_quiet()


@pytest.mark.parametrize("view", ["table", "graph", "map", "timeline", "chart", "raw"])
def test_labels_that_mean_harm_are_text(browser_page: Watched, view: str) -> None:
    page = browser_page.page
    query = LABELS.replace("?name WHERE", "?name (2020 AS ?number) (NOW() AS ?from) ?city WHERE").replace(
        "rdfs:label ?name", "rdfs:label ?name ; kg:locatedIn ?city"
    )
    browser_page.goto(address(query, view=view))
    expect(page.locator("#status")).to_contain_text(re.compile("rows|lignes"))
    if view == "table":
        expect(page.locator(".result-table tbody")).to_contain_text(HOSTILE[0])
    assert page.locator(".yasr_results script, .yasr_results img").count() == 0
    browser_page.fits_its_width()
    browser_page.is_quiet()


@pytest.mark.parametrize("view", ["table", "graph", "map", "timeline", "chart"])
def test_it_is_usable_on_a_phone(phone: Watched, view: str) -> None:
    query = {"map": UNITS, "timeline": AFFILIATIONS, "chart": CLASSES}.get(view, TRIPLES)
    phone.goto(address(query, view=view))
    expect(phone.page.locator(f".result-{view} > *").first).to_be_visible()
    phone.fits_its_width()
    phone.has_no_violations()
    phone.is_quiet()


def test_without_scripts_there_is_a_form(chromium: Browser, coast: Server, language: str) -> None:
    context = chromium.new_context(locale=language, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{coast.url}/query?{urlencode({'query': LABELS})}")
    page.click("#ask button")
    expect(page.locator("#results")).to_contain_text("Heart and vessels")
    expect(page.locator("html")).to_have_attribute("lang", language)
    context.close()
