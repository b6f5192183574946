"""Two people in two sources: what is to go with the one, and what is to stay of the other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from kgtool import KnowledgeGraph
from kgtool.ingest import Source, sources_of_bytes
from kgtool.transactions.forgetting.forget import ForgetReport, Forgetting

PREFIXES: Final = """
@prefix : <https://example.org/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
#: Longer than what Oxigraph writes into its keys, with accents; the ORCID is that of ORCID's own examples.
NAME: Final = "Éléonore Quatrefages-Lenoir"
ORCID: Final = "0000-0002-1825-0097"
PERSON: Final = "https://example.org/person/eleonore-quatrefages-lenoir"
#: What no byte of a store may hold any more.
NEEDLES: Final = ("Quatrefages", "quatrefages", "QUATREFAGES", ORCID, "Neurologue de", PERSON)
STAYING: Final = "Université du Littoral oriental"

PAGE: Final = f"""
<{PERSON}> a foaf:Person ; rdfs:label "{NAME}" ; foaf:name "{NAME}"@fr ; foaf:givenName "Éléonore" ;
    foaf:familyName "Quatrefages-Lenoir" ; :speciality [ rdfs:label "Neurologue de la région" ] ;
    schema:identifier <{PERSON}/orcid> .
<{PERSON}/orcid> a schema:PropertyValue ; schema:propertyID "ORCID" ; schema:value "{ORCID}" .
:membership-7 a org:Membership ; rdfs:label "{NAME}, professeure" ; org:member <{PERSON}> ;
    org:organization :university ; schema:identifier :shared-identifier .
:university a org:Organization ; rdfs:label "{STAYING}" ; schema:identifier :shared-identifier .
:shared-identifier schema:propertyID "ROR" ; schema:value "05gs8cd61" .
:other a foaf:Person ; rdfs:label "Basile Quintin" ; foaf:knows <{PERSON}> .
:membership-8 a org:Membership ; org:member :other ; org:organization :university .
:article dcterms:title "On something" ; schema:author ( :other <{PERSON}> :university ) .
:page a prov:Entity ; dcterms:title "Portrait of {NAME.upper()}, neurologist"@en .
org:Membership rdfs:subClassOf :Node . foaf:knows a owl:SymmetricProperty .
"""
REGISTER: Final = f"""
:hal-12 a foaf:Person ; foaf:name "E. Quatrefages-Lenoir" ; schema:sameAs <https://orcid.org/{ORCID}> .
:membership-9 org:member :hal-12 ; org:organization :laboratory .
:laboratory a org:Organization ; rdfs:label "Laboratory" .
:link a owl:Axiom ; owl:annotatedSource :hal-12 ; owl:annotatedProperty skos:exactMatch ;
    owl:annotatedTarget <https://orcid.org/{ORCID}> .
"""
GRAPHS: Final = {"urn:kgtool:source:page": PAGE, "urn:kgtool:source:register": REGISTER}


def turtle(text: str, graph: str) -> list[Source]:
    """Give Turtle with the usual prefixes as a source."""
    return sources_of_bytes((PREFIXES + text).encode(), name=graph, graph=graph, format="turtle")


def fill(store: Path, graphs: Iterable[str] = GRAPHS) -> None:
    """Load the graphs, one after another, and update: so that every copy is there that there can be."""
    with KnowledgeGraph.open(store, write=True, create=True) as kg:
        for graph in graphs:
            kg.load(turtle(GRAPHS[graph], graph))
        kg.update("INSERT DATA { <https://example.org/a> <https://example.org/b> 'passing' }")


def forget(store: Path, *iris: str, **options: object) -> ForgetReport:
    """Forget people, and close the store."""
    with KnowledgeGraph.open(store, write=True) as kg:
        return kg.forget(Forgetting(iris or (PERSON,), **options))  # type: ignore[arg-type]


def statements(store: Path) -> set[Quad]:
    """Everything that a store answers with, provenance and what follows included."""
    with KnowledgeGraph.open(store) as kg:
        found = kg.query(
            "SELECT * { { GRAPH ?g { ?s ?p ?o } } UNION { GRAPH <urn:kgtool:inferred> { ?s ?p ?o } }"
            " UNION { GRAPH <urn:kgtool:provenance> { ?s ?p ?o } } }"
        )
        return {tuple(map(str, row)) for row in found.solutions()}  # type: ignore[misc]


def naming(quads: Iterable[object]) -> list[str]:
    """Give the statements in which a needle stands."""
    return [text for text in map(str, quads) if any(needle in text for needle in NEEDLES)]


def files_with(store: Path, needles: Iterable[str] = NEEDLES) -> list[str]:
    """Search every byte below a folder, names of files included; JSON's escapes count as what they stand for."""
    found = []
    for file in store.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        escaped = re.sub(rb"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)).encode("utf-8", "replace"), content)
        found += [
            f"{file.relative_to(store)}: {needle}"
            for needle in needles
            if needle.encode() in content or needle.encode() in escaped or needle in file.name
        ]
    return found
