"""Which source graphs speak of a thing, under which licence and of which date."""

from __future__ import annotations

from dataclasses import dataclass

from kgtool.web.tables import is_link
from kgtool.web.views import Cell
from kgtool.web.workbench.entity.dates import told
from kgtool.web.workbench.entity.reading import Seen


@dataclass(frozen=True)
class Source:
    """A source graph, by the number that facts name it by."""

    number: int
    graph: Cell
    count: int
    license: Cell
    license_link: str | None
    issued: str


def sources(tables: Seen) -> list[Source]:
    """Give the graphs that speak of a thing, those that say most first."""
    found = []
    for number, row in enumerate(tables["sources"].by_name(), 1):
        terms = row["license"]
        link = terms.iri if terms.iri and is_link(terms.iri) else None
        found.append(Source(number, row["graph"], int(row["count"].text), terms, link, told(row["issued"].text)))
    return found
