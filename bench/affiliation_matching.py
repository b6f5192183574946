"""Affiliation matching against the labelled development sets: precision, recall, F1 by set, kinds of error, speed.

The judgement is that of `docs/linking-affiliations.md`. Figures are cross-validated: each string is judged with
phrases, forest and
curve that have seen neither it nor its like. The model that kgtool brings has seen all of these strings, so it is
only timed here.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from _measuring import ROOT, line, report

from kgtool.config import settings_from
from kgtool.link.affiliations import deciding, locating, training
from kgtool.link.affiliations.features import stands_alone
from kgtool.link.affiliations.gold import SEVERAL, read_gold
from kgtool.link.affiliations.index import Index
from kgtool.link.affiliations.judging import Tally, judged
from kgtool.link.affiliations.matcher import Matcher, identifiers
from kgtool.link.affiliations.model_making import unit_gold

SHARED = (ROOT / settings_from().shared).resolve()
GOLD = SHARED / "open-data" / "affiliation-gold"
TARGETS = {"several labels": 0.87, "France, one label": 0.88}


def kind_of_error(
    chosen: list[str], labels: tuple[str, ...], family: dict[str, set[str]], names: dict[str, str]
) -> str:
    """Say what went wrong with a string whose choices are not its labels."""
    right, picked = set(labels), set(chosen)
    if not right:
        return "chosen where there is none"
    if not picked:
        return "missed: nothing chosen"
    if picked & right:
        return "one missed or too many"
    if any(p in family.get(r, ()) or r in family.get(p, ()) for p in picked for r in right):
        return "parent or child of the label"
    if any(names.get(p) == names.get(r) for p in picked for r in right):
        return "namesake"
    return "another organisation"


def relatives(index: Index) -> tuple[dict[str, set[str]], dict[str, str]]:
    """Give the parents of each organisation, and its name."""
    family: dict[str, set[str]] = defaultdict(set)
    for org in range(len(index)):
        for parent in index.org_parents[index.org_parents_start[org] : index.org_parents_start[org + 1]]:
            family[index.key(org)].add(index.key(int(parent)))
    return family, {index.key(org): index.display(org) for org in range(len(index))}


def quality(index: Index) -> dict[str, object]:
    """Cross-validate on every set."""
    gold = read_gold(GOLD)
    table, fold = training.out_of_fold(gold, index)
    labelled, weight = training.labels_of(table, gold, index)
    score = training.crossed(table, fold, labelled, weight, lambda message: print(message, flush=True))
    probability = np.zeros(len(score))
    for one in range(training.FOLDS):  # a fold's curve is fitted on the others
        here = fold[table.string] == one
        probability[here] = np.interp(score[here], *training.curve(score[~here], labelled[~here]))
    chosen = deciding.chosen(
        table.string,
        probability,
        table.first,
        table.last,
        np.zeros(len(score), bool),
        table.french,
        deciding.DEFAULTS,
        stands_alone(table.features),
    )
    by_string: dict[int, list[str]] = defaultdict(list)
    for at in np.flatnonzero(chosen):
        by_string[int(table.string[at])].append(index.key(int(table.org[at])))
    tallies: dict[str, Tally] = defaultdict(Tally)
    errors: dict[str, Counter[str]] = defaultdict(Counter)
    family, names = relatives(index)
    for at, row in enumerate(gold):
        found = judged(by_string[at], row.labels, several=row.of in SEVERAL)
        groups = [row.of, "several labels" if row.of in SEVERAL else "one label"]
        if row.french:
            groups.append("France, several labels" if row.of in SEVERAL else "France, one label")
        for group in groups:
            tallies[group] += found
            if found.wrong or found.missed:
                errors[group][kind_of_error(by_string[at], row.labels, family, names)] += 1
    results: dict[str, object] = {}
    for group, tally in tallies.items():
        print(f"{group:<34} precision {tally.precision:.3f}  recall {tally.recall:.3f}")
        found = line(
            f"  F1 of {group}",
            tally.f1,
            TARGETS.get(group, 0.87 if group in SEVERAL else 0.88),
            at_least=True,
            unit=" ",
        )
        results[group] = {
            **found,
            "precision": tally.precision,
            "recall": tally.recall,
            "errors": errors[group].most_common(),
        }
        print("   ", ", ".join(f"{kind} {n}" for kind, n in errors[group].most_common()))
    results["calibration error"] = training.calibration_error(probability, labelled)
    return results


def units(matcher: Matcher) -> dict[str, object]:
    """Judge units in strings that name them without their number (of the development half: the forest has seen
    these).
    """
    tally = Tally()
    for (_, unit), matches in zip(
        strings := unit_gold(GOLD, []), matcher.match_all(t for t, _ in strings), strict=True
    ):
        tally += judged(identifiers(matches, units=True), [unit] if unit else [], several=True)
    precise = line("units without their number: precision", tally.precision, 0.95, at_least=True, unit=" ")
    return {"precision": precise, "recall": line("  recall", tally.recall, 0.75, at_least=True, unit=" ")}


def main() -> None:
    """Build, judge, time."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "organisations"
        start = time.perf_counter()
        locating.make_index(*locating.shared_registries(SHARED), folder)
        results: dict[str, object] = {
            "build": line(
                "index of all organisations, built in", time.perf_counter() - start, 30, at_least=False, unit="s"
            )
        }
        start = time.perf_counter()
        index = Index(folder)
        results["open"] = line("  opened in", time.perf_counter() - start, 1, at_least=False, unit="s")
        texts = [row.text for row in read_gold(GOLD)][::10]
        matcher = Matcher.open(folder)
        matcher.match_batch(texts[:256])
        before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        for _ in matcher.match_all(texts):
            pass
        spent = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
        results["speed"] = line("strings a second of one core", len(texts) / spent, 500, at_least=True, unit="/s")
        results["units"] = units(matcher)
        results["sets"] = quality(index)
        report("affiliation_matching", results)


if __name__ == "__main__":
    main()
