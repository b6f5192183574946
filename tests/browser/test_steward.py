"""Who looks after the graph, in Chromium: a broken file, a mended one that goes in, links that are decided on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload

from kgtool.graph import KnowledgeGraph
from kgtool.link.entities.links import link_id
from kgtool.vocabulary import ID_BASE, PREFIXES
from tests.browser.conftest import LAPTOP, PHONE, Watched, watch
from tests.browser.sample import write_coast
from tests.link.registries import HERE, REGION, ROR, make_store
from tests.web.conftest import TOKEN, Server, serving

HOSTILE = """
<here/evil> a kg:University ; rdfs:label "Evil <script>window.hurt = true</script>"@en, "\\"><img src=x onerror=hurt()>"@fr .
<ror/0000hosti> a kg:University ; rdfs:label "Evil <script>window.hurt = true</script>"@en ;
    skos:altLabel "'-alert(1)-'", "javascript:alert(1)", "\u202eelliL ed UHC" .
"""  # noqa: E501 the label is one line
CHU = link_id(f"{HERE}chu", f"{ID_BASE}ror/02ppyfa04")
UNIV = link_id(f"{HERE}univ", f"{ID_BASE}ror/0000lille")
SAME = f"SELECT ?s ?o {{ ?s <{PREFIXES['owl']}sameAs> ?o FILTER(STRSTARTS(STR(?s), '{HERE}')) }}"
NAME = "<img src=x onerror='window.hurt=true'>\u202e.ttl"
PROLOGUE = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("kg", "rdfs", "schema", "xsd"))
MENDED = f"""{PROLOGUE}<urn:eve:project> a kg:Project ;
  rdfs:label "Eve's project <script>window.hurt = true</script>"@en ;
  schema:startDate "2020-12"^^xsd:gYearMonth .
"""
WRONG_DATE = MENDED.replace("2020-12", "2020-13")
WRONG_SYNTAX = MENDED.replace(" ;\n  schema", "\n  schema")
SAID = {
    "en": {"line": "Line 7", "syntax": "cannot be read", "no": "It cannot be added as it is.",
           "yes": "It can be added.",
           "added": "Added:", "title": "Links to registries", "accepted": "accepted", "rejected": "rejected",
           "status": "chosen, organisation", "accept": "Accept", "reject": "Reject", "withdraw": "Withdraw",
           "why": "ROR https://ror.org/02ppyfa04 in both", "removed": "Removed."},
    "fr": {"line": "Ligne 7", "syntax": "ne peut pas être lu", "no": "Il ne peut pas être ajouté tel quel.",
           "yes": "Il peut être ajouté.", "added": "Ajouté :", "title": "Liens vers les répertoires",
           "accepted": "accepté", "rejected": "rejeté", "status": "retenu, organisation", "accept": "Accepter",
           "reject": "Rejeter", "withdraw": "Revenir en arrière", "why": "ROR https://ror.org/02ppyfa04 des deux côtés",
           "removed": "Source retirée."},
}  # fmt: skip


@contextmanager
def looked_after(
    browser: Browser, store: Path, log: Path, language: str, *, phone: bool = False, **settings: str
) -> Iterator[Watched]:
    """Serve a store that takes writes, and open a page on it."""
    writing = {"KGTOOL_QUERY_WORKERS": "2", "KGTOOL_WRITE_TOKEN": TOKEN, **settings}
    with serving(store, log, **writing) as server:
        context = browser.new_context(
            locale=language, viewport=PHONE if phone else LAPTOP, is_mobile=phone, has_touch=phone
        )
        watched = watch(context, server)
        yield watched
        assert TOKEN not in json.dumps(context.storage_state())
        context.close()


def choose(watched: Watched, text: str, name: str = NAME) -> None:
    file: FilePayload = {"name": name, "mimeType": "text/turtle", "buffer": text.encode()}
    watched.page.set_input_files("#file", file)
    watched.page.click("#upload button[type=submit]")
    watched.page.wait_for_selector("#report .report")


@pytest.mark.journey
def test_a_file_is_mended_by_its_report_and_goes_in(chromium: Browser, tmp_path: Path, language: str) -> None:
    said = SAID[language]
    KnowledgeGraph.build(tmp_path / "store", [write_coast(tmp_path / "folder")])
    with looked_after(chromium, tmp_path / "store", tmp_path / "log", language) as watched:
        page = watched.page
        watched.goto("/sources")
        assert page.locator(".source").count() > 1
        watched.has_no_violations()
        choose(watched, WRONG_SYNTAX)
        assert said["syntax"] in page.inner_text("#report h3")
        assert said["line"] in page.inner_text("#report .problem")
        assert "schema:startDate" in page.inner_text("#report .excerpt mark")
        choose(watched, WRONG_DATE)
        assert page.inner_text("#progress") == said["no"]
        assert said["line"] in page.inner_text("#report")
        assert "2020-13" in page.inner_text("#report .findings")
        assert page.is_hidden("#adding")
        watched.has_no_violations()
        choose(watched, MENDED)
        assert page.inner_text("#progress") == said["yes"]
        page.fill("#token", "not the token")
        page.click("#add-button")
        page.wait_for_selector("#added .problem")
        assert "token" in page.inner_text("#added")
        page.fill("#token", TOKEN)
        page.click("#add-button")
        page.wait_for_selector("#added strong")
        assert said["added"] in page.inner_text("#added")
        found = watched.server.query("SELECT ?g { GRAPH ?g { <urn:eve:project> a ?c } }", "text/csv").body.decode()
        assert "urn:kgtool:source:" in found
        watched.has_no_violations()
        watched.is_quiet(refusals=1)
        remove_the_new_source(watched, found.splitlines()[1], said["removed"])
        watched.is_quiet(refusals=1)


def remove_the_new_source(watched: Watched, graph: str, removed: str) -> None:
    page = watched.page
    watched.goto("/sources")
    card = page.locator(".source", has_text=graph)
    card.locator("summary").click()
    card.locator("button.unload").click()
    watched.has_no_violations()
    page.fill("#removing-token", TOKEN)
    page.click("#remove")
    page.wait_for_selector("#removing-said:not(:empty)")
    assert page.inner_text("#removing-said") == removed
    assert watched.server.query("ASK { <urn:eve:project> ?p ?o }", "text/csv").body.strip() == b"false"


def test_a_phone_and_a_service_that_takes_no_changes_check_too(
    chromium: Browser, tmp_path: Path, language: str
) -> None:
    KnowledgeGraph.build(tmp_path / "store", [write_coast(tmp_path / "folder")])
    only = {"KGTOOL_READ_ONLY": "1"}
    with looked_after(chromium, tmp_path / "store", tmp_path / "log", language, phone=True, **only) as watched:
        watched.goto("/sources")
        watched.fits_its_width()
        choose(watched, MENDED)
        assert watched.page.inner_text("#progress") == SAID[language]["yes"]
        assert watched.page.locator("#adding, input[type=password]").count() == 0
        watched.fits_its_width()
        watched.has_no_violations()
        watched.is_quiet()


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A store with links to decide on, hostile names among them."""
    store = make_store(tmp_path / "store", {"region": REGION + HOSTILE, "ror": ROR})
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.link()
    return store


def decide(watched: Watched, id: str, decision: str, why: str = "") -> str:
    """Decide by a press of a button, and give what the page says then."""
    form = watched.page.locator(f"[id='{id}'] form")
    form.locator("input[name=why]").fill(why)
    form.locator(f"button[value={decision}]").click()
    told = form.locator("output:not(:empty)")
    told.wait_for()
    return told.inner_text()


def same_as(server: Server) -> set[tuple[str, str]]:
    found = json.loads(server.query(SAME, "application/sparql-results+json").body)["results"]["bindings"]
    return {(row["s"]["value"], row["o"]["value"]) for row in found}


@pytest.mark.journey
def test_links_are_decided_on_the_page_and_it_stays(
    chromium: Browser, linked: Path, tmp_path: Path, language: str
) -> None:
    said = SAID[language]
    with looked_after(chromium, linked, tmp_path / "first.log", language) as watched:
        page = watched.page
        watched.goto("/links?status=all")
        assert page.inner_text("h1") == said["title"]
        assert page.locator(f"[id='{CHU}'] button").all_inner_texts() == [said["accept"], said["reject"]]
        assert page.inner_text(f"[id='{CHU}'] .about").startswith(said["status"])
        assert said["why"] in page.inner_text(f"[id='{CHU}'] .evidence")
        assert page.locator(f"[id='{CHU}'] .side").count() == 2
        assert page.locator("main script, main img, main iframe").count() == 0
        assert any("<script>" in heading for heading in page.locator("h2").all_inner_texts())
        watched.has_no_violations()
        page.fill("#by", "Documentation service")
        page.fill("#token", "not the token")
        assert "token" in decide(watched, CHU, "accepted")
        page.fill("#token", TOKEN)
        assert decide(watched, CHU, "accepted", "=the same ROR") == f"✓ {said['accepted']}"
        assert "does not say why" in decide(watched, UNIV, "rejected")
        page.fill(f"[id='{UNIV}'] input[name=why]", "a faculty of it <b>only</b>")
        page.press(f"[id='{UNIV}'] input[name=why]", "Enter")  # decides nothing: no button says which decision is meant
        assert decide(watched, UNIV, "rejected", "a faculty of it <b>only</b>") == f"✓ {said['rejected']}"
        watched.goto("/links?status=all")
        history = page.inner_text(f"[id='{CHU}'] .history")
        assert f"{said['accepted']}, Documentation service: =the same ROR" in history
        assert "a faculty of it <b>only</b>" in page.inner_text(f"[id='{UNIV}'] .history")
        assert page.locator(f"[id='{CHU}'] button").all_inner_texts() == [said["withdraw"]]
        decisions = [each["decision"] for each in json.loads(watched.server("GET", f"/links/{UNIV}").body)["reviews"]]
        assert decisions == ["rejected"]
        assert same_as(watched.server) == {(f"{HERE}chu", f"{ID_BASE}ror/02ppyfa04")}
        watched.has_no_violations()
        watched.is_quiet(refusals=2)


def test_links_are_decided_by_keys_and_the_next_ones_come(
    chromium: Browser, linked: Path, tmp_path: Path, language: str
) -> None:
    with looked_after(chromium, linked, tmp_path / "log", language) as watched:
        page = watched.page
        watched.goto("/links?limit=1")
        first = page.get_attribute("article.link", "id")
        page.fill("#by", "Documentation service")
        page.fill("#token", TOKEN)
        page.press("#token", "a")  # in a field a key is a letter
        page.fill("#token", TOKEN)
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.id") == first
        page.keyboard.press("r")  # a rejection asks for its reason
        assert page.evaluate("document.activeElement.name") == "why"
        page.locator("article.link").focus()
        page.keyboard.press("a")
        page.wait_for_selector(f"article.link:not([id='{first}'])")
        assert page.input_value("#token") == TOKEN
        assert page.evaluate("document.activeElement.matches('article.link')")
        told = json.loads(watched.server("GET", f"/links/{first}").body)
        assert [each["decision"] for each in told["reviews"]] == ["accepted"]
        page.uncheck("#keys")
        page.locator("article.link").focus()
        page.keyboard.press("a")
        page.keyboard.press("j")
        assert len(json.loads(watched.server("GET", "/links?status=accepted").body)["links"]) == 1
        watched.is_quiet()


def test_links_fit_a_phone(chromium: Browser, linked: Path, tmp_path: Path, language: str) -> None:
    with looked_after(chromium, linked, tmp_path / "log", language, phone=True) as watched:
        watched.goto("/links?status=all")
        watched.fits_its_width()
        watched.has_no_violations()
        watched.is_quiet()
