"""Answers of a query: solutions, a boolean, or triples; iterated, or written in a result format."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Literal

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, serialize

from kgtool.errors import InputError, QueryError
from kgtool.store.interface import Results, Term
from kgtool.store.services import failure_of
from kgtool.vocabulary import PREFIXES

#: Result formats of SELECT and ASK, by the names of ``kgtool query -f``.
SOLUTION_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
#: Formats of CONSTRUCT and DESCRIBE.
GRAPH_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}


def evaluation_error(error: RuntimeError) -> QueryError:
    """Say that a query was read but cannot be evaluated (a function that is not known, say)."""
    return QueryError(f"the query cannot be evaluated: {error}", hint="leave that part out")


def _tell(error: RuntimeError | OSError) -> None:
    """Raise what an error means; one of where the answer is written to means itself, and is not raised here."""
    if isinstance(error, RuntimeError):
        raise evaluation_error(error) from error
    failure = failure_of(error)  # an endpoint's
    if failure is not None:
        raise failure from error


@contextmanager
def _evaluating() -> Iterator[None]:
    try:
        yield
    except (RuntimeError, OSError) as error:
        _tell(error)
        raise


class QueryResult:
    """The answer of one query, read once.

    :param results: as the store gives them.
    :param commit: the commit that they were computed on.
    """

    def __init__(self, results: Results, commit: str) -> None:
        self._results = results
        self.commit = commit
        self.kind: Literal["select", "ask", "graph"]
        if isinstance(results, QuerySolutions):
            self.kind = "select"
        elif isinstance(results, QueryBoolean):
            self.kind = "ask"
        else:
            self.kind = "graph"

    @property
    def variables(self) -> tuple[str, ...]:
        """The columns of a SELECT, in order; empty for other kinds."""
        return tuple(v.value for v in self._results.variables) if isinstance(self._results, QuerySolutions) else ()

    @property
    def answer(self) -> bool:
        """The answer of an ASK."""
        return bool(self._results)

    def solutions(self) -> Iterator[tuple[Term | None, ...]]:
        """Give the rows of a SELECT, one term or None a column."""
        if isinstance(self._results, QuerySolutions):
            with _evaluating():
                for solution in self._results:
                    yield tuple(solution)

    def triples(self) -> Iterator[Triple]:
        """Give the triples of a CONSTRUCT or DESCRIBE, each once (Oxigraph gives one a solution)."""
        if not isinstance(self._results, QuerySolutions | QueryBoolean):
            seen: set[Triple] = set()
            with _evaluating():
                for triple in self._results:
                    if triple not in seen:
                        seen.add(triple)
                        yield triple

    def __iter__(self) -> Iterator[tuple[Term | None, ...] | Triple]:
        return self.solutions() if self.kind == "select" else self.triples()

    def serialize(self, format: str, output: BinaryIO) -> None:
        """Write the whole answer.

        :param format: ``json``, ``xml``, ``csv`` or ``tsv``; for graphs ``turtle``, ``ntriples``, ``jsonld`` or
            ``rdfxml``.
        :raises InputError: if the answer cannot be written in that format.
        """
        known = GRAPH_FORMATS if self.kind == "graph" else SOLUTION_FORMATS
        if format not in known:
            raise InputError(f"no format {format!r} for this kind of query", hint=f"use one of {', '.join(known)}")
        if isinstance(self._results, QuerySolutions | QueryBoolean):
            try:  # the context manager would take as long as the answer of a look-up
                self._results.serialize(output, SOLUTION_FORMATS[format])
            except (RuntimeError, OSError) as error:
                _tell(error)
                raise
        else:
            serialize(self.triples(), output, GRAPH_FORMATS[format], prefixes=PREFIXES)
