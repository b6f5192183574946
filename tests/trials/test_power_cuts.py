"""A simulated power cut at any moment of writing: every acknowledged write is there afterwards.

What is simulated. A library that is loaded into every process of the service notes each successful fsync, fdatasync,
sync, syncfs and msync: the length that the file had before the call, or the names that stood in the folder. At a random
moment all processes are killed, and the store's folder loses what was not noted by then:

- ``cut``: every file ends where it was last synced, one that never was is empty, and a name that was not in its folder
  when that was last synced is gone with what is below it, even if the file itself was synced (POSIX promises no more);
- ``zeros``: lengths and names stay, and what was not synced reads as zeros (a file system that writes lengths first);
- ``mixed``: each file and each name fares on its own: kept, cut, zeros, or a part of what was not synced.

What was there before the service started counts as synced.

What is not simulated: bytes that are overwritten in place after a sync (they are taken as written; RocksDB only
appends); renames and removals are taken as done in order and for good, so a removed file never comes back, and a name
that was synced keeps its newest file; sync_file_range counts as nothing, as it promises nothing; files opened with
O_SYNC count as not synced; torn sectors, and disks that lie.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kgtool.graph import KnowledgeGraph
from tests.trials.power import compiled, cut_power, whole
from tests.trials.processes import family, kill
from tests.trials.services import ROOT, Service
from tests.trials.stores import make_store, write_once
from tests.trials.verifying import verify, verify_closure
from tests.trials.writers import COUNTER, LEFT, Ledger, Writers

LOSSES = ("cut", "zeros", "mixed")
#: So many quads go into the store by another way than a few do.
MANY = 21_000


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(tmp_path_factory.mktemp("library"))


def noting(library: Path, root: Path, log: Path) -> dict[str, str]:
    return {"LD_PRELOAD": str(library), "POWER_CUT_ROOT": str(root), "POWER_CUT_LOG": str(log)}


def rounds(
    number: int, loss: str, place: Path, library: Path, chance: random.Random, service: Callable[..., Service]
) -> None:
    """Write, cut the power, look whether all is there, so often on one store."""
    store = make_store(place / "store")
    write_once(store, COUNTER)
    ledger, lost = Ledger(), 0
    with_many = {turn for turn in range(number) if turn % 4 == 1 and (loss == "mixed" or number > 2)}
    for turn in range(number):
        synced, log = whole(store), place / f"synced-{turn}"
        writing = service(store, **noting(library, store, log))
        puts = writing("GET", "/graphs?default").status != 404
        with Writers(writing, ledger, chance, count=chance.randint(4, 8), packaged=False, puts=puts):
            time.sleep(chance.uniform(0.1, 0.9))
            if turn in with_many:
                _insert_many(writing, turn)
                time.sleep(chance.uniform(0, 0.3))
            writing.kill("group")
        synced.read(log)
        assert log.stat().st_size > 0, "nothing was synced: the library is not at work"
        lost += cut_power(store, synced, loss, chance)
        again = service(store)
        verify(again, ledger)
        many = again.rows(f"SELECT ?t (COUNT(?x) AS ?n) {{ GRAPH <{LEFT}> {{ ?x <urn:many> ?t }} }} GROUP BY ?t")
        assert {row["n"] for row in many} <= {str(MANY)}
        assert {int(row["t"]) for row in many} == {done for done in with_many if done <= turn}
        again.stop()
        if turn in (1, number - 1):
            verify_closure(store)
    assert lost > 0, "nothing was lost: the cuts tried nothing"


def _insert_many(service: Service, turn: int) -> None:
    triples = " ".join(f"<urn:x:{turn}/{n}> <urn:many> {turn} ." for n in range(MANY))
    answer = service.update(f"INSERT DATA {{ GRAPH <{LEFT}> {{ {triples} }} }}")
    assert answer.status == 200, answer.body[:500]


@pytest.mark.parametrize("loss", LOSSES)
def test_power_cuts_lose_nothing(
    loss: str, tmp_path: Path, library: Path, chance: random.Random, service: Callable[..., Service]
) -> None:
    rounds(2 if loss == "mixed" else 1, loss, tmp_path, library, chance, service)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("loss", LOSSES)
def test_many_power_cuts_lose_nothing(
    part: int, loss: str, tmp_path: Path, library: Path, chance: random.Random, service: Callable[..., Service]
) -> None:
    rounds(25, loss, tmp_path, library, chance, service)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_load_that_has_ended_well_is_on_the_disk(
    loss: str, tmp_path: Path, library: Path, chance: random.Random
) -> None:
    """The store is made by the command itself, so its own name must be brought to the disk too."""
    place, log, file = tmp_path / "place", tmp_path / "synced", tmp_path / "new.nt"
    place.mkdir()
    synced = whole(place)
    generations = []
    # one that makes the store, one that adds to it, one so large that the store is made anew
    for turn, lines in enumerate((3000, 3000, 60_000)):
        file.write_text("".join(f"<urn:x:{turn}/{n}> <urn:x:p> <urn:x:{n}> .\n" for n in range(lines)))
        command = [sys.executable, "-m", "kgtool", "--store", str(place / "store"), "load", str(file)]
        graph = ["--graph", f"urn:g:{turn}"]
        environ = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **noting(library, place, log)}
        process = subprocess.Popen([*command, *graph], env=environ, stderr=subprocess.PIPE)
        told = process.communicate(timeout=120)[1]
        assert process.returncode == 0, told
        kill(family(process.pid) - {process.pid})
        synced.read(log)
        cut_power(place, synced, loss, chance)
        with KnowledgeGraph.open(place / "store") as graph_of_store:
            (row,) = graph_of_store.query("SELECT (COUNT(*) AS ?n) { ?x <urn:x:p> ?y }").solutions()
            assert int(row[0].value) == (3000, 6000, 66_000)[turn]
        generations.append((place / "store" / "CURRENT").read_text())
        synced = whole(place)
        log.unlink()
    assert generations[0] == generations[1] != generations[2]
