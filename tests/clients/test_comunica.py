"""Comunica, which plans queries of its own from what the service says of itself."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.web.conftest import Server

HERE = Path(__file__).resolve().parent
pytestmark = pytest.mark.skipif(
    not shutil.which("node") or not (HERE / "node_modules").is_dir(),
    reason="left out: Comunica is not there (npm ci --prefix tests/clients)",
)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?o { <urn:c> <urn:p> ?o }", [{"o": "3"}]),
        ("SELECT (COUNT(*) AS ?n) { ?s <urn:number> ?x . ?s <urn:text> ?t FILTER(?x < 100) }", [{"n": "100"}]),
        ("SELECT ?s { ?s a <urn:Animal> OPTIONAL { ?s <urn:absent> ?x } }", [{"s": "urn:tom"}]),
    ],
)
def test_select(endpoint: Server, query: str, rows: list[dict[str, str]]) -> None:
    done = subprocess.run(
        ["node", str(HERE / "ask.mjs"), f"{endpoint.url}/sparql", query],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == rows
