"""Every term says what it is, in two languages, with a source and an example that runs."""

from __future__ import annotations

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kgtool.vocabulary import ONTOLOGY_IRI, PREFIXES

from .closure import close_with_ontology, owl_closure
from .sources import KG, read, snippet

DCTERMS = Namespace(PREFIXES["dcterms"])

#: The classes and properties that the public contract names.
CLASSES = [
    "Researcher",
    "Institution",
    "University",
    "Hospital",
    "ResearchBody",
    "Company",
    "Funder",
    "ResearchUnit",
    "HospitalDepartment",
    "Team",
    "Network",
    "ThirdPlace",
    "Project",
    "Programme",
    "Theme",
    "Membership",
    "Employment",
    "Supervision",
    "Participation",
    "Affiliation",
]
PROPERTIES = [
    "attestedOn",
    "supervisedUnit",
    "supervisingInstitution",
    "project",
    "participant",
    "person",
    "institution",
    "through",
    "membership",
    "possibleFrom",
    "possibleUntil",
    "certainFrom",
    "certainUntil",
    "affiliatedWith",
    "employedBy",
    "involves",
    "supervisedBy",
]

GRAPH = read()
TERMS = sorted({s for s in GRAPH.subjects(RDF.type) if isinstance(s, URIRef) and s.startswith(PREFIXES["kg"])})


def languages(graph: Graph, term: Node, *predicates: URIRef) -> set[str | None]:
    values = [value for predicate in predicates for value in graph.objects(term, predicate)]
    assert all(str(value).strip() for value in values)
    return {value.language if isinstance(value, Literal) else "none" for value in values}


@pytest.mark.parametrize("name", CLASSES + PROPERTIES)
def test_the_contract_has_its_terms(name: str) -> None:
    wanted = {OWL.Class} if name in CLASSES else {OWL.ObjectProperty, OWL.DatatypeProperty}
    assert wanted & set(GRAPH.objects(KG[name], RDF.type))


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_documented(term: URIRef) -> None:
    assert languages(GRAPH, term, RDFS.label, SKOS.prefLabel) == {"fr", "en"}
    assert languages(GRAPH, term, SKOS.definition) == {"fr", "en"}
    assert isinstance(GRAPH.value(term, DCTERMS.source), URIRef)
    assert GRAPH.value(term, RDFS.isDefinedBy) == URIRef(ONTOLOGY_IRI)


@pytest.mark.parametrize("term", TERMS)
def test_an_example_is_turtle_that_uses_its_term(term: URIRef) -> None:
    examples = list(GRAPH.objects(term, SKOS.example))
    assert examples
    for example in examples:
        assert any(term in triple for triple in snippet(str(example)))


def test_no_label_names_two_classes_or_two_properties() -> None:
    for kinds in ((OWL.Class,), (OWL.ObjectProperty, OWL.DatatypeProperty)):
        named = [term for term in TERMS if any((term, RDF.type, kind) in GRAPH for kind in kinds)]
        labels = [label for term in named for label in GRAPH.objects(term, RDFS.label)]
        assert len(labels) == len(set(labels))


def test_all_examples_agree_with_the_ontology() -> None:
    examples = "\n".join(str(example) for example in GRAPH.objects(None, SKOS.example))
    assert close_with_ontology(examples).errors == ()


def test_the_ontology_is_consistent() -> None:
    closed = owl_closure(GRAPH)
    assert closed.errors == ()
    assert not list(closed.triples.subjects(RDF.type, OWL.Nothing))
    empty = set(closed.triples.subjects(RDFS.subClassOf, OWL.Nothing)) - {OWL.Nothing}
    assert not empty | (set(closed.triples.objects(OWL.Nothing, OWL.equivalentClass)) - {OWL.Nothing})


def test_every_class_can_have_members() -> None:
    classes = sorted(term for term in TERMS if (term, RDF.type, OWL.Class) in GRAPH)
    members = "\n".join(f"<thing/{number}> a <{class_}> ." for number, class_ in enumerate(classes))
    assert close_with_ontology(members).errors == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("kg:Researcher", "kg:University"),
        ("foaf:Person", "org:Organization"),
        ("kg:Researcher", "kg:Project"),
        ("kg:Theme", "kg:ResearchUnit"),
        ("kg:Employment", "kg:Supervision"),
        ("kg:Team", "kg:ResearchBody"),
        ("kg:HospitalDepartment", "kg:Hospital"),
    ],
)
def test_what_is_disjoint_in_the_domain_is_so_here(first: str, second: str) -> None:
    assert close_with_ontology(f"<thing/1> a {first}, {second} .").errors


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("kg:Hospital", "kg:University"),
        ("kg:Funder", "kg:ResearchBody"),
        ("kg:ResearchFederation", "kg:Institution"),
        ("kg:Project", "kg:ResearchUnit"),
        ("kg:City", "kg:Region"),
        ("kg:ThirdPlace", "kg:Platform"),
        ("kg:Project", "kg:Programme"),
    ],
)
def test_what_may_overlap_in_the_domain_does_so_here(first: str, second: str) -> None:
    assert close_with_ontology(f"<thing/1> a {first}, {second} .").errors == ()
