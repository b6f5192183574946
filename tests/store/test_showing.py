"""Copies for readers: each holds the quads of its moment, whatever is written before and after it is opened."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kgtool.store import oxigraph
from kgtool.store.oxigraph import OxigraphStore

GRAPHS = [NamedNode(f"urn:g:{number}") for number in range(3)]


def quad(random_: random.Random) -> Quad:
    number = random_.randrange(3000)
    value = Literal("long " * random_.randrange(60) + str(number))
    return Quad(NamedNode(f"urn:s:{number}"), NamedNode(f"urn:p:{number % 7}"), value, random_.choice(GRAPHS))


def shown(folder: Path) -> set[Quad]:
    return set(Store.read_only(str(folder)))


def change(store: OxigraphStore, kept: set[Quad], random_: random.Random, size: int) -> None:
    removed = set(random_.sample(sorted(kept, key=str), min(len(kept), random_.randrange(size))))
    added = {quad(random_) for _ in range(size)} - kept
    store.apply(added, removed)
    kept -= removed
    kept |= added


@pytest.mark.parametrize(("seed", "rounds"), [(1, 25), (2, 25), pytest.param(3, 400, marks=pytest.mark.long)])
def test_a_copy_is_the_store_of_its_moment(
    tmp_path: Path, seed: int, rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables and logs take turns in all ways: few quads stay in logs, more become tables, old logs are used again."""
    random_ = random.Random(seed)
    monkeypatch.setattr(oxigraph, "_MOST_IN_LOGS", 300)
    store, kept = OxigraphStore(tmp_path / "quads"), set[Quad]()
    waiting: list[tuple[Path, set[Quad]]] = []
    for number in range(rounds):
        change(store, kept, random_, random_.choice([1, 3, 20, 150, 400]))
        if random_.random() < 0.1:
            store.fill({quad(random_) for _ in range(2000)} - kept)
            kept = set(store.quads())
        copy = tmp_path / f"copy-{number}"
        store.show_to(copy)
        waiting.append((copy, set(kept)))
        if random_.random() < 0.5:  # a reader may come late
            random_.shuffle(waiting)
            assert all(shown(folder) == expected for folder, expected in waiting[:2])
            del waiting[:2]
    assert all(shown(folder) == expected for folder, expected in waiting)
    store.close()
    assert shown(tmp_path / "quads") == kept


def test_few_quads_are_shown_without_a_table_being_written(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "quads")
    store.fill([quad(random.Random(1))])
    tables = set((tmp_path / "quads").glob("*.sst"))
    store.apply({Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal("o"))}, ())
    store.show_to(tmp_path / "copy")
    assert set((tmp_path / "quads").glob("*.sst")) == tables
    assert {(tmp_path / "copy" / table.name).stat().st_ino for table in tables} == {t.stat().st_ino for t in tables}
    store.close()
