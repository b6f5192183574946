"""Affiliation strings as arrays: the words of many strings in one row, with segments, windows and places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from rapidfuzz.distance import OSA

from kgtool.link.affiliations import countries
from kgtool.link.affiliations.index import Index, expanded, found_in
from kgtool.link.affiliations.words import Word, number_of, partings, standing_for, words

#: A longer string is cut here: affiliations are lines, and time must be bounded.
LONGEST: Final = 4000
#: Names of more words than this are found by their share of words only.
WINDOW: Final = 12
_MOST_WORDS: Final = 400
_BREAK: Final = re.compile(r"[,;:|()\[\]{}\n\r\t/•·]|\s[-–—]+\s|--")
#: What typesetting systems leave behind, and characters that nobody sees.
_NOISE: Final = re.compile(
    r"#[A-Z]+#|&amp;|&[a-z]+;|<[^<>]{1,40}>|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


@dataclass(frozen=True)
class Strings:
    """Words of many strings that are not small, in order. Arrays are one entry a word unless said otherwise."""

    texts: tuple[str, ...]
    number: np.ndarray
    vocabulary: np.ndarray
    weight: np.ndarray
    owner: np.ndarray
    start: np.ndarray
    end: np.ndarray
    segment: np.ndarray
    upper: np.ndarray
    corrected: np.ndarray
    first: np.ndarray  # by string: its first word; one entry more than strings

    def __len__(self) -> int:
        return len(self.texts)


def cleaned(text: str) -> str:
    """Give a string without noise, each character still at its place.

    >>> cleaned("Lille#TAB#, Fr\\x00ance")
    'Lille     , Fr ance'
    """
    text = text[:LONGEST]
    return _NOISE.sub(lambda found: " " * len(found.group()), text)


def read_strings(texts: Sequence[str], index: Index) -> Strings:
    """Cut strings into words and segments; unknown words are parted where letters ran together, or corrected."""
    rows: list[tuple[int, int, int, int, int, bool, bool]] = []
    first = [0]
    kept = tuple(cleaned(text) for text in texts)
    for owner, text in enumerate(kept):
        segment, last = 0, 0
        for word in words(text)[:_MOST_WORDS]:
            if word.start > last and _BREAK.search(text, last, word.start):
                segment += 1
            last = word.end
            for piece, fixed in _known(word, text, index):
                if piece.number:
                    raw = text[piece.start : piece.end]
                    rows.append((piece.number, owner, piece.start, piece.end, segment, raw.isupper(), fixed))
        first.append(len(rows))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    number = np.array(columns[0], dtype=np.uint64)
    vocabulary = found_in(index.word_hash, number)
    top = float(index.word_weight.max())
    return Strings(
        kept,
        number,
        vocabulary,
        np.where(vocabulary >= 0, index.word_weight[np.maximum(vocabulary, 0)], top).astype(np.float32),
        np.array(columns[1], dtype=np.int32),
        np.array(columns[2], dtype=np.int32),
        np.array(columns[3], dtype=np.int32),
        np.array(columns[4], dtype=np.int32),
        np.array(columns[5], dtype=bool),
        np.array(columns[6], dtype=bool),
        np.array(first, dtype=np.int64),
    )


def _known(word: Word, text: str, index: Index) -> list[tuple[Word, bool]]:
    if not word.number or len(word.text) < 5 or _is_word(word.number, index):
        return [(word, False)]
    ways = partings(word, text)
    if ways:
        best = max(ways, key=lambda way: sum(not w.number or _is_word(w.number, index) for w in way))
        return [(piece, False) for piece in best]
    better = _corrected(word.text, index)
    return [(Word(word.start, word.end, word.text, better), True)] if better else [(word, False)]


@lru_cache(maxsize=1 << 17)
def _is_word(number: int, index: Index) -> bool:
    at = int(np.searchsorted(index.word_hash, np.uint64(number)))
    return at < len(index.word_hash) and int(index.word_hash[at]) == number


@lru_cache(maxsize=1 << 16)
def _corrected(folded: str, index: Index) -> int:
    """Give the number of the word of the vocabulary that is one slip away; 0 for none. The most frequent one wins."""
    word = standing_for(folded)
    if not (6 <= len(word) <= 20 and word.isascii() and word.isalpha()):
        return 0
    wanted = np.array(
        [number_of(w) for w in {word, *(word[:i] + word[i + 1 :] for i in range(1, len(word)))}], np.uint64
    )
    low, high = np.searchsorted(index.deleted_hash, wanted), np.searchsorted(index.deleted_hash, wanted, side="right")
    places = {int(p) for p in index.deleted_word[expanded(low, high)[0]]}
    near = [p for p in places if OSA.distance(index.spelled(p), word, score_cutoff=1) <= 1]
    return int(index.word_hash[max(near, key=lambda p: (int(index.word_count[p]), -p))]) if near else 0


@dataclass(frozen=True)
class Windows:
    """Every run of up to :data:`WINDOW` words of a string: its bag, its first and last word, the breaks inside."""

    bag: np.ndarray
    first: np.ndarray
    last: np.ndarray
    breaks: np.ndarray


def windows(strings: Strings, longest: int = WINDOW) -> Windows:
    """Give the windows of the strings."""
    n = len(strings.number)
    sums = np.zeros(n + 1, dtype=np.uint64)
    np.cumsum(strings.number, out=sums[1:])
    bags, firsts, lasts = [], [], []
    every = np.arange(n)
    for length in range(1, longest + 1):
        at = every[: max(0, n - length + 1)]
        at = at[strings.owner[at] == strings.owner[at + length - 1]]
        bags.append(sums[at + length] - sums[at])
        firsts.append(at)
        lasts.append(at + length - 1)
    first, last = np.concatenate(firsts), np.concatenate(lasts)
    breaks = strings.segment[last] - strings.segment[first] if n else np.zeros(0, dtype=np.int32)
    return Windows(np.concatenate(bags), first, last, breaks)


@dataclass(frozen=True)
class Pairs:
    """Every two distinct words of a string, wherever they stand: their hash, the string, and both words."""

    hash: np.ndarray
    owner: np.ndarray
    first: np.ndarray
    last: np.ndarray


#: Words of a string that are put in pairs.
_PAIRED: Final = 24
_PAIR: Final = np.uint64(0xD6E8FEB86659FD93)


def pairs(strings: Strings) -> Pairs:
    """Give the pairs of words of the strings."""
    ends = np.minimum(strings.first[1:], strings.first[:-1] + _PAIRED)[strings.owner]
    at = np.arange(len(strings.number))
    last, first = expanded(at + 1, np.maximum(ends, at + 1))
    distinct = strings.number[first] != strings.number[last]
    first, last = first[distinct], last[distinct]
    return Pairs((strings.number[first] + strings.number[last]) * _PAIR, strings.owner[first], first, last)


@dataclass(frozen=True)
class Mentions:
    """Countries and cities that strings mention, as sorted keys ``string << 16 | country``."""

    countries: np.ndarray
    by_city: np.ndarray


def mentions(strings: Strings, seen: Windows, index: Index) -> Mentions:
    """Find the countries that strings name, and those of the cities that they name. Two letters count at the end
    only.
    """
    bags, numbers = countries.by_bag()
    short = (seen.last - seen.first) < 5
    at = found_in(bags, seen.bag[short])
    hit = at >= 0
    first, last = seen.first[short][hit], seen.last[short][hit]
    owner = strings.owner[first].astype(np.int64)
    letters = strings.end[last] - strings.start[first]
    final = last >= strings.first[owner + 1] - 2
    good = (letters > 3) | strings.upper[first] & ((letters == 3) | final)
    named = np.unique((owner[good] << 16) | numbers[at[hit]][good].astype(np.int64))
    near = ((seen.last - seen.first) < 3) & (seen.breaks == 0)
    at = found_in(index.city_bag, seen.bag[near])
    hit = (at >= 0) & (index.city_count[np.maximum(at, 0)] >= 3)
    owner = strings.owner[seen.first[near][hit]].astype(np.int64)
    return Mentions(named, np.unique((owner << 16) | index.city_country[at[hit]].astype(np.int64)))
