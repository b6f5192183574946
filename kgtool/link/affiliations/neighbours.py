"""Labelled strings that are most like a given one, and what they were labelled with.

What phrases teach one by one, whole strings teach together: an address in Orsay with "IN2P3" and a university stood for
one laboratory, in whatever order it was written. Strings are compared by their words, weighted by how rare these are
(cosine of tf-idf; Salton and Buckley 1988), and the nearest ones vote for their labels. Hashes of words are kept,
never the strings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import sparse

from kgtool.link.affiliations.index import Index, expanded, found_in
from kgtool.link.affiliations.strings import Strings

Array = np.ndarray[Any, Any]

#: Labelled strings that vote.
_NEAREST: Final = 16
#: Strings that must hold a word for it to be kept; of rarer words only the number counts, in the length of a string.
_KEPT_FROM: Final = 2
#: Bits of a word's hash that are left out: forty are plenty, and take half the room.
_LEFT_OUT: Final = np.uint64(24)


@dataclass(frozen=True)
class Neighbours:
    """Labelled strings as rows of a matrix, and their labels.

    :param word: keys of words, sorted; ``weight`` of each, and ``heaviest`` of one that no string holds.
    :param matrix: strings by words, as sparse rows of length 1 (rare words counted in the length).
    :param seen: by string, how many labelled strings it stands for.
    :param label: identifiers; ``org``: their places in the index, -1 for one that it lacks; ``labels``: places in
    ``label``, those of a string from ``first`` on.
    """

    word: Array
    weight: Array
    heaviest: float
    matrix: Any
    rare: Array
    seen: Array
    label: Array
    org: Array
    labels: Array
    first: Array

    def __len__(self) -> int:
        return len(self.seen)


@dataclass(frozen=True)
class Votes:
    """What nearest strings say: a row for each organisation that one of them was labelled with.

    :param share: part of all votes, 0 to 1; ``most``: how alike the nearest such string is; ``rank``: how many are
    nearer; ``voters``: how many say so.
    :param first: the first word of the string that the nearest such one has too; ``last``: the last one.
    """

    string: Array
    org: Array
    share: Array
    most: Array
    rank: Array
    voters: Array
    first: Array
    last: Array


def learn_neighbours(strings: Strings, labels: Sequence[Sequence[str]], index: Index) -> Neighbours:
    """Keep labelled strings; those of the same words and labels are kept once, with their number."""
    word, place = np.unique(strings.number >> _LEFT_OUT, return_inverse=True)
    cell = np.unique((strings.owner.astype(np.int64) << 32) | place)
    owner, place = cell >> 32, cell & 0xFFFFFFFF
    kept = np.bincount(place, minlength=len(word)) >= _KEPT_FROM
    new = np.cumsum(kept) - 1
    edges = np.searchsorted(owner, np.arange(len(labels) + 1))
    label = sorted({key for row in labels for key in row})
    number = {key: i for i, key in enumerate(label)}
    same: Counter[tuple[bytes, int, tuple[int, ...]]] = Counter()
    for at, row in enumerate(labels):
        mine = place[edges[at] : edges[at + 1]]
        known = new[mine[kept[mine]]].astype(np.uint16)
        same[known.tobytes(), len(mine) - len(known), tuple(sorted({number[key] for key in row}))] += 1
    rows = sorted(row for row in same if row[0])
    return _made(
        word[kept],
        np.frombuffer(b"".join(row[0] for row in rows), np.uint16),
        np.array([len(row[0]) // 2 for row in rows], np.uint16),
        np.array([row[1] for row in rows], np.uint16),
        np.array([same[row] for row in rows], np.uint16),
        np.array([key.encode() for key in label], dtype="S10"),
        np.array([at for row in rows for at in row[2]], dtype=np.uint16),
        np.array([len(row[2]) for row in rows], np.uint8),
        index,
    )


def _made(
    word: Array, words: Array, sizes: Array, rare: Array, seen: Array, label: Array, labels: Array, counts: Array,
    index: Index,
) -> Neighbours:  # fmt: skip
    if not len(sizes):
        return Neighbours(
            word, np.zeros(0), 0.0, None, rare, seen, label, index.places(label), labels, np.zeros(1, int)
        )
    total = np.log1p(seen.sum(dtype=np.int64))
    of = np.repeat(np.arange(len(sizes)), sizes)
    weight = (total - np.log(np.bincount(words, seen[of], len(word)))).astype(np.float32)
    value = weight[words]
    length = np.sqrt(np.bincount(of, value**2, len(sizes)) + rare * total**2)
    rows = np.append(0, np.cumsum(sizes, dtype=np.int64))
    matrix = sparse.csr_array(
        (value / length[of].astype(np.float32), words.astype(np.int32), rows), (len(sizes), len(word))
    )
    first = np.append(0, np.cumsum(counts, dtype=np.int64))
    return Neighbours(word, weight, float(total), matrix, rare, seen, label, index.places(label), labels, first)


def save_neighbours(kept: Neighbours, file: Path) -> None:
    """Write labelled strings as plain arrays, small."""
    np.savez_compressed(
        file,
        word=kept.word,
        words=kept.matrix.indices.astype(np.uint16),
        sizes=np.diff(kept.matrix.indptr).astype(np.uint16),
        rare=kept.rare,
        seen=kept.seen,
        label=kept.label,
        labels=kept.labels,
        counts=np.diff(kept.first).astype(np.uint8),
    )


def load_neighbours(file: Path, index: Index) -> Neighbours:
    """Read labelled strings; places are those of the given index."""
    with np.load(file, allow_pickle=False) as held:
        names = ("word", "words", "sizes", "rare", "seen", "label", "labels", "counts")
        word, words, sizes, rare, seen, label, labels, counts = (held[name] for name in names)
    return _made(word, words, sizes, rare, seen, label, labels, counts, index)


def votes_of(strings: Strings, kept: Neighbours) -> Votes:
    """Let the nearest labelled strings of each string vote; a vote counts as the third power of the likeness."""
    at = found_in(kept.word, strings.number >> _LEFT_OUT)
    cell, word_at = np.unique((strings.owner.astype(np.int64) << 32) | (at & 0xFFFFFFFF), return_index=True)
    string, near, alike = _nearest(strings, at[word_at], cell >> 32, kept)
    # one row for each label of each neighbour, the nearest first
    place, which = expanded(kept.first[near], kept.first[near + 1])
    org = kept.org[kept.labels[place]]
    known = org >= 0
    org, which = org[known], which[known]
    vote = alike**3 * np.log1p(kept.seen[near])
    every = np.bincount(string, vote, len(strings))
    _, begin, group = np.unique((string[which].astype(np.int64) << 32) | org, return_index=True, return_inverse=True)
    lead = which[begin]
    rank = np.arange(len(string)) - np.searchsorted(string, string)
    first, last = _shared(strings, at, string[lead], near[lead], kept)
    return Votes(
        string[lead],
        org[begin],
        np.bincount(group, vote[which], len(begin)) / np.maximum(every[string[lead]], 1e-9),
        alike[lead],
        rank[lead],
        np.bincount(group, minlength=len(begin)),
        first,
        last,
    )


def _nearest(strings: Strings, place: Array, owner: Array, kept: Neighbours) -> tuple[Array, Array, Array]:
    """Give, string after string, the labelled strings nearest to it, and how alike they are: the nearest first."""
    if not len(kept) or not len(place):
        none = np.zeros(0, dtype=np.int64)
        return none, none, none.astype(float)
    value = np.where(place >= 0, kept.weight[place], kept.heaviest)
    length = np.sqrt(np.bincount(owner, value**2, len(strings)))
    known = place >= 0
    rows = np.searchsorted(owner[known], np.arange(len(strings) + 1))
    asked = sparse.csr_array(
        ((value / np.maximum(length, 1e-9)[owner])[known].astype(np.float32), place[known].astype(np.int32), rows),
        (len(strings), len(kept.word)),
    )
    alike = asked @ kept.matrix.T
    found = []
    for at in range(len(strings)):
        low, high = alike.indptr[at], alike.indptr[at + 1]
        values = alike.data[low:high]
        if len(values) > _NEAREST:
            best = np.argpartition(values, -_NEAREST)[-_NEAREST:]
        else:
            best = np.arange(len(values))
        best = best[np.lexsort((alike.indices[low + best], -values[best]))]
        found.append((np.full(len(best), at), alike.indices[low + best], values[best]))
    string, near, likeness = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return string, near.astype(np.int64), likeness.astype(float)


def _shared(strings: Strings, place: Array, string: Array, near: Array, kept: Neighbours) -> tuple[Array, Array]:
    """Give the first and the last word of each string that a labelled one has too."""
    if not len(string):
        return string, string
    cell, which = expanded(kept.matrix.indptr[near].astype(np.int64), kept.matrix.indptr[near + 1].astype(np.int64))
    held = np.sort((which << 32) | kept.matrix.indices[cell])
    word, which = expanded(strings.first[string], strings.first[string + 1])
    both = (place[word] >= 0) & (found_in(held, (which << 32) | place[word]) >= 0)
    word, which = word[both], which[both]
    return word[np.searchsorted(which, np.arange(len(string)))], word[
        np.searchsorted(which, np.arange(len(string)), side="right") - 1
    ]
