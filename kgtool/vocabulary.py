"""Names that everyone shares: namespaces, the IRIs kgtool itself reads, and the graphs it reserves."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

ONTOLOGY_IRI: Final = "https://w3id.org/kgtool/ontology"
ID_BASE: Final = "https://w3id.org/kgtool/id/"

#: Prefix to namespace, for exports, tables and the query page. A store's ``context.jsonld`` may add to it.
PREFIXES: Final[dict[str, str]] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "frapo": "http://purl.org/cerif/frapo/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "kg": f"{ONTOLOGY_IRI}#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "vivo": "http://vivoweb.org/ontology/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def iri(prefix: str, name: str) -> NamedNode:
    """Give the IRI of a name in a known namespace.

    >>> iri("kg", "Researcher")
    <NamedNode value=https://w3id.org/kgtool/ontology#Researcher>
    """
    return NamedNode(PREFIXES[prefix] + name)


#: Where updates that name no graph write. A source graph like any other.
DEFAULT_SOURCE: Final = NamedNode("urn:kgtool:default")
#: The closure less what is asserted. Answers when named, and is part of the default graph with reasoning on.
INFERRED: Final = NamedNode("urn:kgtool:inferred")
#: What was loaded when. Answers when named; no part of the default graph.
PROVENANCE: Final = NamedNode("urn:kgtool:provenance")
#: The store's own notes (commit number, layout). Never answers.
META: Final = NamedNode("urn:kgtool:meta")
#: What follows and is a premise of something that the graph shows, though the graph leaves it out. Never answers.
PREMISES: Final = NamedNode("urn:kgtool:premises")
#: A file goes to this followed by its name.
SOURCE_PREFIX: Final = "urn:kgtool:source:"
RESERVED_PREFIX: Final = "urn:kgtool:"

HIDDEN: Final = frozenset({INFERRED, PROVENANCE, META, PREMISES})


def is_reserved(graph: str) -> bool:
    """Tell whether nobody may write to a graph of this name.

    >>> is_reserved("urn:kgtool:inferred"), is_reserved("urn:kgtool:default"), is_reserved("urn:kgtool:source:a.ttl")
    (True, False, False)
    """
    return graph.startswith(RESERVED_PREFIX) and graph != DEFAULT_SOURCE.value and not graph.startswith(SOURCE_PREFIX)
