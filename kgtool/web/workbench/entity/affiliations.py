"""Who is affiliated with what: the affiliations of a person, and the people of an organisation on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import url_for

from kgtool.questions import QUESTIONS
from kgtool.web.source import GraphSource
from kgtool.web.views import Cell, Table
from kgtool.web.workbench.entity.proofs import affiliation
from kgtool.web.workbench.entity.reading import Seen
from kgtool.web.workbench.entity.timeline import Affiliation, Timeline, drawn

#: The question whose answer is offered as a file.
_QUESTION = "affiliated"
_BOUNDS = ("possibleFrom", "possibleUntil", "certainFrom", "certainUntil")


@dataclass(frozen=True)
class Affiliations:
    """Affiliations as a table and as a drawing.

    :param drawing: None where no date is known, as there is nothing to see then.
    :param query: SPARQL that gives all of them; ``more``: whether there are more than these.
    """

    rows: tuple[Affiliation, ...]
    drawing: Timeline | None
    query: str
    more: bool


@dataclass(frozen=True)
class People:
    """The people of an organisation on a day.

    :param counts: how many there are, ``certain`` and ``possible``; ``query`` gives these numbers.
    :param download: the address of all of them as CSV.
    """

    date: str
    affiliations: Affiliations
    counts: dict[str, int]
    query: str
    download: str


def of_person(iri: str, tables: Seen) -> Affiliations | None:
    """Give the affiliations of a person; None where there are none."""
    table = tables.tables.get("affiliations")
    if table is None or not table.rows:
        return None
    rows = [_read(row, row["institution"], affiliation(iri, row["institution"])) for row in table.by_name()]
    rows.sort(
        key=lambda each: (each.main.text.casefold(), each.main.iri or "", each.possible_from, each.possible_until)
    )
    return _arranged(rows, table, date.today().isoformat())


def of_organisation(iri: str, tables: Seen, day: str, source: GraphSource) -> People | None:
    """Give who is affiliated with an organisation on a day; None for what nobody is ever affiliated with."""
    table, counted = tables.tables.get("people"), tables.tables.get("people-count")
    if table is None or counted is None:
        return None
    organisation = Cell(iri, None, iri)
    rows = [
        _read(
            row, row["person"], affiliation(row["person"].iri or "", organisation) if row["person"].iri else None, iri
        )
        for row in table.by_name()
    ]
    rows.sort(key=lambda each: (each.mode, each.main.text.casefold(), each.main.iri or "", each.possible_from))
    counts = {row["mode"].text: int(row["people"].text) for row in counted.by_name()}
    if (source.graph.ontology_folder / QUESTIONS / f"{_QUESTION}.rq").is_file():
        download = url_for("asking.ask", name=_QUESTION, institution=iri, date=day, format="csv")
    else:
        download = url_for("sparql.sparql", query=table.query, format="csv")
    return People(day, _arranged(rows, table, day), counts, counted.query, download)


def _read(row: dict[str, Cell], main: Cell, why: str | None, organisation: str | None = None) -> Affiliation:
    through = row["through"]
    is_itself = through.iri in (main.iri, organisation)
    first, last, sure, until = (row[name].text for name in _BOUNDS)
    mode = row["mode"].text if "mode" in row else ""
    return Affiliation(main, None if is_itself else through, first, last, sure, until, mode, why)


def _arranged(rows: list[Affiliation], table: Table, day: str) -> Affiliations:
    drawing = drawn(rows, day) if any(each.is_dated for each in rows) else None
    return Affiliations(tuple(rows), drawing, table.query, table.more)
