"""Updates over real HTTP: who may, and who sees them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.web.conftest import TOKEN, Server

UPDATE = {"Content-Type": "application/sparql-update"}
BEARER = {**UPDATE, "Authorization": f"Bearer {TOKEN}"}
INSERT = "INSERT DATA { <urn:new> <urn:p> 1 }"


def asked(server: Server, text: str) -> bool:
    return bool(json.loads(server.query(text).body)["boolean"])


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("Bearer ", 401),
        ("Basic YTpi", 401),
        ("Bearer wrong", 403),
        (f"Bearer {TOKEN}x", 403),
    ],
)
def test_writing_needs_the_token(small: Server, authorization: str | None, status: int) -> None:
    headers = {**UPDATE, **({"Authorization": authorization} if authorization else {})}
    answer = small("POST", "/sparql", "INSERT DATA { <urn:refused> <urn:p> 1 }", headers)
    assert answer.status == status
    assert answer["Content-Type"] == "application/problem+json"
    assert bool(answer["WWW-Authenticate"]) == (status == 401)
    assert not asked(small, "ASK { <urn:refused> ?p ?o }")


def test_each_reader_sees_an_acknowledged_write(small: Server) -> None:
    before = small.query("ASK { <urn:new> ?p ?o }")
    for number in range(6):  # more often than there are workers, each of which has the former commit open
        text = f"INSERT DATA {{ <urn:new> <urn:count> {number} }}"
        done = small("POST", "/sparql", text, BEARER)
        assert done.status == 200
        assert json.loads(done.body)["added"] == 1
        assert json.loads(done.body)["commit"] in done["ETag"]
        for _ in range(3):
            assert asked(small, f"ASK {{ <urn:new> <urn:count> {number} }}")
    path = "/sparql?" + urlencode({"query": "ASK { <urn:new> ?p ?o }"})
    assert small("GET", path, headers={"If-None-Match": before["ETag"]}).status == 200  # another commit, another tag
    form = urlencode({"update": "DELETE WHERE { <urn:new> ?p ?o }"})
    assert small("POST", "/sparql", form, {**BEARER, "Content-Type": "application/x-www-form-urlencoded"}).status == 200
    assert not asked(small, "ASK { <urn:new> ?p ?o }")


def test_an_update_out_of_time_is_told_and_changes_nothing(small: Server) -> None:
    pairs = " ".join(f"?a{n} <urn:number> ?b{n} ." for n in range(3))
    text = f"INSERT {{ <urn:late> <urn:p> ?b0, ?b1, ?b2 }} WHERE {{ {pairs} }}"
    answer = small("POST", "/sparql?timeout=0.5", text, BEARER)
    assert answer.status == 504
    assert not asked(small, "ASK { <urn:late> ?p ?o }")
    assert small("POST", "/sparql?timeout=soon", INSERT, BEARER).status == 400


def test_a_wrong_update_changes_nothing(small: Server) -> None:
    answer = small("POST", "/sparql", "INSERT DATA { <urn:half> <urn:p> 1 } ; NONSENSE", BEARER)
    assert answer.status == 400
    assert not asked(small, "ASK { <urn:half> ?p ?o }")
    forbidden = small("POST", "/sparql", "INSERT DATA { GRAPH <urn:kgtool:inferred> { <urn:x> <urn:p> 1 } }", BEARER)
    assert forbidden.status == 403


@pytest.mark.parametrize("settings", [{}, {"KGTOOL_READ_ONLY": "1", "KGTOOL_WRITE_TOKEN": TOKEN}])
def test_a_read_only_service_takes_no_writes(own_store: Path, serve: Callable, settings: dict[str, str]) -> None:
    with serve(own_store, **settings) as server:
        answer = server("POST", "/sparql", INSERT, BEARER)
        assert answer.status == 403
        assert "read-only" in json.loads(answer.body)["detail"]
        assert not asked(server, "ASK { <urn:new> ?p ?o }")
        assert asked(server, "ASK { ?s ?p ?o }")
