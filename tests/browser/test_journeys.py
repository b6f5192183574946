"""Whole journeys through the workbench, each across several pages: newcomer, analyst, steward."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LAPTOP, PHONE, watch

BROKEN = "@prefix kg: <https://w3id.org/kgtool/ontology#> .\n<urn:x:one> a kg:University\n<urn:x:two> a kg:Hospital .\n"


def open_query(page: Page) -> None:
    """Follow "open in the editor" from an answer, and wait for the editor's own answer."""
    page.locator("main a[href*='/query?']").first.click()
    page.wait_for_url("**/query?**")


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_newcomer_asks_the_first_question_and_shares_its_query(
    chromium: Browser, coast: object, language: str, viewport: dict[str, int]
) -> None:
    context = chromium.new_context(locale=language, viewport=viewport)
    watched = watch(context, coast)  # type: ignore[arg-type]
    page = watched.page
    watched.goto("/")
    page.select_option("#institution", label={"en": "University of the Coast", "fr": "Université de la Côte"}[language])
    page.fill("#date", "2019-06-01")
    page.click(".first-question button")
    page.wait_for_url("**/ask/affiliated?**")
    expect(page.locator("main table")).to_contain_text("Ada")
    expect(page.locator("main table")).to_contain_text("Ben")
    open_query(page)
    expect(page.locator("main")).to_contain_text("Ada", timeout=30_000)
    context.close()
