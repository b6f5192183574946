"""Entailment: ground triples, blank nodes matched jointly, what the contract leaves out."""

from __future__ import annotations

import pytest

from kgtool import KnowledgeGraph
from tests.graph.conftest import turtle

DATA = """
:p rdfs:subPropertyOf :q . :A a owl:Class ; rdfs:subClassOf :B . :r a owl:ObjectProperty .
:a :p :b . :b :p :c ; :n 1 . :x :n 2 . :s a :A .
"""


@pytest.fixture
def known(kg: KnowledgeGraph) -> KnowledgeGraph:
    kg.load(turtle(DATA, "urn:x:one"))
    return kg


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":a :q :b .",
        ":s a :B .",
        ":a :q _:x . _:x :q :c .",
        "_:x :n 1 . _:y :q _:x .",
        "_:x :n 01 .",
        ":s a owl:Thing .",
        ":a owl:sameAs :a .",
        ":A rdfs:subClassOf :A, owl:Thing . owl:Nothing rdfs:subClassOf :A .",
        ":r rdfs:subPropertyOf :r .",
        "owl:Thing a owl:Class . rdfs:label a owl:AnnotationProperty . xsd:integer a rdfs:Datatype .",
        "_:x a owl:Thing ; :n 1 .",
        "_:x a _:c .",
    ],
)
def test_yes(known: KnowledgeGraph, text: str) -> None:
    answer = known.entails(turtle(text, "urn:x:question"))
    assert answer.missing == ()
    assert answer.entailed


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        (":b :q :a .", [1]),
        (":a :q :b . :a :q :z . :b :q :z .", [1, 1]),
        (":a :q _:x . _:x :n 2 .", [2]),
        ("_:x :q _:x .", [1]),
        (":a :q _:x . _:x :q _:y . _:y :n 1 . :c :q _:z .", [3, 1]),
        ("_:x :n 3 .", [1]),
        (":a owl:sameAs :b .", [1]),
        (":Unknown rdfs:subClassOf :Unknown .", [1]),
        (":s a owl:Nothing .", [1]),
    ],
)
def test_no_and_what_fails(known: KnowledgeGraph, text: str, groups: list[int]) -> None:
    answer = known.entails(turtle(text, "urn:x:question"))
    assert not answer.entailed
    assert sorted(len(group) for group in answer.missing) == sorted(groups)
    assert len(answer.as_json()["missing"]) == len(groups)  # type: ignore[arg-type]
