"""curl, as people use it in a terminal."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import TOKEN
from tests.web.conftest import Server

pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="left out: no curl on this machine")
MANY = "SELECT * { ?s <urn:number> ?n }"
BEARER = ("-H", f"Authorization: Bearer {TOKEN}")


def curl(*arguments: str) -> bytes:
    done = subprocess.run(["curl", "-sS", "--max-time", "20", *arguments], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("options", [(), ("--compressed",), ("--http1.0",)])
@pytest.mark.parametrize("how", [("-G", "--data-urlencode"), ("--data-urlencode",)])
def test_query(endpoint: Server, options: tuple[str, ...], how: tuple[str, ...]) -> None:
    found = json.loads(curl(*options, *how, f"query={MANY}", f"{endpoint.url}/sparql"))
    assert len(found["results"]["bindings"]) == 1000


def test_a_body_that_waits_for_its_permission(endpoint: Server) -> None:
    found = curl("-H", "Expect: 100-continue", "--data-urlencode", f"query={MANY}", f"{endpoint.url}/sparql")
    assert len(json.loads(found)["results"]["bindings"]) == 1000


@pytest.mark.parametrize("options", [(), ("--compressed",), ("--http1.0",)])
def test_head(endpoint: Server, options: tuple[str, ...]) -> None:
    head = curl("-I", *options, "-G", "--data-urlencode", f"query={MANY}", f"{endpoint.url}/sparql").decode().lower()
    assert " 200" in head.splitlines()[0]
    assert "content-type: application/sparql-results+json" in head


def test_graph_store(endpoint: Server, tmp_path: Path) -> None:
    file = tmp_path / "cats.ttl"
    file.write_text("<urn:tom> <urn:chases> <urn:jerry> .")
    place = f"{endpoint.url}/graphs?graph=urn:g:curl"
    code = ("-o", str(tmp_path / "out"), "-w", "%{http_code}")
    kind = ("-H", "Content-Type: text/turtle")
    assert curl("-T", str(file), *kind, *code, place) == b"401"
    assert curl("-T", str(file), *kind, *BEARER, *code, place) == b"201"
    assert curl("-T", str(file), *kind, *BEARER, *code, "-H", "Transfer-Encoding: chunked", place) == b"204"
    assert curl("-F", f"file=@{file};type=text/turtle", *BEARER, *code, place) == b"200"
    assert b"jerry" in curl("-H", "Accept: application/n-triples", place)
    assert curl("-X", "DELETE", *BEARER, *code, place) == b"200"
    assert curl(*code, place) == b"404"
