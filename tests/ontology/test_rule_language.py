"""The rule files of the ontology: that they say what they are, and conclude what they may."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, Variable
from rdflib.plugins.sparql import prepareQuery

from kgtool.reasoning.language.functions import CUSTOM_FUNCTIONS
from kgtool.vocabulary import PREFIXES

from .sources import RULE_FILES

KG = PREFIXES["kg"]
rule_file = pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)


def test_there_are_rules() -> None:
    assert {"affiliation-by-membership", "affiliated-with", "employed-by", "supervised-by", "involves"} <= {
        p.stem for p in RULE_FILES
    }


@rule_file
def test_a_rule_says_what_it_means(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"# fr: \S.{10,}", lines[0])
    assert re.fullmatch(r"# en: \S.{10,}", lines[1])
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", path.stem)


def test_no_two_rules_say_the_same() -> None:
    for line in (0, 1):
        labels = [path.read_text(encoding="utf-8").splitlines()[line] for path in RULE_FILES]
        assert len(labels) == len(set(labels))


@rule_file
def test_the_store_reads_a_rule_as_one_construct(path: Path) -> None:
    read = ox.Store().query(path.read_text(encoding="utf-8"), custom_functions=dict(CUSTOM_FUNCTIONS))
    assert isinstance(read, ox.QueryTriples)


@rule_file
def test_a_rule_concludes_about_things_in_terms_of_ours(path: Path) -> None:
    for subject, predicate, value in prepareQuery(path.read_text(encoding="utf-8")).algebra.template:
        assert isinstance(subject, Variable)
        named = value if predicate == RDF.type else predicate
        assert named.startswith(KG)
        assert isinstance(value, Variable) or predicate == RDF.type
