"""scanR's search service: Elasticsearch, page after page behind the last hit."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Final

from kgtool.config import Settings
from kgtool.ingest.registries.registry import Fault, Record
from kgtool.ingest.registries.scanr import REGISTRY, records
from kgtool.ingest.registries.services.visit import Service, Visit, counted, kind_and_query, query_of
from kgtool.ingest.web import Request, Secrets
from kgtool.ingest.web.json_pages import at, by_search_after

ROWS: Final = 200
_IDENTIFIER: Final = re.compile(r"idref\d{8}[\dX]|\d{9}[A-Z]|(doi10\.|hal[a-z]*-|nnt)\S+")


def _records(visit: Visit, base: str) -> Iterator[Record | Fault]:
    indexes, example = REGISTRY.table["indexes"], "publications:affiliations.id:200711923J"
    asked: list[tuple[str, dict[str, object]]] = []
    for name in visit.asked.identifiers:
        kind = "persons" if name.startswith("idref") else "structures" if name[:9].isdigit() else "publications"
        asked.append((kind, {"terms": {"id.keyword": [name]}}))
    if not asked:
        kind, text = kind_and_query(query_of(visit.asked, "scanR", example), indexes, example)
        asked = [(kind, {"query_string": {"query": text}})]
    for kind, query in asked:
        body = {"size": ROWS, "query": query, "sort": [{REGISTRY.table["sort"]: "asc"}], "track_total_hits": True}
        url = f"{base}{indexes[kind]}/_search"
        first = Request(url, body=json.dumps(body, sort_keys=True).encode(), media_type="application/json")
        pages = visit.pages(first, by_search_after(), told=json.dumps(query, ensure_ascii=False))
        yield from records(counted((at(page.content, "hits", "hits") or [] for page in pages), visit.asked.limit))


def _secrets(settings: Settings, base: str) -> Secrets | None:
    if settings.scanr_login is None:
        return None
    word = base64.b64encode(settings.scanr_login.encode()).decode()
    return Secrets(base, {"Authorization": f"Basic {word}"})


SERVICE: Final = Service(
    REGISTRY.table["service"],
    _records,
    lambda text: _IDENTIFIER.fullmatch(text) is not None,
    _secrets,
    "KGTOOL_SCANR_LOGIN",
)
