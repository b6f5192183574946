"""Writes the pictures of docs/workbench.md: each journey's screens, in a real Chromium, on the packaged region.

``make screenshots``, with Chromium on the path. The pictures of one machine differ from another's by fonts alone.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "screenshots"
sys.path.insert(0, str(ROOT))

from kgtool.graph import KnowledgeGraph  # noqa: E402
from tests.web.conftest import TOKEN, serving  # noqa: E402

LILLE = "hauts-de-france/institution/universite-de-lille"
UNIT = "hauts-de-france/unit/u1172"
QUERY = """PREFIX kg: <https://w3id.org/kgtool/ontology#>
PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#>
SELECT ?unit ?city ?lat ?long WHERE {
  ?unit a kg:ResearchUnit ; kg:locatedIn ?city .
  ?city geo:lat ?lat ; geo:long ?long .
}
"""


def _nothing(page: Page) -> None:
    """Leave a page as it opens."""


@dataclass(frozen=True)
class Scene:
    """One picture.

    :param address: of the page.
    :param act: what is done there before the picture is taken.
    :param width: of the window; below 500 it is a phone's.
    """

    name: str
    address: str
    language: str = "en"
    act: Callable[[Page], None] = _nothing
    width: int = 1280
    dark: bool = False


def _view(name: str) -> Callable[[Page], None]:
    def choose(page: Page) -> None:
        page.wait_for_selector(f".select_{name}", timeout=30_000)
        page.click(f".select_{name}")
        page.wait_for_timeout(1500)

    return choose


def scenes(query: Callable[..., str]) -> Sequence[Scene]:
    """Give the pictures of each journey.

    :param query: makes the address of the query page with a query.
    """
    return (
        Scene("start", "/"),
        Scene("start-phone", "/", "fr", width=390),
        Scene("answer", f"/ask/affiliated?institution={LILLE}&date=2022-09-01", "fr"),
        Scene("query-table", query(QUERY)),
        Scene("query-map", query(QUERY), "fr", act=_view("map")),
        Scene("institution", f"/page/{LILLE}", "fr"),
        Scene("unit", f"/page/{UNIT}", dark=True),
        Scene("explore", "/explore?date=2022-09-01", "fr"),
        Scene("search", "/search?q=lille&format=html"),
        Scene("sources", "/sources", "fr"),
        Scene("ontology", "/ontology"),
    )


def take(browser: Browser, url: str, scene: Scene) -> None:
    """Take one picture, no higher than a reader wants to scroll."""
    context = browser.new_context(
        locale=scene.language,
        color_scheme="dark" if scene.dark else "light",
        viewport={"width": scene.width, "height": 900 if scene.width > 500 else 844},
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url + scene.address, wait_until="networkidle")
    scene.act(page)
    page.wait_for_timeout(500)
    page.screenshot(path=PICTURES / f"{scene.name}.png")
    context.close()


def main() -> None:
    """Take all pictures."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("no Chromium: apt-get install chromium")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        store = Path(folder) / "store"
        KnowledgeGraph.build(store)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with serving(store, Path(folder) / "log", KGTOOL_WRITE_TOKEN=TOKEN) as server:
            for scene in scenes(lambda text: "/query?" + urlencode({"query": text, "run": "1"})):
                take(browser, server.url, scene)
                print(f"docs/screenshots/{scene.name}.png")
        browser.close()


if __name__ == "__main__":
    main()
