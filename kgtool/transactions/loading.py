"""Sources on their way into a store: in one pass if it is empty, else as a change of it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from kgtool.ingest import TRIPLES_ONLY, Source, read_quads
from kgtool.reasoning.datalog_engine import DatalogEngine
from kgtool.reasoning.engine import Engine
from kgtool.store import layout
from kgtool.store.canonical import canonical_quads
from kgtool.store.change import QuadDelta, delta
from kgtool.store.interface import QuadStore
from kgtool.store.stop_list import StopList
from kgtool.transactions import commits
from kgtool.transactions.anew import is_large, load_anew
from kgtool.transactions.building import SHAPES
from kgtool.transactions.forgetting.leaving_out import columns_hold_some, left_of
from kgtool.transactions.forgetting.rules import Rules, rules_of
from kgtool.transactions.opening import Opened
from kgtool.transactions.progress import Progress
from kgtool.transactions.provenance import of_load
from kgtool.transactions.reports import STAGES, LoadReport, Stopwatch
from kgtool.transactions.rewriting import mark
from kgtool.transactions.streaming import may_stream, stream
from kgtool.vocabulary import INFERRED

if TYPE_CHECKING:
    from kgtool.reasoning.columns.first import FirstClosure


def load(
    sources: Sequence[Source],
    opened: Opened,
    state: layout.State,
    engine: Engine,
    *,
    replace: bool = False,
    allow_inconsistent: bool = False,
    checked: Container[str] = (),
    anew: bool = False,
    progress: Progress | None = None,
) -> tuple[LoadReport, layout.State, Opened]:
    """Add sources with their consequences: all of them, or nothing.

    :param replace: what the graphs that the sources name held before goes.
    :param checked: shapes, by IRI, to which the sources are known to conform; a first load does without them.
    :param anew: whether the store may be made anew, if the sources are large beside it.
    :returns: what was done, the state of the store after it, and the store: another one if it was made anew.
    :raises InputError: if one cannot be read.
    :raises RefusedError: if validation refuses the result.
    """
    watch = Stopwatch()
    incoming = [*(opened.brings if state.commit == 0 else ()), *sources]
    shapes = opened.ontology / SHAPES
    warnings = 0
    left_out = 0
    stop_list = opened.stop_list
    done = None
    held = 0
    place = opened.generation
    examine = partial(
        commits.examine_first,
        shapes=shapes,
        workplace=place,
        allow_inconsistent=allow_inconsistent,
        checked=checked,
    )
    replaced = {source.graph for source in sources} if replace else set()
    known = not replace or all(source.format in TRIPLES_ONLY for source in sources)
    if anew and known and state.commit and is_large(incoming, opened, state, engine):
        done, held, opened = load_anew(
            incoming, opened, state, watch, without=replaced, examine=examine, progress=progress
        )
    elif may_stream(incoming, state, engine, shapes) and _may_be_looked_through(incoming, engine, stop_list):
        with suppress(_SomebodyForgottenError):
            done = stream(
                incoming,
                opened.store,
                state,
                engine,
                watch,
                examine=partial(_examined, examine, stop_list, rules_of(opened.ontology), place),
                workplace=place,
                progress=progress,
                midnights=shapes.is_file(),
            )
    if done is not None:
        counts, added, inferred, after = done.read, done.added - held, done.inferred, layout.read_state(opened.store)
        warnings = done.warnings
    else:
        with watch.stage("read"):
            counts, change = read_change(incoming, opened.store, replace=replace, progress=progress)
            change, left_out = keep_out(change, opened, stop_list)
        committed = commits.commit(
            opened.store,
            state,
            engine,
            change,
            watch,
            shapes=shapes,
            notes=of_load(incoming, counts, state.next_id or state.store_id, state.commit + 1),
            allow_inconsistent=allow_inconsistent,
            progress=progress,
        )
        added, warnings, after = len(committed.prepared.change.added), len(committed.report.findings), committed.state
        inferred = layout.count(opened.store, INFERRED)
    read = sum(counts[source.name] for source in sources)
    return LoadReport(read, added, inferred, watch.seconds(*STAGES), after.name, warnings, left_out), after, opened


def keep_out(change: QuadDelta, opened: Opened, stop_list: StopList) -> tuple[QuadDelta, int]:
    """Leave those who were forgotten out of a change.

    :returns: what is left of it, and how many statements were left out.
    """
    if not stop_list:
        return change, 0
    kept = left_of(change, opened.store, stop_list, rules_of(opened.ontology))
    if kept.erases:
        mark(opened.generation)
    return kept.change, kept.left_out


class _SomebodyForgottenError(Exception):
    """What is being loaded in one pass may name somebody who was forgotten; it has to be looked at as a change."""


def _may_be_looked_through(sources: Sequence[Source], engine: Engine, stop_list: StopList) -> bool:
    """Tell whether a load in one pass would notice who was forgotten, and could be begun again then."""
    return not stop_list or (isinstance(engine, DatalogEngine) and all(s.path is not None for s in sources))


def _examined(
    examine: Callable[[FirstClosure], int],
    stop_list: StopList,
    rules: Rules,
    generation: Path,
    closure: FirstClosure,
) -> int:
    """Validate a closure, unless it names somebody who was forgotten.

    :raises _SomebodyForgottenError: if it may; Oxigraph has seen the names then.
    """
    if stop_list and columns_hold_some(closure, stop_list, rules):
        mark(generation)
        raise _SomebodyForgottenError
    return examine(closure)


def read_all(sources: Sequence[Source], progress: Progress | None = None) -> tuple[dict[str, int], list[Quad]]:
    """Read sources to the end.

    :returns: statements by source name, and the quads as the store will keep them.
    :raises InputError: if one cannot be read.
    """
    counts: dict[str, int] = {}
    quads: list[Quad] = []
    for source in sources:
        before = len(quads)
        quads += _quads_of(source, progress)
        counts[source.name] = counts.get(source.name, 0) + len(quads) - before
    return counts, quads


def read_change(
    sources: Sequence[Source], store: QuadStore, *, replace: bool, progress: Progress | None
) -> tuple[dict[str, int], QuadDelta]:
    """Read sources to the end, as a change of a store.

    :param replace: whether what the graphs that they name hold now goes.
    :returns: statements by source name, and the change.
    :raises InputError: if one cannot be read.
    """
    counts, quads = read_all(sources, progress)
    graphs = {source.graph for source in sources} | {q.graph_name for q in quads} if replace else set()
    return counts, delta(quads, (quad for graph in graphs for quad in store.quads(graph=graph)))


def _quads_of(source: Source, progress: Progress | None) -> Iterator[Quad]:
    tell = partial(progress, f"read {source.name}") if progress else None
    return canonical_quads(read_quads(source, progress=tell))
