"""Alignments say what kg: terms are elsewhere, and never type, merge or undate anything that they should not."""

from __future__ import annotations

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from kgtool.vocabulary import PREFIXES

from .closure import close_with_ontology, closed_axioms
from .sources import BASE, FOAF, KG, ORG, SCHEMA, read

ORGANISATIONS = {ORG.Organization, FOAF.Organization, SCHEMA.Organization, ORG.OrganizationalUnit}
TIMELESS = (ORG.memberOf, ORG.hasMember, ORG.subOrganizationOf, ORG.hasSubOrganization, ORG.unitOf, ORG.hasUnit)

#: What real sources hold: people and organisations on every kind of node, ends that sources tell apart, shared sites,
#: addresses and registry links, one identifier on two things, dates everywhere.
AWKWARD = """
<person/a> a kg:Researcher ; schema:url <https://www.example.org/> ; foaf:homepage <https://www.example.org/> ;
    foaf:mbox <mailto:accueil@example.org> ; schema:identifier <identifier/1> ; kg:hasTheme kg:theme-oncology ;
    schema:sameAs <https://www.wikidata.org/entity/Q1> ; schema:about <unit/u> .
<person/b> a foaf:Person ; foaf:homepage <https://www.example.org/> ; foaf:mbox <mailto:accueil@example.org> ;
    schema:identifier <identifier/1> ; schema:sameAs <https://www.wikidata.org/entity/Q1> ; org:headOf <unit/u> .
<identifier/1> a schema:PropertyValue ; schema:propertyID "ORCID" ;
    schema:value "https://orcid.org/0000-0002-1825-0097" .
<institution/x> a kg:University ; foaf:homepage <https://www.example.org/> ; schema:identifier <identifier/2> .
<institution/y> a kg:Hospital ; foaf:homepage <https://www.example.org/> ; schema:identifier <identifier/2> ;
    org:identifier "130025737" ; kg:hasDistinction <distinction/1> .
<institution/z> a kg:Company ; org:identifier "130025737" ; schema:founder <person/b> .
<unit/u> a kg:ResearchUnit . <unit/v> a kg:Team .
<membership/1> a kg:Membership ; org:member <person/a>, <person/b> ; org:organization <institution/x>, <institution/y> ;
    org:role kg:role-director ; schema:startDate "1990"^^xsd:gYear ; schema:endDate "1995"^^xsd:gYear .
<membership/2> a kg:Employment ; org:member <person/a> ; org:organization <unit/u> ; kg:attestedOn "2022"^^xsd:gYear .
<supervision/1> a kg:Supervision ; kg:supervisedUnit <unit/u>, <unit/v> ; org:role kg:role-supervisor ;
    kg:supervisingInstitution <institution/x>, <institution/y> ; schema:startDate "2015-01-01"^^xsd:date .
<participation/1> a kg:Participation ; kg:project <project/p>, <project/q> ; kg:participant <person/a>, <unit/u> ;
    org:role kg:role-coordinator ; schema:startDate "2020"^^xsd:gYear .
<project/p> a kg:Project ; frapo:isFundedBy <institution/x>, <institution/y> .
<change/1> a org:ChangeEvent ; org:originalOrganization <unit/u>, <unit/v> ; org:resultingOrganization <unit/w> ;
    schema:startDate "2020"^^xsd:gYear .
"""

PEOPLE = {URIRef(BASE + name) for name in ("person/a", "person/b")}
#: The ends of the one plain link that the data themselves state, by org:headOf.
STATED = {URIRef(BASE + "person/b"), URIRef(BASE + "unit/u")}


def test_only_the_axioms_that_the_restraint_allows() -> None:
    graph = read("alignments.ttl")
    header = URIRef("https://w3id.org/kgtool/ontology/alignments")
    declared = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
    for subject, predicate, object_ in graph:
        if subject != header:
            assert predicate in {RDFS.subClassOf, RDFS.subPropertyOf, OWL.inverseOf, RDF.type}
            assert predicate != RDF.type or object_ in declared


def test_every_named_vocabulary_is_aligned_to() -> None:
    graph = read("alignments.ttl")
    aligned = {
        object_ for predicate in (RDFS.subClassOf, RDFS.subPropertyOf) for object_ in graph.objects(None, predicate)
    }
    for prefix in (
        "org", "foaf", "schema", "vivo", "frapo", "skos", "prov", "dcat", "dcterms", "time", "geo", "geosparql"
    ):  # fmt: skip
        assert any(str(term).startswith(PREFIXES[prefix]) for term in aligned), prefix


def test_nothing_in_the_ontology_can_merge_two_things() -> None:
    graph = read()
    for kind in (OWL.FunctionalProperty, OWL.InverseFunctionalProperty):
        assert not list(graph.subjects(RDF.type, kind))
    for predicate in (OWL.hasKey, OWL.sameAs, OWL.maxCardinality, OWL.maxQualifiedCardinality):
        assert not list(graph.subject_objects(predicate))


def test_domains_and_ranges_are_said_of_kg_terms_only() -> None:
    for end in (RDFS.domain, RDFS.range):
        for property_, class_ in read().subject_objects(end):
            assert str(property_).startswith(PREFIXES["kg"])
            assert str(class_).startswith(PREFIXES["kg"])


@pytest.mark.parametrize("shortcut", ["affiliatedWith", "employedBy", "involves", "supervisedBy"])
def test_no_shortcut_lies_below_anything(shortcut: str) -> None:
    closed = closed_axioms()
    assert set(closed.objects(KG[shortcut], RDFS.subPropertyOf)) <= {KG[shortcut]}


def test_no_kg_property_lies_below_a_timeless_one() -> None:
    closed = closed_axioms()
    for timeless in TIMELESS:
        below = map(str, closed.subjects(RDFS.subPropertyOf, timeless))
        assert not [name for name in below if name.startswith(PREFIXES["kg"])]


def harm(closed: Graph) -> list[str]:
    """List the people made organisations, the things made one, and the dated links made timeless."""
    found = [
        f"{person} is a {type_}"
        for person in PEOPLE
        for type_ in closed.objects(person, RDF.type)
        if type_ in ORGANISATIONS
    ]
    found += [f"{one} is {other}" for one, other in closed.subject_objects(OWL.sameAs) if one != other]
    for timeless in TIMELESS:
        found += [
            f"{one} {timeless} {other}" for one, other in closed.subject_objects(timeless) if {one, other} != STATED
        ]
    return found


def test_nothing_is_mistyped_merged_or_undated() -> None:
    closed = close_with_ontology(AWKWARD)
    assert closed.errors == ()
    assert harm(closed.triples) == []


@pytest.mark.parametrize(
    "axiom",
    [
        "org:organization a owl:FunctionalProperty .",
        "org:member a owl:FunctionalProperty .",
        "foaf:homepage a owl:InverseFunctionalProperty .",
        "foaf:mbox a owl:InverseFunctionalProperty .",
        "schema:identifier a owl:InverseFunctionalProperty .",
        "schema:sameAs rdfs:subPropertyOf owl:sameAs .",
        "org:Organization owl:hasKey ( org:identifier ) .",
        "kg:participant rdfs:range org:Organization .",
        "schema:founder rdfs:range org:Organization .",
        "foaf:Agent rdfs:subClassOf org:Organization .",
        "kg:supervisedBy rdfs:subPropertyOf org:subOrganizationOf . <unit/u> kg:supervisedBy <institution/x> .",
        "org:memberOf owl:propertyChainAxiom ( org:hasMembership org:organization ) .",
        "<of> owl:inverseOf kg:supervisedUnit . org:unitOf owl:propertyChainAxiom ( <of> kg:supervisingInstitution ) .",
    ],
)
def test_the_axioms_that_are_left_out_would_do_harm(axiom: str) -> None:
    assert harm(close_with_ontology(AWKWARD + axiom).triples)


def test_people_and_organisations_are_known_elsewhere_as_what_they_are() -> None:
    closed = close_with_ontology(AWKWARD).triples
    for person in PEOPLE:
        assert FOAF.Person in set(closed.objects(person, RDF.type))
    university = set(closed.objects(URIRef(BASE + "institution/x"), RDF.type))
    assert {ORG.Organization, FOAF.Organization, SCHEMA.Organization} <= university


def test_a_wrong_link_does_not_turn_into_a_wrong_type() -> None:
    wrong = "<unit/u> a kg:ResearchUnit . <person/a> a kg:Researcher ; org:memberOf <thing> ; kg:hasTheme <thing2> ."
    closed = close_with_ontology(wrong).triples
    for thing in ("thing", "thing2"):
        assert set(closed.objects(URIRef(BASE + thing), RDF.type)) <= {OWL.Thing}
