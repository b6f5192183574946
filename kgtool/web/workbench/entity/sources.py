"""Which source graphs speak of a thing, under which licence and of which date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kgtool.web.tables import is_link
from kgtool.web.views import Cell
from kgtool.web.workbench.entity.dates import told
from kgtool.web.workbench.entity.naming import best
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


def sources(tables: Seen, language: str) -> list[Source]:
    """Give the graphs that speak of a thing, those that say most first, their licence in the reader's language."""
    rows: dict[str | None, list[dict[str, Cell]]] = defaultdict(list)
    for row in tables["sources"].by_name():
        rows[row["graph"].iri].append(row)
    found = []
    for number, same in enumerate(rows.values(), 1):
        first = same[0]
        terms = best([row["license"] for row in same], language) or first["license"]
        link = terms.iri if terms.iri and is_link(terms.iri) else None
        issued = told(max(row["issued"].text for row in same))
        found.append(Source(number, first["graph"], int(first["count"].text), terms, link, issued))
    return found
