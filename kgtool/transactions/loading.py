"""Sources on their way into a store: in one pass if it is empty, else as a change of it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from functools import partial

from pyoxigraph import Quad

from kgtool.ingest import Source, read_quads
from kgtool.reasoning.engine import Engine
from kgtool.store import layout
from kgtool.store.canonical import canonical_quads
from kgtool.store.change import QuadDelta, delta
from kgtool.store.interface import QuadStore
from kgtool.transactions import commits
from kgtool.transactions.building import SHAPES
from kgtool.transactions.opening import Opened
from kgtool.transactions.progress import Progress
from kgtool.transactions.provenance import of_load
from kgtool.transactions.reports import STAGES, LoadReport, Stopwatch
from kgtool.transactions.streaming import may_stream, stream
from kgtool.vocabulary import INFERRED


def load(
    sources: Sequence[Source],
    opened: Opened,
    state: layout.State,
    engine: Engine,
    *,
    replace: bool = False,
    allow_inconsistent: bool = False,
    checked: Container[str] = (),
    progress: Progress | None = None,
) -> tuple[LoadReport, layout.State]:
    """Add sources with their consequences: all of them, or nothing.

    :param replace: what the graphs that the sources name held before goes.
    :param checked: shapes, by IRI, to which the sources are known to conform; a first load does without them.
    :returns: what was done, and the state of the store after it.
    :raises InputError: if one cannot be read.
    :raises RefusedError: if validation refuses the result.
    """
    watch = Stopwatch()
    incoming = [*(opened.brings if state.commit == 0 else ()), *sources]
    shapes = opened.ontology / SHAPES
    warnings = 0
    if may_stream(incoming, state, engine, shapes):
        place = opened.generation
        examine = partial(
            commits.examine_first,
            shapes=shapes,
            workplace=place,
            allow_inconsistent=allow_inconsistent,
            checked=checked,
        )
        done = stream(
            incoming,
            opened.store,
            state,
            engine,
            watch,
            examine=examine,
            workplace=place,
            progress=progress,
            midnights=shapes.is_file(),
        )
        counts, added, inferred, after = done.read, done.added, done.inferred, layout.read_state(opened.store)
        warnings = done.warnings
    else:
        with watch.stage("read"):
            counts, change = read_change(incoming, opened.store, replace=replace, progress=progress)
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
    return LoadReport(read, added, inferred, watch.seconds(*STAGES), after.name, warnings), after


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
