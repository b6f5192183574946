"""Many lines on their way into an empty store, in batches that Oxigraph's bulk loader takes side by side.

The bulk loader gives blank nodes other names when it parses. Lines that may hold one go in as parsed quads, which keep
theirs; as Python sees each of those, nothing else in Python goes on meanwhile.

That takes several transactions. A file beside the store's folder says that they are under way: where it is found, the
process that made it died, and the store is to be emptied.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kgtool.store.rocksdb import store_errors, sync_folder, sync_logs

_WORKERS: Final = 2
#: Bytes of a batch. Each adds a layer to the store's indexes, and RocksDB begins to merge them at the third; so batches
#: are large, but not larger than what takes a worker half a GB of memory. Oxigraph cuts at a million quads.
_BATCH: Final = 1 << 27
#: Fewer bytes than this are one batch.
_LEAST: Final = 1 << 25
#: Lines with blank nodes wait for the end as long as they are fewer bytes than this.
_SMALL: Final = 1 << 20


def is_unfinished(folder: Path) -> bool:
    """Tell whether the filling of a store did not come to its end."""
    return _mark(folder).exists()


def empty(store: Store, folder: Path) -> None:
    """Remove what an unfinished filling left."""
    with store_errors(folder):
        store.clear()
        store.optimize()
        sync_logs(folder)
        _unmark(folder)


def _size_of_batches(expected: int | None) -> int:
    """Cut what is expected, in bytes, into an even number of equal batches, as two go in side by side."""
    if expected is None:
        return _BATCH
    pairs = -(-expected // (2 * _BATCH)) or 1
    return max(_LEAST, -(-expected // (2 * pairs)))


def _mark(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.unfinished")


def _set_mark(folder: Path) -> None:
    _mark(folder).touch()
    sync_folder(folder.parent)


def _unmark(folder: Path) -> None:
    _mark(folder).unlink(missing_ok=True)
    sync_folder(folder.parent)


@dataclass
class _Batch:
    """Pieces of text, each whole lines with their graph."""

    pieces: list[tuple[NamedNode | None, bytes]] = field(default_factory=list)
    size: int = 0

    def add(self, lines: bytes, graph: NamedNode | None) -> None:
        self.pieces.append((graph, lines))
        self.size += len(lines)

    def load(self, store: Store) -> None:
        """Let the bulk loader parse it."""
        graphs = {graph for graph, _ in self.pieces}
        graph = graphs.pop() if len(graphs) == 1 else None
        text = b"".join(lines for _, lines in self.pieces) if graph is not None else self._as_quads()
        self.pieces = []
        form = RdfFormat.N_QUADS if graph is None else RdfFormat.N_TRIPLES
        store.bulk_load(input=text, format=form, to_graph=graph, lenient=True)

    def extend(self, store: Store) -> None:
        """Parse it for the bulk loader."""
        store.bulk_extend(parse(self._as_quads(), RdfFormat.N_QUADS, lenient=True, rename_blank_nodes=False))

    def _as_quads(self) -> bytes:
        # Line feeds inside literals are escaped, so each one is the end of a statement.
        return b"".join(
            lines if graph is None else lines.replace(b" .\n", f" {graph} .\n".encode()) for graph, lines in self.pieces
        )


def _told_apart(lines: bytes) -> tuple[bytes, bytes]:
    """Give the lines without blank nodes, and those that may hold one."""
    if b"_:" not in lines:
        return lines, b""
    kinds: tuple[list[bytes], list[bytes]] = ([], [])
    for line in lines.splitlines(keepends=True):
        kinds[line.startswith(b"_:") or b" _:" in line].append(line)
    return b"".join(kinds[False]), b"".join(kinds[True])


def _pieces(file: Path) -> Iterator[tuple[int, int]]:
    """Cut a file of lines into batches: where each begins and ends."""
    start, size = 0, file.stat().st_size
    length = _size_of_batches(size)
    with file.open("rb") as lines:
        while start < size:
            lines.seek(start + length - 1)
            lines.readline()
            yield start, min(lines.tell(), size)
            start = lines.tell()


def _load_piece(store: Store, file: Path, start: int, end: int, graph: NamedNode | None) -> None:
    with file.open("rb") as lines:
        lines.seek(start)
        plain, with_blank_nodes = _told_apart(lines.read(end - start))
    for text, load in ((plain, _Batch.load), (with_blank_nodes, _Batch.extend)):
        if text:
            batch = _Batch()
            batch.add(text, graph)
            load(batch, store)


class Filling:
    """A :class:`~kgtool.store.interface.Filler`: an error of a batch comes up in the next call that waits for it."""

    def __init__(self, store: Store, folder: Path, expected: int | None = None) -> None:
        self._store = store
        self._enough = _size_of_batches(expected)
        self._folder = folder
        self._finished = False
        with store_errors(folder):
            _set_mark(folder)
        self._workers = ThreadPoolExecutor(_WORKERS, "fill")
        self._running: deque[Future[None]] = deque()
        self._plain = _Batch()
        self._with_blank_nodes = _Batch()

    def add(self, lines: bytes, graph: NamedNode | None) -> None:
        """Add whole lines: of N-Triples with their graph, or of N-Quads."""
        lines, with_blank_nodes = _told_apart(lines)
        if with_blank_nodes:
            self._with_blank_nodes.add(with_blank_nodes, graph)
        self._plain.add(lines, graph)
        if max(self._plain.size, self._with_blank_nodes.size) >= self._enough:
            self.send()

    def add_file(self, file: Path, graph: NamedNode | None) -> None:
        """Line a file of whole lines up for the workers: they read it piece by piece, so what waits takes no memory."""
        for start, end in _pieces(file):
            self._running.append(self._workers.submit(_load_piece, self._store, file, start, end, graph))

    def send(self) -> None:
        """Let the workers begin with what was added and does not make a batch yet."""
        self._send(least=_SMALL)

    def finish(self) -> None:
        """Make what was added the store's content."""
        self._send(least=1)
        self._wait_for(len(self._running))
        with store_errors(self._folder):
            self._store.flush()
            sync_logs(self._folder)
            _unmark(self._folder)
        self._finished = True

    def close(self) -> None:
        """Let the workers go; unless it is finished, empty the store once they are done with what they began."""
        self._workers.shutdown(cancel_futures=True)
        if not self._finished:
            empty(self._store, self._folder)
        del self._store  # whoever closes the store is the last to hold it

    def _send(self, *, least: int) -> None:
        plain, others = self._plain, self._with_blank_nodes
        if plain.size:
            self._plain = _Batch()
            self._begin(plain.load)
        if others.size >= least:
            self._with_blank_nodes = _Batch()
            self._begin(others.extend)

    def _begin(self, write: Callable[[Store], None]) -> None:
        self._wait_for(len(self._running) - _WORKERS)
        self._running.append(self._workers.submit(write, self._store))

    def _wait_for(self, batches: int) -> None:
        with store_errors(self._folder):
            for _ in range(batches):
                self._running.popleft().result()
