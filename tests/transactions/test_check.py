"""Damage is found: what is derived is repaired, what is not is refused, and beside others nothing is touched."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kgtool import KnowledgeGraph, MissingError, StoreDamagedError, StoreLockedError, StoreVersionError
from kgtool.ingest import sources_of_files
from kgtool.store.folder import StoreFolder
from kgtool.store.formats import upgrade
from kgtool.vocabulary import INFERRED, META, PREMISES
from tests.transactions.kept import content, flip, generation, make, names, raw

A, B = NamedNode("urn:a"), NamedNode("urn:b")
UNION = DefaultGraph()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = make(tmp_path_factory.mktemp("made") / "store")
    raw(store, Store.flush)
    return store


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "store"))


def first(quads: Store, graph: object) -> Quad:
    return next(iter(quads.quads_for_pattern(None, None, None, graph)))  # type: ignore[arg-type]


def note(quads: Store, name: str) -> Quad:
    return next(iter(quads.quads_for_pattern(META, NamedNode(f"urn:kgtool:meta#{name}"), None, META)))


def say_two_commits(quads: Store) -> None:
    quads.add(Quad(META, NamedNode("urn:kgtool:meta#commit"), Literal(2), META))


def forget_union(quads: Store) -> None:
    quads.remove(note(quads, "unionKept"))
    quads.remove_graph(UNION)


HARMS: dict[str, tuple[Callable[[Store], object], set[str]]] = {
    "an inferred triple is gone": (lambda q: q.remove(first(q, INFERRED)), {"inferred"}),
    "another is inferred": (lambda q: q.add(Quad(A, B, A, INFERRED)), {"inferred"}),
    "an asserted triple is inferred": (lambda q: q.add(Quad(*first(q, UNION).triple, INFERRED)), {"inferred"}),
    "a triple of the union is gone": (lambda q: q.remove(first(q, UNION)), {"union"}),
    "another is in the union": (lambda q: q.add(Quad(A, B, A, UNION)), {"union"}),
    "another premise": (lambda q: q.add(Quad(A, B, A, PREMISES)), {"premises"}),
    "two commits are said": (say_two_commits, {"notes"}),
    "the union is forgotten": (forget_union, {"notes", "union"}),
}


def test_a_store_whose_id_is_all_digits_is_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One store in forty has such an id, which is no number of a commit."""
    monkeypatch.setattr("secrets.token_hex", lambda size: "4" * (2 * size))
    report = KnowledgeGraph.check(make(tmp_path / "store"))
    assert report.commit.startswith("44444444-")
    assert report.findings == ()


@pytest.mark.parametrize("harm", HARMS)
def test_what_is_derived_is_repaired(store: Path, harm: str) -> None:
    before = content(store)
    spoil, parts = HARMS[harm]
    raw(store, spoil)
    report = KnowledgeGraph.check(store)
    assert {finding.part for finding in report.findings} - {"columns"} == parts
    assert report.in_order
    assert content(store) == before
    with KnowledgeGraph.open(store) as kg:
        assert kg.commit == report.commit
        assert kg.query("ASK { <urn:mia> a <urn:Animal> . <urn:tom> <urn:age> 3 }").answer
    if len(parts) > 1:
        assert KnowledgeGraph.check(store).findings == ()


def test_a_store_in_order_is_left_as_it_is(store: Path) -> None:
    def files() -> dict[str, bytes]:
        return {f.name: f.read_bytes() for f in (generation(store) / "quads").iterdir() if f.is_file()}

    before = files(), content(store)
    report = KnowledgeGraph.check(store)
    assert report.as_json() == {
        "inOrder": True,
        "commit": report.commit,
        "format": 1,
        "quads": report.quads,
        "repairs": True,
        "findings": [],
    }
    assert (files(), content(store)) == before


def test_a_union_beside_a_large_source(tmp_path: Path) -> None:
    lines = "".join(f"<urn:s{n}> <urn:p> <urn:o{n % 7}> .\n" for n in range(20_001))
    (tmp_path / "large.nt").write_text(lines)
    (tmp_path / "small.nt").write_text("<urn:s1> <urn:p> <urn:o1> .\n<urn:s1> <urn:q> <urn:o1> .\n")
    store = tmp_path / "store"
    with KnowledgeGraph.open(store, write=True, create=True, engine="none") as kg:
        kg.load(sources_of_files([str(tmp_path / "large.nt")]))
        kg.load(sources_of_files([str(tmp_path / "small.nt")]))
    large = NamedNode("urn:kgtool:source:large.nt")

    def spoil(quads: Store) -> None:
        assert note(quads, "unionKept").object == large
        quads.add(Quad(*first(quads, large).triple, UNION))
        quads.remove(Quad(NamedNode("urn:s1"), NamedNode("urn:q"), NamedNode("urn:o1"), UNION))

    raw(store, spoil)
    [finding] = KnowledgeGraph.check(store).findings
    assert (finding.part, finding.count, finding.repaired) == ("union", 2, True)
    assert KnowledgeGraph.check(store).findings == ()


@pytest.mark.parametrize("harm", ["flip", "truncate", "delete"])
def test_tables_that_are_damaged_are_said_and_nothing_is_changed(store: Path, harm: str) -> None:
    tables = sorted((generation(store) / "quads").glob("*.sst"), key=lambda file: file.stat().st_size)
    table = tables[-1]
    if harm == "flip":
        for file in tables:  # a table that is no longer in use may lie there still
            flip(file, 0.1)
    elif harm == "truncate":
        table.write_bytes(table.read_bytes()[:-40])
    else:
        table.unlink()
    before = {f.name: f.stat().st_size for f in (generation(store) / "quads").iterdir()}
    with pytest.raises(StoreDamagedError) as caught:
        KnowledgeGraph.check(store)
    assert "restore a backup" in str(caught.value)
    assert {f.name: f.stat().st_size for f in (generation(store) / "quads").iterdir()} == before


# Where there are no columns, nothing tells a log that was cut from that of a killed process: no such case for "none".
@pytest.mark.parametrize(
    ("harm", "engine"), [("flip", "datalog"), ("flip", "none"), ("truncate", "datalog"), ("delete", "datalog")]
)
def test_a_damaged_log_which_oxigraph_passes_over_is_said(tmp_path: Path, harm: str, engine: str) -> None:
    store = make(tmp_path / "store", engine=engine)
    log = max((generation(store) / "quads").glob("*.log"), key=lambda file: file.stat().st_size)
    if harm == "flip":
        flip(log)
    elif harm == "truncate":
        log.write_bytes(log.read_bytes()[: log.stat().st_size // 2])
    else:
        log.unlink()
    with pytest.raises(StoreDamagedError, match=r"had come to|its log"):
        KnowledgeGraph.check(store)


def test_a_log_that_a_killed_process_did_not_end_is_in_order(store: Path) -> None:
    with KnowledgeGraph.open(store, write=True) as kg:
        kg.update("INSERT DATA { <urn:late> a <urn:Cat> }")
    log = max((generation(store) / "quads").glob("*.log"), key=lambda file: file.stat().st_size)
    with log.open("ab") as file:
        file.write(log.read_bytes()[:60])
    assert KnowledgeGraph.check(store).findings == ()


@pytest.mark.parametrize("harm", ["rows", "file"])
def test_columns_that_are_not_those_of_the_store_are_made_again(store: Path, harm: str) -> None:
    KnowledgeGraph.check(store)  # brings them up to date
    file = generation(store) / "columns" / "graph.duckdb"
    if harm == "file":
        file.write_bytes(b"not a database")
    else:
        with duckdb.connect(str(file)) as columns:
            columns.execute("DELETE FROM inferred")
    [finding] = KnowledgeGraph.check(store).findings
    assert finding.part == "columns"
    assert not file.exists()
    assert KnowledgeGraph.check(store).findings == ()


def leave(store: Path) -> None:
    """Leave what killed processes leave."""
    for name in ("rehearsal-x/quads", "load-x", "import-x", "columns/spill-x"):
        (generation(store) / name).mkdir(parents=True)
    (store / "generations" / "unfinished" / "quads").mkdir(parents=True)
    (store / "snapshots" / "staging-x").mkdir(parents=True)
    (store / "CURRENT.new").touch()
    shutil.copytree(generation(store) / "quads", store / "snapshots" / "000000000001")


@pytest.mark.parametrize("by", ["check", "opening"])
def test_what_killed_processes_left_is_removed(store: Path, by: str) -> None:
    before = names(store), names(generation(store)), content(store)
    leave(store)
    if by == "check":
        [finding] = KnowledgeGraph.check(store).findings
        assert (finding.part, finding.count, finding.repaired) == ("leftovers", 8, True)
    else:
        KnowledgeGraph.open(store, write=True).close()
    assert (names(store) - {"snapshots"}, names(generation(store)), content(store)) == before
    assert names(store / "snapshots") == set()
    assert names(store / "generations") == {generation(store).name}


def test_beside_a_writer_nothing_is_repaired(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgtool.store.folder._WRITER_WAIT", 0.1)
    raw(store, lambda quads: quads.remove(first(quads, INFERRED)))
    with KnowledgeGraph.open(store, write=True):
        report = KnowledgeGraph.check(store)
        assert [(f.part, f.repaired) for f in report.findings] == [("inferred", False)]
        assert not report.in_order
        with pytest.raises(StoreLockedError):
            KnowledgeGraph.check(store, upgrade=True)
    assert [f.repaired for f in KnowledgeGraph.check(store).findings if f.part == "inferred"] == [True]


def test_no_store_and_half_a_store(store: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        KnowledgeGraph.check(tmp_path / "absent")
    (store / "CURRENT").unlink()
    with pytest.raises(StoreDamagedError, match="CURRENT"):
        KnowledgeGraph.check(store)


def renumber(store: Path, number: object) -> None:
    notes = generation(store) / "kgtool.json"
    notes.write_text(json.dumps({**json.loads(notes.read_text()), "format": number}))


def test_a_newer_format_is_refused_and_an_older_one_upgraded(store: Path) -> None:
    before = content(store)
    renumber(store, 2)
    for upgrading in (False, True):
        with pytest.raises(StoreVersionError, match="format 2"):
            KnowledgeGraph.check(store, upgrade=upgrading)
    renumber(store, -1)
    with pytest.raises(StoreVersionError, match="build it again"):
        KnowledgeGraph.check(store, upgrade=True)
    old = generation(store)
    seen = []
    assert upgrade(StoreFolder(store), {-1: seen.append, 0: seen.append}) == -1
    assert seen == [generation(store)] * 2
    assert not old.exists()
    assert content(store) == before
    report = KnowledgeGraph.check(store, upgrade=True)
    assert (report.format, report.findings) == (1, ())
