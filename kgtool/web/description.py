"""The description of the query service, in the terms of https://www.w3.org/TR/sparql11-service-description/."""

from __future__ import annotations

from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import iri
from kgtool.web.documents import document
from kgtool.web.examples import example_triples, listed
from kgtool.web.sizes import source_sizes

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip


def service_description(graph: KnowledgeGraph, endpoint: str, format: str) -> bytes:
    """Describe the service: languages, formats, entailment, the named graphs, and the questions as examples.

    Needs a request.
    """
    service, dataset, default = BlankNode("service"), BlankNode("dataset"), BlankNode("default")
    kind = iri("rdf", "type")
    triples = [
        Triple(service, kind, _sd("Service")),
        Triple(service, _sd("endpoint"), NamedNode(endpoint)),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Update")),
        Triple(service, _sd("defaultEntailmentRegime"), NamedNode("http://www.w3.org/ns/entailment/OWL-RDF-Based")),
        Triple(service, _sd("supportedEntailmentProfile"), NamedNode("http://www.w3.org/ns/owl-profile/RL")),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(dataset, kind, _sd("Dataset")),
        Triple(dataset, _sd("defaultGraph"), default),
        Triple(default, kind, _sd("Graph")),
    ]
    for name in _FORMATS:
        triples.append(Triple(service, _sd("resultFormat"), NamedNode(f"http://www.w3.org/ns/formats/{name}")))
    for number, (source, _) in enumerate(source_sizes(graph)):
        if isinstance(source, NamedNode):  # nobody can name the others
            node = BlankNode(f"graph{number}")
            triples.append(Triple(dataset, _sd("namedGraph"), node))
            triples.append(Triple(node, kind, _sd("NamedGraph")))
            triples.append(Triple(node, _sd("name"), source))
    triples += example_triples(listed(graph), NamedNode(endpoint))
    return document(graph, triples, format)


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
