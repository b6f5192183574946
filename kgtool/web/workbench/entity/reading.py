"""The views of an entity's page, read in two rounds: what the second asks for depends on what the first found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kgtool.web.source import GraphSource
from kgtool.web.views import Table, View, seen

#: Values of a property, and rows of relations, that a page shows; the query behind them gives all.
MOST: Final = 8
#: Rows to read for these: a value that several sources say has several, and so has a node with several dates.
_MOST_READ: Final = 2 * MOST + 4
#: Affiliations of a person, and of the people of an organisation, that a page shows.
_MOST_OF_PERSON: Final = 40
_MOST_OF_PEOPLE: Final = 20
#: Facts and classes that a page shows.
_MOST_FACTS: Final = 400
#: The properties by which nodes between two things lead to one of them, in the order of the page.
ENDS: Final = (
    "org:member",
    "kg:supervisedUnit",
    "kg:participant",
    "kg:project",
    "kg:supervisingInstitution",
    "org:organization",
)
_FIRST: Final = ("types", "properties", "facts", "incoming", "link-counts", "places", "sources", "identifiers")


@dataclass(frozen=True)
class Seen:
    """What the graph says of a thing, as tables.

    :param tables: by the name of their view, less ``entity-``.
    :param values: the values of each property that has many, and ``incoming``: what refers to the thing by each.
    :param links: the nodes between the thing and others, by the property that leads to the thing.
    """

    tables: dict[str, Table]
    values: dict[str, Table]
    incoming: dict[str, Table]
    links: dict[str, Table]

    def __getitem__(self, name: str) -> Table:
        """Give the table of a view."""
        return self.tables[name]


def read(source: GraphSource, iri: str, date: str, language: str) -> Seen:
    """Read what the graph says of a thing.

    :param date: the day on which people are asked for, YYYY-MM-DD.
    :raises KgtoolError: if a limit is hit.
    """
    thing = ("thing", f"<{iri}>")
    first = [View(f"entity-{name}", (thing,), _MOST_FACTS) for name in _FIRST]
    links = [View("entity-links", (thing, ("mine", end)), _MOST_READ) for end in ENDS]
    found = seen(source, [*first, *links], language)
    tables = dict(zip(_FIRST, found, strict=False))
    wanted = _second(thing, tables, date)
    answers = seen(source, [view for _, _, view in wanted], language) if wanted else []
    values: dict[str, Table] = {}
    incoming: dict[str, Table] = {}
    by_kind = {"values": values, "incoming": incoming, "tables": tables}
    for (kind, name, _), table in zip(wanted, answers, strict=True):
        by_kind[kind][name] = table
    return Seen(tables, values, incoming, dict(zip(ENDS, found[len(_FIRST) :], strict=True)))


def _second(thing: tuple[str, str], tables: dict[str, Table], date: str) -> Sequence[tuple[str, str, View]]:
    few = {row["property"].iri for row in tables["facts"].by_name()}
    many = [row["property"].iri for row in tables["properties"].by_name()]
    wanted: list[tuple[str, str, View]] = [
        ("values", name, View("entity-values", (thing, ("property", f"<{name}>")), _MOST_READ))
        for name in many
        if name and name not in few
    ]
    wanted += [
        ("incoming", name, View("entity-incoming-values", (thing, ("property", f"<{name}>")), _MOST_READ))
        for name in (row["property"].iri for row in tables["incoming"].by_name())
        if name
    ]
    ends = {ending(row["mine"].iri or "") for row in tables["link-counts"].by_name()}
    if "person" in ends:
        wanted.append(("tables", "affiliations", View("entity-affiliations", (thing,), _MOST_OF_PERSON)))
    if "institution" in ends:
        asked = (("institution", thing[1]), ("date", date))
        wanted.append(("tables", "people", View("entity-people", asked, _MOST_OF_PEOPLE)))
        wanted.append(("tables", "people-count", View("entity-people-count", asked)))
    if any(is_blank(row["value"].text, row["value"].iri, row["datatype"].iri) for row in tables["facts"].by_name()):
        wanted.append(("tables", "nested", View("entity-nested", (thing,))))
    return wanted


def ending(iri: str) -> str:
    """Give the end of an IRI.

    >>> ending("https://w3id.org/kgtool/ontology#person")
    'person'
    """
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


def is_blank(text: str, iri: str | None, datatype: str | None) -> bool:
    """Tell whether a value is a blank node: it has neither an IRI nor a datatype."""
    return not iri and not datatype and text.startswith("_:")
