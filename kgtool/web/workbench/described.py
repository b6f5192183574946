"""The sources of the graph as the page shows them: what is said of each, how large it is, when it was loaded."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from kgtool.vocabulary import SOURCE_PREFIX
from kgtool.web.views import Cell, Table

#: Sources that the page lists.
MOST: Final = 200
_COMMONS: Final = re.compile(r"https?://creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/(\d[\d.]*)")
#: Where a build puts the graphs of its ontology.
_ONTOLOGY: Final = f"{SOURCE_PREFIX}ontology/"
#: What a load over HTTP notes as its file.
_NO_FILES: Final = ("the body", "body", "stdin")


@dataclass(frozen=True)
class Described:
    """A source.

    :param graph: its IRI; empty for a blank node.
    :param title: as :class:`kgtool.web.views.Cell`, in the reader's language where there is one.
    :param links: what else is said of it, by ``publisher``, ``origin``, ``licence``.
    :param texts: what is said in words, by ``description`` and ``rights``.
    :param days: ``issued``, ``modified``, ``retrieved``, ``loaded``.
    """

    graph: str
    title: Cell
    triples: int
    links: dict[str, list[Cell]] = field(default_factory=dict)
    texts: dict[str, Cell] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    file: str = ""

    @property
    def is_ontology(self) -> bool:
        """Whether it says what words mean, and nothing of the world."""
        return self.graph.startswith(_ONTOLOGY)

    @property
    def query(self) -> str:
        """SPARQL that gives what it says."""
        return f"SELECT ?s ?p ?o WHERE {{\n  GRAPH <{self.graph}> {{ ?s ?p ?o }}\n}}\nLIMIT 1000\n"


def described_sources(sizes: Table, described: Table, loads: Table, language: str) -> list[Described]:
    """Put together what views say of sources, the largest first."""
    said: dict[str, dict[str, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for row in described.by_name():
        said[row["graph"].iri or ""][row["what"].text].append(row["value"])
    loaded: dict[str, dict[str, Cell]] = {}
    for row in loads.by_name():
        loaded.setdefault(row["graph"].iri or "", row)
    found = []
    for row in sizes.by_name():
        iri = row["graph"].iri or ""
        facts, load = said[iri], loaded.get(iri, {})
        days = {name: max(each.text for each in facts[name])[:10] for name in _DAYS if facts.get(name)}
        if load:
            days["loaded"] = load["at"].text[:10]
        file = PurePath(load["file"].text).name if load else ""
        found.append(
            Described(
                graph=iri,
                title=_best(facts["title"], language) or Cell(iri.removeprefix(SOURCE_PREFIX) or row["graph"].text),
                triples=int(row["triples"].text),
                links={name: _named(name, facts[name]) for name in _LINKS if facts.get(name)},
                texts={name: best for name in _TEXTS if (best := _best(facts[name], language))},
                days=days,
                file="" if file in _NO_FILES else file,
            )
        )
    return found


_DAYS: Final = ("issued", "modified", "retrieved")
_LINKS: Final = ("publisher", "origin", "licence")
_TEXTS: Final = ("description", "rights")


def _best(cells: Sequence[Cell], language: str) -> Cell | None:
    """Choose a text in the reader's language, else one without a language, else the first."""
    order = {language: 0, None: 1}
    return min(cells, key=lambda each: order.get(each.language, 2), default=None)


def _named(name: str, cells: Iterable[Cell]) -> list[Cell]:
    """Give links with names for people: licences by what they are called, the others by their host and path."""
    return [Cell(licence_name(each.iri) if name == "licence" else _short(each), None, each.iri) if each.iri else each
            for each in cells]  # fmt: skip


def licence_name(iri: str) -> str:
    """Give what people call a licence.

    >>> licence_name("https://creativecommons.org/licenses/by-sa/4.0/")
    'CC BY-SA 4.0'
    >>> licence_name("https://creativecommons.org/publicdomain/zero/1.0/"), licence_name("https://example.org/own")
    ('CC0 1.0', 'example.org/own')
    """
    found = _COMMONS.match(iri)
    if found is None:
        return iri.partition("://")[2].rstrip("/") or iri
    kind, name, version = found.groups()
    if kind == "publicdomain":
        return f"{'CC0' if name == 'zero' else 'PDM'} {version}"
    return f"CC {name.upper()} {version}"


def _short(cell: Cell) -> str:
    if cell.text != cell.iri:
        return cell.text
    return cell.text.partition("://")[2].rstrip("/") or cell.text
