"""Whole journeys through the workbench, each across several rooms: a newcomer's, and an analyst's."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import LAPTOP, PHONE, watch
from tests.web.conftest import Server

UNIVERSITY = {"en": "University of the Coast", "fr": "Université de la Côte"}


@pytest.mark.journey
@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_newcomer_asks_the_first_question_and_shares_its_query(
    chromium: Browser, coast: Server, language: str, viewport: dict[str, int]
) -> None:
    context = chromium.new_context(locale=language, viewport=viewport)
    watched = watch(context, coast)
    page = watched.page
    watched.goto("/")
    page.select_option("#institution", label=UNIVERSITY[language])
    page.fill("#date", "2019-06-01")
    page.click(".first-question button")
    page.wait_for_url("**/ask/affiliated?**")
    expect(page.locator("main table")).to_contain_text("Ada")
    expect(page.locator("main table")).to_contain_text("Ben")
    watched.has_no_violations()

    page.locator("main a[href*='/query?']").first.click()
    page.wait_for_url("**/query?**")
    page.click("#run")
    expect(page.locator(".result-table tbody")).to_contain_text("Ada")
    expect(page.locator("#status")).to_contain_text(re.compile("rows|lignes"))
    watched.has_no_violations()

    page.locator("#sharing button").first.click()
    link = page.locator(
        "#sharing input[readonly], #sharing output a, #sharing a[href*='/q/'], dialog input[readonly]"
    ).first
    expect(link).to_be_visible()
    address = link.get_attribute("value") or link.input_value() or ""
    assert re.search(r"/q/[a-z2-7]{10}$", address)
    watched.is_quiet()
    watched.fits_its_width()

    colleague = chromium.new_context(locale=language, viewport=viewport)
    there = watch(colleague, coast)
    there.page.goto(address)
    there.page.click("#run")
    expect(there.page.locator(".result-table tbody")).to_contain_text("Ada")
    there.is_quiet()
    colleague.close()
    context.close()


@pytest.mark.journey
def test_an_analyst_goes_from_an_institution_to_its_people_the_proof_and_the_file(
    chromium: Browser, coast: Server, language: str, tmp_path: Path
) -> None:
    context = chromium.new_context(locale=language, viewport=LAPTOP, accept_downloads=True)
    watched = watch(context, coast)
    page = watched.page
    watched.goto("/")
    page.fill("#site-search", {"en": "national health", "fr": "organisme national"}[language])
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    page.locator("main a", has_text=re.compile("National Health Body|Organisme national de santé")).first.click()
    page.wait_for_url("**/page/coast/institution/health**")

    page.fill("input[name=date]", "2016-06-01")
    page.locator("form:has(input[name=date]) button").first.click()
    page.wait_for_url("**date=2016-06-01**")
    people = page.locator("main table tr", has_text="Ada")
    expect(people.first).to_be_visible()
    # Ada was in the unit certainly from the end of 2012 until the beginning of August 2021; the body supervised it from
    # 2015 to 2022.
    expect(people.first).to_contain_text(re.compile("certain", re.IGNORECASE))
    expect(page.locator("main table tr", has_text="Ben")).to_have_count(0)

    people.first.locator("a", has_text=re.compile(r"why|pourquoi", re.IGNORECASE)).click()
    proof = page.locator("dialog[open]")
    expect(proof).to_contain_text(re.compile("Heart and vessels|Cœur et vaisseaux"))
    watched.has_no_violations()
    page.keyboard.press("Escape")
    expect(proof).to_have_count(0)

    with page.expect_download() as coming:
        page.locator("a", has_text="CSV").first.click()
    rows = list(csv.DictReader(io.StringIO(Path(coming.value.path()).read_text("utf-8"))))
    assert {row["person"].rpartition("/")[2] for row in rows} == {"ada"}
    assert {row["mode"] for row in rows} == {"certain"}
    watched.is_quiet()
    context.close()


@pytest.mark.parametrize("day", ["2014-06-01", "2023-06-01"])
def test_nobody_is_there_before_or_after(chromium: Browser, coast: Server, day: str) -> None:
    context = chromium.new_context(locale="en", viewport=LAPTOP)
    watched = watch(context, coast)
    watched.goto(f"/page/coast/institution/health?date={day}")
    expect(watched.page.locator("main table tr", has_text="Ada")).to_have_count(0)
    context.close()
