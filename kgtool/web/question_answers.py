"""What a query worker does for a question with a name: its answer, its query written out, or both for a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode, Variable

from kgtool.graph import KnowledgeGraph
from kgtool.questions import bound, written_out
from kgtool.store.interface import Term
from kgtool.web import cells
from kgtool.web.labels import labels

#: Instead of a format of solutions: rows for a page, and the query with its values in it.
CELLS = "cells"
SPARQL = "sparql"


@dataclass(frozen=True)
class AskTask:
    """A question with a name.

    :param values: its parameters as a person wrote them.
    :param format: a format of solutions, :data:`CELLS` for a page, or :data:`SPARQL`.
    :param language: of the names of things on a page.
    """

    name: str
    values: tuple[tuple[str, str], ...]
    format: str
    language: str = "en"


def evaluate_question(graph: KnowledgeGraph, task: AskTask) -> tuple[bytes, str, tuple[str, ...]] | None:
    """Give what is no format of solutions: bytes, what they are, and the columns; None for the other formats.

    That of a page is what :func:`kgtool.web.cells.read` gives, with the ``query`` written out, and the things that
    values are (``named``): for each parameter its ``text`` and ``iri``.

    :raises KgtoolError: if there is no such question, or a value is not of its parameter's type.
    """
    if task.format not in (CELLS, SPARQL):
        return None
    question = graph.question(task.name)
    asked = bound(question, dict(task.values), graph, date.today())
    query = written_out(question.text, asked.values, asked.columns)
    if task.format == SPARQL:
        return query.encode(), "query", asked.columns
    answer = graph.answer(asked)
    named = _named(graph, asked.values, task.language)
    rows = {**cells.read(answer, graph, task.language), "query": query, "named": named}
    return json.dumps(rows, ensure_ascii=False).encode(), answer.kind, answer.variables


def _named(graph: KnowledgeGraph, values: Mapping[Variable, Term], language: str) -> dict[str, dict[str, str]]:
    things = {variable.value: term for variable, term in values.items() if isinstance(term, NamedNode)}
    names = labels(graph, list(things.values()), language)
    return {name: {"text": names[thing.value].text, "iri": thing.value} for name, thing in things.items()}
