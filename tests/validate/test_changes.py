"""What is found in a change is what checking a copy of everything finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtool.store.interface import QuadStore
from kgtool.store.layout import State, read_state
from kgtool.transactions.commits import Prepared, examine, write
from kgtool.validate import Report

from .changes import Step, closure_and_asserted, mentioned, prepared, steps
from .oracle import check_slowly
from .packaged import SHAPES
from .stores import empty_store


def slowly(store: QuadStore, state: State, change: Prepared, *, touched_only: bool) -> Report:
    closure, asserted = closure_and_asserted(store, state, change)
    return check_slowly(closure, asserted, SHAPES, mentioned(change) if touched_only else None)


@pytest.mark.parametrize("hubs", [False, True])
def test_a_change_is_found_what_a_copy_is_found(hubs: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if hubs:  # every node counts as one that says much
        monkeypatch.setattr("kgtool.validate.graphs._FEW", 0)
        monkeypatch.setattr("kgtool.store.looked_up._MOST", 1)

    @settings(max_examples=15)
    @given(steps(5, 30), st.lists(steps(1, 6), min_size=1, max_size=5))
    def run(first: Step, later: list[Step]) -> None:
        compare(first, later)

    run()


def compare(first: Step, later: list[Step]) -> None:
    with empty_store() as store:
        state = read_state(store)
        state = write(store, state, prepared(store, state, first), ())
        for step in later:
            change = prepared(store, state, step)
            if step.examined:
                assert examine(store, state, change, SHAPES) == slowly(store, state, change, touched_only=True)
            if step.committed or not step.examined:
                state = write(store, state, change, ())
        whole = examine(store, state, change, SHAPES, touched_only=False)
        assert whole == slowly(store, state, change, touched_only=False)
