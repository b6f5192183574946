"""Pages in a real Chromium, driven by playwright: what the console said, what came from elsewhere, what axe finds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from kgtool.graph import KnowledgeGraph
from tests.browser.sample import write_coast
from tests.web.conftest import ROOT, TOKEN, Server, serving

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
CLIENT = ROOT / "kgtool" / "web" / "client"
AXE = CLIENT / "node_modules" / "axe-core" / "axe.min.js"
#: Rules of WCAG 2.2 A and AA, as axe calls them.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave these tests out where there is no Chromium (CI installs one), and some of them to the long rounds."""
    here = Path(__file__).parent
    ours = [item for item in items if here in item.path.parents]
    for item in ours:
        # Journeys are made in both languages each time. The rest is tried in French, whose words are longer; its
        # English round belongs to the long ones.
        if "[en" in item.name and not item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.long)
    if CHROMIUM or os.environ.get("CI"):
        return
    for item in ours:
        if not item.get_closest_marker("skip"):
            item.add_marker(pytest.mark.skip(reason="left out: no Chromium (apt-get install chromium)"))


@dataclass
class Watched:
    """A page, and what it did beside what was asked of it."""

    page: Page
    server: Server
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    origins: set[str] = field(default_factory=set)

    def goto(self, address: str) -> None:
        """Open an address of the server; its modules have run when it says that it is loaded."""
        self.page.goto(self.server.url + address, wait_until="load")

    def is_quiet(self, *, refusals: int = 0) -> None:
        """Nothing failed, nothing from data ran, nothing was asked of anybody else.

        :param refusals: how many answers of the server in the 400s the journey asked for; the console tells of each.
        """
        assert self.errors == []
        said = [line for line in self.console if not (line.startswith("error: Failed to load resource") and refusals)]
        assert said == []
        assert self.origins <= {self.server.url.rstrip("/")}
        assert self.page.evaluate("window.hurt") is None

    def has_no_violations(self, *exceptions: str) -> None:
        """Check what axe finds in the page as it stands (https://github.com/dequelabs/axe-core).

        :param exceptions: ids of rules that are left out; say why where it is called.
        """
        self.page.evaluate(AXE.read_text("utf-8"))
        options = {"runOnly": WCAG, "rules": {each: {"enabled": False} for each in exceptions}}
        found = self.page.evaluate("async (options) => (await axe.run(document, options)).violations", options)
        nodes = [(each["id"], node) for each in found for node in each["nodes"]]
        assert [f"{rule}: {node['html'][:200]} {node['failureSummary']}" for rule, node in nodes] == []

    def fits_its_width(self) -> None:
        """The page is no wider than the window: nobody scrolls sideways."""
        wide = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide[0] <= wide[1], wide


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def coast_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("coast")
    KnowledgeGraph.build(place / "store", [write_coast(place / "folder")])
    return place / "store"


@pytest.fixture(scope="session")
def coast(coast_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a region that is not the packaged one; it takes writes, which tests leave alone here."""
    log = tmp_path_factory.mktemp("log") / "coast.log"
    with serving(coast_store, log, KGTOOL_QUERY_WORKERS="2", KGTOOL_WRITE_TOKEN=TOKEN) as server:
        yield server


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def watch(context: BrowserContext, server: Server) -> Watched:
    """Open a page that is watched."""
    page = context.new_page()
    page.set_default_timeout(20_000)
    watched = Watched(page, server)
    page.on("console", lambda said: _note_said(watched, said))
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on("request", lambda asked: _note(watched, asked.url))
    return watched


def _note_said(watched: Watched, said: ConsoleMessage) -> None:
    if said.type in ("error", "warning"):
        watched.console.append(f"{said.type}: {said.text}")


def _note(watched: Watched, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https"):
        watched.origins.add(f"{parts.scheme}://{parts.netloc}")


@pytest.fixture
def browser_page(chromium: Browser, coast: Server, language: str) -> Iterator[Watched]:
    """A page on the coast's server in a language, at a laptop's width."""
    context = chromium.new_context(locale=language, viewport=LAPTOP, accept_downloads=True)
    yield watch(context, coast)
    context.close()


@pytest.fixture
def phone(chromium: Browser, coast: Server, language: str) -> Iterator[Watched]:
    """The same on a phone."""
    context = chromium.new_context(locale=language, viewport=PHONE, has_touch=True, is_mobile=True)
    yield watch(context, coast)
    context.close()
