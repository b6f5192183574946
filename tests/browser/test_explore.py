"""Exploring in a browser: the date moves the whole page, by mouse and by keys; the matrix, the map and the ties."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.vocabulary import ONTOLOGY_IRI
from tests.browser.conftest import LAPTOP, Watched, watch
from tests.web.conftest import serving
from tests.web.test_explore import DAYS, FOREIGN

DAY = "/explore?date=2019-06-01"
PAGES = [DAY, "/explore?date=2024-01-01", "/explore/terms", "/ontology",
         f"/explore/terms?term={quote(ONTOLOGY_IRI + '#ResearchUnit')}",
         f"/explore/terms?term={quote(ONTOLOGY_IRI + '#hasTheme')}"]  # fmt: skip


def draw_all(page: Page) -> None:
    """Bring each drawing into sight, and wait until it is there."""
    for place, drawing in (
        ("#map", "#map .leaflet-container"),
        ("#graph", "#graph canvas"),
        ("#drawing", "#drawing canvas"),
    ):
        if page.locator(place).count():
            page.locator(place).scroll_into_view_if_needed()
            page.locator(drawing).first.wait_for(state="attached")


def shows(page: Page, day: str) -> None:
    """Wait until the page has moved to a day, and check its totals."""
    for kind, (certain, possible) in DAYS[day].items():
        expect(page.locator(f"#total-{kind} [data-kind=certain]")).to_have_text(str(certain))
        expect(page.locator(f"#total-{kind} [data-kind=possible]")).to_have_text(str(possible))


@pytest.mark.parametrize("address", PAGES)
def test_pages_have_no_violations_and_say_nothing(browser_page: Watched, address: str) -> None:
    browser_page.goto(address)
    draw_all(browser_page.page)
    browser_page.has_no_violations()
    browser_page.is_quiet()


@pytest.mark.parametrize("address", PAGES)
def test_pages_fit_a_phone(phone: Watched, address: str) -> None:
    phone.goto(address)
    draw_all(phone.page)
    phone.fits_its_width()
    phone.has_no_violations()
    phone.is_quiet()


@pytest.mark.long
def test_pages_are_legible_in_the_dark(browser_page: Watched) -> None:
    browser_page.page.emulate_media(color_scheme="dark")
    for address in (DAY, "/explore/terms", "/ontology"):
        browser_page.goto(address)
        draw_all(browser_page.page)
        browser_page.has_no_violations()


@pytest.mark.journey
def test_the_date_moves_the_whole_page(browser_page: Watched) -> None:
    page = browser_page.page
    browser_page.goto(DAY)
    shows(page, "2019-06-01")
    draw_all(page)
    for day in ("2011-01-01", "2021-08-15"):
        page.fill("#date", day)
        shows(page, day)
        page.wait_for_url(f"**/explore?date={day}")
    expect(page.locator("#announced")).to_contain_text("2021")
    page.reload()
    shows(page, "2021-08-15")
    draw_all(page)
    browser_page.is_quiet()


def test_the_slider_is_moved_by_keys_and_keeps_the_focus(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto("/explore?date=2020-06-01")
    assert page.get_attribute("#year", "min") == "2010"  # the first day that the coast's data know
    page.focus("#year")
    page.keyboard.press("ArrowLeft")
    shows(page, "2019-06-01")
    page.wait_for_url("**/explore?date=2019-06-01")
    assert page.evaluate("document.activeElement.id") == "year"
    assert page.input_value("#date") == "2019-06-01"
    other = "fr" if language == "en" else "en"
    assert "date=2019-06-01" in (page.get_attribute("header .language", "href") or "")
    page.click("header .language")
    page.wait_for_url(f"**lang={other}**")
    shows(page, "2019-06-01")
    browser_page.is_quiet()


def test_steps_lead_a_year_and_a_month_on(browser_page: Watched) -> None:
    page = browser_page.page
    browser_page.goto("/explore?date=2018-05-01")
    page.click("#step-year-on")
    page.wait_for_url("**/explore?date=2019-05-01")
    page.click("#step-month-on")
    page.wait_for_url("**/explore?date=2019-06-01")
    shows(page, "2019-06-01")
    assert page.evaluate("document.activeElement.id") == "step-month-on"
    browser_page.is_quiet()


def test_the_matrix_and_the_ties_can_be_read_without_the_drawings(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto(DAY)
    university = {"en": "University of the Coast", "fr": "Université de la Côte"}[language]
    hospital = {"en": "Coast Hospital", "fr": "Hôpital de la Côte"}[language]
    expect(page.locator(".matrix thead")).to_contain_text(university)
    draw_all(page)
    expect(page.locator(".pairs tbody tr")).to_have_count(3)
    expect(page.locator(".pairs")).to_contain_text(hospital)
    expect(page.locator(".places")).to_contain_text({"en": "Harbour", "fr": "Le Havre-Neuf"}[language])
    page.locator(".matrix").scroll_into_view_if_needed()
    page.click("a[href*='count=projects']")
    page.wait_for_url("**count=projects**")
    expect(page.locator(".matrix thead")).to_contain_text(hospital)
    browser_page.is_quiet()


def test_without_scripts_the_date_is_a_form(browser_page: Watched) -> None:
    browser = browser_page.page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, viewport=LAPTOP)
    page = context.new_page()
    page.goto(browser_page.server.url + "/explore?date=2011-01-01")
    shows(page, "2011-01-01")
    page.fill("#date", "2019-06-01")
    page.click("#moving button[type=submit]")
    page.wait_for_url("**date=2019-06-01**")
    shows(page, "2019-06-01")
    context.close()


def test_from_the_tree_to_a_class_to_its_things(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto("/explore/terms")
    page.fill("#term-search", {"en": "research unit", "fr": "unite de recherche"}[language])
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    page.locator(".tree").first.get_by_role(
        "link", name={"en": "Research unit", "fr": "Unité de recherche"}[language]
    ).first.click()
    page.wait_for_url("**term=**")
    expect(page.locator("h1")).to_have_text({"en": "Research unit", "fr": "Unité de recherche"}[language])
    expect(page.locator(".card .big")).to_have_text("6")
    expect(page.locator("section[aria-labelledby=samples-title] li")).to_have_count(6)
    browser_page.is_quiet()


def test_the_documentation_is_searched_and_its_anchors_hold(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto("/ontology#Supervision")
    expect(page.locator("#Supervision")).to_be_in_viewport()
    page.fill("#filter-text", {"en": "supervision", "fr": "tutelle"}[language])
    expect(page.locator("#filter-said")).not_to_be_empty()
    expect(page.locator("#Supervision")).to_be_visible()
    expect(page.locator("#City")).to_be_hidden()
    page.fill("#filter-text", "")
    expect(page.locator("#City")).to_be_visible()
    browser_page.is_quiet()


def test_a_graph_in_other_words_can_be_browsed(tmp_path_factory: pytest.TempPathFactory, browser_page: Watched) -> None:
    place = tmp_path_factory.mktemp("zoo")
    with KnowledgeGraph.open(place / "store", write=True, create=True) as graph:
        graph.load(sources_of_bytes(FOREIGN.encode(), name="zoo", graph="urn:g:zoo", format="turtle"))
    with serving(place / "store", place / "zoo.log", KGTOOL_QUERY_WORKERS="1", KGTOOL_READ_ONLY="1") as server:
        watched = watch(browser_page.page.context, server)
        for address in ("/explore", "/explore/terms", "/ontology"):
            watched.goto(address)
            watched.has_no_violations()
            watched.is_quiet()
