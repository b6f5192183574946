"""What labelled strings teach beside weights: which phrases stood for which organisation, and who is labelled how
often.

Registries do not know that "Univ. Paris VI" is Sorbonne Université now, nor which of forty bearers of "MIT"
physicists mean. A
phrase (the bag of a window's words) is kept with the organisations that labels gave to the strings that hold it. Only
gold for training is read; :func:`learn` is given other strings than those that are then judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from kgtool.link.affiliations.index import Index, found_in
from kgtool.link.affiliations.neighbours import Neighbours, learn_neighbours, load_neighbours, save_neighbours
from kgtool.link.affiliations.strings import Strings, pairs, windows

#: Words of a phrase, and strings that must hold it.
PHRASE: Final = 6
_LEAST: Final = 2
_LEAST_SHARE: Final = 0.25
#: The same for two words that stand anywhere in a string, of which there are many.
_PAIR_LEAST: Final = 3
_PAIR_SHARE: Final = 0.35
#: Strings that must hold a name before it counts that labels pass over it.
_SILENT: Final = 5


#: Bits of a bag's hash that are left out: forty are plenty for phrases, and take half the room.
_LEFT_OUT: Final = np.uint64(24)


def keys_of(bags: np.ndarray) -> np.ndarray:
    """Give what phrases are looked up by, of the hashes of their bags."""
    return bags >> _LEFT_OUT


@dataclass(frozen=True)
class Memory:
    """Phrases by their bags, sorted, each with its organisations; and, by organisation, how often it was a label.

    :param phrase: keys of bags; ``first`` is where the organisations of each begin (one entry more).
    :param org: places in the index (-1: the index lacks it); ``share`` and ``count``: of the ``held`` strings with
    the phrase.
    :param phrase_held: by phrase, the strings that hold it.
    :param labels: by organisation of the index, the labelled strings.
    """

    phrase: np.ndarray
    first: np.ndarray
    key: np.ndarray
    org: np.ndarray
    count: np.ndarray
    held: np.ndarray
    share: np.ndarray
    phrase_held: np.ndarray
    labels: np.ndarray
    label_keys: np.ndarray
    label_counts: np.ndarray
    neighbours: Neighbours


def learn(
    strings: Strings,
    labels: Sequence[Sequence[str]],
    index: Index,
    *,
    least: int = _LEAST,
    pairs_least: int = _PAIR_LEAST,
) -> Memory:
    """Learn phrases from strings and the identifiers of the organisations that they were labelled with."""
    seen = windows(strings, PHRASE)
    inside = seen.breaks == 0
    together = pairs(strings)
    bag = np.concatenate([seen.bag[inside], together.hash])
    string = np.concatenate([strings.owner[seen.first[inside]], together.owner]).astype(np.int64)
    paired = np.arange(len(bag)) >= inside.sum()
    order = np.lexsort((string, bag))
    order = order[np.append(True, (bag[order][1:] != bag[order][:-1]) | (string[order][1:] != string[order][:-1]))]
    bag, string, paired = bag[order], string[order], paired[order]
    phrase, begin, inverse, held = np.unique(bag, return_index=True, return_inverse=True, return_counts=True)
    paired = paired[begin]
    keys = sorted({key for row in labels for key in row})
    number = {key: i for i, key in enumerate(keys)}
    starts = np.zeros(len(labels) + 1, np.int64)
    np.cumsum([len(set(row)) for row in labels], out=starts[1:])
    flat = np.array([number[key] for row in labels for key in sorted(set(row))], dtype=np.int64)
    low, high = starts[string], starts[string + 1]
    lengths = high - low
    row = np.repeat(np.arange(len(string)), lengths)
    offset = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    label = flat[low[row] + offset]
    cell, count = np.unique((inverse[row].astype(np.int64) << 24) | label, return_counts=True)
    which, label = cell >> 24, cell & 0xFFFFFF
    share = count / (held[which] + 1.0)
    kept = np.where(
        paired[which], (count >= pairs_least) & (share >= _PAIR_SHARE), (count >= least) & (share >= _LEAST_SHARE)
    )
    which, label, count, share = which[kept], label[kept], count[kept], share[kept]
    # names that strings hold and labels pass over are kept too, without an organisation
    silent = np.flatnonzero((held >= _SILENT) & (found_in(index.bag_unique, phrase) >= 0))
    used = np.union1d(which, silent)
    first = np.append(np.searchsorted(which, used), len(which))
    key = np.array([k.encode() for k in keys], dtype="S10")
    org_of_key = index.places(key)
    totals = np.bincount(flat, minlength=len(keys))
    return Memory(
        keys_of(phrase[used]),
        first,
        key[label],
        org_of_key[label],
        count,
        held[which],
        share.astype(np.float32),
        held[used],
        _totals(index, key, totals),
        key,
        totals,
        learn_neighbours(strings, labels, index),
    )


def save_memory(memory: Memory, folder: Path) -> None:
    """Write what was learnt as plain arrays, small: hashes, identifiers and counts."""
    save_neighbours(memory.neighbours, folder / "neighbours.npz")
    keys, number = np.unique(memory.key, return_inverse=True)
    np.savez_compressed(
        folder / "memory.npz",
        steps=np.diff(memory.phrase, prepend=np.uint64(0)).astype(np.uint32),
        sizes=np.diff(memory.first).astype(np.uint8),
        keys=keys,
        key=number.astype(np.uint16),
        count=memory.count.astype(np.uint16),
        phrase_held=np.minimum(memory.phrase_held, 65535).astype(np.uint16),
        label_keys=memory.label_keys,
        label_counts=memory.label_counts.astype(np.uint16),
    )


def load_memory(folder: Path, index: Index) -> Memory:
    """Read what was learnt; places are those of the given index."""
    with np.load(folder / "memory.npz", allow_pickle=False) as held:
        first = np.append(0, np.cumsum(held["sizes"].astype(np.int64)))
        key = held["keys"][held["key"]]
        count = held["count"].astype(np.int64)
        phrase_held = held["phrase_held"].astype(np.int64)
        of = np.repeat(phrase_held, np.diff(first))
        label_keys, label_counts = held["label_keys"], held["label_counts"].astype(np.int64)
        places = index.places(held["keys"])
        labels = _totals(index, label_keys, label_counts)
        return Memory(
            np.cumsum(held["steps"].astype(np.uint64)),
            first,
            key,
            places[held["key"]],
            count,
            of,
            (count / (of + 1.0)).astype(np.float32),
            phrase_held,
            labels,
            label_keys,
            label_counts,
            load_neighbours(folder / "neighbours.npz", index),
        )


def _totals(index: Index, keys: np.ndarray, counts: np.ndarray) -> np.ndarray:
    totals = np.zeros(len(index), np.int32)
    places = index.places(keys)
    totals[places[places >= 0]] = counts[places >= 0]
    return totals
