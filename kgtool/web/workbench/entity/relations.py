"""Memberships, supervisions and participations: who or what is at the other end, in which role, and when."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from kgtool.web.views import Cell
from kgtool.web.workbench.entity.dates import told_all
from kgtool.web.workbench.entity.reading import Seen, ending


@dataclass(frozen=True)
class Relation:
    """A node between the thing and another one, in words.

    :param when: the dates that sources give.
    """

    other: Cell
    role: Cell | None
    when: str
    node: Cell


@dataclass(frozen=True)
class Relations:
    """Nodes of one kind.

    :param count: how many there are; ``query`` gives all of them.
    """

    key: str
    heading: str
    rows: tuple[Relation, ...]
    count: int
    more: bool
    query: str


def relations(tables: Seen) -> list[Relations]:
    """Give the nodes between a thing and others, by kind."""
    counts = {ending(row["mine"].iri or ""): int(row["count"].text) for row in tables["link-counts"].by_name()}
    headings = {
        "member": gettext("Member of"),
        "supervisedUnit": gettext("Supervised by"),
        "participant": gettext("Takes part in"),
        "project": gettext("Participants"),
        "supervisingInstitution": gettext("Supervises"),
        "organization": gettext("Members"),
    }
    found = []
    for end, table in tables.links.items():
        if not table.rows:
            continue
        key = end.partition(":")[2]
        rows = tuple(
            Relation(row["other"], row["role"] if row["role"].text else None, _when(row), row["node"])
            for row in table.by_name()
        )
        count = counts.get(key, len(rows))
        found.append(Relations(key, headings[key], rows, count, table.more, table.query))
    return found


def _when(row: dict[str, Cell]) -> str:
    starts, ends, seen = (told_all(row[name].text) for name in ("starts", "ends", "seen"))
    parts = []
    if starts and ends:
        parts.append(f"{starts} – {ends}")
    elif starts:
        parts.append(gettext("since %(day)s", day=starts))
    elif ends:
        parts.append(gettext("until %(day)s", day=ends))
    if seen:
        parts.append(gettext("attested in %(days)s", days=seen))
    return ", ".join(parts)
