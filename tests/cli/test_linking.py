"""The commands of ``kgtool link``: results on standard output, errors that say what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Kgtool
from tests.link.registries import HERE, make_store

NAMES = '{"id": "1", "name": "PATTOU F."}\n{"id": "2", "name": "7"}\nno json\n'
PEOPLE = "person_id,full_name\np1,François Pattou\np2,Paul Durand\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Kgtool:
    folder = tmp_path_factory.mktemp("linking")
    return Kgtool(make_store(folder / "store"), folder)


def test_names_find_people_with_reasons_and_bad_rows_are_told(kgtool: Kgtool, write: Any) -> None:
    write("people.csv", PEOPLE)
    done = kgtool("link", "people", "-", "--against", "people.csv", stdin=NAMES)
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(m["id"], m["decision"]) for m in first["matches"]] == [("p1", "candidate")]
    assert "initial" in first["matches"][0]["why"]
    assert second == {"id": "2", "matches": []}
    assert b"stdin:3" in done.stderr or b"-:3" in done.stderr
    kgtool("link", "people", "absent.jsonl", "--against", "people.csv", code=2)


def test_links_are_found_reviewed_and_exported(made: Kgtool) -> None:
    found = made.json("link", "entities", "-o", "links.sssom.tsv", "--json")
    assert found["chosen"] >= 5
    assert found["links"] == len(found["found"])
    assert made("link", "export").stdout == (made.cwd / "links.sssom.tsv").read_bytes()
    listed = made.json("link", "review", "--list", "--kind", "person", "--json")["links"]
    lone = next(each for each in listed if each["subject"]["id"] == f"{HERE}lone")
    refused = made("link", "review", "--reject", lone["id"], "--by", "A. Reviewer", code=2)
    assert b"does not say why" in refused.stderr
    made("link", "review", "--accept", lone["id"], "--by", "A. Reviewer", "--why", "her page")
    assert made("link", "export", "-f", "sameas").stdout.count(b"sameAs") == 1
    made("link", "review", "--undo", lone["id"], "--by", "A. Reviewer")
    assert made("link", "export", "-f", "sameas").stdout == b""


def test_people_of_the_store_are_those_to_choose_from(made: Kgtool) -> None:
    answer = made.json("link", "people", "-", stdin='{"id": "1", "name": "BYRON A."}')
    assert {match["id"].rpartition("/")[2] for match in answer["matches"]} == {"ada"}


def test_a_store_without_registries_is_told_what_to_do(people: Kgtool) -> None:
    refused = people("link", "entities", code=2)
    assert b"kgtool import" in refused.stderr
    people("link", "entities", "--against", "urn:absent", code=2)
    people("link", "review", "--accept", "nothing", "--by", "A", code=2)
    assert people("link", "export", "-f", "csv").stdout.count(b"\r\n") == 1


def test_the_group_lists_its_commands(kgtool: Kgtool, tmp_path: Path) -> None:
    shown = kgtool("link", "--help").stdout.decode()
    assert all(f"\n  {name} " in shown for name in ("entities", "export", "people", "review"))
