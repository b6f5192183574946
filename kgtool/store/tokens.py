"""SPARQL's words: a text cut into tokens, for what must be known of a request before Oxigraph sees it.

Oxigraph parses and evaluates; it does not give its syntax tree. The few things that kgtool must know (dataset clauses,
SERVICE, the operations of an update and where their parts begin) can be read off the tokens.

Source: SPARQL 1.1 Query Language, section 19.8, terminals [139] to [173].
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal as OneOf

from kgtool.errors import Location

Kind = OneOf["iri", "pname", "blank", "variable", "string", "word", "language", "number", "mark"]

#: Terminals [164] and [167]: PN_CHARS_BASE (as the inside of a character class), and PN_CHARS.
_BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF"
    r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME = rf"[{_BASE}0-9_\-\u00B7\u0300-\u036F\u203F\u2040]"
_TOKEN = re.compile(
    rf"""
    (?P<skip>   (?:[\s]+|\#[^\n\r]*)+ )
  | (?P<iri>    <(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*> )
  | (?P<string> \"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*(?:\"\"\")? | \'\'\'(?:\'{{0,2}}(?:[^'\\]|\\.))*(?:\'\'\')?
              | "(?:[^"\\\n\r]|\\.)*"? | '(?:[^'\\\n\r]|\\.)*'? )
  | (?P<variable> [?$][{_BASE}0-9_\u00B7\u0300-\u036F\u203F\u2040]+ )
  | (?P<blank>  _:(?:{_NAME}|\.{{1,20}}(?={_NAME}))+ )
  | (?P<pname>  (?:[{_BASE}](?:{_NAME}|\.){{0,200}})?:
                (?:(?:{_NAME}|:|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])
                 |\.{{1,20}}(?=(?:{_NAME}|[:%\\])))* )
  | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)? )
  | (?P<number> (?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)? )
  | (?P<word>   [A-Za-z_]\w* )
  | (?P<mark>   \^\^|&&|\|\||!=|<=|>=|. )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a SPARQL text, and where it stands (offsets in characters)."""

    kind: Kind
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Tell whether this is one of these keywords, in any case.

        >>> next(tokens("select *")).is_word("SELECT", "ASK")
        True
        """
        return self.kind == "word" and self.text.upper() in words

    def is_mark(self, mark: str) -> bool:
        """Tell whether this is that punctuation mark."""
        return self.kind == "mark" and self.text == mark


def tokens(text: str) -> Iterator[Token]:
    """Cut a SPARQL text into its tokens, white space and comments left out.

    A string that is not closed is one token: looking for its end again from each quote would take quadratic time.

    >>> [t.text for t in tokens("ASK { ?s a <urn:x:a> } # done")]
    ['ASK', '{', '?s', 'a', '<urn:x:a>', '}']
    >>> [t.kind for t in tokens('kg:a "FROM" @fr _:b 1.5')]
    ['pname', 'string', 'language', 'blank', 'number']
    """
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:  # cannot be: a mark matches any one character
            return
        kind = match.lastgroup
        if kind != "skip":
            yield Token(kind, match.group(), position, match.end())  # type: ignore[arg-type]
        position = match.end()


def closing(words: Sequence[Token], opening: int) -> int:
    """Give the index of the brace that closes the one at ``opening``; the last index when none does.

    >>> words = list(tokens("{ a { b } c } d"))
    >>> closing(words, 0)
    6
    """
    depth = 0
    for index in range(opening, len(words)):
        if words[index].is_mark("{"):
            depth += 1
        elif words[index].is_mark("}"):
            depth -= 1
            if depth == 0:
                return index
    return len(words) - 1


def place_in(text: str, offset: int, name: str = "query") -> Location:
    """Give line and column (from 1) of a character offset.

    >>> str(place_in("ASK {\\n SERVICE", 7))
    'query:2:2'
    """
    return Location(name, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
