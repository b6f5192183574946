"""Some columns of solutions, as solutions: Oxigraph makes those of its own queries only, or reads them from a file."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, cast

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


def narrowed(solutions: QuerySolutions, columns: Sequence[str]) -> QuerySolutions:
    """Give these columns of solutions, in this order; they are read as they are asked for.

    :param columns: names of variables; at least one.
    """
    if [variable.value for variable in solutions.variables] == list(columns):
        return solutions
    found = parse_query_results(cast(BinaryIO, _Lines(_lines(solutions, columns))), QueryResultsFormat.TSV)
    assert isinstance(found, QuerySolutions)
    return found


def _lines(solutions: QuerySolutions, columns: Sequence[str]) -> Iterator[bytes]:
    """Write solutions as https://www.w3.org/TR/sparql11-results-csv-tsv/: terms as in N-Triples, nothing for none."""
    yield ("\t".join(f"?{name}" for name in columns) + "\n").encode()
    for solution in solutions:
        terms = (solution[name] for name in columns)
        yield ("\t".join("" if term is None else str(term) for term in terms) + "\n").encode()


class _Lines(io.RawIOBase):
    """A file of lines that are made when they are read."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        space = memoryview(buffer).cast("B")
        while not self._rest:
            line = next(self._lines, None)
            if line is None:
                return 0
            self._rest = line
        size = min(len(space), len(self._rest))
        space[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
