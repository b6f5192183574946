"""A process killed while it forgets: the person is in the store as before, or gone; doing it again completes it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kgtool import KnowledgeGraph

from .killing import killed_at, steps_of
from .people import files_with, forget, naming, statements


def look(step: int, made: Path, folder: Path, before: set[object]) -> str:
    """Kill a forgetting at a step, look at what is there, and let it be completed.

    Where the person is gone from the graph and not yet from the files, it is enough to open the store for writing.
    """
    store = shutil.copytree(made, folder / f"store-{step}")
    if not killed_at(step, store):
        return "never"
    found = statements(store)
    moment = "before" if found == before else "between" if files_with(store) else "after"
    if moment == "between":
        assert naming(found) == [], step
        with KnowledgeGraph.open(store, write=True):
            pass
    else:
        forget(store)
    assert files_with(store) == [], step
    assert naming(statements(store)) == [], step
    assert KnowledgeGraph.check(store).in_order, step
    shutil.rmtree(store)
    return moment


def test_whenever_it_is_killed_it_is_whole_or_not_at_all(made: Path, tmp_path: Path) -> None:
    before: set[object] = set(statements(made))
    count = steps_of(shutil.copytree(made, tmp_path / "counted"))
    moments = [look(step, made, tmp_path, before) for step in (1, 3, count // 2, count - 2)]
    assert (moments[0], moments[-1]) == ("before", "between")


@pytest.mark.long
def test_at_each_step_it_is_whole_or_not_at_all(made: Path, tmp_path: Path) -> None:
    before: set[object] = set(statements(made))
    count = steps_of(shutil.copytree(made, tmp_path / "counted"))
    moments = [look(step, made, tmp_path, before) for step in range(count)]
    assert list(dict.fromkeys(moments))[:2] == ["before", "between"]
    assert "never" not in moments
