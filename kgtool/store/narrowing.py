"""Some columns of solutions, as solutions: Oxigraph makes those of its own queries only, or reads them from a file."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: So many rows are handed on at a time; one by one takes five times as long.
_ROWS: Final = 100


def narrowed(solutions: QuerySolutions, columns: Sequence[str]) -> QuerySolutions:
    """Give these columns of solutions, in this order; read as they are asked for, some at a time.

    :param columns: names of variables; at least one.
    """
    if [variable.value for variable in solutions.variables] == list(columns):
        return solutions
    found = parse_query_results(cast(BinaryIO, _Pieces(_pieces(solutions, columns))), QueryResultsFormat.TSV)
    assert isinstance(found, QuerySolutions)
    return found


def _pieces(solutions: QuerySolutions, columns: Sequence[str]) -> Iterator[bytes]:
    """Write solutions as https://www.w3.org/TR/sparql11-results-csv-tsv/: terms as in N-Triples, nothing for none."""
    names = [variable.value for variable in solutions.variables]
    places = [names.index(column) for column in columns]
    yield ("\t".join(f"?{column}" for column in columns) + "\n").encode()
    rows = map(tuple, solutions)
    while some := list(islice(rows, _ROWS)):
        lines = ("\t".join("" if row[place] is None else str(row[place]) for place in places) for row in some)
        yield ("\n".join(lines) + "\n").encode()


class _Pieces(io.RawIOBase):
    """A file whose bytes are made when they are read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        space = memoryview(buffer).cast("B")
        self._rest = self._rest or next(self._pieces, b"")
        size = min(len(space), len(self._rest))
        space[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
