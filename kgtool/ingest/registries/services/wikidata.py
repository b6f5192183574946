"""Wikidata: items by number, or those that a SPARQL query finds as ?item, fetched from its API fifty at a time."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from kgtool.errors import InputError
from kgtool.ingest.registries.registry import Fault, Record
from kgtool.ingest.registries.services.visit import Service, Visit, batches, query_of
from kgtool.ingest.registries.wikidata import REGISTRY, records
from kgtool.ingest.web import Request
from kgtool.ingest.web.json_pages import at, single

#: Items in one request: the most that the API allows.
ITEMS: Final = 50
_IDENTIFIER: Final = re.compile(r"(http://www\.wikidata\.org/entity/)?Q[1-9]\d*")


def _records(visit: Visit, base: str) -> Iterator[Record | Fault]:
    """Ask for items; ``--url`` is where the items are, or where the query is asked (its results are read then)."""
    names = visit.asked.identifiers
    if names:
        visit.names(base)
        yield from _items(visit, base, names)
        return
    query = query_of(visit.asked, "Wikidata", "'SELECT ?item WHERE { ?item wdt:P108 wd:Q1474517 }'")
    endpoint = visit.asked.base or REGISTRY.table["queries"]
    request = Request(endpoint, (("query", query), ("format", "json")), accept="application/sparql-results+json")
    rows = [
        row
        for page in visit.pages(request, single("results"), told=query)
        for row in at(page.content, "results", "bindings") or []
    ]
    if rows and not any("item" in row for row in rows if isinstance(row, dict)):
        raise InputError("the query has no ?item", hint="SELECT ?item WHERE { … }: the items that are to be imported")
    if visit.asked.base is not None:
        numbered = enumerate(itertools.islice(rows, visit.asked.limit), 1)
        yield from records(iter(numbered))
        return
    found = (str(at(row, "item", "value")).rpartition("/")[2] for row in rows)
    named = (name for name in found if _IDENTIFIER.fullmatch(name))
    yield from _items(visit, base, itertools.islice(dict.fromkeys(named), visit.asked.limit))


def _items(visit: Visit, base: str, names: Iterator[str] | tuple[str, ...]) -> Iterator[Record | Fault]:
    number = 1
    for batch in batches((name.rpartition("/")[2] for name in names), ITEMS):
        named = {
            "action": "wbgetentities",
            "format": "json",
            "ids": "|".join(batch),
            "props": "labels|aliases|claims",
            "languages": "fr|en",
            "redirects": "yes",
        }
        answer = visit.one(Request(base, tuple(named.items())), single("entities"))
        yield from records(iter([(number, answer or {})]))
        number += len(batch)


SERVICE: Final = Service(REGISTRY.table["service"], _records, lambda text: _IDENTIFIER.fullmatch(text) is not None)
