"""Probabilities of candidates: two small forests (organisations and units) and the curves that calibrate them.

The files of ``model/`` are text and plain arrays, written by :mod:`training`: ``organisations.txt`` and ``units.txt``
(LightGBM),
``memory.npz`` (phrases), ``neighbours.npz`` (labelled strings), ``model.json`` (feature names, curves, thresholds).
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from kgtool.errors import InputError, Location, MissingError
from kgtool.link.affiliations.features import FEATURES
from kgtool.link.affiliations.index import Index
from kgtool.link.affiliations.memory import Memory, load_memory

#: The model that kgtool brings.
MODEL: Final = Path(__file__).resolve().parent / "model"


@dataclass(frozen=True)
class Model:
    """Forests, their curves (scores, and the share of such scores that was right), and the thresholds of decisions."""

    organisations: Any
    units: Any
    curves: dict[str, tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]
    thresholds: dict[str, float]
    folder: Path

    def memory(self, index: Index) -> Memory:
        """Give what labelled strings taught, with places of this index."""
        return load_memory(self.folder, index)

    def probabilities(self, features: np.ndarray[Any, Any], units: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Give the calibrated probability of each candidate; ``units`` tells which are units."""
        found = np.zeros(len(features))
        for forest, name, rows in ((self.organisations, "organisations", ~units), (self.units, "units", units)):
            at = np.flatnonzero(rows)
            if len(at):
                raw = np.asarray(forest.predict(features[at], num_threads=1))
                found[at] = np.interp(raw, *self.curves[name])
        return found


def load_model(folder: Path = MODEL) -> Model:
    """Read a model.

    :raises MissingError: if it is not there.
    :raises InputError: if it was trained with other features.
    """
    import lightgbm

    where = Location(str(folder))
    if not (folder / "model.json").is_file():
        raise MissingError("no model for affiliations", where=where, hint="make it: make model")
    facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    if facts["features"] != list(FEATURES):
        raise InputError("a model of other features", where=where, hint="make it again: make model")
    curves = {name: (np.array(c["score"]), np.array(c["probability"])) for name, c in facts["curves"].items()}
    organisations, units = (
        lightgbm.Booster(model_str=gzip.decompress((folder / f"{name}.txt.gz").read_bytes()).decode())
        for name in ("organisations", "units")
    )
    return Model(organisations, units, curves, facts["thresholds"], folder)


def save_forest(forest: Any, file: Path) -> None:
    """Write a forest as packed text, the same bytes for the same forest."""
    file.write_bytes(gzip.compress(forest.model_to_string().encode(), mtime=0))
