"""How large and how deeply nested a SPARQL text may be, looked at before anything parses it.

Oxigraph 0.5.13 reads a text by recursion, and a deep one overflows the stack of its process. Measured with 8 MiB of
stack: 1,000 nested calls, 3,000 nested braces, 10,000 ``!``, 10,000 terms of a sum, 3,000 MINUS, BIND or projected
expressions end the process; a third of that does not. What only takes long to plan is stopped by the time allowed.
"""

from __future__ import annotations

import re
from typing import Final

from kgtool.errors import LimitError, QueryError
from kgtool.store.tokens import place_in

#: Characters of a query.
MAX_QUERY: Final = 2**20
#: Brackets within one another, and negations or inversions in a row.
MAX_DEPTH: Final = 100
#: Operators of expressions and property paths.
MAX_OPERATORS: Final = 2_000
#: Parts of groups (UNION, OPTIONAL and the like), and named expressions.
MAX_PARTS: Final = 1_500

_APART: Final = re.compile(
    r"""
    <[^<>"{}|^`\\\x00-\x20]*>
  | \"\"\"(?:"{0,2}(?:[^"\\]|\\.))*(?:\"\"\")? | '''(?:'{0,2}(?:[^'\\]|\\.))*(?:''')?
  | "(?:[^"\\\n\r]|\\.)*"? | '(?:[^'\\\n\r]|\\.)*'?
  | \#[^\n\r]* | \\.
    """,
    re.VERBOSE | re.DOTALL,
)
_BRACKET: Final = re.compile(r"<<|>>|[{}()\[\]]")
_OPENING: Final = ("{", "(", "[", "<<")
_IN_A_ROW: Final = re.compile(rf"(?:[!^]\s*){{{MAX_DEPTH + 1}}}")
_OPERATOR: Final = re.compile(r"\|\|?|&&|[*/]|\+(?![\d.])")
_PART: Final = re.compile(
    r"(?<![\w:?$-])(?:UNION|OPTIONAL|MINUS|FILTER|EXISTS|VALUES|SELECT|SERVICE|AS)(?![\w:-])", re.IGNORECASE
)
_HINT: Final = "it is too deeply nested or too large to plan; write it with fewer levels and parts"


def check_length(text: str) -> None:
    """Refuse a query that is too long.

    :raises LimitError: beyond :data:`MAX_QUERY` characters.
    """
    if len(text) > MAX_QUERY:
        raise LimitError(
            f"the query has {len(text):,} characters, and {MAX_QUERY:,} are allowed",
            hint="load long lists of values as data, or ask in parts",
        )


def check_nesting(text: str, name: str = "query") -> None:
    """Refuse a text that would bring down the process that reads it.

    :param name: ``query`` or ``update``.
    :raises QueryError: with its place.

    >>> check_nesting("ASK { " + "{" * 99 + "}" * 99 + " }")
    >>> check_nesting("ASK " + "{" * 101 + "}" * 101)
    Traceback (most recent call last):
    ...
    kgtool.errors.QueryError: query:1:105: more than 100 levels of brackets; it is too deeply nested or too large to \
plan; write it with fewer levels and parts
    """
    if len(text) <= MAX_DEPTH:  # most texts are short
        return
    negated = text.count("!") + text.count("^") > MAX_DEPTH
    nested = sum(map(text.count, _OPENING)) > MAX_DEPTH
    if not negated and not nested and len(text) <= MAX_PARTS:
        return
    plain = _APART.sub(" ", text)
    if nested:
        _check_brackets(text, plain, name)
    if negated and _IN_A_ROW.search(plain):
        raise QueryError(f"more than {MAX_DEPTH} of ! and ^ in a row", hint=_HINT)
    for pattern, most, what in ((_OPERATOR, MAX_OPERATORS, "operators"), (_PART, MAX_PARTS, "parts of groups")):
        if len(plain) > most and sum(1 for _ in pattern.finditer(plain)) > most:
            raise QueryError(f"more than {most:,} {what} in one {name}", hint=_HINT)


def _check_brackets(text: str, plain: str, name: str) -> None:
    """Refuse more levels of brackets than are allowed.

    :param plain: the text without what stands in strings, IRIs and comments.
    """
    if sum(map(plain.count, _OPENING)) <= MAX_DEPTH or _deepest(plain, _BRACKET) is None:
        return
    both = re.compile(f"{_APART.pattern}|(?P<bracket>{_BRACKET.pattern})", re.VERBOSE | re.DOTALL)
    offset = _deepest(text, both) or 0
    raise QueryError(f"more than {MAX_DEPTH} levels of brackets", where=place_in(text, offset, name), hint=_HINT)


def _deepest(text: str, pattern: re.Pattern[str]) -> int | None:
    """Give the offset of the first bracket that is too deep, or None."""
    depth = 0
    for found in pattern.finditer(text):
        bracket = found.group()
        if bracket in _OPENING:
            depth += 1
            if depth > MAX_DEPTH:
                return found.start()
        elif bracket in ("}", ")", "]", ">>"):
            depth -= depth > 0
    return None
