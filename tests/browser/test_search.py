"""The search in Chromium: suggestions in every page's header, and the page of results with its facets."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.browser.conftest import Watched
from tests.browser.sample import HERE

NAMES = {"en": "Heart and vessels", "fr": "Cœur et vaisseaux"}


def options(watched: Watched) -> list[str]:
    return watched.page.locator(".suggestions [role=option] .label").all_inner_texts()


@pytest.mark.journey
def test_suggestions_are_a_combobox_that_goes_to_the_thing(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto("/ask")
    field = page.get_by_role("combobox", name={"en": "Search", "fr": "Rechercher"}[language])
    field.press_sequentially("coeur")
    page.wait_for_selector(".suggestions [role=option]")
    assert NAMES[language] in options(browser_page)
    assert field.get_attribute("aria-expanded") == "true"
    assert page.locator("header .search [role=status]").inner_text()[0].isdigit()  # how many there are
    browser_page.has_no_violations()
    field.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    assert active
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    field.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == "coeur"
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/coast/unit/heart*")
    browser_page.is_quiet()


def test_enter_without_a_choice_sends_the_form(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto("/ask")
    page.fill("#site-search", "UdC")
    page.press("#site-search", "Enter")
    page.wait_for_url("**/search?*q=UdC*")
    title = {"en": "University of the Coast", "fr": "Université de la Côte"}[language]
    assert page.locator(".hit h2").all_inner_texts()[0] == title
    assert page.input_value("#site-search") == "UdC"
    browser_page.has_no_violations()
    browser_page.is_quiet()


def test_facets_are_checked_and_stand_in_the_address(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto("/search?q=")
    page.check(f"input[name=institution][value='{HERE}institution/university']")
    page.check(f"input[name=place][value='{HERE}city/harbour']")
    page.click(".facets button[type=submit]")
    page.wait_for_url("**place=**")
    assert page.locator(".hit h2").all_inner_texts() == [NAMES[language]]
    browser_page.has_no_violations()
    page.click(".chosen .chip >> nth=0")
    page.wait_for_load_state("networkidle")
    assert page.locator(".chosen .chip").count() == 1
    browser_page.is_quiet()


@pytest.mark.parametrize("asked", [{"q": ""}, {"class": "kg:ResearchUnit"}, {"q": "zzz"}])
def test_results_fit_a_phone_and_hostile_names_are_harmless(phone: Watched, asked: dict[str, str]) -> None:
    phone.goto(f"/search?{urlencode(asked)}")
    phone.fits_its_width()
    phone.has_no_violations()
    phone.page.fill("#site-search", "")
    phone.page.locator("#site-search").press_sequentially("script window")
    phone.page.wait_for_selector("header .search [role=status]:not(:empty)", state="attached")
    phone.fits_its_width()
    phone.is_quiet()
