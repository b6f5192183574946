"""ORCID's public API: records by ORCID iD, and its search (https://info.orcid.org/documentation/api-tutorials/)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from kgtool.config import Settings
from kgtool.ingest.registries.describing import written
from kgtool.ingest.registries.orcid import REGISTRY, records
from kgtool.ingest.registries.registry import Fault, Record
from kgtool.ingest.registries.schemes import is_sound
from kgtool.ingest.registries.services.visit import Service, Visit, batches, query_of
from kgtool.ingest.web import Request, Secrets
from kgtool.ingest.web.json_pages import at, by_offset, single

#: Results of a search a page; ORCID gives no more than the first 11,000 of a search.
ROWS: Final = 1000
_PAGED: Final = by_offset("start", ROWS, ("result",), ("num-found",))


def _records(visit: Visit, base: str) -> Iterator[Record | Fault]:
    names = visit.asked.identifiers
    if names:
        visit.names(base)
    else:
        names = tuple(itertools.islice(_found(visit, base), visit.asked.limit))
    for number, (name,) in enumerate(batches((written("ORCID", one) for one in names), 1), 1):
        answer = visit.one(Request(f"{base}{name}/record"), single("orcid-identifier"))
        if answer is None:
            yield Fault(number, "ORCID has no such record, or none that is public", name)
        else:
            yield from records(iter([(number, answer)]))


def _found(visit: Visit, base: str) -> Iterator[str]:
    query = query_of(visit.asked, "ORCID", 'ror-org-id:"https://ror.org/02ppyfa04"')
    first = Request(f"{base}search/", (("q", query), ("start", "0"), ("rows", str(ROWS))))
    for page in visit.pages(first, _PAGED, told=query):
        for one in at(page.content, "result") or []:
            if is_sound("ORCID", name := str(at(one, "orcid-identifier", "path"))):
                yield name


def _secrets(settings: Settings, base: str) -> Secrets | None:
    if settings.orcid_token is None:
        return None
    return Secrets(base, {"Authorization": f"Bearer {settings.orcid_token}"})


SERVICE: Final = Service(
    REGISTRY.table["service"], _records, lambda text: is_sound("ORCID", text), _secrets, "KGTOOL_ORCID_TOKEN"
)
