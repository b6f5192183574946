"""Queries on a server with one worker, and on plain data: what is cancelled makes room for what comes next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import LAPTOP, watch
from tests.browser.test_query import WORDS, write
from tests.web.conftest import Server, make_small, serving

ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z FILTER(?x + ?y = ?z * 7.5) }"


@pytest.fixture(scope="module")
def one_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that answers one query at a time."""
    place = tmp_path_factory.mktemp("one")
    with serving(make_small(place / "store"), place / "log", KGTOOL_QUERY_WORKERS="1") as server:
        yield server


def test_a_cancelled_query_frees_its_worker(chromium: Browser, one_worker: Server, language: str) -> None:
    context = chromium.new_context(locale=language, viewport=LAPTOP)
    watched = watch(context, one_worker)
    page = watched.page
    watched.goto("/query")
    write(page, ENDLESS)
    page.click("#run")
    expect(page.locator("#cancel")).to_be_enabled()
    expect(page.locator("#clock")).to_contain_text("s")
    page.click("#cancel")
    expect(page.locator("#status")).to_contain_text(WORDS[language]["cancelled"])
    assert one_worker.query("ASK {}").status == 200
    write(page, "ASK {}")
    page.click("#run")
    expect(page.locator(".yes-no")).to_have_text(WORDS[language]["yes"])
    watched.is_quiet()
    context.close()


def test_plain_data_without_the_ontology_are_asked_too(chromium: Browser, one_worker: Server) -> None:
    context = chromium.new_context(locale="en", viewport=LAPTOP)
    watched = watch(context, one_worker)
    watched.goto("/query")
    watched.page.click("#run")
    expect(watched.page.locator(".result-table tbody")).to_contain_text("urn:Cat")
    watched.has_no_violations()
    watched.is_quiet()
    context.close()
