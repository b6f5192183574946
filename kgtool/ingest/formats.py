"""Which RDF format and which compression a name, a media type or a file extension stands for."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from pyoxigraph import RdfFormat

from kgtool.errors import InputError, Location

#: Format name, as ``--format`` takes it, to format.
FORMATS: Final[Mapping[str, RdfFormat]] = MappingProxyType(
    {
        "turtle": RdfFormat.TURTLE,
        "trig": RdfFormat.TRIG,
        "ntriples": RdfFormat.N_TRIPLES,
        "nquads": RdfFormat.N_QUADS,
        "jsonld": RdfFormat.JSON_LD,
        "rdfxml": RdfFormat.RDF_XML,
    }
)

#: File extension, in lower case and without the dot, to format.
EXTENSIONS: Final[Mapping[str, RdfFormat]] = MappingProxyType(
    {
        "ttl": RdfFormat.TURTLE,
        "trig": RdfFormat.TRIG,
        "nt": RdfFormat.N_TRIPLES,
        "nq": RdfFormat.N_QUADS,
        "jsonld": RdfFormat.JSON_LD,
        "json": RdfFormat.JSON_LD,
        "rdf": RdfFormat.RDF_XML,
        "xml": RdfFormat.RDF_XML,
        "owl": RdfFormat.RDF_XML,
    }
)

#: File extension to the name of a compression that :mod:`kgtool.ingest.decompression` reads.
COMPRESSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {"gz": "gz", "gzip": "gz", "xz": "xz", "zst": "zst", "zstd": "zst", "bz2": "bz2"}
)


def format_name(format: RdfFormat) -> str:
    """Give the name under which a format is in :data:`FORMATS`.

    >>> format_name(RdfFormat.RDF_XML)
    'rdfxml'
    """
    return next(name for name, known in FORMATS.items() if known == format)


def format_of_name(name: str) -> RdfFormat:
    """Give the format that a person means: a name of :data:`FORMATS`, an extension, or a media type.

    >>> format_of_name("turtle"), format_of_name(".nt"), format_of_name("application/ld+json")
    (<RdfFormat Turtle>, <RdfFormat N-Triples>, <RdfFormat JSON-LD>)

    :raises InputError: for any other name.
    """
    plain = name.strip().lower().removeprefix(".")
    squeezed = plain.replace("-", "").replace("/", "")
    found = FORMATS.get(squeezed) or EXTENSIONS.get(plain) or (format_of_media_type(plain) if "/" in plain else None)
    if found is None:
        near = get_close_matches(squeezed, FORMATS, n=1)
        question = f"did you mean {near[0]}? " if near else ""
        raise InputError(f"unknown format {name!r}", hint=f"{question}formats are {', '.join(FORMATS)}")
    return found


def format_of_media_type(media_type: str) -> RdfFormat | None:
    """Give the format of a ``Content-Type``, parameters and aliases included, or None for what is not read here.

    >>> format_of_media_type("text/turtle; charset=utf-8"), format_of_media_type("text/n3")
    (<RdfFormat Turtle>, None)
    """
    found = RdfFormat.from_media_type(media_type)
    return found if found in FORMATS.values() else None


def extensions_of_path(name: str) -> tuple[str, str | None]:
    """Split a file name into its extension (lower case, may be empty) and its compression.

    >>> extensions_of_path("roles.TTL.gz"), extensions_of_path("roles.nt"), extensions_of_path("README")
    (('ttl', 'gz'), ('nt', None), ('', None))
    """
    path = PurePath(name)
    compression = COMPRESSIONS.get(path.suffix.lower().removeprefix("."))
    if compression:
        path = path.with_suffix("")
    return path.suffix.lower().removeprefix("."), compression


def format_of_path(name: str) -> RdfFormat:
    """Give the format that the extension of a file name promises.

    >>> format_of_path("data/people.jsonld.xz")
    <RdfFormat JSON-LD>

    :raises InputError: when the extension promises none.
    """
    extension, _ = extensions_of_path(name)
    found = EXTENSIONS.get(extension)
    if found is not None:
        return found
    advice = f"add --format with one of {', '.join(FORMATS)}"
    if extension == "n3":
        advice = "N3 formulas and rules are not read; if the file is plain Turtle, add --format turtle"
    elif not extension:
        advice = f"give it an extension ({', '.join('.' + known for known in EXTENSIONS)}) or {advice}"
    fact = f"no RDF format has the extension .{extension}" if extension else "no extension tells the RDF format"
    raise InputError(fact, where=Location(name), hint=advice)
