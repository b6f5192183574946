"""Answers for a page, as data: rows of texts with what they stand for, things by their names."""

from __future__ import annotations

from itertools import islice

from pyoxigraph import Literal, NamedNode

from kgtool.graph import KnowledgeGraph
from kgtool.store.interface import Term
from kgtool.store.results import QueryResult
from kgtool.web.labels import Label, labels
from kgtool.web.tables import ROWS


def read(result: QueryResult, graph: KnowledgeGraph, language: str, most: int = ROWS) -> dict[str, object]:
    """Give the first rows of an answer.

    ``columns``: their names; ``rows``: lists of ``{"text", "language", "iri"}``; ``more``: whether there are more rows.

    :param graph: where the names of things are looked up.
    :param most: rows to give.
    """
    solutions = result.solutions()
    rows = list(islice(solutions, most))
    more = next(solutions, None) is not None
    things = {term for row in rows for term in row if isinstance(term, NamedNode)}
    names = labels(graph, things, language)
    return {
        "columns": result.variables,
        "rows": [[_cell(term, names) for term in row] for row in rows],
        "more": more,
    }


def _cell(term: Term | None, names: dict[str, Label]) -> dict[str, str | None]:
    if isinstance(term, NamedNode):
        label = names[term.value]
        return {"text": label.text, "language": label.language, "iri": term.value}
    if isinstance(term, Literal):
        return {"text": term.value, "language": term.language, "iri": None}
    return {"text": "" if term is None else str(term), "language": None, "iri": None}
