"""The answers to views, for pages: queries of the ontology's folder, evaluated by a worker, kept for a commit."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Final

from kgtool.web.source import GraphSource
from kgtool.web.view_answers import View, ViewsTask

__all__ = ["Cell", "Table", "View", "seen"]

#: Answers that are kept: those of the pages that people come back to.
_MOST_KEPT: Final = 128
_KEPT: Final[OrderedDict[tuple[str, ViewsTask], list[Table]]] = OrderedDict()
_LOCK: Final = Lock()


@dataclass(frozen=True)
class Cell:
    """One value: its text, the language of that, and the IRI of what it names, if it names something."""

    text: str
    language: str | None = None
    iri: str | None = None


@dataclass(frozen=True)
class Table:
    """The answer to a view.

    :param more: whether there are rows beyond these.
    :param query: SPARQL that stands alone and gives the same rows.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: bool
    query: str

    def by_name(self) -> Iterator[dict[str, Cell]]:
        """Give each row as its cells by column; an unbound one has no text and no IRI."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


def seen(source: GraphSource, views: Sequence[View], language: str, timeout: float | None = None) -> list[Table]:
    """Answer views on the last commit, in their order.

    :param language: of the names of things.
    :param timeout: seconds for all of them; None for the time of a query.
    :raises KgtoolError: if a value is not of its parameter's type, or a limit is hit.
    :raises HttpProblem: 503 when its turn did not come in time.
    """
    task = ViewsTask(tuple(views), language, date.today().isoformat())
    key = (source.commit, task)
    with _LOCK:
        kept = _KEPT.get(key)
        if kept is not None:
            _KEPT.move_to_end(key)
            return kept
    answer = source.run(task, timeout=timeout or source.settings.query_timeout)
    try:
        found = [_table(each) for each in json.loads(b"".join(answer))]
    finally:
        answer.close()
    with _LOCK:
        _KEPT[answer.head.commit, task] = found
        while len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
    return found


def _table(document: dict[str, object]) -> Table:
    columns, rows, more, query = (document[name] for name in ("columns", "rows", "more", "query"))
    assert isinstance(columns, list)
    assert isinstance(rows, list)
    cells = tuple(tuple(Cell(each["text"], each["language"], each["iri"]) for each in row) for row in rows)
    return Table(tuple(columns), cells, bool(more), str(query))
