"""How long the workbench takes: the server for each page, and a browser from an interaction to the next paint.

Pages are those of the packaged region. *First* is a request that nobody sent before on this commit, as a reader meets
it after a change: the views of the page are evaluated. *Again* is the median of the requests after it, answered whole
(no 304). Both are beside `/health`, which does nothing, in the same run. The limit is 100 ms.

Interactions are real clicks and keys in Chromium on a graph of 500 nodes and a table of 20,000 rows; what is told is
the longest ``duration`` of the Event Timing entries (https://www.w3.org/TR/event-timing/), from the event to the next
paint. The limit is 200 ms.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from _measuring import ROOT, line, report
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(ROOT))

from kgtool.graph import KnowledgeGraph
from tests.web.conftest import Server, serving

ROUNDS = 20
SERVER_MS, PAINT_MS = 100.0, 200.0
HERE = "hauts-de-france"
PAGES = {
    "start": "/",
    "question": f"/ask/affiliated?institution={HERE}/institution/inserm&date=2022-09-01",
    "query": "/query",
    "university": f"/page/{HERE}/institution/universite-de-lille",
    "unit": f"/page/{HERE}/unit/u1172",
    "person": f"/page/{HERE}/person/charlotte-cordonnier",
    "explore": "/explore?date=2022-09-01",
    "explore, another date": "/explore?date=2019-03-01",
    "terms": "/explore/terms",
    "ontology": "/ontology",
    "search": "/search?q=lille",
    "sources": "/sources",
    "links": "/links",
}
#: As many rows as a reader may get at once.
ROWS = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 20000"


def numbers(most: int) -> str:
    """Give a pattern that binds ?n to the whole numbers below a power of ten's multiple."""
    digits = " ".join(map(str, range(10)))
    parts = [f"VALUES ?d{place} {{ {digits} }}" for place in range(3)]
    return f"{' '.join(parts)} BIND(?d0 + 10 * ?d1 + 100 * ?d2 AS ?n) FILTER(?n < {most})"


def tree(nodes: int) -> str:
    """Give a query whose answer is a tree of so many nodes, each below the one of a third of its number."""
    return (
        f"CONSTRUCT {{ ?a <urn:x:below> ?b }} WHERE {{ {numbers(nodes)} FILTER(?n > 0) "
        'BIND(IRI(CONCAT("urn:x:n", STR(?n))) AS ?a) BIND(IRI(CONCAT("urn:x:n", STR(FLOOR(?n / 3)))) AS ?b) }'
    )


def timed(server: Server, path: str) -> float:
    """Ask for a page, and give the milliseconds that it took."""
    begun = time.perf_counter()
    answer = server("GET", path, headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert answer.status == 200, (path, answer.status)
    return (time.perf_counter() - begun) * 1000


def page_times(server: Server) -> Iterator[tuple[str, float, float]]:
    """Give for each page the milliseconds of the first request, and the median of those after it."""
    for name, path in PAGES.items():
        first = timed(server, path)
        for _ in range(4):  # each front meets it once
            timed(server, path)
        yield name, first, statistics.median(timed(server, path) for _ in range(ROUNDS))


def longest(page: Page) -> float:
    """Give the longest interaction since the page was opened, in milliseconds."""
    return float(page.evaluate("Math.max(0, ...window.interactions)"))


WATCH = """window.interactions = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.interactionId) window.interactions.push(entry.duration);
}).observe({ type: "event", buffered: true, durationThreshold: 16 });"""


def graph_interactions(page: Page, url: str) -> float:
    """Click, drag and zoom on a graph of 500 nodes."""
    page.goto(f"{url}/query?" + urlencode({"query": tree(500), "run": "1", "view": "graph"}), wait_until="networkidle")
    canvas = page.locator(".yasr_results canvas").first
    canvas.wait_for()
    page.wait_for_timeout(3000)
    box = canvas.bounding_box()
    assert box is not None
    for step in range(12):
        page.mouse.click(box["x"] + box["width"] * (0.2 + 0.05 * step), box["y"] + box["height"] * 0.5)
        page.wait_for_timeout(150)
    for _ in range(4):
        page.mouse.move(box["x"] + 200, box["y"] + 100)
        page.mouse.down()
        page.mouse.move(box["x"] + 260, box["y"] + 140, steps=8)
        page.mouse.up()
        page.wait_for_timeout(150)
    page.wait_for_timeout(500)
    return longest(page)


def table_interactions(page: Page, url: str) -> float:
    """Sort by each column, filter, and turn pages of a table of 20,000 rows."""
    page.goto(f"{url}/query?" + urlencode({"query": ROWS, "run": "1"}), wait_until="networkidle")
    page.locator(".result-table tbody tr").first.wait_for(timeout=60_000)
    page.wait_for_timeout(2000)
    heads = page.locator(".result-table thead button")
    for column in range(heads.count()):
        heads.nth(column).click()
        page.wait_for_timeout(500)
    page.locator(".yasr_results input[type=search]").first.press_sequentially("lille", delay=60)
    page.wait_for_timeout(1000)
    return longest(page)


def main() -> None:
    """Measure, and tell."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        KnowledgeGraph.build(store)
        with serving(store, Path(folder) / "log") as server:
            nothing = statistics.median(timed(server, "/health") for _ in range(ROUNDS))
            results: list[object] = [line("/health", nothing, SERVER_MS, at_least=False, unit="ms")]
            for name, first, again in page_times(server):
                results.append(line(f"{name}, first", first, SERVER_MS, at_least=False, unit="ms"))
                results.append(line(f"{name}, again", again, SERVER_MS, at_least=False, unit="ms"))
            if chromium:
                with sync_playwright() as playwright:
                    flags = ["--no-sandbox", "--disable-gpu"]
                    browser = playwright.chromium.launch(executable_path=chromium, args=flags)
                    for name, act in (("graph of 500 nodes", graph_interactions), ("20,000 rows", table_interactions)):
                        page = browser.new_page(viewport={"width": 1280, "height": 900})
                        page.add_init_script(WATCH)
                        found = act(page, server.url)
                        results.append(
                            line(f"{name}, interaction to next paint", found, PAINT_MS, at_least=False, unit="ms")
                        )
                    browser.close()
    report("workbench", results)


if __name__ == "__main__":
    main()
