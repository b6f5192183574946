"""Reading sources on their way into a store: into memory, or straight to the disk where nothing else is to be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from pyoxigraph import Quad

from kgtool.ingest import Source, read_quads
from kgtool.reasoning.engine import Engine, NoEngine
from kgtool.store import layout
from kgtool.store.canonical import canonical_quads
from kgtool.store.change import QuadDelta, delta
from kgtool.store.interface import QuadStore
from kgtool.transactions.provenance import of_load

#: Called with the name of a stage and how far it is (bytes read of a file, or 0).
Progress = Callable[[str, int], None]


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


def may_stream(sources: Sequence[Source], state: layout.State, engine: Engine, shapes: Path) -> bool:
    """Tell whether sources may go from parser to disk in one pass.

    One file of triples into an empty store, with nothing to infer and no shapes to check.
    """
    alone = state.commit == 0 and [source.format.supports_datasets for source in sources] == [False]
    return alone and isinstance(engine, NoEngine) and not shapes.is_file()


def stream(source: Source, store: QuadStore, state: layout.State, progress: Progress | None) -> tuple[int, int]:
    """Write one source into an empty store as it is read; nothing is inferred or checked.

    :returns: statements read, and quads added.
    :raises InputError: if it cannot be read; the store is then as before.
    """
    read = 0

    def quads() -> Iterator[Quad]:
        nonlocal read
        for quad in _quads_of(source, progress):
            read += 1
            yield quad
        notes = of_load([source], {source.name: read}, state.store_id, 1)
        added, _ = layout.physical(store, state, delta(), delta(), delta(), notes)
        yield from added

    store.fill(quads())
    return read, layout.count(store, source.graph)


def _quads_of(source: Source, progress: Progress | None) -> Iterator[Quad]:
    tell = partial(progress, f"read {source.name}") if progress else None
    return canonical_quads(read_quads(source, progress=tell))
