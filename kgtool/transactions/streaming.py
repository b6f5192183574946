"""A first load in one pass: parse, encode, reason and write, without an object for each statement.

What the parser reads is handed on as lines of text: to the store, which fills itself meanwhile, and to files that the
engine makes its columns of. When all is read, the closure is computed, and goes the same way. The store keeps all of
it, or nothing.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from kgtool.ingest import TRIPLES_ONLY, DoubtError, Source, copy_lines, copy_on_trust, may_be_trusted
from kgtool.reasoning.datalog_engine import DatalogEngine
from kgtool.reasoning.engine import Engine, NoEngine
from kgtool.store import layout
from kgtool.store.interface import Filler, QuadStore
from kgtool.transactions.interruption import held_back
from kgtool.transactions.progress import Progress, of_rounds
from kgtool.transactions.provenance import of_load
from kgtool.transactions.reports import Stopwatch
from kgtool.vocabulary import INFERRED

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from kgtool.reasoning.columns.first import FirstClosure

_BUFFER: Final = 1 << 20
#: Bytes of sources from which on a load with shapes goes in one pass: below, a change in memory is as quick. The
#: packaged data are above it: 40,000 statements were built in 6 s instead of 18 (two busy cores, 2026-11-26).
LARGE: Final = 1 << 20
#: Formats whose text is about as long as the lines that are made of it.
_LINES: Final = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)


@dataclass(frozen=True)
class Streamed:
    """What went into the store: statements read by source name, distinct quads of sources, and what follows.

    :param warnings: what was found in it and does not refuse it.
    """

    read: dict[str, int]
    added: int
    inferred: int
    warnings: int = 0


def may_stream(sources: Sequence[Source], state: layout.State, engine: Engine, shapes: Path) -> bool:
    """Tell whether sources may go from parser to disk in one pass.

    Into an empty store. With shapes to check, if they are large; what is compressed is at least as large as its file,
    and a stream may be short. Without the engine's columns, only without shapes, and only triples of a single graph, as
    nothing tells then which of them several graphs share.
    """
    if state.commit:
        return False
    if isinstance(engine, DatalogEngine):
        return not shapes.is_file() or sum(map(_bytes_of, sources)) >= LARGE
    return isinstance(engine, NoEngine) and not shapes.is_file() and len(sources) == 1 and _holds_triples(sources[0])


def _holds_triples(source: Source) -> bool:
    return source.format in TRIPLES_ONLY


def _bytes_of(source: Source) -> int:
    return source.path.stat().st_size if source.path is not None and source.path.is_file() else 0


def stream(
    sources: Sequence[Source],
    store: QuadStore,
    state: layout.State,
    engine: Engine,
    watch: Stopwatch,
    *,
    examine: Callable[[FirstClosure], int],
    workplace: Path,
    progress: Progress | None,
    midnights: bool = False,
) -> Streamed:
    """Fill an empty store from sources.

    :param examine: looks at the closure before anything is written for good; raises an error to refuse it, and gives
        the number of warnings.
    :param midnights: let it see those that are written as 24:00, which the store makes the next day.
    :param workplace: a folder on the store's file system, for what is on its way.
    :raises InputError: if a source cannot be read.
    :raises StoreError, LimitError: if it cannot be written, or does not fit; the store is then as before.
    """
    for trusting in (isinstance(engine, DatalogEngine) and any(map(may_be_trusted, sources)), False):
        reading = _Reading(trusting, midnights)
        with suppress(DoubtError):
            return _streamed(sources, store, state, engine, watch, reading, examine, workplace, progress)
    raise AssertionError("sources are doubted only where they were trusted")


@dataclass(frozen=True)
class _Reading:
    """How sources are read.

    :param trusting: whether to check what can be trusted by its distinct terms only.
    :param midnights: whether those that are written as 24:00 are left so for those who examine.
    """

    trusting: bool
    midnights: bool


def _streamed(
    sources: Sequence[Source],
    store: QuadStore,
    state: layout.State,
    engine: Engine,
    watch: Stopwatch,
    reading: _Reading,
    examine: Callable[[FirstClosure], int],
    workplace: Path,
    progress: Progress | None,
) -> Streamed:
    """Fill an empty store from sources.

    :raises DoubtError: if that was trusted which should not have been; the store is then as before.
    """
    tell = progress or (lambda stage, amount: None)
    with tempfile.TemporaryDirectory(prefix="load-", dir=workplace) as work, store.filling(_size(sources)) as filler:
        with watch.stage("read"):
            keep = Path(work) if isinstance(engine, DatalogEngine) else None
            counts, lines = _read(sources, filler, keep, reading.trusting, progress)
            filler.send()
        notes = of_load(sources, counts, state.store_id, state.commit + 1)
        read = sum(counts.values())
        if not isinstance(engine, DatalogEngine):
            with watch.stage("write"):
                _finish(filler, layout.first_notes(state, notes, union=False))
                return Streamed(counts, layout.count(store, sources[0].graph), 0)
        tell("encode", read)
        begin = partial(_begin_with, filler, Path(work))
        examined = _examined(lines, engine, watch, reading, begin, examine, progress)
        with examined as (closure, warnings), watch.stage("write"):
            tell("write", read + closure.inferred)
            notes = layout.first_notes(state, notes, union=closure.several)
            _finish(filler, [*closure.premises.added, *notes])
            closure.keep(layout.read_state(store).name)
        return Streamed(counts, closure.added, closure.inferred, warnings)


@contextmanager
def _examined(
    lines: Sequence[tuple[Path, str | None]],
    engine: DatalogEngine,
    watch: Stopwatch,
    reading: _Reading,
    begin: Callable[[FirstClosure], None],
    examine: Callable[[FirstClosure], int],
    progress: Progress | None,
) -> Iterator[tuple[FirstClosure, int]]:
    """Give the closure of lines, and the number of warnings; it is there for good if the block succeeds.

    :param begin: begins to write the closure, which goes on while it is examined; what is refused is taken back.
    :raises DoubtError: if that was trusted which should not have been.
    """
    tell = progress or (lambda stage, amount: None)
    for midnights in (reading.midnights, False):
        with suppress(_UnsettledError), ExitStack() as columns:
            with watch.stage("read"):
                closure = columns.enter_context(engine.first(lines))
                if reading.trusting and closure.has_odd_terms():
                    raise DoubtError
                unsettled = midnights and closure.has_midnights()
                closure.encode(midnights=unsettled)
            with watch.stage("reason"):
                closure.close_it(engine.files, of_rounds(progress))
            if not unsettled:
                with watch.stage("write"):
                    begin(closure)
            with watch.stage("validate"):
                tell("validate", 0)
                warnings = examine(closure)
                if unsettled:
                    raise _UnsettledError
            yield closure, warnings
            return


class _UnsettledError(Exception):
    """A closure was examined and is in order, but it is not that of what the store will hold."""


def _size(sources: Sequence[Source]) -> int | None:
    """Say how many bytes of lines sources will be; None where that is not known before they are read."""
    if any(s.path is None or s.compression or s.format not in _LINES for s in sources):
        return None
    return sum(map(_bytes_of, sources))


def _read(
    sources: Sequence[Source], filler: Filler, keep: Path | None, trusting: bool, progress: Progress | None
) -> tuple[dict[str, int], list[tuple[Path, str | None]]]:
    """Copy sources into the store, and into files of a folder if they are to be kept.

    :returns: statements by source name; the files, each with the graph of its lines, None where they say it themselves.
    """
    counts: dict[str, int] = {}
    lines: list[tuple[Path, str | None]] = []
    for number, source in enumerate(sources):
        graph = source.graph if source.format in TRIPLES_ONLY else None
        tell = partial(progress, f"read {source.name}") if progress else None
        with ExitStack() as files:
            also = None
            if keep is not None:
                lines.append((keep / f"{number}.lines", str(graph) if graph is not None else None))
                also = files.enter_context(lines[-1][0].open("wb", buffering=0))
            with io.BufferedWriter(_Lines(filler, graph, also), _BUFFER) as output:
                copy = copy_on_trust if trusting and may_be_trusted(source) else copy_lines
                read = copy(source, output, progress=tell)
        counts[source.name] = counts.get(source.name, 0) + read
    return counts, lines


def _begin_with(filler: Filler, work: Path, closure: FirstClosure) -> None:
    """Let what follows, and the union if there is to be one, go into the store from files in a folder."""
    closure.keep_it()
    closure.write_inferred(work / "inferred")
    filler.add_file(work / "inferred", INFERRED)
    if closure.several:
        closure.write_union(work / "union")
        filler.add_file(work / "union", None)


def _finish(filler: Filler, quads: Sequence[Quad]) -> None:
    """Add the last quads, and end well: a Ctrl-C that comes meanwhile waits for it."""
    with held_back():
        filler.add(serialize(quads, format=RdfFormat.N_QUADS) or b"", None)
        filler.finish()


class _Lines(io.RawIOBase):
    """Passes whole lines on, to the store and to a file.

    :param graph: the graph of N-Triples; None for N-Quads.
    """

    def __init__(self, filler: Filler, graph: NamedNode | None, also: IO[bytes] | None) -> None:
        self._filler = filler
        self._graph = graph
        self._also = also
        self._rest = b""

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        """Pass on the lines that are whole now."""
        text = self._rest + bytes(data)
        whole = text.rfind(b"\n") + 1
        self._rest, lines = text[whole:], text[:whole]
        if self._also is not None:
            self._also.write(lines)
        self._filler.add(lines, self._graph)
        return len(memoryview(data))
