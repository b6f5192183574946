"""Candidates: the organisations that a string may name, each with the words that speak for it.

Six kinds of evidence, each found for all strings at once: a window of the string is a name (EXACT); most of a name's
weight stands in the string (PARTIAL); a phrase stood for the organisation in labelled strings (LEARNT), or two words
of it did (PAIRED); a unit's number (NUMBER); labelled strings that are most like this one (NEAR).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kgtool.link.affiliations.index import Index, expanded, found_in
from kgtool.link.affiliations.index_building import LEAST_SHARE
from kgtool.link.affiliations.memory import Memory, keys_of
from kgtool.link.affiliations.neighbours import votes_of
from kgtool.link.affiliations.strings import Strings, Windows, pairs
from kgtool.link.affiliations.unit_numbers import unit_numbers
from kgtool.link.affiliations.words import number_of

EXACT: Final = 0
PARTIAL: Final = 1
LEARNT: Final = 2
NUMBER: Final = 3
PAIRED: Final = 4
NEAR: Final = 5
KINDS: Final = 6
#: Organisations of one name that are looked at, and names that a string holds in part.
_HOMONYMS: Final = 60
_PARTIALS: Final = 14


@dataclass(frozen=True)
class Evidence:
    """Rows of evidence: string, organisation, kind, name or phrase (-1: none), first and last word, and measures.

    ``share`` is the part of the name's weight that stands in the string; ``together`` the part in one segment;
    ``breaks`` the segment breaks inside; ``homonyms`` how many organisations bear the name. Of NEAR they are the part
    of the votes, how alike the nearest string is, how many are nearer, and how many vote so.
    """

    string: np.ndarray
    org: np.ndarray
    kind: np.ndarray
    name: np.ndarray
    first: np.ndarray
    last: np.ndarray
    share: np.ndarray
    together: np.ndarray
    breaks: np.ndarray
    homonyms: np.ndarray

    def __len__(self) -> int:
        return len(self.string)


def _rows(kind: int, string: np.ndarray, org: np.ndarray, name: np.ndarray, first: np.ndarray, last: np.ndarray,
          share: np.ndarray | float = 1.0, together: np.ndarray | float = 1.0, breaks: np.ndarray | int = 0,
          homonyms: np.ndarray | int = 1) -> Evidence:  # fmt: skip
    n = len(string)
    full = np.full
    return Evidence(
        string.astype(np.int32), org.astype(np.int32), full(n, kind, np.int8), name.astype(np.int64),
        first.astype(np.int32), last.astype(np.int32), full(n, share, np.float32), full(n, together, np.float32),
        full(n, breaks, np.int32), full(n, homonyms, np.int32),
    )  # fmt: skip


def retrieve(strings: Strings, seen: Windows, index: Index, memory: Memory) -> Evidence:
    """Give all evidence for the strings."""
    found = [
        _exact(strings, seen, index),
        _partial(strings, index),
        _learnt(strings, seen, memory),
        _numbered(strings, index),
        _paired(strings, memory),
        _near(strings, memory),
    ]
    return Evidence(*(np.concatenate([getattr(e, f) for e in found]) for f in Evidence.__dataclass_fields__))


def _exact(strings: Strings, seen: Windows, index: Index) -> Evidence:
    at = found_in(index.bag_unique, seen.bag)
    hit = np.flatnonzero(at >= 0)
    at = at[hit]
    low, high = index.bag_first[at], index.bag_first[at + 1]
    place, owner = expanded(low, np.minimum(high, low + _HOMONYMS))
    name = index.bag_order[place]
    window = hit[owner]
    first = seen.first[window]
    return _rows(
        EXACT, strings.owner[first], index.name_org[name], name, first, seen.last[window],
        breaks=seen.breaks[window], homonyms=(high - low)[owner],
    )  # fmt: skip


def _partial(strings: Strings, index: Index) -> Evidence:
    known = np.flatnonzero(strings.vocabulary >= 0)
    # each distinct word of each string, to look up whether a string holds a word
    word_key = (strings.owner[known].astype(np.int64) << 32) | strings.vocabulary[known]
    held = np.unique(word_key)
    word, string = held & 0xFFFFFFFF, held >> 32
    place, owner = expanded(index.word_posts_start[word], index.word_posts_start[word + 1])
    pair = np.unique((string[owner] << 32) | index.word_posts[place])
    string, name = pair >> 32, pair & 0xFFFFFFFF
    place, owner = expanded(index.name_words_start[name], index.name_words_start[name + 1])
    word = index.name_words[place]
    key = (string[owner] << 32) | word
    there = found_in(held, key) >= 0
    covered = np.bincount(owner[there], index.word_weight[word[there]], len(name))
    share = covered / index.name_weight[name]
    kept = np.flatnonzero(share >= LEAST_SHARE)
    order = kept[np.lexsort((-(share[kept] ** 3) * index.name_weight[name[kept]], string[kept]))]
    rank = np.arange(len(order)) - np.searchsorted(string[order], string[order])
    chosen = order[rank < _PARTIALS]
    return _spans(strings, index, known, word_key, string[chosen], name[chosen], share[chosen])


def _spans(
    strings: Strings,
    index: Index,
    known: np.ndarray,
    word_key: np.ndarray,
    string: np.ndarray,
    name: np.ndarray,
    share: np.ndarray,
) -> Evidence:
    """Find where the words of partly held names stand, and the segment that holds most of each."""
    place, pair = expanded(index.name_words_start[name], index.name_words_start[name + 1])
    order = np.argsort(word_key, kind="stable")
    ordered = word_key[order]
    key = (string[pair] << 32) | index.name_words[place]
    low, high = np.searchsorted(ordered, key), np.searchsorted(ordered, key, side="right")
    at, which = expanded(low, high)
    position, owner = known[order[at]], pair[which]
    # one occurrence of a word counts in a segment
    cell = np.unique(
        (owner.astype(np.int64) << 40)
        | (strings.segment[position].astype(np.int64) << 24)
        | (which - np.searchsorted(pair, owner))
    )
    group, inverse = np.unique(cell >> 24, return_inverse=True)
    cell_pair = cell >> 40
    within = (cell & 0xFFFFFF) + np.searchsorted(pair, cell_pair)
    weight = np.bincount(inverse, index.word_weight[index.name_words[place[within]]], len(group))
    group_pair, group_segment = group >> 16, group & 0xFFFF
    best = np.lexsort((-weight, group_pair))
    top = best[np.unique(group_pair[best], return_index=True)[1]]
    together = weight[top] / index.name_weight[name]
    segment = group_segment[top]
    first = np.full(len(name), len(strings.number), dtype=np.int64)
    last = np.full(len(name), -1, dtype=np.int64)
    inside = (strings.segment[position] == segment[owner]) | (together[owner] < share[owner] - 0.15)
    np.minimum.at(first, owner[inside], position[inside])
    np.maximum.at(last, owner[inside], position[inside])
    return _rows(
        PARTIAL,
        string,
        index.name_org[name],
        name,
        first,
        last,
        share=share.astype(np.float32),
        together=together.astype(np.float32),
        breaks=strings.segment[last] - strings.segment[first],
    )


def _learnt(strings: Strings, seen: Windows, memory: Memory) -> Evidence:
    at = found_in(memory.phrase, keys_of(seen.bag))
    hit = np.flatnonzero(at >= 0)
    place, owner = expanded(memory.first[at[hit]], memory.first[at[hit] + 1])
    window = hit[owner]
    known = memory.org[place] >= 0
    place, window = place[known], window[known]
    first = seen.first[window]
    return _rows(
        LEARNT, strings.owner[first], memory.org[place], place, first, seen.last[window],
        share=memory.share[place], breaks=seen.breaks[window],
    )  # fmt: skip


def _paired(strings: Strings, memory: Memory) -> Evidence:
    together = pairs(strings)
    at = found_in(memory.phrase, keys_of(together.hash))
    hit = np.flatnonzero(at >= 0)
    place, owner = expanded(memory.first[at[hit]], memory.first[at[hit] + 1])
    pair = hit[owner]
    known = memory.org[place] >= 0
    place, pair = place[known], pair[known]
    first, last = together.first[pair], together.last[pair]
    return _rows(PAIRED, together.owner[pair], memory.org[place], place, first, last, share=memory.share[place])


def _near(strings: Strings, memory: Memory) -> Evidence:
    votes = votes_of(strings, memory.neighbours)
    return _rows(
        NEAR, votes.string, votes.org, np.full(len(votes.org), -1), votes.first, votes.last,
        share=votes.share, together=votes.most, breaks=votes.rank, homonyms=votes.voters,
    )  # fmt: skip


def _numbered(strings: Strings, index: Index) -> Evidence:
    keys, where = [], []
    for owner, text in enumerate(strings.texts):
        if any(c.isdigit() for c in text):
            for unit in unit_numbers(text):
                keys.append(number_of(unit.key))
                where.append((owner, unit.start, unit.end))
    wanted = np.array(keys, dtype=np.uint64)
    low, high = np.searchsorted(index.number_hash, wanted), np.searchsorted(index.number_hash, wanted, side="right")
    place, which = expanded(low, high)
    string = np.array([where[w][0] for w in which], dtype=np.int64)
    first = np.array([_word_at(strings, *where[w][:2]) for w in which], dtype=np.int64)
    last = np.array([_word_at(strings, where[w][0], where[w][2] - 1) for w in which], dtype=np.int64)
    return _rows(
        NUMBER,
        string,
        index.number_org[place],
        np.full(len(place), -1),
        first,
        np.maximum(first, last),
        homonyms=(high - low)[which],
    )


def _word_at(strings: Strings, owner: int, offset: int) -> int:
    low, high = int(strings.first[owner]), int(strings.first[owner + 1])
    return max(low, low + int(np.searchsorted(strings.start[low:high], offset, side="right")) - 1)
