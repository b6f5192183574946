"""Reading the answers that the suites expect: XML, JSON, TSV, CSV, RDF result sets, and graphs."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace

from pyoxigraph import (
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from .comparison import Row, Term, csv_term, graph_lines, plain_term, table_lines
from .manifest import Document

#: File name extension to the name that kgtool gives the format.
RESULT_FORMATS = {".srx": "xml", ".srj": "json", ".tsv": "tsv", ".csv": "csv"}
READERS = {"xml": QueryResultsFormat.XML, "json": QueryResultsFormat.JSON, "tsv": QueryResultsFormat.TSV}
GRAPH_FORMATS = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS}
RESULT_SET = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"


@dataclass(frozen=True)
class Answer:
    """An answer of any kind: a table (``rows`` under ``variables``), a yes or no, or a graph."""

    variables: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    boolean: bool | None = None
    graph: tuple[Quad | Triple, ...] | None = None

    @property
    def is_table(self) -> bool:
        """Whether the answer is that of a SELECT."""
        return self.boolean is None and self.graph is None

    def plain(self) -> Answer:
        """Leave of a table what CSV can tell."""
        return replace(self, rows=tuple(tuple(map(plain_term, row)) for row in self.rows))

    def lines(self, *, ordered: bool = False) -> list[str]:
        """Write the answer so that equal answers give equal lines."""
        if self.boolean is not None:
            return [str(self.boolean)]
        if self.graph is not None:
            return graph_lines(self.graph)
        return table_lines(self.variables, self.rows, ordered=ordered)


def read_results(data: bytes, format: str) -> Answer:
    """Read serialised query results.

    :param format: ``xml``, ``json``, ``tsv`` or ``csv``.
    :raises SyntaxError: when they are not well formed.
    """
    if format == "csv":
        header, *lines = csv.reader(io.StringIO(data.decode(), newline=""))
        # An empty line is a row of a one-column table whose value is unbound.
        rows = [line or [""] * len(header) for line in lines]
        return Answer(tuple(header), tuple(tuple(map(csv_term, row)) for row in rows))
    results = parse_query_results(data, READERS[format])
    if isinstance(results, QueryBoolean):
        return Answer(boolean=bool(results))
    assert isinstance(results, QuerySolutions)
    names = tuple(variable.value for variable in results.variables)
    return Answer(names, tuple(tuple(_term(solution[name]) for name in names) for solution in results))


def read_expected(document: Document) -> Answer:
    """Read the answer that a test expects."""
    suffix = document.path.suffix
    if suffix in RESULT_FORMATS:
        return read_results(document.path.read_bytes(), RESULT_FORMATS[suffix])
    quads = tuple(parse(path=document.path, format=GRAPH_FORMATS[suffix], base_iri=document.iri))
    if any(quad.object == NamedNode(RESULT_SET + "ResultSet") for quad in quads):
        return _result_set(quads)
    return Answer(graph=quads)


def _term(term: Term | Triple | None) -> Term | None:
    assert not isinstance(term, Triple), "the SPARQL 1.1 suites have no triple terms"
    return term


def _result_set(quads: tuple[Quad, ...]) -> Answer:
    """Read a table written in the DAWG result set vocabulary."""

    def objects(subject: Term | Triple | None, name: str) -> list[Term]:
        found = [quad.object for quad in quads if quad.subject == subject and quad.predicate.value == RESULT_SET + name]
        return [term for term in found if not isinstance(term, Triple)]

    head = next(quad.subject for quad in quads if quad.object == NamedNode(RESULT_SET + "ResultSet"))
    names = tuple(sorted(term.value for term in objects(head, "resultVariable")))
    rows = []
    for solution in objects(head, "solution"):
        bindings = objects(solution, "binding")
        row = {objects(one, "variable")[0].value: objects(one, "value")[0] for one in bindings}
        rows.append(tuple(row.get(name) for name in names))
    return Answer(names, tuple(rows))
