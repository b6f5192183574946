"""A server that pages as HAL's Solr does, and what asks it for every record."""

from __future__ import annotations

import json
from pathlib import Path

from kgtool.ingest.web import Client, Request, Shelf, harvest
from kgtool.ingest.web.json_pages import by_cursor

from .server import Asked, Registry, Told

HAL = by_cursor("cursorMark", ("nextCursorMark",), ("response", "docs"), ("response", "numFound"))


class Solr:
    """A server of ten records, three a page, as HAL's Solr gives them: with a cursor that stays when all was given."""

    def __init__(self, registry: Registry, records: int = 10) -> None:
        self.records = [f"hal-{number}" for number in range(records)]
        self.versions: dict[str, int] = {}
        self.broken: set[str] = set()
        registry.answer = self.answer

    def answer(self, asked: Asked) -> Told:
        cursor = asked.parameters["cursorMark"]
        if cursor in self.broken:
            return Told(b"", 404)
        start = 0 if cursor == "*" else int(cursor)
        docs = self.records[start : start + 3]
        etag = f'"{cursor}-{self.versions.get(cursor, 1)}"'
        if asked.headers.get("If-None-Match") == etag:
            return Told(b"", 304)
        following = str(start + len(docs)) if docs else cursor
        answer = {"response": {"numFound": len(self.records), "docs": docs}, "nextCursorMark": following}
        return Told(json.dumps(answer).encode(), headers={"ETag": etag})


def first(registry: Registry) -> Request:
    return Request(f"{registry.url}/search", (("q", "*:*"), ("rows", "3"), ("cursorMark", "*")))


def records(client: Client, registry: Registry, cache: Path | None = None, **options: int) -> list[str]:
    shelf = Shelf(cache, first(registry))
    pages = harvest(client, first(registry), HAL, shelf=shelf, **options)
    found = [doc for page in pages for doc in page.content["response"]["docs"]]
    shelf.finish()
    return found
