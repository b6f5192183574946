"""Reading sources on their way into a store, as a change of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from pyoxigraph import Quad

from kgtool.ingest import Source, read_quads
from kgtool.store.canonical import canonical_quads
from kgtool.store.change import QuadDelta, delta
from kgtool.store.interface import QuadStore
from kgtool.transactions.progress import Progress


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
