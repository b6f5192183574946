"""Midnights written as 24:00 in the templates of an update: Oxigraph would make them the next day as it reads them.

Who checks dates must be able to refuse them, see :mod:`kgtool.store.canonical`. So in what is inserted they travel with
a datatype of their own, and get theirs back in the quads that come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kgtool.store.declarations import resolve
from kgtool.store.tokens import tokens
from kgtool.vocabulary import iri

_DATE_TIME: Final = iri("xsd", "dateTime")
_AS_WRITTEN: Final = NamedNode("urn:kgtool:datatype:as-written")
_MARK: Final = "T24:"


def marked(template: str, prologue: str) -> str:
    """Give a template, or a block of data, with another datatype for midnights that are written as 24:00.

    :param prologue: the declarations in force.

    >>> marked('{ <urn:x:a> <urn:x:p> "2020-01-01T24:00:00"^^x:dateTime }', f"PREFIX x: <{_DATE_TIME.value[:-8]}>")
    '{ <urn:x:a> <urn:x:p> "2020-01-01T24:00:00"^^<urn:kgtool:datatype:as-written> }'
    """
    if _MARK not in template:
        return template
    words = list(tokens(template))
    for text, sign, kind in reversed(list(zip(words, words[1:], words[2:], strict=False))):
        typed = text.kind == "string" and sign.is_mark("^^") and kind.kind in ("iri", "pname")
        if typed and _MARK in text.text and resolve(kind, prologue) == _DATE_TIME:
            template = template[: kind.start] + str(_AS_WRITTEN) + template[kind.end :]
    return template


def as_written(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Give quads that were made of what :func:`marked` gives, with midnights as they were written."""
    for quad in quads:
        value = quad.object
        if isinstance(value, Literal) and value.datatype == _AS_WRITTEN:
            value = Literal(value.value, datatype=_DATE_TIME)
            yield Quad(quad.subject, quad.predicate, value, quad.graph_name)
        else:
            yield quad
