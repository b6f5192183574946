"""The sizes of the pages' scripts and styles, compressed: a budget that holds without a clock."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import ROOT

BUILT = ROOT / "kgtool" / "web" / "static" / "built"
#: Bytes of what a page loads at first, compressed: 150 kB for the start page with its HTML, more for the editor.
BUDGETS = {"site": 30_000, "entity": 60_000, "explore": 60_000, "sources": 60_000, "links": 60_000, "query": 420_000}


def size(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6))


@pytest.mark.parametrize("name", BUDGETS)
def test_what_a_page_loads_at_first_is_small(name: str) -> None:
    manifest = json.loads((BUILT / "manifest.json").read_text("utf-8"))
    files = {
        each["file"] for key, each in manifest.items() if key in (f"{name}.ts", f"{name}.css", "site.ts", "site.css")
    }
    files |= {file for key in (f"{name}.ts", "site.ts") for file in manifest.get(key, {"imports": []})["imports"]}
    assert f"{name}.ts" in manifest or f"{name}.css" in manifest
    assert sum(size(BUILT / file) for file in files) <= BUDGETS[name]


def test_the_start_page_with_all_that_it_loads_is_below_150_kilobytes(region: FlaskClient) -> None:
    page = region.get("/", headers={"Accept": "text/html"})
    files = {part.split('"')[0] for part in page.get_data(as_text=True).split("/static/")[1:]}
    assert files
    total = len(gzip.compress(page.data, 6)) + sum(size(BUILT.parent / file) for file in files)
    assert total <= 150_000
