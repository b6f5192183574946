"""How alike a name and the words of a string that speak for it are, letter by letter and in order."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from rapidfuzz import fuzz

from kgtool.link.affiliations.index import Index
from kgtool.link.affiliations.retrieval import Evidence
from kgtool.link.affiliations.strings import Strings
from kgtool.link.affiliations.words import fold


@lru_cache(maxsize=1 << 17)
def _name(index: Index, name: int) -> str:
    return fold(index.name(name))


def similarities(
    strings: Strings, evidence: Evidence, rows: np.ndarray[Any, Any], index: Index
) -> np.ndarray[Any, Any]:
    """Give, for each row of evidence (-1: none), the similarity of name and span between 0 and 1; -1 for none."""
    found = np.full(len(rows), -1.0)
    spans: dict[tuple[int, int], str] = {}
    texts = strings.texts
    given = np.flatnonzero(rows >= 0)
    row = rows[given]
    for at, owner, name, start, end in zip(
        given.tolist(), evidence.string[row].tolist(), evidence.name[row].tolist(),
        strings.start[evidence.first[row]].tolist(), strings.end[evidence.last[row]].tolist(), strict=True,
    ):  # fmt: skip
        key = (owner, start << 20 | end)
        span = spans.get(key)
        if span is None:
            span = spans[key] = fold(texts[owner][start:end])[:300]
        found[at] = fuzz.ratio(_name(index, name), span) / 100.0
    return found
