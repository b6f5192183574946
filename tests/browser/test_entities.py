"""The pages of things: from an institution to its people on a day, to the proof, to the file."""

from __future__ import annotations

import csv
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Watched
from tests.browser.sample import HOSTILE

UNIVERSITY = "/page/coast/institution/university"
#: What the pages say in each language.
SAID = {
    "en": {
        "university": "University of the Coast",
        "certain": "certain",
        "follows": "It follows in",
        "unit": "Brain and age",
    },
    "fr": {
        "university": "Université de la Côte",
        "certain": "certain",
        "follows": "Cela se déduit en",
        "unit": "Cerveau et âge",
    },
}
PEOPLE = f"{UNIVERSITY}?date=2019-06-01"
PAGES = [PEOPLE, "/page/coast/person/ben", "/page/coast/project/tides", "/page/coast/city/hill"]


def scrolled(page: Page) -> None:
    """Bring everything into sight, so that what is drawn late is drawn."""
    for part in ("#graph", "#map"):
        if page.locator(part).count():
            page.locator(part).scroll_into_view_if_needed()
            page.wait_for_selector(f"{part} > *")
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_no_violation_and_says_nothing(browser_page: Watched, address: str) -> None:
    browser_page.goto(address)
    scrolled(browser_page.page)
    browser_page.has_no_violations()
    browser_page.is_quiet()


@pytest.mark.parametrize("address", PAGES[:2])
def test_a_page_fits_a_phone(phone: Watched, address: str) -> None:
    phone.goto(address)
    scrolled(phone.page)
    phone.fits_its_width()
    phone.has_no_violations()
    phone.is_quiet()


@pytest.mark.journey
def test_from_an_institution_to_its_people_to_a_proof_to_a_file(
    browser_page: Watched, language: str, tmp_path: Path
) -> None:
    page, said = browser_page.page, SAID[language]
    browser_page.goto(UNIVERSITY)
    assert page.inner_text("h1") == said["university"]
    page.fill("#date", "2019-06-01")
    page.click("section[aria-labelledby=people] form button")
    page.wait_for_url("**date=2019-06-01**")
    first = page.locator("section[aria-labelledby=people] tbody tr").first
    assert first.locator("th").inner_text() == "Ben"
    assert first.locator(".mode").inner_text() == said["certain"]
    first.locator("a[data-why]").click()
    page.wait_for_selector("#proof[open] .explanation")
    proof = page.inner_text("#proof")
    assert said["follows"] in proof
    assert said["unit"] in proof
    browser_page.has_no_violations()
    page.keyboard.press("Escape")
    assert not page.locator("#proof").is_visible()
    with page.expect_download() as download:
        page.click("a[href*='format=csv']")
    file = tmp_path / "people.csv"
    download.value.save_as(file)
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    assert [(row["person"].rpartition("/")[2], row["mode"]) for row in rows] == [
        ("ada", "possible"),
        ("ben", "certain"),
    ]
    first.locator("th a").click()
    page.wait_for_url("**/page/coast/person/ben")
    assert page.inner_text("h1") == "Ben"
    browser_page.is_quiet()


def test_why_is_one_click_from_a_person_and_works_by_keyboard(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto("/page/coast/person/ben")
    why = page.locator("tr", has_text=SAID[language]["university"]).locator("a[data-why]")
    why.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#proof[open] .explanation")
    assert parse_qs(urlsplit(page.get_attribute("#proof-link", "href") or "").query)["p"][0].endswith(
        "#affiliatedWith>"
    )
    page.keyboard.press("Escape")
    assert why.evaluate("link => link === document.activeElement")
    browser_page.is_quiet()


def test_a_proof_is_a_page_without_scripts_too(browser_page: Watched, language: str) -> None:
    browser_page.goto("/page/coast/person/ben")
    address = browser_page.page.get_attribute("a[data-why]", "href") or ""
    browser_page.goto(address)
    assert SAID[language]["follows"] in browser_page.page.inner_text(".explanation")
    browser_page.has_no_violations()
    browser_page.is_quiet()


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_labels_do_nothing(browser_page: Watched, number: int) -> None:
    browser_page.goto(f"/page/coast/unit/hostile-{number}")
    scrolled(browser_page.page)
    assert len(browser_page.page.inner_text("h1")) <= 300
    browser_page.fits_its_width()
    browser_page.has_no_violations()
    browser_page.is_quiet()


def test_the_colours_of_the_night_can_be_read(browser_page: Watched) -> None:
    browser_page.page.emulate_media(color_scheme="dark")
    browser_page.goto(f"{UNIVERSITY}?date=2019-06-01")
    scrolled(browser_page.page)
    browser_page.has_no_violations()
    browser_page.is_quiet()
