"""A large load into a store that holds data: all of it goes, in one pass, into a generation in the place of the old.

A change follows from the change alone, at about a millisecond a quad; one pass takes a twentieth of that for each quad,
old or new. So what is large beside the store is quicker from scratch.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from kgtool.ingest import Source
from kgtool.reasoning.datalog_engine import DatalogEngine
from kgtool.reasoning.engine import Engine
from kgtool.store import layout
from kgtool.store.archive import sync_tree
from kgtool.store.interface import SourceName
from kgtool.store.oxigraph import OxigraphStore
from kgtool.transactions.interruption import held_back
from kgtool.transactions.opening import Opened
from kgtool.transactions.progress import Progress
from kgtool.transactions.provenance import activity
from kgtool.transactions.reports import Stopwatch
from kgtool.transactions.streaming import Streamed, stream
from kgtool.vocabulary import PROVENANCE

if TYPE_CHECKING:
    from kgtool.reasoning.columns.first import FirstClosure

#: Bytes of sources below which a change is never made from scratch.
SMALLEST: Final = 2 << 20
#: Bytes of a source for each quad of it, at most.
_BYTES_A_QUAD: Final = 130
#: How many quads go from scratch in the time of one by change.
_RATIO: Final = 12
_HELD: Final = RdfFormat.N_QUADS


def is_large(sources: Sequence[Source], opened: Opened, state: layout.State, engine: Engine) -> bool:
    """Tell whether sources are so large beside what a store holds that all of it is better made anew.

    Not for the writer of a service, whose readers hold on to the generation; not where people were forgotten, as each
    statement is then held against the list.
    """
    if not isinstance(engine, DatalogEngine) or opened.stop_list:
        return False
    if any(source.path is None or not source.path.is_file() for source in sources):
        return False
    size = sum(source.path.stat().st_size for source in sources if source.path is not None)
    most = size // _BYTES_A_QUAD * _RATIO
    return size >= SMALLEST and sum(layout.count(opened.store, name) for name in state.sources) < most


def load_anew(
    sources: Sequence[Source],
    opened: Opened,
    state: layout.State,
    watch: Stopwatch,
    *,
    without: Collection[SourceName] = (),
    examine: Callable[[FirstClosure], int],
    progress: Progress | None,
) -> tuple[Streamed, int, Opened]:
    """Fill a generation with what a store holds and what sources bring, and put it in the place of the one in use.

    :param without: source graphs that go.
    :param examine: as for :func:`kgtool.transactions.streaming.stream`.
    :returns: what was done; how many of the quads there are now were there before; the store, opened anew. The old one
        is still open, and its files are gone.
    :raises InputError: if a source cannot be read; the old generation stays in use, here and in the errors below.
    :raises RefusedError: if ``examine`` refuses what follows.
    :raises StoreError: if it cannot be written.
    """
    old = opened.generation
    with ExitStack() as switching, ExitStack() as undo, opened.folder.new_generation() as generation:
        shutil.copyfile(old / "kgtool.json", generation / "kgtool.json")
        if (old / "ontology").is_dir():
            shutil.copytree(old / "ontology", generation / "ontology", copy_function=shutil.copyfile)
        sync_tree(generation)  # RocksDB does so for its own files
        fresh = replace(
            opened, generation=generation, store=OxigraphStore(generation / "quads"), fresh=False, brings=()
        )
        undo.callback(fresh.store.close)
        later = replace(state, store_id=state.next_id or state.store_id, next_id=None, sources=(), union=None)
        with tempfile.TemporaryDirectory(prefix="load-", dir=generation) as work:
            kept = Source("", NamedNode("urn:kgtool:default"), _HELD, None, Path(work) / "kept.nq")
            with watch.stage("read"):
                held = _write_held(opened, [name for name in state.sources if name not in without], kept)
            done = stream(
                [*sources, kept] if held else sources,
                fresh.store,
                later,
                fresh.engine,
                watch,
                examine=examine,
                workplace=generation,
                progress=progress,
                midnights=True,
            )
        switching.enter_context(held_back())
        unsaid = activity(later.store_id, later.commit + 1, len(sources))  # what was held was not loaded now
        said = [quad for quad in fresh.store.quads(graph=PROVENANCE) if quad.subject == unsaid]
        fresh.store.apply(list(opened.store.quads(graph=PROVENANCE)), said)
        held += sum(_holds(fresh, quad) for name in without for quad in opened.store.quads(graph=name))
        undo.pop_all()
    return done, held, fresh


def _holds(opened: Opened, quad: Quad) -> bool:
    subject, value = quad.subject, quad.object
    if isinstance(subject, Triple) or isinstance(value, Triple):
        return False  # the store refuses triple terms
    return next(iter(opened.store.quads(subject, quad.predicate, value, quad.graph_name)), None) is not None


def _write_held(opened: Opened, names: Sequence[SourceName], target: Source) -> int:
    """Write the quads of source graphs as lines; give how many they are."""
    assert target.path is not None
    count = 0
    with target.path.open("wb") as file:
        for name in names:
            some: list[Quad] = []
            for quad in opened.store.quads(graph=name):
                some.append(quad)
                if len(some) == 10_000:
                    count += len(some)
                    serialize(some, file, _HELD)
                    some = []
            count += len(some)
            serialize(some, file, _HELD)
    return count
