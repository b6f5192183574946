"""What a page says of a thing before anything else: its names, what it is, and a line that sums it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kgtool.store.labels import NAMING
from kgtool.vocabulary import PREFIXES
from kgtool.web.labels import short_name
from kgtool.web.views import Cell
from kgtool.web.workbench.entity.facts import Group
from kgtool.web.workbench.entity.reading import Seen
from kgtool.web.workbench.entity.relations import Relations

_NAMING: Final = tuple(each.value for each in NAMING)
#: Things that the line of a summary names.
_MOST_NAMED: Final = 3
#: Letters of a description that search engines get.
_MOST_LETTERS: Final = 300
#: Relations that say best what a thing belongs to, the best first.
_TELLING: Final = ("member", "supervisedUnit", "participant", "project")


@dataclass(frozen=True)
class Kind:
    """A class of a thing.

    :param inferred: whether that follows; ``is_named``: whether the graph itself has a name for it.
    """

    cell: Cell
    inferred: bool
    is_named: bool


@dataclass(frozen=True)
class Head:
    """The head of a page.

    :param summary: the narrowest class and what the thing belongs to, as things to name.
    :param description: what sources say of it in the reader's language, if they do.
    """

    name: Cell
    others: tuple[Cell, ...]
    kinds: tuple[Kind, ...]
    summary: tuple[Cell, ...]
    description: Cell | None

    @property
    def chips(self) -> tuple[Kind, ...]:
        """The classes that the graph itself names; the narrowest where it names none."""
        return tuple(kind for kind in self.kinds if kind.is_named) or self.kinds[:1]

    @property
    def text(self) -> str:
        """The summary as one line, for search engines."""
        parts = [each.text for each in self.summary]
        if self.description:
            parts.append(self.description.text)
        line = " · ".join(parts)
        return line if len(line) <= _MOST_LETTERS else f"{line[:_MOST_LETTERS]}…"


def head(
    iri: str, base: str, tables: Seen, groups: dict[str, Group], related: Sequence[Relations], language: str
) -> Head:
    """Sum a thing up."""
    names = _literals(groups.get("name"))
    first = _best([cell for name, cell in names if name in _NAMING], language)
    name = first or Cell(short_name(iri, base).text, None, iri)
    # A given name alone is no other name.
    others = {cell.text: cell for _, cell in names if cell.text not in name.text}
    kinds = tuple(
        Kind(row["class"], row["inferred"].text == "true", row["named"].text == "true")
        for row in tables["types"].by_name()
    )
    described = _best([cell for _, cell in _literals(groups.get("description"))], language)
    narrow = next((kind.cell for kind in kinds if kind.is_named), kinds[0].cell if kinds else None)
    belonging = _belonging(related)
    summary = tuple(cell for cell in (narrow, *belonging) if cell is not None)
    return Head(name, tuple(others.values()), kinds, summary, described)


def schema_types(tables: Seen) -> list[str]:
    """Give the names of a thing's classes in schema.org's terms, the narrowest first.

    The widest one, schema:Thing, stands where the graph aligns none of its classes to schema.org.
    """
    found = [row["class"].iri or "" for row in tables["types"].by_name()]
    names = [each.removeprefix(PREFIXES["schema"]) for each in found if each.startswith(PREFIXES["schema"])]
    if not names and any(each == f"{PREFIXES['foaf']}Person" for each in found):
        names = ["Person"]
    return names or ["Thing"]


def _literals(group: Group | None) -> list[tuple[str, Cell]]:
    facts = group.facts if group else ()
    return [
        (fact.name.iri or "", value.cell)
        for fact in sorted(facts, key=lambda fact: _place(fact.name.iri or ""))
        for value in fact.values
        if value.cell.iri is None and not value.facts
    ]


def _place(name: str) -> int:
    return _NAMING.index(name) if name in _NAMING else len(_NAMING)


def _best(cells: Sequence[Cell], language: str) -> Cell | None:
    ranks = {"": 1, "en": 2, "fr": 2, language: 0}
    return min(cells, key=lambda cell: ranks.get((cell.language or "").partition("-")[0], 3), default=None)


def _belonging(related: Sequence[Relations]) -> list[Cell]:
    by_key = {each.key: each for each in related}
    rows = next((by_key[key].rows for key in _TELLING if key in by_key), ())
    return list({row.other.iri or row.other.text: row.other for row in rows}.values())[:_MOST_NAMED]
