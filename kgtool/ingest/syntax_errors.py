"""Turns what the parser says of a syntax error into an error that names the place and what to do."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import RdfFormat

from kgtool.errors import LimitError, Location, MemoryLimitError, ParseError
from kgtool.ingest.feed import Feed
from kgtool.ingest.sniffing import advice_on_format
from kgtool.ingest.sources import Source
from kgtool.ingest.text_checks import LATIN1_ADVICE, MAX_TOKEN

_POSITION: Final = re.compile(r"^Parser error at line \d+ (?:column \d+|between columns \d+ and \d+|.*?): ")
_LONGEST_FACT: Final = 300


def parse_error(error: SyntaxError, source: Source, feed: Feed) -> ParseError:
    """Give the error to raise for a syntax error of the parser.

    :param feed: what the parser read from, to tell the place when the parser does not.
    """
    fact = _printable(_POSITION.sub("", str(error.args[0]) if error.args else str(error)))
    line, column = error.lineno, error.offset
    if line is not None:
        where = Location(source.name, line, column)
    elif source.format == RdfFormat.RDF_XML:
        where = feed.location()
    else:
        where = Location(source.name)
    if "No scheme found" in fact:
        hint = "write the whole IRI, or give the file a base"
        if source.format == RdfFormat.RDF_XML:
            hint = "write the whole IRI, or add xml:base to the first element"
        elif source.format in (RdfFormat.TURTLE, RdfFormat.TRIG):
            hint = "write the whole IRI, or add a line @base <...> ."
        return ParseError(
            f"relative IRI without a base: {fact}", where=where, hint=advice_on_format(feed.head, source.format) or hint
        )
    if "LoadDocumentCallback" in fact:
        return ParseError(
            "the @context stands at another address, and nothing is fetched",
            where=feed.location_of('"@context"', '"@import"'),
            hint="write the context itself into the file",
        )
    return ParseError(fact, where=where, hint=_hint(fact, source, feed))


def limit_of_memory_error(error: MemoryError, source: Source) -> LimitError:
    """Give the error to raise for a parser that ran out of its buffer, or out of memory."""
    if "buffer" in str(error):
        return LimitError(
            f"one name, value or comment is longer than {MAX_TOKEN >> 20} MiB",
            where=Location(source.name),
            hint="cut it, or check that its end is not missing",
        )
    return MemoryLimitError("out of memory", where=Location(source.name), hint="load the file in parts")


def _hint(fact: str, source: Source, feed: Feed) -> str | None:
    if "UTF-8" in fact:
        return LATIN1_ADVICE
    if b"\x00" in feed.head[:64]:
        return "the file holds null bytes: it is not text, or it is in UTF-16 (iconv -f UTF-16 -t UTF-8)"
    return advice_on_format(feed.head, source.format)


def _printable(text: str) -> str:
    """Escape what a terminal would act on, and cut what is too long to read."""
    cut = text if len(text) <= _LONGEST_FACT else text[:_LONGEST_FACT] + "…"
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in cut)
