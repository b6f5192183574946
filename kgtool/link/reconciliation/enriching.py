"""A table's column reconciled with a service: each distinct cell asked once, in batches, and columns added."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

from kgtool.errors import InputError
from kgtool.link.reconciliation.services import (
    Cell,
    Match,
    Sent,
    Service,
    extension,
    queries,
    read_extension,
    read_manifest,
    read_matches,
)
from kgtool.link.reconciliation.tables import Table, shown

#: Ids of one data extension.
_IDS: Final = 50
_Item = TypeVar("_Item")
#: Asks a server: GET where there is nothing to send; gives what it answered and where that came from.
Ask = Callable[[str, Sent | None], tuple[bytes, str]]
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Options:
    """What is asked of a service.

    :param column: whose cells are reconciled.
    :param type_id: the class to look in.
    :param properties: columns with the property whose value they hold.
    :param extend: properties to fetch.
    :param limit: most candidates of a cell.
    :param threshold: least score of a candidate.
    """

    column: str
    type_id: str | None = None
    properties: tuple[tuple[str, str], ...] = ()
    extend: tuple[str, ...] = ()
    limit: int = 3
    threshold: float | None = None


@dataclass(frozen=True)
class Enriched:
    """A table with further columns.

    :param columns: the further ones.
    :param rows: all cells; of JSON lines, the candidates too.
    """

    service: Service
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    distinct: int
    matched: int
    found: int

    def as_json(self) -> dict[str, object]:
        """Give the counts: rows, distinct cells, cells with a candidate, cells that the service is sure of."""
        return {
            "service": self.service.name,
            "rows": len(self.rows),
            "cells": self.distinct,
            "found": self.found,
            "matched": self.matched,
        }


def enrich(table: Table, url: str, options: Options, ask: Ask, progress: Progress | None = None) -> Enriched:
    """Reconcile a column.

    :param url: of the service.
    :param ask: see :data:`Ask`; it is polite.
    :raises InputError: if a column is not there, or one to be added is.
    :raises ParseError: if the service does not answer as a service does.
    """
    added = _columns(table, options)
    service = read_manifest(*ask(url, None))
    if options.extend:
        extension(service, [], options.extend)  # says that it does not go before anything is asked
    cells = [_cell(row, options) for row in table.rows]
    distinct = list(dict.fromkeys(cell for cell in cells if cell is not None))
    answers: dict[Cell, tuple[Match, ...]] = {}
    for batch in _parts(distinct, service.batch):
        if progress is not None:
            progress("reconciling", len(answers))
        sent = queries(service, batch, options.type_id, options.limit)
        content, _ = ask(sent.url, sent)
        for cell, matches in zip(batch, read_matches(service, content, len(batch), options.limit), strict=True):
            least = options.threshold
            answers[cell] = tuple(each for each in matches if least is None or each.score >= least)
    values: dict[str, dict[str, list[str]]] = {}
    ids = list(dict.fromkeys(matches[0].id for matches in answers.values() if matches))
    for part in _parts(ids if options.extend else [], _IDS):
        if progress is not None:
            progress("fetching values", len(values))
        sent = extension(service, part, options.extend)
        values.update(read_extension(service, ask(sent.url, sent)[0], part))
    rows = tuple(
        _row(table, row, answers.get(cell, ()) if cell else (), options, values)
        for row, cell in zip(table.rows, cells, strict=True)
    )
    found = [matches for matches in answers.values() if matches]
    return Enriched(service, added, rows, len(distinct), sum(matches[0].match for matches in found), len(found))


def _columns(table: Table, options: Options) -> tuple[str, ...]:
    """Give the columns to add.

    :raises InputError: if one of them, or none of those that are asked about, is there.
    """
    for column in (options.column, *(column for column, _ in options.properties)):
        if column not in table.columns:
            known = ", ".join(table.columns[:20])
            raise InputError(f"{table.name} has no column {column!r}", hint=f"it has: {known}")
    names = ("id", "name", "score", "match", *options.extend)
    added = tuple(f"{options.column}_{name}" for name in dict.fromkeys(names))
    taken = next((column for column in added if column in table.columns), None)
    if taken is not None:
        raise InputError(f"{table.name} has a column {taken!r} already", hint="rename it, or take it out")
    return added


def _cell(row: Any, options: Options) -> Cell | None:
    text = shown(row.get(options.column)).strip()
    if not text:
        return None
    given = ((property, shown(row.get(column)).strip()) for column, property in options.properties)
    return Cell(text, tuple((property, value) for property, value in given if value))


def _row(
    table: Table, row: Any, matches: Sequence[Match], options: Options, values: dict[str, dict[str, list[str]]]
) -> dict[str, Any]:
    first = matches[0] if matches else None
    column = options.column
    added: dict[str, Any] = {
        f"{column}_id": first.id if first else None,
        f"{column}_name": first.name if first else None,
        f"{column}_score": first.score if first else None,
        f"{column}_match": first.match if first else None,
    }
    for property in options.extend:
        added[f"{column}_{property}"] = values.get(first.id, {}).get(property, []) if first else []
    if options.limit > 1 and len(matches) > 1:
        others = [{"id": each.id, "name": each.name, "score": each.score, "match": each.match} for each in matches]
        added[f"{column}_candidates"] = others
    return {**row, **added}


def _parts(items: Sequence[_Item], size: int) -> Iterator[list[_Item]]:
    left = iter(items)
    while part := list(islice(left, size)):
        yield part
