"""Stores to try changes on."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Quad, Store

from kgtool.store.oxigraph import OxigraphStore


class MemoryStore(OxigraphStore):
    """A store to read from that is not on disk, so that many small ones are made in little time."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._store = Store()
        self._store.extend(quads)


@contextmanager
def empty_store() -> Iterator[OxigraphStore]:
    """Give a store that goes again."""
    with tempfile.TemporaryDirectory() as folder:
        store = OxigraphStore(Path(folder) / "quads")
        try:
            yield store
        finally:
            store.close()
