"""Ready-made questions: found, asked by a form, answered, and had as code."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser

from kgtool.graph import KnowledgeGraph
from tests.browser.conftest import LAPTOP, Watched, watch
from tests.browser.running import run_python, run_shell
from tests.questions.sample import ATTACKS, write_folder
from tests.web.conftest import Server, serving

DAY: Final = "2020-01-01"


def test_a_question_is_found_and_the_address_keeps_the_words(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto("/ask")
    cards = page.locator(".questions > li:visible")
    all_of_them = cards.count()
    assert all_of_them > 10
    page.fill("#sought", "ETABLISSEMENT" if language == "fr" else "headcount")
    page.wait_for_url(re.compile(r"[?&]q="))
    assert 0 < cards.count() < all_of_them
    browser_page.has_no_violations()
    address = page.url.removeprefix(browser_page.server.url)
    found = cards.count()
    browser_page.goto("/" + address.lstrip("/"))
    assert cards.count() == found
    page.fill("#sought", "zzz")
    page.wait_for_selector("#nothing", state="visible")
    browser_page.is_quiet()


@pytest.mark.journey
def test_an_answer_is_reached_by_choosing_a_thing_by_its_name(browser_page: Watched, language: str) -> None:
    page = browser_page.page
    browser_page.goto("/ask")
    page.click("a[href^='/ask/affiliated']")
    # The example of the question's file is of another region.
    assert page.locator("a[href*='hauts-de-france']").count() == 0
    page.fill("input.thing", "universite" if language == "fr" else "university")
    page.locator("[role=option]", has_text=re.compile("Universit")).first.click()
    assert page.input_value("input.thing").startswith("Universit")
    page.fill("input[type=date]", DAY)
    page.click("#question button[type=submit]")
    page.wait_for_selector("#answer")
    assert f"date={DAY}" in page.url
    assert "institution=https" in page.url
    assert "mode=" not in page.url
    name = "Université de la Côte" if language == "fr" else "University of the Coast"
    assert page.input_value("input.thing") == name
    people = page.locator("#answer tbody tr td:first-child").all_inner_texts()
    assert set(people) == {"Ada", "Ben"}
    assert page.get_attribute("#answer tbody a", "href") == "/id/coast/person/ada"
    browser_page.has_no_violations()
    link = page.get_attribute("#answer a.button", "href") or ""
    assert link.startswith("/query?query=")
    with page.expect_download() as download:
        page.click("#answer a:has-text('CSV')")
    assert "ada" in download.value.path().read_text("utf-8")
    browser_page.is_quiet()


def test_what_is_wrong_is_told_beside_the_form(browser_page: Watched) -> None:
    page = browser_page.page
    browser_page.goto("/ask/affiliated")
    page.fill("input.thing", "nobody of this name")
    page.click("#question button[type=submit]")
    page.wait_for_selector("#wrong", state="visible")
    assert "nobody of this name" in page.inner_text("#wrong")
    assert page.url.endswith("/ask/affiliated")
    browser_page.has_no_violations()
    browser_page.is_quiet(refusals=1)


def test_questions_fit_a_phone(phone: Watched) -> None:
    page = phone.page
    for address in ("/ask", "/ask/headcount", f"/ask/affiliated?institution=University+of+the+Coast&date={DAY}"):
        phone.goto(address)
        phone.fits_its_width()
        phone.has_no_violations()
    page.click("#snippets button")
    phone.fits_its_width()
    phone.is_quiet()


def test_hostile_names_stay_text(browser_page: Watched) -> None:
    page = browser_page.page
    browser_page.goto("/ask/jointly-supervised")
    browser_page.goto("/ask/without-identifier?kind=unit")
    assert "<script>window.hurt" in page.inner_text("#answer")
    browser_page.goto("/ask/affiliated")
    page.fill("input.thing", "script window")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    browser_page.is_quiet()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with questions of its own."""
    place = tmp_path_factory.mktemp("asked")
    KnowledgeGraph.build(place / "store", [write_folder(place / "folder")])
    with serving(place / "store", place / "log", KGTOOL_QUERY_WORKERS="1", KGTOOL_READ_ONLY="1") as server:
        yield server


@pytest.fixture
def echo(chromium: Browser, asked: Server) -> Iterator[Watched]:
    """A page on a server whose question gives back any text."""
    context = chromium.new_context(locale="en", viewport=LAPTOP)
    yield watch(context, asked)
    context.close()


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_query_as_code_runs_whatever_stands_in_it(echo: Watched, attack: str) -> None:
    page = echo.page
    echo.goto("/ask/echo")
    page.evaluate("text => { document.querySelector('#parameter-said').value = text }", attack.replace("\n", " "))
    page.click("#question button[type=submit]")
    page.wait_for_selector("#answer")
    page.click("#snippets button")
    said = attack.replace("\n", " ")
    shell = page.inner_text("#snippet code")
    written = run_shell(shell)
    assert list(csv.reader(io.StringIO(written))) == [["value"], [said]]
    page.click("[role=tab]:has-text('Python')")
    assert run_python(page.inner_text("#snippet code")) == [["value"], [said]]
    page.click("[role=tab]:has-text('R') >> nth=-1")
    assert page.inner_text("#snippet code").startswith("library(httr2)")
    echo.has_no_violations()
    echo.is_quiet()
