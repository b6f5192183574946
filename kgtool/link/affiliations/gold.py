"""Labelled strings for training and for judging, and folds that keep strings that are nearly the same together."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from kgtool.errors import Location as Place
from kgtool.errors import MissingError
from kgtool.link.affiliations.words import bag, words

#: Sets in which a string has every label that it should; in the others it has one of them.
SEVERAL: Final = frozenset({"s2aff_train", "ror_api_affiliations_2019"})
#: Each set with the weight of its strings in training: small hand-labelled sets must be heard beside a large one.
SETS: Final = {
    "aps": 1.0, "crossref_publisher_2023": 2.0, "springer_2023_10k": 2.0, "ror_logs_2023": 6.0, "s2aff_train": 8.0,
    "ror_api_affiliations_2019": 8.0, "ror_api_names": 3.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labelled:
    """A string with the ROR identifiers it was labelled with; ``french`` says that it names France."""

    text: str
    labels: tuple[str, ...]
    french: bool
    of: str


def read_gold(folder: Path) -> list[Labelled]:
    """Read every set of a folder of ``NAME.dev.jsonl.gz`` files.

    :raises MissingError: if one is not there.
    """
    found = []
    for name in SETS:
        for row in rows_of(folder / f"{name}.dev.jsonl.gz"):
            found.append(Labelled(row["affiliation"], tuple(row["ror_ids"]), bool(row["fr"]), name))
    return found


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Read a packed file of JSON lines.

    :raises MissingError: if it is not there.
    """
    if not path.is_file():
        raise MissingError("no such gold set", where=Place(str(path)), hint="set KGTOOL_SHARED to the shared data sets")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def likeness(text: str) -> int:
    """Give one number to all strings that differ in digits, order, case, accents and small words only.

    >>> likeness("CNRS, Univ. Lille, F-59000") == likeness("Université de Lille; CNRS")
    False
    >>> likeness("CNRS, Univ. Lille, 59000") == likeness("Université de Lille; CNRS")
    True
    """
    return bag(w.number for w in words(text) if w.number and not any(c.isdigit() for c in w.text))


def folds_of(texts: Sequence[str], folds: int) -> np.ndarray[Any, Any]:
    """Give the fold of each string, the same for strings of one likeness."""
    found = [int(np.random.default_rng(likeness(text)).integers(folds)) for text in texts]
    return np.array(found, dtype=np.int64)
