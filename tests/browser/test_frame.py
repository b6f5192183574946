"""What every page has around it: the same frame, in both languages, on any width."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Watched

PAGES = ["/"]


@pytest.mark.journey
@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_no_violation_and_says_nothing(browser_page: Watched, address: str) -> None:
    browser_page.goto(address)
    browser_page.has_no_violations()
    browser_page.is_quiet()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_fits_a_phone(phone: Watched, address: str) -> None:
    phone.goto(address)
    phone.fits_its_width()
    phone.has_no_violations()


@pytest.mark.journey
def test_the_switch_leads_to_the_other_language_and_links_keep_it(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto("/")
    assert page.get_attribute("html", "lang") == language
    page.click("header .language")
    other = "fr" if language == "en" else "en"
    page.wait_for_url("**lang=" + other + "**")
    assert page.get_attribute("html", "lang") == other
    page.click("header nav a[href*='/ask']")
    page.wait_for_url("**/ask?lang=" + other)
    assert page.get_attribute("html", "lang") == other


def test_the_colours_can_be_chosen_and_stay(browser_page: Watched) -> None:
    page = browser_page.page
    browser_page.goto("/")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    page.click("#theme")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != ground
    browser_page.goto("/ask")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    browser_page.has_no_violations()
    browser_page.is_quiet()
