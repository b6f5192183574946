"""What is reported and never refused."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kgtool.validate.check import check_shapes
from kgtool.vocabulary import PREFIXES

from .packaged import SHAPES, checked, identifiers, triples, warnings

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
        (HELD + ALSO + "x:q schema:identifier x:2 ; owl:sameAs x:r . x:p owl:sameAs x:r .", []),
        (HELD + ALSO + "x:q schema:identifier x:2 . x:q schema:sameAs x:p .", ["1", "2"]),
        (HELD + ALSO + "[] schema:identifier x:2 .", ["1", "2"]),
    ],
)
def test_one_identifier_on_two_things(data: str, nodes: list[str]) -> None:
    assert warnings(data) == [(node, "OneHolderShape") for node in nodes]
    assert checked(data).conforms


@pytest.mark.parametrize(
    ("scheme", "one", "other"),
    [
        ("ORCID", "0000-0002-1694-233X", "https://orcid.org/0000-0002-1694-233x"),
        ("ORCID", "0000-0002-1694-233X", "000000021694233X"),
        ("ISNI", "0000 0001 2104 254X", "https://isni.org/isni/000000012104254X"),
        ("ROR", "https://ror.org/02ppyfa04", "02PPYFA04"),
        ("SIRET", "26590671900017", "265 906 719 00017"),
        ("IdRef", "02638827X", "https://www.idref.fr/02638827X/id"),
        ("Wikidata", "Q2945741", "http://www.wikidata.org/entity/Q2945741"),
        ("FundRef", "501100001665", "https://doi.org/10.13039/501100001665"),
    ],
)
def test_one_identifier_written_in_two_ways_on_two_things(scheme: str, one: str, other: str) -> None:
    data = f"""
        x:p schema:identifier x:1 . x:1 schema:propertyID "{scheme}" ; schema:value "{one}" ; dcterms:source "s" .
        x:q schema:identifier x:2 . x:2 schema:propertyID "{scheme.lower()}" ; schema:value "{other}" ;
            dcterms:source "s" . """
    assert warnings(data) == [("1", "OneHolderShape"), ("2", "OneHolderShape")]
    assert {str(finding.value) for finding in checked(data).findings} == {f'"{one}"', f'"{other}"'}
    assert checked(data).conforms


def test_identifiers_of_an_unknown_scheme_are_compared_as_they_are() -> None:
    data = """
        x:p schema:identifier x:1 . x:1 schema:propertyID "local" ; schema:value "a-b" ; dcterms:source "s" .
        x:q schema:identifier x:2 . x:2 schema:propertyID "local" ; schema:value "AB" ; dcterms:source "s" . """
    assert warnings(data) == []


def test_one_identifier_on_two_things_is_found_from_one_of_them() -> None:
    data = triples(HELD + ALSO.replace("0000-0002-1825-0097", "0000000218250097") + "x:q schema:identifier x:2 .")
    found = check_shapes(data, SHAPES, focus=[NamedNode("urn:x:2")]).findings
    assert [(finding.focus, finding.value) for finding in found] == [
        (NamedNode("urn:x:2"), Literal("0000000218250097"))
    ]


KNOWN = """
x:person a foaf:Person ; rdfs:label "P" . x:unit a org:Organization ; rdfs:label "U" .
x:project a kg:Project ; rdfs:label "J" .
"""


@pytest.mark.parametrize(
    ("end", "other", "right"),
    [
        ("org:member", "org:organization x:unit", ["x:person", "x:unit"]),
        ("org:organization", "org:member x:person", ["x:unit"]),
        ("kg:supervisedUnit", "kg:supervisingInstitution x:unit", ["x:unit"]),
        ("kg:supervisingInstitution", "kg:supervisedUnit x:unit", ["x:unit"]),
        ("kg:project", "kg:participant x:person", ["x:project"]),
        ("kg:participant", "kg:project x:project", ["x:person", "x:unit"]),
    ],
)
def test_an_end_of_another_kind(end: str, other: str, right: list[str]) -> None:
    for value in ["x:person", "x:unit", "x:project", "x:unknown"]:
        found = checked(f"{KNOWN} x:node {end} {value} ; {other} .").findings
        assert [finding.severity for finding in found] == ["warning"] * (value not in right), value
        for finding in found:
            assert (finding.shape or "").endswith("KindShape")
            assert (finding.path or "").endswith(end.partition(":")[2])
            assert end in finding.text("fr")
            assert value.removeprefix("x:") in finding.text("en")


def test_a_kind_may_be_known_by_its_super_class() -> None:
    data = KNOWN + 'x:Own rdfs:subClassOf org:Organization . x:own a x:Own ; rdfs:label "O" .'
    assert warnings(data + "x:node org:member x:person ; org:organization x:own .") == []


@pytest.mark.parametrize("link", ["kg:hasTheme", "kg:locatedIn", "schema:location"])
@pytest.mark.parametrize("value", ['"Lille"', "[]"])
def test_a_theme_or_a_place_that_has_no_name_of_its_own(link: str, value: str) -> None:
    shape = "ThemeLinkShape" if link == "kg:hasTheme" else "LocationLinkShape"
    assert warnings(f"x:a {link} {value} .") == [("a", shape)]
    assert warnings(f"x:a {link} x:b .") == []


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
