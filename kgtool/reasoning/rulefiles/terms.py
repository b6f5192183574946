"""Literals of a rule, in the form in which the store keeps them."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kgtool.errors import ParseError
from kgtool.reasoning.rulefiles.words import Words
from kgtool.store.canonical import canonical_quads
from kgtool.store.tokens import Token
from kgtool.vocabulary import iri

_ANY: Final = NamedNode("urn:kgtool:any")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_BOOLEANS: Final = ("true", "false")


def starts_literal(words: Words) -> bool:
    """Tell whether a literal comes next."""
    word = words.peek()
    return word.kind in ("string", "number") or word.text in _BOOLEANS or _is_signed(words)


def literal(words: Words) -> Literal:
    """Take a literal: a string with its language or datatype, a number, or a boolean.

    :raises ParseError: if none comes next, or it is outside the language.
    """
    word = words.peek()
    try:
        return canonical(_literal(words))
    except ParseError:
        raise
    except ValueError as error:
        raise words.refuse(f"{word.text[:80]} is no literal: {error}", "correct it", word) from error


def canonical(value: Literal) -> Literal:
    """Give a literal as the store keeps it.

    >>> canonical(Literal("01", datatype=iri("xsd", "integer"))).value
    '1'
    """
    (quad,) = canonical_quads([Quad(_ANY, _ANY, value)])
    return quad.object if isinstance(quad.object, Literal) else value


def _literal(words: Words) -> Literal:
    if _is_signed(words):
        return _number(words.take().text + words.take().text)
    word = words.peek()
    if word.kind == "number":
        return _number(words.take().text)
    if word.text in _BOOLEANS:
        return Literal(words.take().text, datatype=iri("xsd", "boolean"))
    if word.kind != "string":
        raise words.unreadable()
    value = unescaped(_between_quotes(words, words.take()))
    following = words.peek()
    if following.kind == "language":
        if "--" in following.text:
            raise words.refuse("a literal with a direction", "leave the direction out: sources have none")
        return Literal(value, language=words.take().text[1:])
    if words.skip_mark("^^"):
        return Literal(value, datatype=words.name())
    return Literal(value)


def _is_signed(words: Words) -> bool:
    """Tell whether a number with its sign comes next."""
    sign, number = words.peek(), words.peek(1)
    return (sign.is_mark("-") or sign.is_mark("+")) and number.kind == "number" and sign.end == number.start


def _number(text: str) -> Literal:
    kind = "double" if "e" in text.lower() else "decimal" if "." in text else "integer"
    return Literal(text, datatype=iri("xsd", kind))


def _between_quotes(words: Words, word: Token) -> str:
    text = word.text
    width = 3 if text[:3] in ('"""', "'''") else 1
    if len(text) < 2 * width or text[-width:] != text[:width]:
        raise words.refuse("a string is not closed", "close the quotes", word)
    return text[width:-width]


def unescaped(text: str) -> str:
    r"""Replace the escapes of a SPARQL string.

    :raises ValueError: for a number that is no character's.

    >>> unescaped(r"l\u2019\"unit\u00e9\"\n")
    'l’"unité"\n'
    """
    return _ESCAPE.sub(
        lambda found: chr(int(found[1] or found[2], 16)) if found[3] is None else _ESCAPED.get(found[3], found[3]),
        text,
    )
