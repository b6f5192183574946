"""Memberships, supervisions and participations: who or what is at the other end, in which role, and when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from flask_babel import gettext

from kgtool.web.views import Cell, Table
from kgtool.web.workbench.entity.dates import told_all
from kgtool.web.workbench.entity.reading import MOST, Seen, ending


@dataclass(frozen=True)
class Node:
    """What one node says of a relation.

    :param when: the dates that sources give, in words; ``iri``: None for a blank node.
    """

    role: Cell | None
    when: str
    iri: str | None


@dataclass(frozen=True)
class Relation:
    """Another thing, and the nodes between it and the one of the page."""

    other: Cell
    nodes: tuple[Node, ...]


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
        rows = _rows(table)
        count = counts.get(key, len(rows))
        found.append(Relations(key, headings[key], rows[:MOST], count, table.more or len(rows) > MOST, table.query))
    return found


def _rows(table: Table) -> tuple[Relation, ...]:
    """Put together the rows of each node, and the nodes of each other thing, the latest first."""
    by_node: dict[str, list[dict[str, Cell]]] = defaultdict(list)
    for row in table.by_name():
        by_node[row["node"].text].append(row)
    dated = [({name: _texts(rows, name) for name in ("start", "end", "seen")}, rows) for rows in by_node.values()]
    dated.sort(key=lambda each: max(each[0]["start"] | each[0]["seen"], default=""), reverse=True)
    by_other: dict[Cell, list[Node]] = defaultdict(list)
    for dates, rows in dated:
        role = next((row["role"] for row in rows if row["role"].text), None)
        when = _when(*(told_all(dates[name]) for name in ("start", "end", "seen")))
        by_other[rows[0]["other"]].append(Node(role, when, rows[0]["node"].text or None))
    return tuple(Relation(other, tuple(nodes)) for other, nodes in by_other.items())


def _texts(rows: list[dict[str, Cell]], name: str) -> set[str]:
    return {row[name].text for row in rows if row[name].text}


def _when(starts: str, ends: str, seen: str) -> str:
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
