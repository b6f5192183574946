"""One writer, readers beside it, whole stores replaced at once, and what is said when a store cannot be used."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from kgtool import (
    ForbiddenError,
    InputError,
    KnowledgeGraph,
    MissingError,
    ParseError,
    RefusedError,
    StoreDamagedError,
    StoreError,
    StoreLockedError,
    StoreVersionError,
)
from kgtool.ingest import Source, sources_of_bytes

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def source(text: str, graph: str = "urn:x:g") -> list[Source]:
    return sources_of_bytes(text.encode(), name=graph, graph=graph, format="ntriples")


def count(kg: KnowledgeGraph) -> int:
    return int(next(iter(kg.query(COUNT).solutions()))[0].value)  # type: ignore[union-attr]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True) as kg:
        kg.load(source("<urn:a> <urn:b> <urn:c> ."))
    return tmp_path / "store"


def test_readers_beside_a_writer_see_the_last_published_commit(store: Path) -> None:
    with KnowledgeGraph.open(store, write=True) as writer:
        with KnowledgeGraph.open(store) as reader:
            assert count(reader) == 1
            writer.update("INSERT DATA { <urn:a> <urn:b> <urn:d> }")
            assert count(reader) == 1
        writer.serve_at("http://localhost:8000")
        writer.update("INSERT DATA { <urn:a> <urn:b> <urn:e> }")
        with KnowledgeGraph.open(store) as later:
            assert later.commit == writer.commit
            assert count(later) == 3
    with KnowledgeGraph.open(store) as alone:
        assert count(alone) == 3
    assert list((store / "snapshots").glob("[0-9]*")) == []


def test_a_second_writer_is_told_who_holds_the_store_and_where_to_send_changes(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kgtool.store.folder._WRITER_WAIT", 0.1)
    with KnowledgeGraph.open(store, write=True) as writer:
        writer.serve_at("http://localhost:8123")
        with pytest.raises(StoreLockedError, match=rf"process {os.getpid()}.*http://localhost:8123/sparql"):
            KnowledgeGraph.open(store, write=True)
        with pytest.raises(StoreLockedError):
            KnowledgeGraph.build(store, [])


def test_readers_share_a_store(store: Path) -> None:
    with KnowledgeGraph.open(store) as one, KnowledgeGraph.open(store) as other:
        assert count(one) == count(other) == 1


def test_reading_does_not_write(store: Path) -> None:
    with KnowledgeGraph.open(store) as reader, pytest.raises(ForbiddenError):
        reader.update("INSERT DATA { <urn:a> <urn:b> 1 }")


def test_a_store_that_was_made_for_nothing_goes_again(tmp_path: Path) -> None:
    with KnowledgeGraph.open(tmp_path / "new", write=True, create=True):
        pass
    assert not (tmp_path / "new").exists()
    with pytest.raises(MissingError, match="kgtool build"):
        KnowledgeGraph.open(tmp_path / "new")


def test_a_failed_build_leaves_the_old_store(store: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "wrong.ttl").write_text("<urn:a> <urn:b> ")
    before = sorted(p.name for p in (store / "generations").iterdir())
    with pytest.raises(ValueError, match=r"wrong\.ttl"):
        KnowledgeGraph.build(store, [bad])
    (bad / "wrong.ttl").write_text(
        "<urn:x:m> <http://www.w3.org/ns/org#member> <urn:x:a>, <urn:x:b> ; "
        "<http://www.w3.org/ns/org#organization> <urn:x:o> ."
    )
    with pytest.raises(RefusedError):
        KnowledgeGraph.build(store, [bad])
    assert sorted(p.name for p in (store / "generations").iterdir()) == before
    with KnowledgeGraph.open(store) as kg:
        assert count(kg) == 1


def test_a_folder_of_other_things_is_not_taken_for_a_store(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(StoreError, match=r"thesis\.tex"):
        KnowledgeGraph.open(tmp_path, write=True, create=True)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


def test_another_format_is_named(store: Path) -> None:
    [generation] = (store / "generations").iterdir()
    notes = json.loads((generation / "kgtool.json").read_text())
    (generation / "kgtool.json").write_text(json.dumps({**notes, "format": 99}))
    with pytest.raises(StoreVersionError, match="format 99"):
        KnowledgeGraph.open(store)


@pytest.mark.parametrize("harm", ["notes", "manifest", "generation"])
def test_damage_is_said(store: Path, harm: str) -> None:
    [generation] = (store / "generations").iterdir()
    if harm == "notes":
        (generation / "kgtool.json").write_text("{")
    elif harm == "manifest":
        for file in (generation / "quads").glob("MANIFEST-*"):
            file.write_bytes(b"not a manifest")
    else:
        generation.rename(store / "elsewhere")
    with pytest.raises(StoreDamagedError):
        KnowledgeGraph.open(store)


CHILD = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from kgtool import KnowledgeGraph
    with KnowledgeGraph.open(Path(sys.argv[1]), write=True) as kg:
        for number in range(1000000):
            kg.update(f"INSERT DATA {{ <urn:s{number}> <urn:p> {number} }}")
            print(number, flush=True)
    """
)


def test_what_was_acknowledged_survives_a_kill(store: Path) -> None:
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(store)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        acknowledged = [int(child.stdout.readline()) for _ in range(40)]
        child.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in child.stdout.read().split()]
        child.wait()
        with KnowledgeGraph.open(store) as kg:
            present = {int(row[0].value) for row in kg.query("SELECT ?n { ?s <urn:p> ?n }").solutions()}  # type: ignore[union-attr]
            assert set(acknowledged) <= present
            assert kg.query(COUNT).kind == "select"
            assert count(kg) == len(present) + 1


def test_a_store_that_is_there_keeps_engine_and_ontology(store: Path) -> None:
    with pytest.raises(InputError, match="another engine than none"):
        KnowledgeGraph.open(store, write=True, create=True, engine="none")
    with pytest.raises(InputError, match="there already"):
        KnowledgeGraph.open(store, write=True, create=True, ontology=True)
    with KnowledgeGraph.open(store, write=True, create=True, engine="datalog") as kg:
        assert count(kg) == 1


def test_a_wrong_rule_is_said_of_the_users_own_file(tmp_path: Path) -> None:
    rules = tmp_path / "region" / "ontology" / "rules"
    rules.mkdir(parents=True)
    (rules / "wrong.rq").write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    with pytest.raises(ParseError) as caught:
        KnowledgeGraph.build(tmp_path / "store", [tmp_path / "region"])
    assert caught.value.where is not None
    assert caught.value.where.file == str(rules / "wrong.rq")


def test_a_first_load_that_was_killed_may_be_tried_again_in_any_way(tmp_path: Path) -> None:
    child = "\n".join(
        (
            "import os, sys; from pathlib import Path; from kgtool import KnowledgeGraph",
            "KnowledgeGraph.open(Path(sys.argv[1]), write=True, create=True)",
            "os.kill(os.getpid(), 9)",
        )
    )
    assert subprocess.run([sys.executable, "-c", child, str(tmp_path / "store")], check=False).returncode == -9
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True, engine="none") as kg:
        kg.load(source("<urn:a> <urn:b> <urn:c> ."))
        assert kg.stats()["engine"] == "none"
        assert count(kg) == 1
