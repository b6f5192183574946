"""Terms as the tokens of canonical N-Triples: what the export sorts and what its writers read.

A token is ``<iri>``, ``_:label``, ``"text"``, ``"text"@language`` or ``"text"^^<datatype>``, with the escapes of
canonical N-Triples (RDF 1.2 N-Triples, section "Canonicalization") and no others: what ``str`` of a pyoxigraph term
gives. Neither IRIs nor labels hold a space, so that a statement splits at its first spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from kgtool.vocabulary import PREFIXES

RDF: Final = PREFIXES["rdf"]
XSD: Final = PREFIXES["xsd"]
RDF_TYPE: Final = f"<{RDF}type>"
RDF_FIRST: Final = f"<{RDF}first>"
RDF_REST: Final = f"<{RDF}rest>"
RDF_NIL: Final = f"<{RDF}nil>"

_ESCAPE = re.compile(r"\\(?:u([0-9A-F]{4})|U([0-9A-F]{8})|(.))")
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


class LiteralParts(NamedTuple):
    """A literal: its text still escaped, its language tag or "", its datatype IRI or "" for a string."""

    escaped: str
    language: str
    datatype: str


class Subject(NamedTuple):
    """All that one graph says about one subject: (predicate, object) tokens in order."""

    graph: str
    subject: str
    pairs: list[tuple[str, str]]


def is_literal(token: str) -> bool:
    """Tell whether a token is a literal."""
    return token[0] == '"'


def is_blank(token: str) -> bool:
    """Tell whether a token is a blank node."""
    return token[0] == "_"


def literal_parts(token: str) -> LiteralParts:
    r"""Take a literal apart.

    >>> literal_parts('"l\\"eau"@fr')
    LiteralParts(escaped='l\\"eau', language='fr', datatype='')
    >>> literal_parts('"1"^^<urn:x:d>').datatype
    'urn:x:d'
    """
    # Neither a language tag nor a datatype IRI can hold a quotation mark: the last one closes the text.
    end = token.rindex('"')
    tail = token[end + 1 :]
    if tail.startswith("@"):
        return LiteralParts(token[1:end], tail[1:], "")
    return LiteralParts(token[1:end], "", tail[3:-1])


def unescape(escaped: str) -> str:
    r"""Give the characters behind the escapes.

    >>> unescape('a\\\\n\\n\\u0007')
    'a\\n\n\x07'
    """
    return _ESCAPE.sub(_character, escaped) if "\\" in escaped else escaped


def subjects(rows: Iterable[str]) -> Iterator[Subject]:
    """Group sorted ``graph subject predicate object`` rows by graph and subject; the default graph's name is "".

    >>> [subject.pairs for subject in subjects([' <a:s> <a:p> "1 2"', ' <a:s> <a:q> _:b'])]
    [[('<a:p>', '"1 2"'), ('<a:q>', '_:b')]]
    """
    for (graph, subject), group in groupby((row.split(" ", 3) for row in rows), key=itemgetter(0, 1)):
        yield Subject(graph, subject, [(predicate, value) for _, _, predicate, value in group])


def _character(match: re.Match[str]) -> str:
    short, long, plain = match.groups()
    if plain is not None:
        return _PLAIN.get(plain, plain)
    return chr(int(short or long, 16))
