"""``kgtool forget`` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kgtool import KnowledgeGraph
from kgtool.cli.commands import cli
from kgtool.errors import StoreLockedError

from .people import PERSON, PREFIXES, naming, statements


def run(store: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--store", str(store), *words])


def test_a_person_is_forgotten_listed_and_let_back(store: Path, tmp_path: Path) -> None:
    told = run(store, "forget", PERSON, "--why", "a letter", "--json")
    assert told.exit_code == 0
    assert PERSON in json.loads(told.stdout)["people"]
    assert "backups" in told.stderr
    assert naming(statements(store)) == []
    listed = json.loads(run(store, "forget", "--list", "--json").stdout)
    assert (listed["forgotten"], listed["people"][0]["why"]) == (1, "a letter")
    assert "a letter" in run(store, "forget", "--list").stdout
    data = tmp_path / "data.ttl"
    data.write_text(f"{PREFIXES} <{PERSON}> a foaf:Person .")
    loaded = run(store, "load", str(data), "--json")
    assert json.loads(loaded.stdout)["leftOut"] == 1
    assert "1 statement about people who were forgotten left out" in loaded.stderr
    assert json.loads(run(store, "forget", "--allow", PERSON, "--json").stdout) == {"allowed": 1}
    assert "leftOut" not in json.loads(run(store, "load", str(data), "--json").stdout)


def test_a_dry_run_needs_no_lock_and_changes_nothing(store: Path) -> None:
    before = statements(store)
    with KnowledgeGraph.open(store, write=True):
        told = run(store, "forget", "--dry-run", PERSON, "--json")
    assert (told.exit_code, json.loads(told.stdout)["done"]) == (0, False)
    assert statements(store) == before


def test_somebody_has_to_be_named(store: Path) -> None:
    told = run(store, "forget")
    assert isinstance(told.exception, ValueError)
    assert "--list" in str(told.exception)


def test_beside_a_server_the_http_way_is_named(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgtool.store.folder._WRITER_WAIT", 0.0)
    with KnowledgeGraph.open(store, write=True) as kg:
        kg.serve_at("http://localhost:8123")
        told = run(store, "forget", PERSON)
    assert isinstance(told.exception, StoreLockedError)
    assert "http://localhost:8123/forget" in str(told.exception)


def test_the_lock_does_not_say_who_is_forgotten(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["kgtool", "--store", "s", "forget", PERSON])
    with KnowledgeGraph.open(store, write=True):
        assert 'kgtool --store s forget"' in (store / "lock").read_text()
