"""Copies a source as lines of text: N-Triples for formats of triples, N-Quads for those with named graphs.

The terms are those that the checked reader gives, written by Oxigraph: one statement a line, single spaces between
terms. Line by line this costs a third of handing quads from the parser to the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

from pyoxigraph import Quad, RdfFormat, serialize

from kgtool.ingest.reading import TRIPLES_ONLY, read_quads, read_triples
from kgtool.ingest.sources import Source


def copy_lines(source: Source, output: IO[bytes], *, progress: Callable[[int], None] | None = None) -> int:
    """Copy a source to a stream as lines; give the number of statements.

    Statements of a format of triples are written without their graph, ``source.graph``.

    :raises InputError: as :func:`~kgtool.ingest.reading.read_quads` does.
    """
    triples = source.format in TRIPLES_ONLY
    quads = _Counted((read_triples if triples else read_quads)(source, progress=progress))
    serialize(quads, output, RdfFormat.N_TRIPLES if triples else RdfFormat.N_QUADS)
    return quads.count


class _Counted:
    """Passes quads on, and counts them."""

    def __init__(self, quads: Iterator[Quad]) -> None:
        self._quads = quads
        self.count = 0

    def __iter__(self) -> Iterator[Quad]:
        for quad in self._quads:
            self.count += 1
            yield quad
