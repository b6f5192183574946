"""Themes, roles and indicators: whole schemes, with what follows from them."""

from __future__ import annotations

import pytest
from rdflib import RDF, SKOS, Literal, URIRef

from .closure import close_with_ontology, closed_axioms
from .sources import BASE, KG, ORG, read

THEMES = [
    "metabolic-and-cardiovascular-diseases",
    "inflammatory-diseases",
    "neurodegenerative-diseases",
    "oncology",
    "infectious-diseases",
    "pharmacology",
    "immunity",
    "digital-health-and-medical-imaging",
]
ROLES = [
    "director",
    "deputy-director",
    "head-of-department",
    "researcher",
    "research-director",
    "professor",
    "physician",
    "neurologist",
    "coordinator",
    "co-founder",
    "chief-scientific-officer",
    "research-fellow",
    "partner",
    "funder",
    "team-leader",
    "supervisor",
    "participant",
    "member",
]


def test_eight_themes_stand_at_the_top_in_order() -> None:
    graph = read("themes.ttl")
    tops = set(graph.subjects(SKOS.topConceptOf, KG.themes))
    assert tops == {KG["theme-" + slug] for slug in THEMES}
    assert [str(graph.value(KG["theme-" + slug], SKOS.notation)) for slug in THEMES] == list("12345678")


@pytest.mark.parametrize(
    ("file", "scheme", "class_"),
    [("themes.ttl", KG.themes, KG.Theme), ("roles.ttl", KG.roles, ORG.Role), ("indicators.ttl", KG.indicators, None)],
)
def test_a_scheme_holds_together(file: str, scheme: URIRef, class_: URIRef | None) -> None:
    graph = read(file)
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    assert concepts == set(graph.subjects(SKOS.inScheme, scheme))
    for concept in concepts:
        assert class_ is None or (concept, RDF.type, class_) in graph
        broader = set(graph.objects(concept, SKOS.broader))
        assert broader <= concepts
        assert bool(broader) != ((concept, SKOS.topConceptOf, scheme) in graph)
        above = {wider for start in broader for wider in graph.transitive_objects(start, SKOS.broader)}
        assert concept not in above
    notations = list(graph.objects(None, SKOS.notation))
    assert len(notations) == len(set(notations))


def test_every_role_that_the_data_need_is_there() -> None:
    assert set(read("roles.ttl").subjects(RDF.type, ORG.Role)) == {KG["role-" + slug] for slug in ROLES}


def test_no_two_concepts_of_a_scheme_share_a_label() -> None:
    for file in ("themes.ttl", "roles.ttl", "indicators.ttl"):
        labels = [label for label in read(file).objects(None, SKOS.prefLabel) if isinstance(label, Literal)]
        assert len(labels) == len(set(labels))


def test_work_on_a_theme_is_work_on_the_broader_one() -> None:
    closed = close_with_ontology("<project/p> kg:hasTheme kg:theme-diabetes .").triples
    themes = set(closed.objects(URIRef(BASE + "project/p"), KG.hasTheme))
    assert themes == {
        KG["theme-diabetes"],
        KG["theme-metabolic-diseases"],
        KG["theme-metabolic-and-cardiovascular-diseases"],
    }


def test_narrower_themes_follow_from_broader_ones() -> None:
    closed = closed_axioms()
    top = KG["theme-digital-health-and-medical-imaging"]
    assert set(closed.objects(top, SKOS.narrower)) == {KG["theme-digital-health"], KG["theme-medical-imaging"]}
