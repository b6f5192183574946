"""The commands link index and link affiliations, run as people do."""

from __future__ import annotations

import json

import pytest

from tests.link.affiliations.conftest import rnsr_table, ror_table


@pytest.fixture
def indexed(kgtool, tmp_path):
    """Give kgtool with an index beside its store."""
    (tmp_path / "ror.tsv").write_text(ror_table(), encoding="utf-8")
    (tmp_path / "rnsr.csv").write_text(rnsr_table(), encoding="utf-8")
    done = kgtool("link", "index", "--ror", tmp_path / "ror.tsv", "--rnsr", tmp_path / "rnsr.csv", "--json")
    assert json.loads(done.stdout)["units"] == 4
    return kgtool


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_lines_keep_their_order_and_bad_ones_are_named_and_left_out(indexed, tmp_path):
    file = tmp_path / "in.jsonl"
    rows = [
        '{"id": "b", "affiliation": "University of Oxford, UK"}',
        "{broken",
        '{"id": 7}',
        '{"id": 2, "affiliation": ""}',
    ]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = indexed("link", "affiliations", file)
    found = lines(done)
    assert [row["id"] for row in found] == ["b", 2]
    assert found[0]["matches"][0]["id"] == "https://ror.org/052gg0110"
    assert found[0]["matches"][0]["span"] == [0, 20]
    assert found[1]["matches"] == []
    told = done.stderr.decode()
    assert ":2: not JSON" in told
    assert ":3: no string 'affiliation'" in told
    indexed("link", "affiliations", file, "--strict", "-o", tmp_path / "out.jsonl", code=2)
    assert not (tmp_path / "out.jsonl").exists()


def test_a_table_and_several_processes_give_what_lines_give(indexed, tmp_path):
    texts = ["University of Oxford, UK", 'CNRS, "UMR 8199", Lille', "=cmd()|x"]
    (tmp_path / "in.csv").write_text(
        'name;work\na;"University of Oxford, UK"\nb;"CNRS, ""UMR 8199"", Lille"\nc;=cmd()|x\n'
    )
    (tmp_path / "in.jsonl").write_text(
        "".join(json.dumps({"id": i, "affiliation": t}) + "\n" for i, t in enumerate(texts))
    )
    table = indexed("link", "affiliations", tmp_path / "in.csv", "--column", "work")
    done = indexed("link", "affiliations", tmp_path / "in.jsonl", "--workers", "2", "-o", tmp_path / "out.jsonl")
    assert done.stdout == b""
    written = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["matches"] for row in written] == [row["matches"] for row in lines(table)]
    assert [row["id"] for row in lines(table)] == [2, 3, 4]


def test_without_an_index_or_a_column_the_answer_is_advice(kgtool, tmp_path, indexed):
    (tmp_path / "in.csv").write_text("a,b\n1,2\n")
    done = indexed("link", "affiliations", tmp_path / "in.csv", code=2)
    assert b"--column" in done.stderr
    env = {"KGTOOL_SHARED": str(tmp_path)}
    absent = kgtool("link", "affiliations", tmp_path / "in.csv", "--index", tmp_path / "none", env=env, code=2)
    assert b"kgtool link index" in absent.stderr
