"""Text as it is compared: without accents, case, and the many signs that mean a hyphen, an apostrophe or a space."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

#: Letters that Unicode does not take apart into a plain one and an accent.
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ŋ": "n", "ħ": "h"}
)
_HYPHENS: Final = re.compile("[\u2010-\u2015\u2212\u00ad\u2043\ufe63\uff0d]")
_APOSTROPHES: Final = re.compile("[\u2018\u2019\u02bc\u00b4\u0060\u2032\uff07]")
_WORDS: Final = re.compile(r"[^\W_]+")


def plain_signs(text: str) -> str:
    """Write hyphens as ``-``, apostrophes as ``'``, and leave out what is not to be seen (bidi marks, controls).

    >>> plain_signs("Pierre\u2010Henri\\xa0L\u2019H\u00f4te\u202e")
    "Pierre-Henri L'H\u00f4te"
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.replace("`", "'").split())
    text = unicodedata.normalize("NFKC", text)
    text = _APOSTROPHES.sub("'", _HYPHENS.sub("-", text))
    kept = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(kept).split())


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Give a text without accents and in lower case; its other signs stay.

    >>> folded("Fran\u00e7ois \u0141UKASZ S\u00f8ren")
    'francois lukasz soren'
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)


def words_of(text: str) -> tuple[str, ...]:
    """Give the words of a text, folded.

    >>> words_of("Universit\u00e9 Polytechnique (Hauts-de-France)")
    ('universite', 'polytechnique', 'hauts', 'de', 'france')
    """
    return tuple(_WORDS.findall(folded(text)))
