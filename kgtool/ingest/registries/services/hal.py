"""HAL's search: Solr with a cursor (https://api.archives-ouvertes.fr/docs/search)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kgtool.ingest.registries.hal import FIELDS, REGISTRY, records
from kgtool.ingest.registries.registry import Fault, Record
from kgtool.ingest.registries.services.visit import Service, Visit, batches, counted, query_of
from kgtool.ingest.web import Request
from kgtool.ingest.web.json_pages import at, by_cursor

#: Documents a page: the full record of each has tens of kilobytes.
ROWS: Final = 100
_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9]*-\d{6,9}(v\d+)?")
_PAGED: Final = by_cursor("cursorMark", ("nextCursorMark",), ("response", "docs"), ("response", "numFound"))


def _records(visit: Visit, base: str) -> Iterator[Record | Fault]:
    queries = [
        "halId_s:(" + " OR ".join(f'"{name}"' for name in batch) + ")"
        for batch in batches((name.partition("v")[0] for name in visit.asked.identifiers), ROWS)
    ]
    for query in queries or [query_of(visit.asked, "HAL", "structId_i:1004986")]:
        named = {"q": query, "fl": FIELDS, "wt": "json", "sort": "docid asc", "rows": str(ROWS), "cursorMark": "*"}
        pages = visit.pages(Request(base, tuple(named.items())), _PAGED, told=query)
        found = (at(page.content, "response", "docs") or [] for page in pages)
        yield from records(counted(found, visit.asked.limit))


SERVICE: Final = Service(REGISTRY.table["service"], _records, lambda text: _IDENTIFIER.fullmatch(text) is not None)
