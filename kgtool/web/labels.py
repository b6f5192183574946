"""Names of things for people, in the reader's language; what the data do not name goes by its IRI."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kgtool.graph import KnowledgeGraph
from kgtool.store.labels import Label, best, labels_of
from kgtool.vocabulary import ID_BASE
from kgtool.web.tables import shortened

#: What terms of others' vocabularies are called.
_STANDARD: Final = Path(__file__).with_name("standard_terms.ttl")
__all__ = ["Label", "best", "labels", "short_name"]


def short_name(value: str, base: str = ID_BASE) -> Label:
    """Give the name of something that the data do not name: its prefixed IRI, or for our own the end of it.

    >>> short_name("https://schema.org/startDate").text, short_name(f"{ID_BASE}region/a/b-c").text
    ('schema:startDate', 'b-c')
    >>> short_name("https://ror.org/02vjkv261").text
    'https://ror.org/02vjkv261'
    """
    rest = value.removeprefix(base)
    return Label(shortened(value) if rest == value else rest.rstrip("/#").rpartition("/")[2] or value)


def labels(
    graph: KnowledgeGraph, things: Collection[NamedNode], language: str, base: str = ID_BASE
) -> dict[str, Label]:
    """Give the name of each thing, by IRI.

    Identifiers go by their register and value; what the graph does not name goes by what its vocabulary calls it, else
    by :func:`short_name`.
    """
    found = labels_of(graph, things, language)
    known = _standard_terms()
    return {
        thing.value: found.get(thing.value)
        or best(known.get(thing.value, ()), language)
        or short_name(thing.value, base)
        for thing in things
    }


@cache
def _standard_terms() -> Mapping[str, Sequence[Literal]]:
    named: dict[str, list[Literal]] = defaultdict(list)
    for quad in parse(path=_STANDARD, format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            named[quad.subject.value].append(quad.object)
    return named
