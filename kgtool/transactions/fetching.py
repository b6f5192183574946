"""What LOAD brings in: a document of another server, fetched within limits and read as RDF."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import Quad, RdfFormat

from kgtool.errors import InputError, Location, ParseError, TimeLimitError
from kgtool.federation import Fetched, fetch
from kgtool.ingest import FORMATS, Source, format_of_media_type, read_quads
from kgtool.ingest.formats import format_of_path
from kgtool.store.services import Services
from kgtool.vocabulary import DEFAULT_SOURCE

_ACCEPT: Final = ", ".join(
    f"{format.media_type};q={1 - number / 10:g}" for number, format in enumerate(FORMATS.values())
)
#: Media types that servers give to files that they know nothing of.
_UNKNOWN: Final = ("", "text/plain", "application/octet-stream", "application/xml", "text/xml", "application/json")


def fetcher(services: Services, deadline: float | None) -> Callable[[str], Iterator[Quad]]:
    """Give what fetches the document behind a URL, and reads its quads; those of no graph are in the default source.

    :param deadline: on the monotonic clock; None is without a limit but that of one answer.
    """

    def fetched(url: str) -> Iterator[Quad]:
        left = services.timeout if deadline is None else min(services.timeout, deadline - monotonic())
        if left <= 0:
            raise TimeLimitError("the update ran out of time", hint="change less at a time, or allow more time")
        document = fetch(url, services.hosts, accept=_ACCEPT, timeout=left, max_bytes=services.max_bytes)
        source = Source(document.url, DEFAULT_SOURCE, _format(document), None, None, io.BytesIO(document.content))
        return read_quads(source, base=document.url, max_bytes=services.max_bytes, allow_empty=True)

    return fetched


def _format(document: Fetched) -> RdfFormat:
    """Give the format that the answer says it has, else the one that the URL's ending promises.

    :raises ParseError: if neither is one of RDF.
    """
    said = format_of_media_type(document.media_type)
    if said is not None and document.media_type not in _UNKNOWN:
        return said
    try:
        if document.media_type in _UNKNOWN:
            return format_of_path(urlsplit(document.url).path)
    except InputError:
        if said is not None:
            return said
    raise ParseError(
        f"this is {document.media_type or 'of no media type'}, which is no RDF",
        where=Location(iri=document.url),
        hint="LOAD reads Turtle, TriG, N-Triples, N-Quads, JSON-LD and RDF/XML",
    )
