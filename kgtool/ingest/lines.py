"""Copies a source as lines of text: N-Triples for formats of triples, N-Quads for those with named graphs.

The terms are those that the checked reader gives, written by Oxigraph: one statement a line, single spaces between
terms. Line by line this costs a third of handing quads from the parser to the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, cast

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kgtool.errors import KgtoolError
from kgtool.ingest.decompression import Unpacked
from kgtool.ingest.feed import Feed
from kgtool.ingest.reading import TRIPLES_ONLY, read_quads, read_triples
from kgtool.ingest.sources import Source
from kgtool.ingest.text_checks import TripleTermWatch, checked_text


class DoubtError(Exception):
    """Something in a source that was copied on trust has to be looked at: it is to be read again, with every check."""


def copy_lines(source: Source, output: IO[bytes], *, progress: Callable[[int], None] | None = None) -> int:
    """Copy a source to a stream as lines; give the number of statements.

    Statements of a format of triples are written without their graph, ``source.graph``.

    :raises InputError: as :func:`~kgtool.ingest.reading.read_quads` does.
    """
    triples = source.format in TRIPLES_ONLY
    quads = _Counted((read_triples if triples else read_quads)(source, progress=progress))
    serialize(quads, output, RdfFormat.N_TRIPLES if triples else RdfFormat.N_QUADS)
    return quads.count


def may_be_trusted(source: Source) -> bool:
    """Tell whether a source can be copied on trust: a file of N-Triples, which can be read twice."""
    return source.format == RdfFormat.N_TRIPLES and source.path is not None and source.path.is_file()


def copy_on_trust(source: Source, output: IO[bytes], *, progress: Callable[[int], None] | None = None) -> int:
    """Copy a source as :func:`copy_lines` does, in a third of its time, where IRIs and language tags are not checked.

    The caller checks those of the distinct terms, and that there are no triple terms and no base directions.

    :raises DoubtError: if something else is wrong; what was written is then worth nothing.
    """
    unpacked = Unpacked(source, progress=progress)
    lines = _CountedLines(output)
    try:
        blocks = _without_code_points(checked_text(unpacked, source.name))
        feed = Feed(TripleTermWatch().watched(blocks, source.name, reified=False), source.name)
        triples = parse(cast(IO[bytes], feed), source.format, lenient=True, rename_blank_nodes=True)
        serialize(triples, cast(IO[bytes], lines), RdfFormat.N_TRIPLES)
        feed.drain()
    except (KgtoolError, SyntaxError, MemoryError) as error:
        raise DoubtError from error
    return lines.count


def _without_code_points(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Pass text on in which no character stands as its number: in an unchecked IRI, that could be any delimiter."""
    for block in blocks:
        if b"\\u" in block or b"\\U" in block or block.endswith(b"\\"):
            raise DoubtError
        yield block


class _Counted:
    """Passes quads on, and counts them."""

    def __init__(self, quads: Iterator[Quad]) -> None:
        self._quads = quads
        self.count = 0

    def __iter__(self) -> Iterator[Quad]:
        for quad in self._quads:
            self.count += 1
            yield quad


class _CountedLines:
    """Passes text on, and counts its lines."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self.count = 0

    def write(self, text: bytes) -> int:
        self.count += text.count(b"\n")
        return self._output.write(text)

    def flush(self) -> None:
        self._output.flush()
