"""Content negotiation: which of the formats on offer a client wants (RFC 9110, sections 12.4 and 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import Accept, LanguageAccept
from werkzeug.http import parse_accept_header

Formats = Mapping[str, tuple[str, ...]]

#: Result formats of SELECT and ASK, the preferred one first: name to media types, the one that is sent first.
SOLUTION_FORMATS: Final[Formats] = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "html": ("text/html",),
}
#: Formats of graphs (CONSTRUCT, DESCRIBE, documents), the preferred one first.
GRAPH_FORMATS: Final[Formats] = {
    "turtle": ("text/turtle", "application/x-turtle"),
    "ntriples": ("application/n-triples", "text/plain"),
    "jsonld": ("application/ld+json", "application/json"),
    "rdfxml": ("application/rdf+xml", "application/xml"),
    "html": ("text/html",),
}
#: The formats of graphs that are RDF.
RDF_FORMATS: Final[Formats] = {name: types for name, types in GRAPH_FORMATS.items() if name != "html"}
LANGUAGES: Final = ("fr", "en")
#: Other names of formats in ``format=``, where the name is no format itself.
_ALIASES: Final = {
    "json": "jsonld", "json-ld": "jsonld", "nt": "ntriples", "rdf": "rdfxml", "rdf+xml": "rdfxml", "ttl": "turtle",
    "xml": "rdfxml",
}  # fmt: skip


@dataclass(frozen=True)
class MediaRange:
    """One range of an Accept header, its parameters other than ``q`` left out."""

    type: str
    subtype: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """Tell how closely the range names a media type: 3 exactly, 2 by its type, 1 by ``*/*``, 0 not at all.

        >>> MediaRange("text", "*", 1.0).specificity("text/turtle")
        2
        """
        kind, _, subtype = media_type.partition("/")
        if (self.type, self.subtype) == (kind, subtype):
            return 3
        if self.subtype == "*":
            return {kind: 2, "*": 1}.get(self.type, 0)
        return 0


def media_ranges(header: str | None) -> tuple[MediaRange, ...]:
    """Read an Accept header; none, or an empty one, accepts everything.

    >>> media_ranges("text/*;q=0.5, application/ld+json;profile=x")[1]
    MediaRange(type='text', subtype='*', quality=0.5)
    """
    ranges = []
    for value, quality in parse_accept_header(header or "", Accept):
        kind, slash, subtype = value.partition(";")[0].strip().lower().partition("/")
        if slash and kind and subtype:
            ranges.append(MediaRange(kind, subtype, quality))
        elif value.strip() == "*":  # what some Java clients send for */*
            ranges.append(MediaRange("*", "*", quality))
    return tuple(ranges) if header and header.strip() else (MediaRange("*", "*", 1.0),)


def quality(ranges: Iterable[MediaRange], media_type: str) -> float:
    """Give the quality of a media type: that of the most specific range that names it, else 0.

    >>> quality(media_ranges("text/*, text/turtle;q=0"), "text/turtle")
    0.0
    """
    best = (0, 0.0)
    for item in ranges:
        specificity = item.specificity(media_type)
        if specificity:
            best = max(best, (specificity, item.quality))
    return best[1]


def choose(header: str | None, offers: Mapping[str, Sequence[str]], *, explicit: bool = False) -> str | None:
    """Choose the format of highest quality; among equals the one offered first.

    :param header: the Accept header.
    :param offers: format names with their media types.
    :param explicit: let ``*/*`` choose nothing.
    :returns: the format's name, or ``None`` when nothing on offer is acceptable.

    >>> choose("text/csv;q=0.9, application/sparql-results+xml", SOLUTION_FORMATS)
    'xml'
    >>> choose("*/*", SOLUTION_FORMATS), choose("image/png", SOLUTION_FORMATS)
    ('json', None)
    """
    ranges = [item for item in media_ranges(header) if not explicit or item.type != "*"]
    best_name, best_quality = None, 0.0
    for name, types in offers.items():
        # A wildcard stands for the first media type only; the others are names that the same bytes go by. A format
        # whose own name is refused is refused.
        wanted = quality(ranges, types[0])
        named = [item.quality for item in ranges for alias in types[1:] if item.specificity(alias) == 3]
        if wanted or not any(item.specificity(types[0]) == 3 for item in ranges):
            wanted = max([wanted, *named])
        if wanted > best_quality:
            best_name, best_quality = name, wanted
    return best_name


def sent_type(header: str | None, types: Sequence[str]) -> str:
    """Give the media type to put on the answer: of the format's names the one that the client prefers.

    >>> sent_type("application/json, */*;q=0.1", SOLUTION_FORMATS["json"])
    'application/json'
    """
    ranges = media_ranges(header)
    return max(types, key=lambda name: quality(ranges, name))


def named(name: str, formats: Formats) -> str | None:
    """Find the format of a ``format=`` parameter: a name, or a media type.

    >>> named("csv", SOLUTION_FORMATS), named("text/csv", SOLUTION_FORMATS), named("pdf", SOLUTION_FORMATS)
    ('csv', 'csv', None)
    >>> named("json", SOLUTION_FORMATS), named("json", GRAPH_FORMATS)
    ('json', 'jsonld')
    """
    name = name if name in formats else _ALIASES.get(name, name)
    if name in formats:
        return name
    return next((known for known, types in formats.items() if name in types), None)


def with_charset(media_type: str) -> str:
    """Give what Content-Type says.

    >>> with_charset("text/csv"), with_charset("application/json")
    ('text/csv; charset=utf-8', 'application/json')
    """
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def language(header: str | None, default: str = "en") -> str:
    """Choose French or English by an Accept-Language header.

    >>> language("fr-BE, en;q=0.8"), language("de"), language("fr;q=0, en")
    ('fr', 'en', 'en')
    """
    for tag, weight in parse_accept_header(header or "", LanguageAccept):  # best first
        primary = tag.partition("-")[0].lower()
        if primary in LANGUAGES and weight > 0:
            return primary
    return default
