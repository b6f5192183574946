"""What query workers do for ``/reconcile`` and ``/search``: a request's content as data, and its answer as JSON.

The index of names is a file that all workers of a service share; see :mod:`kgtool.link.reconciliation.index`.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast
from weakref import WeakKeyDictionary

from kgtool import __version__
from kgtool.errors import Location, MissingError, StoreError
from kgtool.graph import KnowledgeGraph
from kgtool.link.reconciliation import documents, suggesting
from kgtool.link.reconciliation.answering import Reconciler
from kgtool.link.reconciliation.asked import Extension, Query
from kgtool.link.reconciliation.browsing import Browsed, Use, browse, told
from kgtool.link.reconciliation.describing import described, flyout
from kgtool.link.reconciliation.extending import extended
from kgtool.link.reconciliation.index import Index
from kgtool.link.reconciliation.listing import with_iris
from kgtool.link.reconciliation.manifest import OLD, manifest

What = Literal["entity", "type", "property"]
#: The view that says which properties are facets and dates.
_PROPERTIES: Final = "search-properties"
_DATES: Final = ("from", "until")
_USES: Final[WeakKeyDictionary[Reconciler, tuple[tuple[Use, ...], tuple[Use, ...]]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class OldBatch:
    """Queries of version 0.2, by keys of the client's own."""

    queries: tuple[tuple[str, Query], ...]


@dataclass(frozen=True)
class NewBatch:
    """Queries of version 1.0-draft."""

    queries: tuple[Query, ...]


@dataclass(frozen=True)
class Fetch:
    """A data extension, to be answered in the form of a version."""

    extension: Extension
    version: str


@dataclass(frozen=True)
class Suggest:
    """What somebody has typed of a name.

    :param types: classes of which a suggested entity has to be one; empty for any.
    """

    what: What
    prefix: str
    cursor: int = 0
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Propose:
    """The class whose properties are asked for."""

    type_id: str
    limit: int | None = None


@dataclass(frozen=True)
class Show:
    """An entity to show in a small page, or anything in a line."""

    id: str
    flyout: What | None = None


@dataclass(frozen=True)
class Manifest:
    """The manifest of a version, for a server at an address."""

    version: str
    root: str
    space: str


@dataclass(frozen=True)
class Prepare:
    """Nothing but that the index be as new as the graph."""


@dataclass(frozen=True)
class Search:
    """A text to look for among the names, and how many things are wanted at most.

    :param types: classes of which they have to be one; empty for any.
    """

    text: str
    limit: int
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tell:
    """Things of which is said what tells them from others."""

    iris: tuple[str, ...]


Asked = OldBatch | NewBatch | Fetch | Suggest | Propose | Show | Manifest | Search | Browsed | Tell | Prepare


@dataclass(frozen=True)
class ReconcileTask:
    """What a client asks of ``/reconcile`` or ``/search``.

    :param index: where the file of names is, or is made.
    """

    asked: Asked
    language: str
    index: Path


#: The reconciler of this process's graph: a worker has one graph at a time.
_kept: Final[dict[Path, Reconciler]] = {}


def evaluate_reconciliation(graph: KnowledgeGraph, task: ReconcileTask) -> bytes:
    """Answer, as JSON.

    :raises StoreError: if the file of names cannot be used.
    :raises MissingError: for an entity that is not there.
    :raises LimitError: for too many values.
    """
    try:
        reconciler = _reconciler(graph, task.index)
        with reconciler.reading():
            found = _answer(reconciler, task.asked, task.language)
        return json.dumps(found, ensure_ascii=False).encode()
    except sqlite3.Error as error:
        _forget(task.index)
        raise StoreError(f"the index of names cannot be used: {error}", hint="try again; it is made anew") from error


def _reconciler(graph: KnowledgeGraph, file: Path) -> Reconciler:
    kept = _kept.get(file)
    if kept is not None and kept.graph is graph:
        return kept
    index = kept.index if kept is not None else Index(file)
    _kept[file] = Reconciler(graph, index)
    return _kept[file]


def _forget(file: Path) -> None:
    kept = _kept.pop(file, None)
    if kept is not None:
        kept.index.close()


def _answer(reconciler: Reconciler, asked: Asked, language: str) -> object:
    match asked:
        case OldBatch():
            found = reconciler.answer([query for _, query in asked.queries])
            keys = [key for key, _ in asked.queries]
            return documents.old_results(reconciler, dict(zip(keys, found, strict=True)))
        case NewBatch():
            return documents.new_results(reconciler, reconciler.answer(asked.queries))
        case Fetch():
            return extended(reconciler, asked.extension, language, old=asked.version == OLD)
        case Suggest():
            if asked.what == "entity":
                return suggesting.entities(reconciler, asked.prefix, asked.cursor, language, asked.types)
            suggest = suggesting.types if asked.what == "type" else suggesting.properties
            return suggest(reconciler, asked.prefix, asked.cursor, language)
        case Propose():
            return suggesting.proposed(reconciler, asked.type_id, asked.limit, language)
        case Manifest():
            return manifest(reconciler, asked.version, asked.root, asked.space, __version__, language)
        case Show():
            shown = flyout(reconciler, asked.flyout, asked.id, language) if asked.flyout else None
            shown = shown if asked.flyout else described(reconciler, asked.id, language)
            if shown is None:
                where = Location(iri=asked.id[:500])
                raise MissingError("nothing of this id is offered here", where=where, hint="ids are whole IRIs")
            return shown
        case Prepare():
            return None
        case Search():
            return _found(reconciler, asked, language)
        case Browsed():
            facets, dates = _uses(reconciler)
            return browse(reconciler, asked, facets, dates, language)
        case Tell():
            known = reconciler.index.things(with_iris(reconciler.index, asked.iris).values())
            return told(reconciler, list(known.values()), _uses(reconciler)[1], language)


def _uses(reconciler: Reconciler) -> tuple[tuple[Use, ...], tuple[Use, ...]]:
    """Give what the ontology's view says that properties are for: those of facets, and those of dates."""
    if reconciler not in _USES:
        graph = cast(KnowledgeGraph, reconciler.graph)
        rows = [tuple(getattr(term, "value", None) for term in row) for row in graph.view(_PROPERTIES)[0].solutions()]
        uses = [Use(str(name), str(property), of) for name, property, of in rows]
        dates = tuple(use for use in uses if use.name in _DATES)
        _USES[reconciler] = tuple(use for use in uses if use.name not in _DATES), dates
    return _USES[reconciler]


def _found(reconciler: Reconciler, asked: Search, language: str) -> list[dict[str, object]]:
    things = suggesting.suggested(reconciler, asked.text, asked.types)[: asked.limit]
    told = documents.descriptions(reconciler, things, language)
    return [
        {
            "iri": thing.iri,
            "label": thing.title(language),
            "description": told[thing.iri],
            "types": documents.types_of(reconciler.classes, thing, language),
        }
        for thing in things
    ]
