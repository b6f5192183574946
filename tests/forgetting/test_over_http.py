"""Forgetting beside a running server, through it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from urllib.parse import urlencode

from tests.web.conftest import TOKEN, Server, serving

from .people import NAME, NEEDLES, PERSON, files_with, naming, statements

BEARER = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Bearer {TOKEN}"}
UPDATE = {**BEARER, "Content-Type": "application/sparql-update"}
ASK = f"ASK {{ <{PERSON}> ?p ?o }}"


def asked(server: Server, text: str) -> bool:
    return bool(json.loads(server.query(text).body)["boolean"])


def test_the_names_that_a_server_looks_in_keep_nobody_who_was_forgotten(store: Path, tmp_path: Path) -> None:
    place = tmp_path / "run"
    place.mkdir()
    settings = {"KGTOOL_WRITE_TOKEN": TOKEN, "KGTOOL_ACCESS_LOG": "off", "TMPDIR": str(place)}
    with serving(store, tmp_path / "log", **settings) as server:
        path = "/search?" + urlencode({"q": NAME})
        assert json.loads(server("GET", path).body)["results"]
        assert files_with(place, NEEDLES)
        assert server("POST", "/forget", urlencode({"iri": PERSON}), BEARER).status == 200
        assert files_with(place, NEEDLES) == []
        assert json.loads(server("GET", path).body)["results"] == []
        assert files_with(place, NEEDLES) == []


def test_a_server_forgets_and_goes_on(store: Path, tmp_path: Path) -> None:
    with serving(store, tmp_path / "log", KGTOOL_WRITE_TOKEN=TOKEN, KGTOOL_ACCESS_LOG="off") as server:
        assert (
            server("POST", "/sparql", f"INSERT DATA {{ <{PERSON}> <urn:said> '{NAME}' }}".encode(), UPDATE).status
            == 200
        )
        assert asked(server, ASK)
        form = urlencode({"iri": PERSON, "why": "a letter"})
        assert server("POST", "/forget", form, {**BEARER, "Authorization": "Bearer x"}).status == 403
        assert server("POST", f"/forget?{form}", "", BEARER).status == 400
        assert server("POST", "/forget", urlencode({"iri": "no iri"}), BEARER).status == 400
        assert asked(server, ASK)
        answer = server("POST", "/forget", form, BEARER)
        assert answer.status == 200
        assert PERSON in json.loads(answer.body)["people"]
        assert not asked(server, ASK)
        back = server("POST", "/sparql", f"INSERT DATA {{ <{PERSON}> <urn:p> 1 . <urn:other> <urn:p> 1 }}", UPDATE)
        assert (json.loads(back.body)["added"], json.loads(back.body)["leftOut"]) == (1, 1)
        assert asked(server, "ASK { <urn:other> <urn:p> 1 }")
        assert not asked(server, ASK)
        until = time.monotonic() + 20
        while files_with(store) and time.monotonic() < until:  # readers let go of their snapshots one after another
            asked(server, ASK)
            server("POST", "/sparql", "DELETE DATA { <urn:none> <urn:p> 1 }", UPDATE)
            time.sleep(0.2)
        assert files_with(store) == []  #
    assert naming(statements(store)) == []
    told = [json.loads(line) for line in (store / "audit.jsonl").read_text().splitlines()]
    assert [entry["kind"] for entry in told if entry["outcome"] == "done"][:2] == ["update", "forget"]
    assert files_with(store) == []
