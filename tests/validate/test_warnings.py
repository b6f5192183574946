"""What is reported and never refused."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kgtool.validate import check_shapes
from kgtool.vocabulary import PREFIXES

from .packaged import SHAPES, checked, identifiers, warnings

ONE = 'x:1 schema:propertyID "ORCID" ; schema:value "0000-0002-1825-0097" ; dcterms:source "s" .'
HELD = f"x:p schema:identifier x:1 . {ONE}"
ALSO = 'x:2 schema:propertyID "ORCID" ; schema:value "0000-0002-1825-0097" ; dcterms:source "s" .'


@pytest.mark.parametrize("name", ["rdfs:label", "skos:prefLabel", "foaf:name", "schema:name"])
@pytest.mark.parametrize("kind", ["kg:Researcher", "kg:Hospital", "kg:Project", "kg:City", "org:Organization"])
def test_a_named_thing_without_a_name(kind: str, name: str) -> None:
    assert warnings(f"x:a a {kind} .") == [("a", "NameShape")]
    assert warnings(f'x:a a {kind} ; {name} "A" .') == []


@pytest.mark.parametrize("kind", ["kg:Theme", "org:Role", "kg:Distinction"])
def test_a_term_without_a_label_in_each_language(kind: str) -> None:
    assert warnings(f'x:a a {kind} ; rdfs:label "A"@fr, "A"@en .') == []
    assert warnings(f'x:a a {kind} ; skos:prefLabel "A"@fr-FR, "A" .') == [("a", "EnglishLabelShape")]
    assert warnings(f'x:a a {kind} ; skos:prefLabel "A"@en .') == [("a", "FrenchLabelShape")]


@pytest.mark.parametrize("source", ["dcterms:source", "prov:wasDerivedFrom"])
def test_an_identifier_without_a_source(source: str) -> None:
    identifier = 'x:a schema:propertyID "HAL" ; schema:value "1" .'
    assert warnings(identifier) == [("a", "EvidenceShape")]
    assert warnings(f"{identifier} x:a {source} x:b .") == []


def test_a_statistic_that_counts_nothing() -> None:
    full = 'x:a a kg:Statistic ; schema:about x:r ; kg:indicator x:i ; schema:value "80"^^xsd:integer .'
    assert warnings(full) == []
    assert len(warnings("x:a a kg:Statistic .")) == 3
    assert warnings(full.replace('"80"^^xsd:integer', '"many"')) == [("a", "StatisticValueShape")]


@pytest.mark.parametrize(
    ("data", "nodes"),
    [
        (HELD, []),
        (HELD + ALSO, []),
        (HELD + ALSO + "x:p schema:identifier x:2 .", []),
        (HELD + ALSO + "x:q schema:identifier x:2 .", ["1", "2"]),
        (HELD + ALSO.replace("ORCID", "ISNI") + "x:q schema:identifier x:2 .", []),
        (HELD + "x:q schema:identifier x:1 .", ["1"]),
        (HELD + "x:q schema:identifier x:1 ; owl:sameAs x:p .", []),
    ],
)
def test_one_identifier_on_two_things(data: str, nodes: list[str]) -> None:
    assert warnings(data) == [(node, "OneHolderShape") for node in nodes]
    assert checked(data).conforms


def test_two_things_linked_to_one_registry_entry() -> None:
    data = "x:a schema:sameAs x:entry . x:b schema:sameAs x:entry . x:c schema:sameAs x:other ."
    assert warnings(data) == [("a", "LinkedOnceShape"), ("b", "LinkedOnceShape")]


def test_the_other_namespace_of_schema_org() -> None:
    data = 'x:a a <http://schema.org/Person> ; <http://schema.org/name> "A" . x:b schema:name "http://schema.org/" .'
    found = checked(data).findings
    assert [finding.value.value for finding in found if finding.value] == [
        "http://schema.org/Person",
        "http://schema.org/name",
    ]
    assert {finding.severity for finding in found} == {"warning"}
    assert "https://schema.org/" in found[0].text("fr")


def test_a_value_shared_by_many_is_found_on_each() -> None:
    data = identifiers("local", ["N/A"] * 300)
    holds = NamedNode(PREFIXES["schema"] + "identifier")
    data += [Triple(NamedNode(f"urn:y:{number}"), holds, NamedNode(f"urn:x:{number}")) for number in range(300)]
    found = [finding for finding in check_shapes(data, SHAPES).findings if finding.value == Literal("N/A")]
    assert len(found) == 300
