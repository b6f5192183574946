"""A first load in one pass: parse, encode, reason and write, without an object for each statement.

What the parser reads is copied as lines of text into a pipe, from whose other end the store fills itself, and into
files that the engine makes its columns of. When all is read, the closure is computed, and goes the same way. To the
store it is one transaction: a pipe that ends in a line that is none undoes it.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from pyoxigraph import Quad, RdfFormat, serialize

from kgtool.ingest import TRIPLES_ONLY, Source, copy_lines
from kgtool.reasoning.clash import Clash
from kgtool.reasoning.datalog_engine import DatalogEngine
from kgtool.reasoning.engine import Engine, NoEngine
from kgtool.store import layout
from kgtool.store.interface import QuadStore
from kgtool.transactions.interruption import held_back
from kgtool.transactions.progress import Progress, of_rounds
from kgtool.transactions.provenance import of_load
from kgtool.transactions.reports import Stopwatch

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_BUFFER: Final = 1 << 20
_NO_LINE: Final = b"\0 given up\n"


@dataclass(frozen=True)
class Streamed:
    """What went into the store: statements read by source name, and distinct quads of sources."""

    read: dict[str, int]
    added: int


def may_stream(sources: Sequence[Source], state: layout.State, engine: Engine, shapes: Path) -> bool:
    """Tell whether sources may go from parser to disk in one pass.

    Into an empty store, with no shapes to check; without the engine's columns, only triples of a single graph, as
    nothing tells then which of them several graphs share.
    """
    if state.commit or shapes.is_file():
        return False
    if isinstance(engine, NoEngine):
        return len(sources) == 1 and sources[0].format in TRIPLES_ONLY
    return isinstance(engine, DatalogEngine)


def stream(
    sources: Sequence[Source],
    store: QuadStore,
    state: layout.State,
    engine: Engine,
    watch: Stopwatch,
    *,
    refuse: Callable[[Sequence[Clash]], None],
    workplace: Path,
    progress: Progress | None,
) -> Streamed:
    """Fill an empty store from sources.

    :param refuse: told the contradictions before anything is written for good; raises an error to refuse them.
    :param workplace: a folder on the store's file system, for what is on its way.
    :raises InputError: if a source cannot be read.
    :raises StoreError, LimitError: if it cannot be written, or does not fit; the store is then as before.
    """
    tell = progress or (lambda stage, amount: None)
    with tempfile.TemporaryDirectory(prefix="load-", dir=workplace) as work, _filling(store) as pipe:
        with watch.stage("read"):
            keep = Path(work) if isinstance(engine, DatalogEngine) else None
            counts, lines = _read(sources, pipe, keep, progress)
        notes = of_load(sources, counts, state.store_id, 1)
        read = sum(counts.values())
        if not isinstance(engine, DatalogEngine):
            with watch.stage("write"):
                pipe.write_quads(layout.first_notes(state, notes, union=False))
                pipe.finish()
                return Streamed(counts, layout.count(store, sources[0].graph))
        with ExitStack() as columns:
            with watch.stage("read"):
                tell("encode", read)
                closure = columns.enter_context(engine.first(lines))
            with watch.stage("reason"):
                closure.close_it(engine.files, of_rounds(progress))
            with watch.stage("validate"):
                refuse(closure.clashes())
            with watch.stage("write"):
                tell("write", read + closure.inferred)
                closure.keep_it()
                pipe.write_made(closure.write_inferred, Path(work) / "inferred")
                if closure.several:
                    pipe.write_made(closure.write_union, Path(work) / "union")
                pipe.write_quads(closure.premises.added)
                pipe.write_quads(layout.first_notes(state, notes, union=closure.several))
                pipe.finish()
                closure.keep(layout.read_state(store).name)
        return Streamed(counts, closure.added)


def _read(
    sources: Sequence[Source], pipe: _Pipe, keep: Path | None, progress: Progress | None
) -> tuple[dict[str, int], list[tuple[Path, str | None]]]:
    """Copy sources into the pipe, and into files of a folder if they are to be kept.

    :returns: statements by source name; the files, each with the graph of its lines, None where they say it themselves.
    """
    counts: dict[str, int] = {}
    lines: list[tuple[Path, str | None]] = []
    for number, source in enumerate(sources):
        graph = str(source.graph) if source.format in TRIPLES_ONLY else None
        tell = partial(progress, f"read {source.name}") if progress else None
        with ExitStack() as files:
            also = None
            if keep is not None:
                lines.append((keep / f"{number}.lines", graph))
                also = files.enter_context(lines[-1][0].open("wb", buffering=0))
            with pipe.lines(graph, also) as output:
                read = copy_lines(source, output, progress=tell)
        counts[source.name] = counts.get(source.name, 0) + read
    return counts, lines


@contextmanager
def _filling(store: QuadStore) -> Iterator[_Pipe]:
    """Fill a store through a pipe; if the block fails, or ends before :meth:`_Pipe.finish`, nothing is written."""
    pipe = _Pipe(store)
    try:
        yield pipe
    except BrokenPipeError:
        pipe.give_up()  # the store stopped reading: it says why
        raise
    finally:
        pipe.give_up()


class _Pipe:
    """The way into a store that fills itself in a thread of its own; Oxigraph reads without holding Python up."""

    def __init__(self, store: QuadStore) -> None:
        self._store = store
        self._end, write = os.pipe()
        self._output: IO[bytes] | None = os.fdopen(write, "wb", buffering=_BUFFER)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._fill, daemon=True)
        self._thread.start()

    @contextmanager
    def lines(self, graph: str | None, also: IO[bytes] | None) -> Iterator[IO[bytes]]:
        """Give a stream for lines of N-Triples, which go into a graph, or of N-Quads.

        :param also: gets the lines as they are.
        """
        stream = io.BufferedWriter(_Lines(self._open(), graph, also), _BUFFER)
        yield stream
        stream.flush()

    def write_made(self, make: Callable[[Path], None], file: Path) -> None:
        """Write the lines of a file once it is made."""
        make(file)
        with file.open("rb") as lines:
            shutil.copyfileobj(lines, self._open(), _BUFFER)
        file.unlink()

    def write_quads(self, quads: Iterable[Quad]) -> None:
        """Write quads."""
        serialize(quads, self._open(), RdfFormat.N_QUADS)

    def finish(self) -> None:
        """End well: everything is on disk when this returns, and a Ctrl-C that comes meanwhile waits for it."""
        with held_back():
            with suppress(BrokenPipeError):
                self._open().close()
            self._output = None
            self._thread.join()
        if self._error is not None:
            raise self._error

    def give_up(self) -> None:
        """End badly, unless it has ended; raise what the store said if it stopped by itself."""
        if self._output is not None:
            stopped = self._error
            output, self._output = self._output, None
            with suppress(BrokenPipeError):
                output.write(_NO_LINE)
                output.flush()
            with suppress(BrokenPipeError):
                output.close()
            self._thread.join()
            if stopped is not None:
                raise stopped

    def _open(self) -> IO[bytes]:
        if self._output is None:
            raise ValueError("the pipe has ended")
        return self._output

    def _fill(self) -> None:
        try:
            self._store.fill_from(Path(f"/dev/fd/{self._end}"))
        except BaseException as error:
            self._error = error
        finally:
            os.close(self._end)


class _Lines(io.RawIOBase):
    """Passes whole lines on: as they are to a file, and with the name of their graph to the pipe."""

    def __init__(self, pipe: IO[bytes], graph: str | None, also: IO[bytes] | None) -> None:
        self._pipe = pipe
        self._also = also
        self._end = b" .\n" if graph is None else f" {graph} .\n".encode()
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
        # Line feeds inside literals are escaped, so this is the end of a statement wherever it stands.
        self._pipe.write(lines if self._end == b" .\n" else lines.replace(b" .\n", self._end))
        return len(memoryview(data))
