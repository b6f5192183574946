"""A backup is a store as it was at one commit, whatever happens to the original; a restore puts all of it back."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path

import pytest

from kgtool import InputError, KnowledgeGraph, MissingError, StoreDamagedError, StoreLockedError
from tests.transactions.kept import content, flip, generation, make, names
from tests.web.conftest import TOKEN, Server, serving

HELD = """
SELECT (COUNT(*) AS ?rows) (MAX(?l) AS ?most) (COUNT(?r) AS ?both) { ?s <urn:left> ?l OPTIONAL { ?s <urn:right> ?r } }
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made") / "store")


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "store"))


def backup(store: Path, folder: Path, *, link: bool = True) -> str:
    with KnowledgeGraph.open(store) as kg:
        return kg.backup(folder, link=link).commit


def insert(store: Path, *numbers: int) -> None:
    with KnowledgeGraph.open(store, write=True) as kg:
        for number in numbers:
            kg.update(f"INSERT DATA {{ <urn:n{number}> a <urn:Cat> }}")


def test_a_backup_is_a_store_that_nothing_done_to_the_original_changes(store: Path, tmp_path: Path) -> None:
    before = content(store)
    with KnowledgeGraph.open(store) as kg:
        report = kg.backup(tmp_path / "copy")
        counts = kg.stats()
    assert (report.commit, report.asserted, report.inferred, report.quads) == (
        counts["commit"],
        counts["asserted"],
        counts["inferred"],
        counts["quads"],
    )
    files = [file for file in (tmp_path / "copy").rglob("*") if file.is_file()]
    assert 0 < report.shared < report.size <= sum(file.stat().st_size for file in files)
    insert(store, *range(20))
    shutil.rmtree(store)
    assert content(tmp_path / "copy") == before
    assert KnowledgeGraph.check(tmp_path / "copy").as_json()["findings"] == []
    assert names(tmp_path / "copy") == {"CURRENT", "lock", "generations"}
    assert "columns" not in names(generation(tmp_path / "copy"))


def test_a_copy_without_links_shares_no_file(store: Path, tmp_path: Path) -> None:
    backup(store, tmp_path / "copy", link=False)
    assert {file.stat().st_nlink for file in (tmp_path / "copy").rglob("*") if file.is_file()} == {1}
    for file in (generation(store) / "quads").glob("*.sst"):
        flip(file)
    assert KnowledgeGraph.check(tmp_path / "copy").in_order


def test_a_backup_on_another_file_system(store: Path) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == store.stat().st_dev:
        pytest.skip("left out: there is no other file system")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        with KnowledgeGraph.open(store) as kg:
            assert kg.backup(Path(folder) / "copy").shared == 0
        assert content(Path(folder) / "copy") == content(store)


def test_a_graph_that_is_open_for_writing_can_be_copied(store: Path, tmp_path: Path) -> None:
    with KnowledgeGraph.open(store, write=True) as kg:
        kg.update("INSERT DATA { <urn:late> a <urn:Cat> }")
        kg.backup(tmp_path / "copy")
        kg.update("INSERT DATA { <urn:later> a <urn:Cat> }")
    asserted, inferred = content(tmp_path / "copy")
    assert b"<urn:late>" in asserted
    assert b"<urn:late>" in inferred
    assert b"<urn:later>" not in asserted


def test_a_backup_of_a_backup_and_what_is_kept_beside_the_store(store: Path, tmp_path: Path) -> None:
    (store / "audit.log").write_text("who\n")
    first = backup(store, tmp_path / "first")
    (tmp_path / "second").mkdir()  # empty: it may be there
    assert backup(tmp_path / "first", tmp_path / "second") == first
    assert content(tmp_path / "second") == content(store)
    report = KnowledgeGraph.restore(tmp_path / "third", tmp_path / "second")
    assert report.commit == first
    assert content(tmp_path / "third") == content(store)
    assert (tmp_path / "third" / "audit.log").read_text() == "who\n"


@pytest.mark.parametrize("target", ["full", "store/inside", "absent/copy", "store"])
def test_where_a_backup_cannot_go(store: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").touch()
    before = names(tmp_path), names(store), names(tmp_path / "full")
    with pytest.raises(InputError):
        backup(store, tmp_path / target)
    assert (names(tmp_path), names(store), names(tmp_path / "full")) == before


def test_commits_after_a_restore_have_names_that_no_commit_had(store: Path, tmp_path: Path) -> None:
    backed_up = backup(store, tmp_path / "copy")
    before = content(store)
    insert(store, 1)
    with KnowledgeGraph.open(store) as kg:
        gone = kg.commit
    assert KnowledgeGraph.restore(store, tmp_path / "copy").commit == backed_up
    assert content(store) == before
    with KnowledgeGraph.open(store, write=True) as kg:
        assert kg.commit == backed_up
        kg.update("INSERT DATA { <urn:other> a <urn:Cat> }")
        assert kg.commit not in (backed_up, gone)
        named = kg.commit
        kg.update("INSERT DATA { <urn:another> a <urn:Cat> }")
        assert kg.commit.split("-")[0] == named.split("-")[0]
    assert KnowledgeGraph.check(store).findings == ()


@pytest.mark.parametrize("kind", ["*.sst", "*.log", "MANIFEST-*", "CURRENT", "kgtool.json", "backup.json", "absent"])
def test_a_backup_that_is_damaged_is_refused_and_the_store_stays(store: Path, tmp_path: Path, kind: str) -> None:
    backup(store, tmp_path / "copy", link=False)
    if kind == "absent":
        next((generation(tmp_path / "copy") / "quads").glob("*.sst")).unlink()
    for file in generation(tmp_path / "copy").rglob(kind):
        if file.stat().st_size:
            flip(file, 0.7)
    insert(store, 1)
    before = content(store), names(generation(store).parent)
    with pytest.raises(StoreDamagedError, match="damaged"):
        KnowledgeGraph.restore(store, tmp_path / "copy")
    with pytest.raises(StoreDamagedError):
        KnowledgeGraph.check(tmp_path / "copy")
    assert (content(store), names(generation(store).parent)) == before


def test_what_is_no_backup_is_refused(store: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    for source in ("other", "absent"):
        with pytest.raises(MissingError):
            KnowledgeGraph.restore(store, tmp_path / source)
        with pytest.raises(MissingError):
            KnowledgeGraph.restore(tmp_path / "new", tmp_path / source)
    with pytest.raises(InputError, match="itself"):
        KnowledgeGraph.restore(store, store)
    assert names(tmp_path) == {"store", "other"}


@pytest.mark.parametrize("harm", ["CURRENT", "kgtool.json", "quads"])
def test_a_damaged_store_is_replaced(store: Path, tmp_path: Path, harm: str) -> None:
    before = content(store)
    backup(store, tmp_path / "copy")
    if harm == "CURRENT":
        (store / "CURRENT").unlink()
    elif harm == "kgtool.json":
        (generation(store) / "kgtool.json").unlink()
    else:
        shutil.rmtree(generation(store) / "quads")
    with pytest.raises(StoreDamagedError):
        KnowledgeGraph.check(store)
    KnowledgeGraph.restore(store, tmp_path / "copy")
    assert content(store) == before
    assert len(names(store / "generations")) == 1


def test_a_backup_that_was_written_to_is_a_store_like_any_other(store: Path, tmp_path: Path) -> None:
    backup(store, tmp_path / "copy")
    insert(tmp_path / "copy", 1)
    KnowledgeGraph.restore(store, tmp_path / "copy")
    assert content(store) == content(tmp_path / "copy")


class Writing:
    """A client that sends one update after the other, each of two triples, until it is told to stop."""

    def __init__(self, server: Server) -> None:
        self.acknowledged = 0
        self.failed: list[object] = []
        self._server = server
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> Writing:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _write(self) -> None:
        headers = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"}
        while not self._stop.is_set():
            number = self.acknowledged + 1
            text = (
                f"INSERT DATA {{ GRAPH <urn:g:l> {{ <urn:w{number}> <urn:left> {number} }}"
                f" GRAPH <urn:g:r> {{ <urn:w{number}> <urn:right> {number} }} }}"
            )
            answer = self._server("POST", "/sparql", text.encode(), {k: v.encode() for k, v in headers.items()})
            if answer.status >= 300:
                self.failed.append((answer.status, answer.body))
                return
            self.acknowledged = number

    def wait_for(self, number: int) -> None:
        pause = threading.Event()
        for _ in range(3000):
            if self.acknowledged >= number or self.failed:
                break
            pause.wait(0.01)
        assert self.acknowledged >= number, self.failed


def held(store: Path) -> tuple[int, int, int]:
    with KnowledgeGraph.open(store) as kg:
        [row] = kg.query(HELD).solutions()
        return tuple(int(getattr(cell, "value", "0")) for cell in row)  # type: ignore[return-value]


def test_backups_beside_a_server_that_is_written_to(store: Path, tmp_path: Path) -> None:
    with serving(store, tmp_path / "log", KGTOOL_WRITE_TOKEN=TOKEN, KGTOOL_QUERY_WORKERS="1") as server:
        with Writing(server) as client:
            at_least = []
            for number in range(4):
                client.wait_for(3 * number)
                at_least.append(client.acknowledged)
                backup(store, tmp_path / f"copy-{number}")
        assert client.failed == []
        with pytest.raises(StoreLockedError, match=f"process {server.process.pid}") as caught:
            KnowledgeGraph.restore(store, tmp_path / "copy-0")
        assert "stop that process" in str(caught.value)
        report = KnowledgeGraph.check(store)
        assert report.beside
        assert report.in_order
        last = backup(store, tmp_path / "last")
    for number, least in enumerate(at_least):
        rows, most, both = held(tmp_path / f"copy-{number}")
        assert rows == most == both >= least
    assert KnowledgeGraph.check(tmp_path / "copy-3").in_order
    assert KnowledgeGraph.restore(tmp_path / "restored", tmp_path / "last").commit == last
    assert content(tmp_path / "restored") == content(store)
    assert held(tmp_path / "restored")[0] == client.acknowledged
    assert os.listdir(store / "snapshots") == []  # noqa: PTH208
