"""A closure from scratch, of a store as it is."""

from __future__ import annotations

from kgtool.reasoning.engine import Engine
from kgtool.store.change import delta
from kgtool.store.layout import State, count
from kgtool.transactions import commits
from kgtool.transactions.opening import Opened
from kgtool.transactions.progress import Progress
from kgtool.transactions.reports import STAGES, ReasonReport, Stopwatch
from kgtool.vocabulary import INFERRED


def reason(
    opened: Opened, state: State, engine: Engine, name: str | None, progress: Progress | None
) -> tuple[ReasonReport, State]:
    """Compute the closure from scratch, and write how it differs from the stored one. Gives the state after it, too.

    :param name: the engine's name, if the store is to keep it.
    """
    watch = Stopwatch()
    after = commits.commit(opened.store, state, engine, delta(), watch, anew=True, progress=progress).state
    if name is not None:
        opened.folder.write_notes(opened.generation, {"engine": name})
    report = ReasonReport(
        asserted=count(opened.store, *after.asserted_graphs),
        inferred=count(opened.store, INFERRED),
        engine=engine.name,
        seconds=watch.seconds(*STAGES),
        commit=after.name,
    )
    return report, after
