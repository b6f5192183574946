"""Whether printed names find their person: the French name forms of dataesr, and clusters and name pairs of S2AND.

Protocol, on person-gold/dataesr_manual_matches.dev (a printed form to an IdRef, split by surname):

* *known*: everybody is in the index under every form that the file has; each distinct form is looked up once.
* *left out*: the same, less the very form that is looked up; people who have no other form are not asked for.
* *half*: the rows are cut in two by the parity of a hash of their publication: the index is made of one half, the forms
  of the other half are looked up, for people who are in both.

Found means that somebody labelled with that form is the first, or among the first three. Beside it: the same with the
plain rule "same family name and same initial", which is what one has without this. Nothing was trained on these data.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from pathlib import Path

from _measuring import ROOT, line, report

from kgtool.link.people import NameIndex, Person, compare, compare_given, read_name

GOLD = ROOT / os.environ.get("KGTOOL_SHARED", "../shared") / "open-data" / "person-gold"
TARGET = 0.95
#: From here on two names are taken for those of one person.
SAME = 0.55

Forms = Mapping[str, list[str]]


def rows() -> list[dict[str, str]]:
    with gzip.open(GOLD / "dataesr_manual_matches.dev.csv.gz", "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def forms_of(chosen: Iterable[dict[str, str]]) -> Forms:
    forms: dict[str, list[str]] = defaultdict(list)
    for row in chosen:
        forms[row["person_id"]].append(row["full_name"])
    return forms


def labelled(forms: Forms) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for person, names in forms.items():
        for name in names:
            found[name].add(person)
    return found


def found(asked: Mapping[str, set[str]], index_for: Callable[[str], NameIndex]) -> dict[str, float | int]:
    first = top = 0
    missed = []
    for form, people in asked.items():
        ids = [match.id for match in index_for(form).find(read_name(form), top=3)]
        first += bool({*ids[:1]} & people)
        top += bool({*ids} & people)
        if not {*ids} & people:
            missed.append(form)
    size = len(asked)
    return {"forms": size, "P@1": round(first / size, 4), "P@3": round(top / size, 4), "missed": missed[:50]}  # type: ignore[dict-item]


def left_out(forms: Forms) -> dict[str, float | int]:
    people = {person: Person.of(person, names) for person, names in forms.items()}
    asked = {form: {p for p in those if {*forms[p]} - {form}} for form, those in labelled(forms).items()}

    def without(form: str) -> NameIndex:
        rest = {p: Person.of(p, [name for name in forms[p] if name != form]) for p in labels[form]}
        return NameIndex({**people, **rest}.values())

    labels = labelled(forms)
    return found({form: those for form, those in asked.items() if those}, without)


def plain_rule(forms: Forms) -> float:
    """Give the share of forms for which "same last word, same first letter" has a labelled person among three."""
    by_key: dict[tuple[str, str], list[str]] = defaultdict(list)
    for person, names in forms.items():
        for key in {_key(name) for name in names}:
            by_key[key].append(person)
    asked = labelled(forms)
    right = 0
    for form, people in asked.items():
        others = {p for p in people if {*forms[p]} - {form}}
        rest = {p: [name for name in forms[p] if name != form] for p in others}
        known = [p for p in by_key[_key(form)] if p not in others or _key(form) in map(_key, rest[p])]
        right += bool({*known[:3]} & others)
    return right / sum(1 for form, people in asked.items() if any({*forms[p]} - {form} for p in people))


def _key(name: str) -> tuple[str, str]:
    words = name.split()
    return (words[-1].casefold(), words[0][:1].casefold()) if words else ("", "")


def clusters() -> dict[str, float | int]:
    """Compare the names of signatures of S2AND's qian set, within their blocks: the same person, or another."""
    blocks: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with gzip.open(GOLD / "s2and_qian.dev.jsonl.gz", "rt", encoding="utf-8") as file:
        for text in file:
            row = json.loads(text)
            name = " ".join(part for part in (row["first"], row["middle"], row["last"]) if part)
            blocks[row["block"]].append((name, row["cluster_id"]))
    counts = {(same, alike): 0 for same in (True, False) for alike in (True, False)}
    for signatures in blocks.values():
        for (one, cluster), (other, second) in combinations(sorted({*signatures}), 2):
            if one != other:
                counts[cluster == second, compare(read_name(one), read_name(other)).score >= SAME] += 1
    return {
        "pairs of one person": counts[True, True] + counts[True, False],
        "of them alike": round(counts[True, True] / max(1, counts[True, True] + counts[True, False]), 4),
        "pairs of two people": counts[False, True] + counts[False, False],
        "of them alike though": round(counts[False, True] / max(1, counts[False, True] + counts[False, False]), 4),
    }


def variants() -> float:
    """Give the share of S2AND's pairs of first names (machine made, noisy) that are taken for forms of one name."""
    with gzip.open(GOLD / "s2and_name_tuples_filtered.txt.gz", "rt", encoding="utf-8") as file:
        pairs = {tuple(sorted(text.strip().split(","))) for text in file if "," in text}
    alike = sum(1 for one, other in pairs if compare_given((one,), (other,)).score >= SAME)
    return alike / len(pairs)


def main() -> None:
    if not Path(GOLD).is_dir():
        sys.exit("the shared data sets are not there: set KGTOOL_SHARED")
    everything = rows()
    forms = forms_of(everything)
    index = NameIndex(Person.of(person, names) for person, names in forms.items())
    results: dict[str, object] = {"known": (known := found(labelled(forms), lambda form: index))}
    results["left out"] = (left := left_out(forms))
    halves: tuple[list[dict[str, str]], list[dict[str, str]]] = ([], [])
    for row in everything:
        halves[hashlib.sha256(row["publi_id"].encode()).digest()[0] % 2].append(row)
    ours = forms_of(halves[0])
    half_index = NameIndex(Person.of(person, names) for person, names in ours.items())
    asked = {form: people & ours.keys() for form, people in labelled(forms_of(halves[1])).items()}
    results["half"] = (half := found({form: p for form, p in asked.items() if p}, lambda form: half_index))
    for name, answer in (("known", known), ("left out", left), ("half", half)):
        print(f"  {name}: {answer['forms']} forms, first {answer['P@1']:.4f}")
        line(f"a labelled person among three, {name}", float(answer["P@3"]), TARGET, at_least=True)
    results["plain rule, left out"] = plain = round(plain_rule(forms), 4)
    print(f"  the plain rule (last word, first letter), left out: {plain:.4f}")
    results["s2and qian"] = pairs = clusters()
    print(f"  S2AND qian: {pairs}")
    results["s2and name pairs taken for one name"] = share = round(variants(), 4)
    print(f"  S2AND pairs of first names taken for one: {share:.4f}")
    start = time.perf_counter()
    for form in labelled(forms):
        index.find(read_name(form))
    results["names a second"] = speed = round(len(labelled(forms)) / (time.perf_counter() - start))
    print(f"  names looked up a second among {len(index)} people: {speed}")
    report("person_names", results)


if __name__ == "__main__":
    sys.exit(main())
