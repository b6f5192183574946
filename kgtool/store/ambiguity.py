"""Whether a SPARQL text can be cut into words in one way only.

Oxigraph's parser has no words: it tries rules at each place, so that ``SERVICE:x`` is SERVICE and ``:x``, a ``<`` may
begin an IRI or be "less than", and three quotes that are not closed start with an empty string. A text that Oxigraph
reads otherwise than :mod:`kgtool.store.tokens` could hide a SERVICE or a LOAD, and these reach other machines. So a
text that has one of these words anywhere must be beyond doubt: one that is not is refused, or written so that it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kgtool.errors import QueryError
from kgtool.store.tokens import Token, place_in

_ESCAPE: Final = r"\\(?:[tbnrf\"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"
_STRING: Final = re.compile(
    rf"\"\"\"(?:\"{{0,2}}(?:[^\"\\]|{_ESCAPE}))*\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|{_ESCAPE}))*'''"
    rf"|\"(?:[^\"\\\n\r]|{_ESCAPE})*\"|'(?:[^'\\\n\r]|{_ESCAPE})*'"
)
_CODE_POINT: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_HINT: Final = "write it otherwise: beside SERVICE and LOAD, a text must be beyond doubt"


@dataclass(frozen=True)
class Edit:
    """A part of a text to be replaced: offsets in characters, and what takes its place (no line break in either)."""

    start: int
    end: int
    text: str


def reaches_out(text: str, *words: str) -> bool:
    """Tell whether a text holds one of these words (in lower case) anywhere, be it in a comment.

    >>> reaches_out("ASK { SERVICE:x {} }", "service")
    True
    """
    lowered = text.lower()
    return any(word in lowered for word in words)


def made_certain(words: Sequence[Token], text: str, name: str = "query") -> list[Edit]:
    """Give what must be written otherwise, for Oxigraph to see these words and no others.

    An IRI such as ``<a#b>`` gets an escape in place of ``#``, as ``?x <a#b>`` could be "less than", and a comment.

    :raises QueryError: for what cannot be made certain.
    """
    edits: list[Edit] = []
    for index, word in enumerate(words):
        if word.kind == "string" and not _is_certain_string(word.text):
            raise QueryError(
                "a string that is not closed, or has a wrong escape", where=place_in(text, word.start, name), hint=_HINT
            )
        if word.is_mark("\\"):
            raise QueryError("a backslash outside strings", where=place_in(text, word.start, name), hint=_HINT)
        if _may_hide_service(words, index):
            raise QueryError(
                f"{word.text[:40]!r} may be read as SERVICE", where=place_in(text, word.start, name), hint=_HINT
            )
        if word.kind == "iri" and re.search("[#']", word.text) and not re.match(r"<[A-Za-z][\w+.-]*://", word.text):
            escaped = word.text.replace("#", "\\u0023").replace("'", "\\u0027")
            edits.append(Edit(word.start, word.end, escaped))
    return edits


def _is_certain_string(string: str) -> bool:
    if not _STRING.fullmatch(string):
        return False
    points = (int(short or long, 16) for short, long in _CODE_POINT.findall(string.replace("\\\\", "")))
    return not any(0xD800 <= point <= 0xDFFF or point > 0x10FFFF for point in points)


def _may_hide_service(words: Sequence[Token], index: int) -> bool:
    word = words[index]
    if "service" not in word.text.lower():
        return False
    if word.kind == "pname":
        glued = "service" in word.text.partition(":")[0].lower()
        opens = index + 1 < len(words) and words[index + 1].is_mark("{")
        return glued and opens and not (index and words[index - 1].is_word("GRAPH", "SERVICE", "SILENT"))
    return word.kind in ("language", "number", "mark") or (word.kind == "word" and word.text.upper() != "SERVICE")
