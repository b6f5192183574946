"""The facts of a thing: by what they are for, each value with the sources that say it, or with the way to its proof."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from flask_babel import gettext

from kgtool.web.views import Cell, Table
from kgtool.web.workbench.entity.proofs import why
from kgtool.web.workbench.entity.reading import MOST, Seen, is_blank


@dataclass(frozen=True)
class Value:
    """A value of a fact.

    :param sources: numbers of the sources that say it; none where it follows.
    :param why: the address of its proof.
    :param facts: what a blank node brings.
    """

    cell: Cell
    sources: tuple[int, ...] = ()
    inferred: bool = False
    why: str | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Fact:
    """A property with its values.

    :param count: how many there are; there may be more than are shown.
    :param query: SPARQL that gives all of them.
    """

    name: Cell
    values: tuple[Value, ...]
    count: int
    query: str | None = None
    backwards: bool = False


@dataclass(frozen=True)
class Group:
    """Facts that are for the same."""

    key: str
    heading: str
    facts: tuple[Fact, ...]


def groups(iri: str, tables: Seen, numbers: Mapping[str, int]) -> dict[str, Group]:
    """Arrange what is said of a thing, and what refers to it.

    :param numbers: the number of each source, by its IRI.
    """
    kinds = {row["property"].iri: row["group"].text for row in tables["properties"].by_name()}
    counts = {row["property"].iri: int(row["count"].text) for row in tables["properties"].by_name()}
    nested = _nested(tables.tables.get("nested"))
    nodes = {row["node"].text for table in tables.links.values() for row in table.by_name()}
    arranged: dict[str, list[Fact]] = defaultdict(list)
    for name, rows, query in _properties(tables):
        values = _values(iri, name.iri or "", rows, numbers, nested)
        shown = [value for value, implied in values if not implied and value.cell.iri not in nodes]
        if shown:
            group = kinds.get(name.iri, "relation")
            arranged[group].append(Fact(name, tuple(shown[: _most(query)]), counts.get(name.iri, len(shown)), query))
        also = [value for value, implied in values if implied]
        if also:
            arranged["also"].append(Fact(name, tuple(also), len(also)))
    arranged["incoming"] = list(_incoming(iri, tables, numbers))
    headings = _headings()
    return {
        key: Group(key, headings[key], tuple(sorted(arranged[key], key=lambda fact: fact.name.text.casefold())))
        for key in headings
        if arranged[key]
    }


def _most(query: str | None) -> int | None:
    """Give how many values are shown where a query gives the others."""
    return MOST if query else None


def _headings() -> dict[str, str]:
    return {
        "description": gettext("Description"),
        "relation": gettext("Relations"),
        "date": gettext("Dates"),
        "name": gettext("Names"),
        "identifier": gettext("Identifiers"),
        "elsewhere": gettext("Elsewhere on the web"),
        "incoming": gettext("What refers to it"),
        "technical": gettext("Where it comes from"),
        "also": gettext("What also follows"),
    }


def _properties(tables: Seen) -> Iterator[tuple[Cell, list[dict[str, Cell]], str | None]]:
    few: dict[Cell, list[dict[str, Cell]]] = defaultdict(list)
    for row in tables["facts"].by_name():
        few[row["property"]].append(row)
    names = {row["property"].iri: row["property"] for row in tables["properties"].by_name()}
    many = ((names[iri], list(table.by_name()), table.query) for iri, table in tables.values.items())
    return chain(((name, rows, None) for name, rows in few.items()), many)


def _values(
    iri: str, predicate: str, rows: list[dict[str, Cell]], numbers: Mapping[str, int], nested: _Nested
) -> list[tuple[Value, bool]]:
    """Give each value once, with all its sources, and whether a narrower property says it already."""
    sources: dict[tuple[Cell, str | None], list[str]] = defaultdict(list)
    implied: dict[tuple[Cell, str | None], bool] = {}
    for row in rows:
        key = (row["value"], row["datatype"].iri)
        if row["source"].iri:
            sources[key].append(row["source"].iri)
        else:
            sources[key] += []
            implied[key] = row["implied"].text == "true"
    found = []
    for (cell, datatype), said in sources.items():
        inferred = not said
        facts = nested.facts(cell.text) if is_blank(cell.text, cell.iri, datatype) else ()
        reason = why(iri, predicate, cell, datatype) if inferred else None
        value = Value(cell, tuple(sorted({numbers[each] for each in said if each in numbers})), inferred, reason, facts)
        found.append((value, inferred and implied.get((cell, datatype), False)))
    return sorted(found, key=lambda pair: (pair[0].inferred, pair[0].cell.text.casefold(), pair[0].cell.iri or ""))


def _incoming(iri: str, tables: Seen, numbers: Mapping[str, int]) -> Iterator[Fact]:
    for row in tables["incoming"].by_name():
        name = row["property"]
        table = tables.incoming.get(name.iri or "")
        if table is None:
            continue
        said: dict[Cell, list[str]] = defaultdict(list)
        for each in table.by_name():
            said[each["subject"]] += [each["source"].iri] if each["source"].iri else []
        values = [
            Value(
                cell,
                tuple(sorted({numbers[source] for source in sources if source in numbers})),
                not sources,
                None if sources else why(cell.iri or "", name.iri or "", Cell(iri, None, iri)),
            )
            for cell, sources in said.items()
        ]
        yield Fact(name, tuple(values[:MOST]), int(row["count"].text), table.query, backwards=True)


class _Nested:
    """What blank nodes bring, each once on a way down."""

    def __init__(self, rows: Mapping[str, list[tuple[Cell, Cell]]]) -> None:
        self._rows = rows

    def facts(self, node: str, above: frozenset[str] = frozenset()) -> tuple[Fact, ...]:
        by_property: dict[Cell, list[Value]] = defaultdict(list)
        for name, cell in self._rows.get(node, ()):
            inner = cell.iri is None and cell.text in self._rows
            if inner and cell.text in above | {node}:
                by_property[name].append(Value(Cell("…")))
            else:
                facts = self.facts(cell.text, above | {node}) if inner else ()
                by_property[name].append(Value(cell, facts=facts))
        return tuple(Fact(name, tuple(values), len(values)) for name, values in by_property.items())


def _nested(table: Table | None) -> _Nested:
    rows: dict[str, list[tuple[Cell, Cell]]] = defaultdict(list)
    for row in table.by_name() if table else ():
        rows[row["node"].text].append((row["property"], row["value"]))
    return _Nested(rows)
