"""Classes and properties as trees and lists: what is below what, and what a search finds among them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kgtool.web.views import Cell, Table

#: Lines of a tree or a list on one page; a search finds the others.
MOST: Final = 300


@dataclass(frozen=True)
class Counted:
    """A class or a property with its counts."""

    term: Cell
    things: int
    inferred: int

    @property
    def asserted(self) -> int:
        """How many sources assert."""
        return self.things - self.inferred


@dataclass(frozen=True)
class Line:
    """A term in a tree, and how deep it stands there (from 0)."""

    counted: Counted
    depth: int


@dataclass(frozen=True)
class Shown:
    """The lines that a page shows, and how many more there are."""

    lines: tuple[Line, ...]
    left_out: int


def counted(table: Table) -> dict[str, Counted]:
    """Read the terms of a view by IRI, in its order."""
    found = {}
    for row in table.by_name():
        term = row.get("class") or row["property"]
        if term.iri is not None:
            found[term.iri] = Counted(term, int(row["things"].text), int(row["inferred"].text))
    return found


def broader(table: Table) -> dict[str, list[str]]:
    """Read which terms stand directly above each, by IRI."""
    above: defaultdict[str, list[str]] = defaultdict(list)
    for row in table.by_name():
        narrow, broad = row["narrow"].iri, row["broad"].iri
        if narrow and broad:
            above[narrow].append(broad)
    return dict(above)


def tree(terms: Mapping[str, Counted], above: Mapping[str, Sequence[str]]) -> Shown:
    """Arrange terms below each other, larger ones first; each stands once, below one of its broader terms.

    That is one of its own vocabulary where there is one. In a circle, one of its terms stands at the top.
    """
    below: defaultdict[str | None, list[str]] = defaultdict(list)
    for iri in terms:
        candidates = [each for each in above.get(iri, ()) if each in terms]
        own = [each for each in candidates if _namespace(each) == _namespace(iri)]
        below[next(iter(own or candidates), None)].append(iri)
    lines: list[Line] = []
    seen: set[str] = set()
    for first in (*below[None], *terms):
        lines.extend(_walk(first, terms, below, seen))
    return Shown(tuple(lines[:MOST]), max(0, len(lines) - MOST))


def _walk(
    first: str, terms: Mapping[str, Counted], below: Mapping[str | None, list[str]], seen: set[str]
) -> Iterator[Line]:
    # A stack, as some hierarchies are deeper than Python likes to call itself.
    waiting = [(first, 0)]
    while waiting:
        iri, depth = waiting.pop()
        if iri in seen:
            continue
        seen.add(iri)
        yield Line(terms[iri], depth)
        narrower = sorted(below.get(iri, ()), key=lambda each: (terms[each].things, each))
        waiting.extend((each, depth + 1) for each in narrower)


def found(terms: Mapping[str, Counted], searched: str) -> Shown:
    """Find terms whose name or IRI holds a text, whatever its case and accents."""
    wanted = folded(searched)
    lines = [Line(each, 0) for iri, each in terms.items() if wanted in folded(each.term.text) or wanted in folded(iri)]
    return Shown(tuple(lines[:MOST]), max(0, len(lines) - MOST))


def folded(text: str) -> str:
    """Give a text without case and accents.

    >>> folded("Œuvre d'Été")
    "oeuvre d'ete"
    """
    plain = unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(each for each in plain if not unicodedata.combining(each))


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
