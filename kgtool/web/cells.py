"""Answers for a page, as data: rows of texts with what they stand for, things by their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode

from kgtool.graph import KnowledgeGraph
from kgtool.store.interface import Term
from kgtool.store.results import QueryResult
from kgtool.web.labels import Label, labels
from kgtool.web.tables import ROWS


@dataclass(frozen=True)
class Rows:
    """The first rows of an answer, as terms.

    :param more: whether there are rows beyond these.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    more: bool

    def things(self) -> set[NamedNode]:
        """Give what the rows name."""
        return {term for row in self.rows for term in row if isinstance(term, NamedNode)}

    def written(self, names: Mapping[str, Label]) -> dict[str, object]:
        """Give the rows as :func:`read` does.

        :param names: the name of each of :meth:`things`, by its IRI.
        """
        rows = [[_cell(term, names) for term in row] for row in self.rows]
        return {"columns": self.columns, "rows": rows, "more": self.more}


def first_rows(result: QueryResult, most: int = ROWS) -> Rows:
    """Read the first rows of an answer, and whether there are more."""
    solutions = result.solutions()
    rows = tuple(islice(solutions, most))
    return Rows(tuple(result.variables), rows, next(solutions, None) is not None)


def read(result: QueryResult, graph: KnowledgeGraph, language: str, most: int = ROWS) -> dict[str, object]:
    """Give the first rows of an answer.

    ``columns``: their names; ``rows``: lists of ``{"text", "language", "iri"}``; ``more``: whether there are more rows.

    :param graph: where the names of things are looked up.
    :param most: rows to give.
    """
    found = first_rows(result, most)
    return found.written(labels(graph, found.things(), language))


def _cell(term: Term | None, names: Mapping[str, Label]) -> dict[str, str | None]:
    if isinstance(term, NamedNode):
        label = names[term.value]
        return {"text": label.text, "language": label.language, "iri": term.value}
    if isinstance(term, Literal):
        return {"text": term.value, "language": term.language, "iri": None}
    return {"text": "" if term is None else str(term), "language": None, "iri": None}
