"""IdRef: the RDF of authorities by number, and its index (https://documentation.abes.fr/aideidrefdeveloppeur/)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from kgtool.errors import LimitError, ParseError
from kgtool.ingest.registries.describing import written
from kgtool.ingest.registries.idref import REGISTRY, records
from kgtool.ingest.registries.registry import Fault, Record
from kgtool.ingest.registries.schemes import is_sound
from kgtool.ingest.registries.services.visit import Service, Visit, batches, query_of
from kgtool.ingest.web import Following, Request
from kgtool.ingest.web.json_pages import at, by_offset
from kgtool.ingest.xml_checks import xml_checked

ROWS: Final = 1000
_PAGED: Final = by_offset("start", ROWS, ("response", "docs"), ("response", "numFound"))


def _xml(content: bytes) -> bytes:
    """Read a body of XML as it is.

    :raises ParseError: if it is not well-formed to its end.
    """
    try:
        for _ in xml_checked(iter([content]), "answer"):
            pass
    except LimitError as error:
        raise ParseError(error.what) from error
    return content


_AUTHORITY: Final[Following[bytes]] = Following(_xml, lambda request, content: None, lambda content: [content])


def _records(visit: Visit, base: str) -> Iterator[Record | Fault]:
    names = visit.asked.identifiers
    if names:
        visit.names(base)
    else:
        names = tuple(itertools.islice(_found(visit, base), visit.asked.limit))
    for number, (name,) in enumerate(batches((written("IdRef", one) for one in names), 1)):
        content = visit.one(Request(f"{base}{name}.rdf", accept="application/rdf+xml"), _AUTHORITY)
        if content is None:
            yield Fault(number + 1, "IdRef has no such authority", name)
            continue
        for found in records(iter([content]), f"{name}.rdf", number):
            if isinstance(found, Fault) or found.key == name:  # the RDF of a concept describes those above it too
                yield found


def _found(visit: Visit, base: str) -> Iterator[str]:
    query = query_of(visit.asked, "IdRef", "'persname_t:(Pattou AND François)'")
    named = {"q": query, "wt": "json", "fl": "ppn_z", "sort": "ppn_z asc", "start": "0", "rows": str(ROWS)}
    for page in visit.pages(Request(f"{base}Sru/Solr", tuple(named.items())), _PAGED, told=query):
        for one in at(page.content, "response", "docs") or []:
            if is_sound("IdRef", name := str(at(one, "ppn_z"))):
                yield name


SERVICE: Final = Service(REGISTRY.table["service"], _records, lambda text: is_sound("IdRef", text))
