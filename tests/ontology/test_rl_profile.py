"""The ontology is in the OWL 2 RL profile, and the check would see it leave."""

from __future__ import annotations

import pytest

from .rl_profile import breaches
from .sources import read, snippet


def test_the_ontology_is_in_the_profile() -> None:
    assert breaches(read()) == []


@pytest.mark.parametrize(
    ("axiom", "breach"),
    [
        ("kg:A rdfs:subClassOf [ owl:onProperty kg:p ; owl:someValuesFrom kg:B ] .", "sub-class axiom"),
        ("kg:A a owl:Class ; rdfs:subClassOf [ owl:unionOf ( kg:B kg:C ) ] .", "sub-class axiom"),
        ("kg:A a owl:Class ; rdfs:subClassOf [ owl:onProperty kg:p ; owl:maxCardinality 2 ] .", "sub-class axiom"),
        ("kg:A a owl:Class ; rdfs:subClassOf owl:Thing .", "sub-class axiom"),
        ("[] owl:complementOf kg:B ; rdfs:subClassOf kg:B . kg:B a owl:Class .", "sub-class axiom"),
        ("kg:A a owl:Class ; owl:equivalentClass [ owl:unionOf ( kg:B kg:C ) ] .", "class equivalence"),
        ("kg:A owl:disjointUnionOf ( kg:B kg:C ) .", "predicate outside"),
        ("kg:A rdfs:subClassOf [ owl:onProperty kg:p ; owl:minCardinality 1 ] .", "predicate outside"),
        ("kg:p a owl:ObjectProperty, owl:ReflexiveProperty .", "type outside"),
        ("kg:p a owl:ObjectProperty ; rdfs:range [ owl:oneOf ( kg:a kg:b ) ] .", "range outside"),
        ("kg:A a owl:Class ; rdfs:subClassOf kg:B .", "class without a declaration"),
        ("kg:p a owl:ObjectProperty ; rdfs:subPropertyOf kg:q .", "property without a declaration"),
        ("kg:p a owl:ObjectProperty ; rdfs:subPropertyOf kg:q . kg:q a owl:DatatypeProperty .", "between two kinds"),
        ("kg:p a owl:ObjectProperty, owl:DatatypeProperty .", "properties of two kinds"),
        ("kg:p a owl:ObjectProperty, owl:TransitiveProperty, owl:FunctionalProperty .", "composite property"),
        (
            "kg:p a owl:ObjectProperty ; owl:propertyChainAxiom ( kg:q kg:r ) . "
            "kg:q a owl:ObjectProperty ; owl:propertyChainAxiom ( kg:p kg:r ) . kg:r a owl:ObjectProperty .",
            "round in a circle",
        ),
        (
            "kg:p a owl:ObjectProperty ; owl:propertyChainAxiom ( kg:q kg:p kg:q ) . kg:q a owl:ObjectProperty .",
            "not regular",
        ),
    ],
)  # fmt: skip
def test_the_check_sees_what_is_outside(axiom: str, breach: str) -> None:
    assert any(breach in found for found in breaches(snippet(axiom)))


@pytest.mark.parametrize(
    "axiom",
    [
        "[] owl:onProperty kg:p ; owl:someValuesFrom owl:Thing ; rdfs:subClassOf kg:A . kg:A a owl:Class .",
        "[] owl:unionOf ( kg:A kg:B ) ; rdfs:subClassOf kg:A . kg:A a owl:Class .",
        "kg:A a owl:Class ; rdfs:subClassOf [ owl:onProperty kg:p ; owl:allValuesFrom kg:B ] .",
        "kg:A a owl:Class ; rdfs:subClassOf [ owl:onProperty kg:p ; owl:maxCardinality 1 ] .",
        "kg:p a owl:ObjectProperty, owl:TransitiveProperty .",
    ],
)
def test_the_check_lets_the_profile_pass(axiom: str) -> None:
    assert breaches(snippet(axiom)) == []
