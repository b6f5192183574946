"""Nothing that a string is judged with has seen it or its like."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict

import numpy as np
import pytest

from kgtool.link.affiliations import training
from kgtool.link.affiliations.gold import folds_of, likeness
from kgtool.link.affiliations.index import Index
from kgtool.link.affiliations.memory import learn
from kgtool.link.affiliations.strings import read_strings


def test_strings_that_differ_in_digits_and_order_share_a_fold():
    texts = [
        f"{a}, {b}"
        for i in range(50)
        for a, b in ((f"Univ. {i}x Lille", "CNRS"), ("C.N.R.S. 59000", "University of Lille"))
    ]
    texts += ["Université de Lille; CNRS"] * 3
    fold = folds_of(texts, 5)
    by_likeness = defaultdict(set)
    for text, one in zip(texts, fold, strict=True):
        by_likeness[likeness(text)].add(int(one))
    assert all(len(folds) == 1 for folds in by_likeness.values())
    assert len(by_likeness) < len(texts)


@pytest.mark.shared
def test_folds_of_the_gold_sets_share_no_string(shared):
    file = shared / "open-data" / "affiliation-gold" / "springer_2023_10k.dev.jsonl.gz"
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["affiliation"] for line in lines]
    fold = folds_of(texts, training.FOLDS)
    seen: dict[int, int] = {}
    for text, one in zip(texts, fold, strict=True):
        assert seen.setdefault(likeness(text), int(one)) == int(one)
    assert set(fold.tolist()) == set(range(training.FOLDS))


def test_the_memory_for_a_fold_is_made_without_it(index):
    texts = [
        f"University of Oxford, building {word}, UK" for word in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
    ]
    fold = np.arange(len(texts)) % 3
    asked = []

    def memory_of(rows):
        asked.append(set(rows.tolist()))
        return learn(read_strings(["Oxford"], Index(index)), [["052gg0110"]], Index(index))

    training.tabled(texts, Index(index), memory_of, fold)
    assert asked == [{i for i in range(6) if fold[i] != one} for one in range(3)]


def test_what_is_learnt_stands_in_the_strings_it_was_learnt_from(index):
    opened = Index(index)
    texts = ["Clarendon Laboratory, Parks Road", "Clarendon Laboratory, OX1", "Clarendon Laboratory"]
    memory = learn(read_strings(texts, opened), [["052gg0110"]] * 3, opened)
    found = training.candidates_of(["Clarendon Laboratory, Physics"], opened, memory)
    assert [opened.key(int(org)) for org in found.org] == ["052gg0110"]
    assert not len(training.candidates_of(["Cavendish, Physics"], opened, memory).org)
