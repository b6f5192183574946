"""The audit log: who changed what; whole lines only, whatever a crash left, and never a token."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtool import StoreError
from kgtool.errors import RefusedError, StoreFullError
from kgtool.store.folder import StoreFolder
from kgtool.web.audit import AuditEntry, AuditLog, entry_of
from kgtool.web.clients import Author
from kgtool.web.jobs import GraphJob, UpdateJob
from tests.web.conftest import make_small

AUTHOR = Author("192.0.2.1", "2bb80d53")
ENTRY = AuditEntry(AUTHOR, "update", ("urn:g",), "CLEAR ALL", "00", 1, 2, "a-1", "a-2", "done")


def entries(path: Path) -> list[dict[str, object]]:
    text = path.read_bytes().decode("ascii")
    assert not text or text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def test_an_entry_says_who_what_and_when(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.jsonl")
    update = "PREFIX x: <urn:x:> WITH <urn:g> DELETE { ?s ?p 1 } INSERT { GRAPH x:h { ?s ?p 2 } } WHERE { ?s ?p 1 }"
    done = entry_of(
        UpdateJob(update, using=("urn:u",)), AUTHOR, before="a-1", after="a-2", report={"added": 3, "deleted": 4},
        error=None,
    )  # fmt: skip
    log.record(done)
    log.record(entry_of(UpdateJob("LOAD <http://x/>"), AUTHOR, before="a-2", after="a-2", report=None,
                        error=RefusedError("no\nway")))  # fmt: skip
    log.close()
    first, second = entries(tmp_path / "audit.jsonl")
    assert first["time"].endswith("Z")  # type: ignore[attr-defined]
    assert (first["client"], first["token"], first["kind"]) == ("192.0.2.1", "2bb80d53", "update")
    assert first["graphs"] == ["urn:u", "urn:g", "x:h"]
    assert first["sha256"] == hashlib.sha256(update.encode()).hexdigest()
    assert (first["added"], first["deleted"], first["before"], first["after"]) == (3, 4, "a-1", "a-2")
    assert first["outcome"] == "done"
    assert (second["kind"], second["outcome"], second["why"]) == ("LOAD", "refused", "no\nway")


def test_changes_of_graphs_are_told_by_their_method(tmp_path: Path) -> None:
    content = tmp_path / "content.nt"
    content.write_text("<urn:a> <urn:p> 1 .\n")
    rest = {"before": "a-1", "after": "a-2", "report": {}, "error": None}
    put = entry_of(GraphJob("urn:g", content, replace=True), AUTHOR, **rest)  # type: ignore[arg-type]
    assert (put.kind, put.graphs) == ("PUT", ("urn:g",))
    assert put.sha256 == hashlib.sha256(content.read_bytes()).hexdigest()
    assert entry_of(GraphJob(None, content, replace=False), AUTHOR, **rest).kind == "POST"  # type: ignore[arg-type]
    assert entry_of(GraphJob("urn:g", None, replace=False), AUTHOR, **rest).kind == "DELETE"  # type: ignore[arg-type]
    failed = entry_of(
        UpdateJob("CLEAR ALL"), AUTHOR, before="a-1", after="a-1", report=None, error=StoreFullError("full")
    )
    assert failed.outcome == "failed"


def test_a_long_text_is_cut_and_its_hash_is_of_all_of_it(tmp_path: Path) -> None:
    text = "INSERT DATA { <urn:a> <urn:p> '" + "é" * 10_000 + "' }"
    entry = entry_of(UpdateJob(text), AUTHOR, before="a-1", after="a-2", report={}, error=None)
    with_line = json.loads(entry.line(0.0))
    assert len(with_line["text"].encode()) <= 2048
    assert text.startswith(with_line["text"])
    assert with_line["sha256"] == hashlib.sha256(text.encode()).hexdigest()


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text())
def test_no_text_breaks_the_file(text: str, why: str) -> None:
    line = AuditEntry(AUTHOR, "update", (text,), text, "00", 0, 0, "a-1", "a-1", "refused", why).line(0.0)
    assert all(" " <= character <= "~" for character in line)
    assert json.loads(line)["graphs"] == [text]


@pytest.mark.parametrize(
    "left",
    [b'{"time": "20', b"\0" * 5000, b'{"a": 1', b'\0\0\0"x"}\n', b'\0\0\0"x"}\n{"half', b"x" * 200_000, b""],
)
def test_what_a_crash_left_of_a_line_is_cut_off(tmp_path: Path, left: bytes) -> None:
    path = tmp_path / "audit.jsonl"
    log = AuditLog(path)
    for _ in range(3):
        log.record(ENTRY)
    log.close()
    with path.open("ab") as file:
        file.write(left)
    again = AuditLog(path)
    again.record(ENTRY)
    again.close()
    assert len(entries(path)) == 4


def test_a_fragment_alone_leaves_an_empty_log(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b'{"time"')
    AuditLog(path).close()
    assert path.read_bytes() == b""


def test_the_file_is_private_and_belongs_to_the_store(tmp_path: Path) -> None:
    store = make_small(tmp_path / "store")
    folder = StoreFolder(store)
    folder.audit_file.touch(0o644)
    log = AuditLog(folder.audit_file)
    log.record(ENTRY)
    log.close()
    assert folder.audit_file.stat().st_mode & 0o777 == 0o600
    assert len(entries(folder.audit_file)) == 1
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "audit.jsonl").write_text("")
    make_small(tmp_path / "empty")


def test_a_log_that_cannot_be_written_is_an_error_of_the_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="audit"):
        AuditLog(tmp_path / "none" / "audit.jsonl")
