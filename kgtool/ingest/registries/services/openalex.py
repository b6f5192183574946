"""OpenAlex's API: filters with a cursor, single entities (https://docs.openalex.org/how-to-use-the-api)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kgtool.config import Settings
from kgtool.ingest.registries.openalex import REGISTRY, records
from kgtool.ingest.registries.registry import Fault, Record
from kgtool.ingest.registries.services.visit import Service, Visit, batches, counted, kind_and_query, query_of
from kgtool.ingest.web import Request, Secrets
from kgtool.ingest.web.json_pages import at, by_cursor, single

#: Records a page: the most that OpenAlex allows.
ROWS: Final = 100
_IDENTIFIER: Final = re.compile(r"(https://openalex\.org/)?[WAIT]\d+")
_PAGED: Final = by_cursor("cursor", ("meta", "next_cursor"), ("results",), ("meta", "count"))


def _records(visit: Visit, base: str) -> Iterator[Record | Fault]:
    if visit.asked.identifiers:
        visit.names(base)
        yield from _named(visit, base)
        return
    example = "works:institutions.ror:02ppyfa04"
    kinds = [f"{kind}s" for kind in REGISTRY.table["letters"].values()]
    kind, filters = kind_and_query(query_of(visit.asked, "OpenAlex", example), kinds, example)
    named = {"filter": filters, "per_page": str(ROWS), "cursor": "*"}
    pages = visit.pages(Request(f"{base}{kind}", tuple(named.items())), _PAGED, told=f"{kind}:{filters}")
    yield from records(counted((at(page.content, "results") or [] for page in pages), visit.asked.limit))


def _named(visit: Visit, base: str) -> Iterator[Record | Fault]:
    """Ask for entities one by one: that is free, where a list of them costs as much as any other list."""
    names = (name.rpartition("/")[2] for name in visit.asked.identifiers)
    for number, (name,) in enumerate(batches(names, 1), 1):
        kind = REGISTRY.table["letters"][name[0]]
        answer = visit.one(Request(f"{base}{kind}s/{name}"), single("id"))
        if answer is None:
            yield Fault(number, "OpenAlex has no such entity", name)
        else:
            yield from records(iter([(number, answer)]))


def _secrets(settings: Settings, base: str) -> Secrets | None:
    """Give the key; the contact goes with it, as OpenAlex serves those first who say who they are."""
    named = {"api_key": settings.openalex_key, "mailto": settings.contact}
    found = {name: value for name, value in named.items() if value}
    return Secrets(base, parameters=found) if found else None


SERVICE: Final = Service(
    REGISTRY.table["service"],
    _records,
    lambda text: _IDENTIFIER.fullmatch(text) is not None,
    _secrets,
    "KGTOOL_OPENALEX_KEY",
)
