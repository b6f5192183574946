"""The form of the data: IRIs, labels, terms, ends of nodes, provenance, no repetition."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse

from kgtool.vocabulary import PREFIXES, SOURCE_PREFIX

from .conftest import BASE, Holds, Rows, data_files

KG = PREFIXES["kg"]


def _triples(file: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path=str(file), format=RdfFormat.TURTLE)]


def _named(data: Store) -> set[str]:
    return {
        term.value
        for quad in data
        for term in (quad.subject, quad.predicate, quad.object)
        if isinstance(term, NamedNode)
    }


def _typed(store: Store) -> set[str]:
    kinds = store.quads_for_pattern(None, NamedNode(PREFIXES["rdf"] + "type"), None)
    return {quad.subject.value for quad in kinds if isinstance(quad.subject, NamedNode)}


def test_data_has_no_blank_nodes(data: Store) -> None:
    assert [
        quad
        for quad in data
        if not (isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal))
    ] == []


def test_iris_are_readable_and_lower_case(data: Store) -> None:
    ours = {iri for iri in _named(data) if "/kgtool/id/" in iri}
    shape = re.compile(re.escape(BASE) + r"[a-z]+(-[a-z]+)*/[a-z0-9]+(-[a-z0-9]+)*")
    assert len(ours) > 300
    assert [iri for iri in sorted(ours) if not shape.fullmatch(iri)] == []


def test_every_resource_that_is_named_is_described(data: Store) -> None:
    described = {quad.subject.value for quad in data if isinstance(quad.subject, NamedNode)}
    typed = _typed(data)
    ours = {iri for iri in _named(data) if iri.startswith(BASE)}
    assert sorted(ours - described) == []
    assert sorted(ours - typed) == []


def test_every_resource_has_labels_in_both_languages(rows: Rows) -> None:
    lacking = rows(
        """SELECT DISTINCT ?thing ?language WHERE { ?thing a ?class
            FILTER(CONTAINS(STR(?thing), "/kgtool/id/") && ?class != schema:PropertyValue)
            VALUES ?language { "fr" "en" }
            FILTER NOT EXISTS { ?thing rdfs:label|skos:prefLabel ?label FILTER(LANG(?label) = ?language) } }"""
    )
    assert lacking == []


def test_no_resource_has_two_labels_in_one_language(rows: Rows) -> None:
    assert not rows(
        """SELECT ?thing ?one ?other WHERE { ?thing rdfs:label ?one, ?other
            FILTER(LANG(?one) = LANG(?other) && STR(?one) < STR(?other)) }"""
    )


def test_every_term_of_ours_is_defined(data: Store, ontology: Store) -> None:
    typed = _typed(ontology)
    used = {iri for iri in _named(data) if iri.startswith(KG)}
    assert {KG + "Membership", KG + "role-director", KG + "theme-oncology"} <= used
    assert sorted(used - typed) == []


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        ("kg:Membership", ("org:member", "org:organization")),
        ("kg:Employment", ("org:member", "org:organization")),
        ("kg:Supervision", ("kg:supervisedUnit", "kg:supervisingInstitution")),
        ("kg:Participation", ("kg:project", "kg:participant")),
    ],
)
def test_a_node_has_each_end_once(rows: Rows, kind: str, ends: tuple[str, str]) -> None:
    nodes = rows(f"SELECT ?node WHERE {{ ?node a {kind} }}")
    assert nodes
    for end in ends:
        found = rows(f"SELECT ?node ?end WHERE {{ ?node a {kind} ; {end} ?end }}")
        assert [(node,) for node, _ in found] == nodes


def test_a_reorganisation_has_both_ends(rows: Rows) -> None:
    events = rows("SELECT ?event WHERE { ?event a org:ChangeEvent }")
    assert rows("SELECT ?event WHERE { ?event org:originalOrganization ?before }") == events
    assert rows("SELECT ?event WHERE { ?event org:resultingOrganization ?after }") == events


def test_a_node_belongs_to_one_source(rows: Rows) -> None:
    """Sources that state the same link make nodes of their own, so that taking one away leaves the other whole."""
    graphs = Counter(
        node
        for node, _ in rows(
            """SELECT ?node ?graph WHERE { GRAPH ?graph { ?node a ?kind
                FILTER(?kind IN (kg:Membership, kg:Employment, kg:Supervision, kg:Participation)) } }"""
        )
    )
    assert [node for node, count in graphs.items() if count > 1] == []


def test_no_source_states_a_link_twice(rows: Rows) -> None:
    assert not rows(
        """SELECT ?one ?other WHERE { GRAPH ?graph {
            ?one org:member ?member ; org:organization ?organization .
            ?other org:member ?member ; org:organization ?organization
            FILTER(STR(?one) < STR(?other))
            OPTIONAL { ?one org:role ?r1 } OPTIONAL { ?other org:role ?r2 }
            FILTER(COALESCE(?r1, "") = COALESCE(?r2, "")) } }"""
    )
    assert not rows(
        """SELECT ?one ?other WHERE { GRAPH ?graph {
            ?one kg:supervisedUnit ?unit ; kg:supervisingInstitution ?institution .
            ?other kg:supervisedUnit ?unit ; kg:supervisingInstitution ?institution
            FILTER(STR(?one) < STR(?other)) } }"""
    )


@pytest.mark.parametrize("file", data_files(), ids=lambda file: file.name)
def test_a_file_states_nothing_twice(file: Path) -> None:
    counts = Counter(_triples(file))
    assert [str(triple) for triple, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("file", data_files(), ids=lambda file: file.name)
def test_a_graph_tells_its_provenance(file: Path, holds: Holds) -> None:
    graph = SOURCE_PREFIX + file.name
    assert holds(
        f"""ASK {{ GRAPH <{graph}> {{ <{graph}> a prov:Entity, dcat:Dataset ; prov:wasDerivedFrom ?source ;
            prov:wasGeneratedBy ?reading ; dcterms:title ?french, ?english .
            ?reading a prov:Activity ; prov:used ?source ; prov:endedAtTime "2026-11-23T00:00:00Z"^^xsd:dateTime .
            FILTER(LANG(?french) = "fr" && LANG(?english) = "en")
            {{ <{graph}> dcterms:license ?licence }} UNION {{ <{graph}> dcterms:rights ?rights }} }} }}"""
    )


@pytest.mark.parametrize("file", data_files(), ids=lambda file: file.name)
def test_a_graph_is_derived_from_what_was_read(file: Path, rows: Rows) -> None:
    graph = SOURCE_PREFIX + file.name
    derived = rows(f"SELECT ?source WHERE {{ GRAPH <{graph}> {{ <{graph}> prov:wasDerivedFrom ?source }} }}")
    used = rows(f"SELECT ?source WHERE {{ GRAPH <{graph}> {{ ?reading prov:used ?source . ?source a prov:Entity }} }}")
    assert derived
    assert used == derived


def test_only_known_licences_are_given(rows: Rows) -> None:
    licences = rows("SELECT ?graph ?licence WHERE { ?graph dcterms:license ?licence }")
    assert licences == [
        ("urn:kgtool:source:finess.ttl", "https://opensource.org/license/mit"),
        ("urn:kgtool:source:rnsr-2022.ttl", "https://opensource.org/license/mit"),
        ("urn:kgtool:source:ror.ttl", "https://creativecommons.org/publicdomain/zero/1.0/"),
    ]


def test_people_have_names_and_roles_and_nothing_else(rows: Rows) -> None:
    kept = {
        PREFIXES[prefix] + name
        for prefix, name in (
            ("rdf", "type"),
            ("rdfs", "label"),
            ("skos", "altLabel"),
            ("foaf", "name"),
            ("foaf", "givenName"),
            ("foaf", "familyName"),
            ("schema", "jobTitle"),
        )
    }
    properties = rows("SELECT ?p WHERE { ?person a ?kind ; ?p ?o FILTER(?kind IN (kg:Researcher, foaf:Person)) }")
    assert {name for (name,) in properties} == kept


def test_each_person_is_described_because_of_a_role(rows: Rows) -> None:
    people = rows("SELECT ?person WHERE { ?person a ?kind FILTER(?kind IN (kg:Researcher, foaf:Person)) }")
    with_role = rows(
        "SELECT ?person WHERE { ?person a ?kind FILTER(?kind IN (kg:Researcher, foaf:Person)) ?n org:member ?person }"
    )
    assert with_role == people


@pytest.mark.shared
def test_no_sentence_of_the_page_is_copied(rows: Rows, shared: Path) -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text.lower())

    def runs(text: str) -> set[tuple[str, ...]]:
        found = words(text)
        return {tuple(found[start : start + 5]) for start in range(len(found) - 4)}

    page = runs((shared / "seed" / "hauts-de-france-sante.txt").read_text(encoding="utf-8"))
    prose = rows(
        """SELECT ?text WHERE { { ?thing dcterms:description ?text }
            UNION { ?thing a kg:Statistic ; rdfs:label ?text } UNION { ?thing a kg:Distinction ; rdfs:label ?text } }"""
    )
    assert len(prose) > 20
    assert [text for (text,) in prose if runs(text or "") & page] == []
