"""Words of names and of affiliation strings: where they stand, their folded form, and the word that stands for them.

Names are compared as bags of words: "Université de Lille", "Univ. Lille" and "University of Lille" are one bag. What is
folded away is what registries, languages and journals vary in: case, accents, ligatures, small words, abbreviations,
inflections and translations (``words.tsv``), a plural s. A word's number is its hash, so that the hash of a
bag is the sum of its words' and every window of a string costs one subtraction (:func:`bag`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import Final

_MASK: Final = (1 << 64) - 1
#: Letters that no decomposition reaches.
_LETTERS: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ß": "ss", "ħ": "h", "’": "'"}
)
#: A word; a letter of a script without blanks between words is a word of its own.
_WORD: Final = re.compile(
    r"[\u2e80-\u9fff\uf900-\ufaff]|[^\W_\u2e80-\u9fff\uf900-\ufaff]+(?:&[^\W_]{1,2}(?![^\W_]))?|&"
)
_INITIALS: Final = re.compile(r"(?<![^\W_])(?:[A-Za-z]\.[ ]?){2,}(?![^\W_]{2})")
_CAMEL: Final = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a string: offsets, folded form, and the hash of the word that stands for it (0: a small one)."""

    start: int
    end: int
    text: str
    number: int


def _table() -> dict[str, str]:
    stands_for: dict[str, str] = {}
    for line in files(__package__).joinpath("words.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            word, _, variants = line.partition("\t")
            for variant in (word, *variants.split()):
                stands_for.setdefault(variant, word)
    return stands_for


_STANDS_FOR: Final = _table()
_GENERIC: Final = frozenset(_STANDS_FOR.values())


def fold(text: str) -> str:
    """Give a text without case, accents and ligatures.

    >>> fold("Université de Łódź"), fold("Großhadern")
    ('universite de lodz', 'grosshadern')
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(_LETTERS)


@lru_cache(maxsize=1 << 18)
def number_of(word: str) -> int:
    """Give the 64-bit hash of a word as it stands."""
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little") or 1


@lru_cache(maxsize=1 << 18)
def standing_for(word: str) -> str:
    """Give the word that stands for a folded one; ``-`` for a small word.

    >>> standing_for("universite"), standing_for("of"), standing_for("lasers")
    ('university', '-', 'laser')
    """
    known = _STANDS_FOR.get(word)
    if known is not None:
        return known
    if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return _STANDS_FOR.get(word[:-1], word[:-1])
    return word


def is_generic(word: str) -> bool:
    """Tell whether a word stands for abbreviations and translations, as those do that many names share.

    >>> is_generic("university"), is_generic("lille")
    (True, False)
    """
    return word in _GENERIC


@lru_cache(maxsize=1 << 18)
def _folded(raw: str) -> tuple[str, int]:
    text = fold(raw)
    word = standing_for(text)
    return text, 0 if word == "-" else number_of(word)


def words(text: str) -> list[Word]:
    """Give the words of a string with their offsets in it.

    Initials are one word: "C.N.R.S." is "cnrs", as "M. I. T." is "mit".

    >>> [(w.text, w.start, w.end) for w in words("C.N.R.S., Univ. Lille")]
    [('cnrs', 0, 8), ('univ', 10, 14), ('lille', 16, 21)]
    """
    initials = [(m.start(), m.end()) for m in _INITIALS.finditer(text)] if "." in text else []
    found: list[Word] = []
    skip_until = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if start < skip_until:
            continue
        if initials and start >= initials[0][0]:
            first, last = initials.pop(0)
            letters = "".join(c for c in text[first:last] if c.isalpha())
            skip_until = last
            found.append(Word(first, last - (text[last - 1] == " "), *_folded(letters)))
            continue
        raw = match.group()
        if raw == "&":
            continue
        found.append(Word(start, end, *_folded(raw)))
    return found


def partings(word: Word, text: str) -> list[list[Word]]:
    """Give the ways to part a word in which two ran together ("ofTianjin", "UniversitéLille"), at each capital inside.

    >>> [[w.text for w in way] for way in partings(words("FormerlyMcMaster")[0], "FormerlyMcMaster")]
    [['formerly', 'mcmaster'], ['formerlymc', 'master']]
    """
    raw = text[word.start : word.end]
    ways = []
    for edge in (found.start() for found in _CAMEL.finditer(raw)):
        left = Word(word.start, word.start + edge, *_folded(raw[:edge]))
        ways.append([left, Word(word.start + edge, word.end, *_folded(raw[edge:]))])
    return ways


def bag(numbers: Iterable[int]) -> int:
    """Give the number of a bag of words: the sum of their hashes, whatever their order.

    >>> bag([1, 2]) == bag([2, 1])
    True
    """
    return sum(numbers) & _MASK


def bag_of(text: str) -> int:
    """Give the number of the bag of a text's words, small ones left out; 0 where there is none."""
    return bag(word.number for word in words(text))
