"""What a SPARQL text declares, and which IRI a name stands for."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import NamedNode, QueryTriples, Store

from kgtool.errors import QueryError
from kgtool.store.tokens import Token


def prologue(words: Sequence[Token], text: str) -> str:
    """Give the PREFIX and BASE declarations that a text starts with, as text."""
    end = 0
    index = 0
    while index < len(words) and words[index].is_word("PREFIX", "BASE", "VERSION"):
        index += 3 if words[index].is_word("PREFIX") else 2
        end = words[min(index, len(words)) - 1].end
    return text[:end]


def resolve(name: Token, prologue: str) -> NamedNode:
    """Give the IRI that a token stands for under a prologue, as Oxigraph resolves it.

    :raises QueryError: if it is no IRI.
    """
    wrong = QueryError(f"{name.text} is not the name of a graph", hint="give an IRI in < >")
    try:
        results = Store().query(f"{prologue} CONSTRUCT {{ {name.text} <urn:x:p> 1 }} WHERE {{}}")
    except SyntaxError as error:
        raise wrong from error
    for triple in results if isinstance(results, QueryTriples) else ():
        if isinstance(triple.subject, NamedNode):
            return triple.subject
    raise wrong
