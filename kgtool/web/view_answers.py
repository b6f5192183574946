"""What a query worker does for a page: the answers to several views of the ontology, with the query behind each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from kgtool.graph import KnowledgeGraph
from kgtool.web import cells
from kgtool.web.labels import labels
from kgtool.web.tables import ROWS


@dataclass(frozen=True)
class View:
    """A view that a page shows: a file of ``ontology/views/``, with values for its parameters.

    :param most: rows to give.
    """

    name: str
    values: tuple[tuple[str, str], ...] = ()
    most: int = ROWS


@dataclass(frozen=True)
class ViewsTask:
    """Views to answer together, in the order in which a page asks for them.

    :param language: of the names of things.
    :param today: the day that ``today`` means, as YYYY-MM-DD.
    """

    views: tuple[View, ...]
    language: str
    today: str


def evaluate_views(graph: KnowledgeGraph, task: ViewsTask) -> bytes:
    """Answer views: a JSON list of what :func:`kgtool.web.cells.read` gives, each with its ``query``.

    :raises KgtoolError: if a view is not there, or a value is not of its parameter's type.
    """
    today = date.fromisoformat(task.today)
    answers = []
    for view in task.views:
        result, query = graph.view(view.name, dict(view.values), today=today)
        answers.append((cells.first_rows(result, view.most), query))
    # Most views of a page name the same things, so names are looked up once for all of them.
    names = labels(graph, {thing for found, _ in answers for thing in found.things()}, task.language)
    return json.dumps(
        [{**found.written(names), "query": query} for found, query in answers], ensure_ascii=False
    ).encode()
