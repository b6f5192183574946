"""The description of the query service, in the terms of https://www.w3.org/TR/sparql11-service-description/."""

from __future__ import annotations

from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import iri
from kgtool.web.documents import document
from kgtool.web.examples import example_triples, listed
from kgtool.web.sizes import source_sizes, triples_count

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip
#: What the Graph Store Protocol reads.
_INPUT_FORMATS: Final = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads")


def service_description(graph: KnowledgeGraph, endpoint: str, format: str, *, federates: bool = False) -> bytes:
    """Describe the service: languages, formats, entailment, the named graphs, and the questions as examples.

    Needs a request.

    :param federates: whether SERVICE may reach anything.
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
        Triple(default, iri("void", "triples"), _count(triples_count(graph))),
    ]
    if federates:
        triples.append(Triple(service, _sd("feature"), _sd("BasicFederatedQuery")))
    for name in _FORMATS:
        triples.append(Triple(service, _sd("resultFormat"), NamedNode(f"http://www.w3.org/ns/formats/{name}")))
    for name in _INPUT_FORMATS:
        triples.append(Triple(service, _sd("inputFormat"), NamedNode(f"http://www.w3.org/ns/formats/{name}")))
    for number, (source, size) in enumerate(source_sizes(graph)):
        if isinstance(source, NamedNode):  # nobody can name the others
            node = BlankNode(f"graph{number}")
            triples.append(Triple(dataset, _sd("namedGraph"), node))
            triples.append(Triple(node, kind, _sd("NamedGraph")))
            triples.append(Triple(node, _sd("name"), source))
            described = BlankNode(f"content{number}")
            triples.append(Triple(node, _sd("graph"), described))
            triples.append(Triple(described, kind, _sd("Graph")))
            triples.append(Triple(described, iri("void", "triples"), _count(size)))
    triples += example_triples(listed(graph), NamedNode(endpoint))
    return document(graph, triples, format)


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


def _count(number: int) -> Literal:
    return Literal(str(number), datatype=iri("xsd", "integer"))
