"""Writing the model: ``python -m kgtool.link.affiliations.model_making --index DIR --gold DIR``, which is ``make
model``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

import numpy as np

from kgtool.link.affiliations import deciding, training
from kgtool.link.affiliations.features import FEATURES
from kgtool.link.affiliations.gold import Labelled, read_gold, rows_of
from kgtool.link.affiliations.index import Index
from kgtool.link.affiliations.memory import Memory, learn, save_memory
from kgtool.link.affiliations.scoring import MODEL, save_forest
from kgtool.link.affiliations.strings import read_strings
from kgtool.link.affiliations.unit_strings import unit_strings
from kgtool.link.affiliations.words import number_of

_UNIT_TREES = 60


def make_model(index: Index, gold_folder: Path, target: Path) -> dict[str, float]:
    """Train on a folder of gold sets, write the model's files, and give figures for the model card."""
    gold = read_gold(gold_folder)
    tell("measuring candidates, each string with what the other folds taught")
    table, fold = training.out_of_fold(gold, index)
    labelled, weight = training.labels_of(table, gold, index)
    score = training.crossed(table, fold, labelled, weight, tell)
    curve = training.curve(score, labelled)
    probability = np.interp(score, *curve)
    tell("growing the forest of organisations")
    target.mkdir(exist_ok=True)
    save_forest(training.grown(table.features, labelled, weight), target / "organisations.txt.gz")
    # all strings are five fourths of those that the memory of a fold is made of
    memory = learn(read_strings([row.text for row in gold], index), [row.labels for row in gold], index, pairs_least=4)
    save_memory(memory, target)
    tell("growing the forest of units")
    unit_curve, unit_error = make_units(index, memory, gold_folder, gold, target)
    likely = score > 0.05
    figures = {
        "calibration error": training.calibration_error(probability, labelled),
        "calibration error of scores above 0.05": training.calibration_error(probability[likely], labelled[likely]),
        "calibration error of units": unit_error,
    }
    curves = {
        name: {"score": c[0].tolist(), "probability": c[1].tolist()}
        for name, c in (("organisations", curve), ("units", unit_curve))
    }
    facts = {"features": list(FEATURES), "thresholds": deciding.DEFAULTS, "curves": curves, "figures": figures}
    (target / "model.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return figures


def unit_gold(folder: Path, gold: list[Labelled]) -> list[tuple[str, str]]:
    """Give strings with the RNSR number of the unit that each names, empty for none: made ones, and real ones whose
    label is a unit.
    """
    rows = rows_of(folder / "rnsr_ror_fr_units.dev.jsonl.gz")
    rng = random.Random(1)
    made = [(text, row["rnsr"] if names else "") for row in rows for text, names in unit_strings(row, rng)]
    number = {row["ror_id"]: row["rnsr"] for row in rows}
    return made + [
        (g.text, number[g.labels[0]]) for g in gold if g.french and len(g.labels) == 1 and g.labels[0] in number
    ]


def make_units(
    index: Index, memory: Memory, folder: Path, gold: list[Labelled], target: Path
) -> tuple[tuple[training.Array, training.Array], float]:
    """Grow and write the forest of units; give its curve and calibration error."""
    strings = unit_gold(folder, gold)
    # the strings of one unit stay together
    fold = np.array([number_of(unit or text) % training.FOLDS for text, unit in strings])
    table = training.tabled([text for text, _ in strings], index, lambda _: memory, fold)
    table = table.only(np.flatnonzero(index.org_unit[table.org]))
    keys = index.org_key[table.org]
    wanted = np.array([unit.encode() for _, unit in strings], dtype="S10")
    labelled = keys == wanted[table.string]
    weight = np.ones(len(labelled))
    score = training.crossed(table, fold, labelled, weight, lambda _: None, _UNIT_TREES)
    save_forest(training.grown(table.features, labelled, weight, _UNIT_TREES), target / "units.txt.gz")
    curve = training.curve(score, labelled)
    return curve, training.calibration_error(np.interp(score, *curve), labelled)


def tell(message: str) -> None:
    """Say what is being done."""
    sys.stderr.write(message + "\n")


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True, help="folder of the index")
    parser.add_argument("--gold", type=Path, required=True, help="folder of the labelled sets")
    parser.add_argument("-o", "--output", type=Path, default=MODEL, help="folder to write to")
    given = parser.parse_args()
    figures = make_model(Index(given.index), given.gold, given.output)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
