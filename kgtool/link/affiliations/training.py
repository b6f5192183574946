"""Training of the model on the labelled strings of the development sets, and nothing else: ``make model``.

Features of a string are measured with a memory that has not seen it nor its like (folds by
:func:`gold.likeness`), so that the forest learns how far to trust phrases. Curves are fitted on the scores that forests
gave to strings of other folds. The forest that is kept learns from all folds, and the memory that is kept from all
strings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kgtool.link.affiliations import retrieval
from kgtool.link.affiliations.features import FEATURES, Candidates, measure
from kgtool.link.affiliations.gold import SETS, SEVERAL, Labelled, folds_of
from kgtool.link.affiliations.index import Index
from kgtool.link.affiliations.memory import Memory, learn
from kgtool.link.affiliations.strings import mentions, read_strings, windows

Array = np.ndarray[Any, Any]

FOLDS: Final = 5
_BATCH: Final = 256
#: A candidate that a string names beside the one label of its set may be right: it speaks softly.
_UNKNOWN: Final = 0.3
_FRENCH: Final = 2.0
FOREST: Final = {
    "objective": "binary",
    "num_leaves": 31,
    "learning_rate": 0.035,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.5,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "verbose": -1,
    "num_threads": 1,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
}
TREES: Final = 450


@dataclass(frozen=True)
class Table:
    """Candidates of many strings: the string of each, its organisation, features, first and last word."""

    string: Array
    org: Array
    features: Array
    first: Array
    last: Array
    french: Array

    def only(self, rows: Array) -> Table:
        """Give some of the candidates."""
        return Table(
            self.string[rows], self.org[rows], self.features[rows], self.first[rows], self.last[rows], self.french
        )


def candidates_of(texts: Sequence[str], index: Index, memory: Memory) -> Candidates:
    """Give the measured candidates of strings."""
    strings = read_strings(texts, index)
    seen = windows(strings)
    evidence = retrieval.retrieve(strings, seen, index, memory)
    return measure(strings, seen, mentions(strings, seen, index), evidence, index, memory)


def tabled(texts: Sequence[str], index: Index, memory_of: Callable[[Array], Memory], fold: Array) -> Table:
    """Measure the candidates of strings, each with the memory of the other folds (given which strings it may see)."""
    parts: list[tuple[Array, ...]] = []
    french = np.zeros(len(texts), dtype=bool)
    for one in range(int(fold.max()) + 1):
        memory = memory_of(np.flatnonzero(fold != one))
        here = np.flatnonzero(fold == one)
        for begin in range(0, len(here), _BATCH):
            rows = here[begin : begin + _BATCH]
            found = candidates_of([texts[i] for i in rows], index, memory)
            french[rows] = found.named_country > 0
            offset = found.first - found.begin[found.string]
            parts.append((rows[found.string], found.org, found.features, offset, offset + found.last - found.first))
    columns = [np.concatenate([part[k] for part in parts]) for k in range(5)]
    return Table(columns[0], columns[1], columns[2], columns[3], columns[4], french)


def out_of_fold(gold: Sequence[Labelled], index: Index) -> tuple[Table, Array]:
    """Measure labelled strings, each with what the other folds taught; give the fold of each string too."""
    texts = [row.text for row in gold]
    fold = folds_of(texts, FOLDS)

    def memory_of(rows: Array) -> Memory:
        return learn(read_strings([texts[i] for i in rows], index), [gold[i].labels for i in rows], index)

    table = tabled(texts, index, memory_of, fold)
    return table.only(np.flatnonzero(~index.org_unit[table.org])), fold


def labels_of(table: Table, gold: Sequence[Labelled], index: Index) -> tuple[Array, Array]:
    """Give which candidates are labels, and the weight of each candidate."""
    right = [frozenset(label.encode() for label in row.labels) for row in gold]
    keys = index.org_key[table.org]
    labelled = np.fromiter((k in right[s] for s, k in zip(table.string, keys, strict=True)), bool, len(keys))
    first, last = np.full(len(gold), -1), np.full(len(gold), -2)
    first[table.string[labelled]], last[table.string[labelled]] = table.first[labelled], table.last[labelled]
    one = np.array([row.of not in SEVERAL for row in gold])
    across = (table.first <= last[table.string]) & (table.last >= first[table.string])
    exact = table.features[:, FEATURES.index("exact length")] >= 1
    unknown = one[table.string] & ~labelled & (first[table.string] >= 0) & ~across & exact
    weight = np.array([SETS[row.of] * (_FRENCH if row.french else 1.0) for row in gold])[table.string]
    return labelled, np.where(unknown, weight * _UNKNOWN, weight)


def grown(features: Array, labelled: Array, weight: Array, trees: int = TREES) -> Any:
    """Grow a forest; of the candidates that are wrong six in ten are shown to it."""
    import lightgbm

    shown = labelled | (np.random.default_rng(1).random(len(labelled)) < 0.6)
    data = lightgbm.Dataset(features[shown], labelled[shown], weight=weight[shown], free_raw_data=True)
    return lightgbm.train(FOREST, data, trees)


def crossed(
    table: Table, fold: Array, labelled: Array, weight: Array, progress: Callable[[str], None], trees: int = TREES
) -> Array:
    """Give each candidate the score of a forest that saw none of its fold."""
    score = np.zeros(len(table.string))
    of = fold[table.string]
    for one in range(FOLDS):
        progress(f"growing without fold {one + 1} of {FOLDS}")
        seen = of != one
        forest = grown(table.features[seen], labelled[seen], weight[seen], trees)
        score[~seen] = forest.predict(table.features[~seen], num_threads=1)
    return score


def curve(score: Array, labelled: Array) -> tuple[Array, Array]:
    """Fit the share of right candidates to their scores, never falling, as a line through some fifty points.

    Isotonic regression by pooling adjacent violators (Ayer et al. 1955), over scores put into two thousand bins first.

    >>> at, share = curve(np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, True, False, True]))
    >>> float(np.interp(0.5, at, share))
    0.5
    """
    edges = np.quantile(score, np.linspace(0, 1, 2001))
    place = np.searchsorted(np.unique(edges), score)
    _, inverse, sizes = np.unique(place, return_inverse=True, return_counts=True)
    centres = np.bincount(inverse, score) / sizes
    pools: list[tuple[float, float, int]] = []  # right ones, all, bins
    for right, size in zip(np.bincount(inverse, labelled), sizes.astype(float), strict=True):
        pool = (float(right), float(size), 1)
        while pools and pools[-1][0] * pool[1] >= pool[0] * pools[-1][1]:
            last = pools.pop()
            pool = (last[0] + pool[0], last[1] + pool[1], last[2] + pool[2])
        pools.append(pool)
    fitted = np.concatenate([np.full(bins, right / size) for right, size, bins in pools])
    at = np.unique(np.concatenate([[0.0, 1.0], np.linspace(0.02, 0.98, 49), [0.002, 0.005, 0.01, 0.99, 0.995]]))
    return at, np.round(np.interp(at, centres, fitted), 4)


def calibration_error(probability: Array, labelled: Array, bins: int = 20) -> float:
    """Give the expected calibration error: the mean distance, over bins, of probability and share of right ones."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    total = 0.0
    for one in range(bins):
        rows = place == one
        if rows.any():
            total += rows.mean() * abs(float(probability[rows].mean()) - float(labelled[rows].mean()))
    return total
