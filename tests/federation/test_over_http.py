"""SERVICE and LOAD through a running service: its workers and its writer ask the proxy, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.web.conftest import TOKEN, Server, make_small, serving

BEARER = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """A service that may ask another one, and that other one."""
    with serving(make_small(tmp_path / "far"), tmp_path / "far.log") as far:
        port = urlsplit(far.url).port
        listed = {"KGTOOL_FEDERATION": f"127.0.0.1:{port}", "KGTOOL_WRITE_TOKEN": TOKEN}
        with serving(make_small(tmp_path / "near"), tmp_path / "near.log", **listed) as near:
            yield near, far


def test_a_listed_service_answers_and_another_port_does_not(two: tuple[Server, Server]) -> None:
    near, far = two
    found = near.query(f"SELECT ?s {{ SERVICE <{far.url}/sparql> {{ ?s <urn:p> 3 }} }}")
    assert [row["s"]["value"] for row in json.loads(found.body)["results"]["bindings"]] == ["urn:c"]
    refused = near.query(f"SELECT ?s {{ SERVICE <{near.url}/sparql> {{ ?s <urn:p> 3 }} }}")
    assert refused.status == 400
    assert "KGTOOL_FEDERATION" in json.loads(refused.body)["hint"]
    assert near.query("SELECT * { ?x <urn:q> ?y SERVICE ?y { ?s ?p ?o } }").status == 400
    silent = near.query(f"SELECT * {{ SERVICE SILENT <{far.url}/nowhere> {{ ?s ?p ?o }} }}")
    assert json.loads(silent.body)["results"]["bindings"] == [{}]
    failed = near.query(f"SELECT * {{ SERVICE <{far.url}/nowhere> {{ ?s ?p ?o }} }}")
    assert failed.status == 502


def test_an_update_loads_and_asks_what_is_listed(two: tuple[Server, Server]) -> None:
    near, far = two
    load = f"LOAD <{far.url}/export?format=ntriples> INTO GRAPH <urn:g:far>"
    assert near("POST", "/sparql", load, BEARER).status == 200
    assert json.loads(near.query("ASK { GRAPH <urn:g:far> { <urn:c> <urn:p> 3 } }").body)["boolean"] is True
    where = f"INSERT {{ ?s <urn:copied> 1 }} WHERE {{ SERVICE <{far.url}/sparql> {{ ?s <urn:p> 3 }} }}"
    done = near("POST", "/sparql", where, BEARER)
    assert (done.status, json.loads(done.body)["added"]) == (200, 1)
    assert near("POST", "/sparql", f"LOAD <{near.url}/export?format=ntriples>", BEARER).status == 400
