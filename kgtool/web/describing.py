"""``/.well-known/void``: what the dataset is, how large, and where it can be had and asked (VoID and DCAT).

See https://www.w3.org/TR/void/ and https://www.w3.org/TR/vocab-dcat-3/.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from flask import Blueprint, Response, request, url_for
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import ONTOLOGY_IRI, iri
from kgtool.web import caching, documents, negotiation
from kgtool.web.examples import example_triples, listed
from kgtool.web.parameters import Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.sizes import class_sizes, property_sizes, source_sizes, triples_count
from kgtool.web.source import here

blueprint = Blueprint("describing", __name__)

_TYPE = iri("rdf", "type")
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_TITLE = {"fr": "Graphe de connaissances de la recherche", "en": "Knowledge graph of research"}
_SUBTITLE = {
    "fr": "Qui travaille où, sur quoi, avec qui, avec un raisonnement sur les affiliations.",
    "en": "Who works where, on what, with whom, with reasoning over affiliations.",
}


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Describe the dataset, in a format of RDF."""
    source = here()
    name = Parameters.of_request(request).one("format")
    if name is None:
        wanted = negotiation.choose(request.headers.get("Accept"), negotiation.RDF_FORMATS)
    else:
        wanted = negotiation.named(name, negotiation.RDF_FORMATS)
    if wanted is None:
        raise HttpProblem(
            406, "no such format", hint=f"one of: {', '.join(negotiation.RDF_FORMATS)}", headers={"Vary": "Accept"}
        )
    tag = caching.entity_tag(source.commit, "void", wanted, request.url_root)
    unchanged = caching.not_modified(request, tag)
    if unchanged:
        return unchanged
    triples = description(source.graph, source.settings.base)
    return caching.tagged(documents.answer(documents.document(source.graph, triples, wanted), wanted), tag)


def description(graph: KnowledgeGraph, base: str) -> Iterator[Triple]:
    """Describe the dataset: size, classes, properties, sources, endpoint, exports, and the questions as examples.

    Needs a request.

    :param base: what the IRIs of its things begin with.
    """
    document = NamedNode(url_for("describing.void", _external=True))
    dataset = NamedNode(f"{document.value}#dataset")
    endpoint = NamedNode(url_for("sparql.sparql", _external=True))
    yield Triple(document, _TYPE, iri("void", "DatasetDescription"))
    yield Triple(document, iri("foaf", "primaryTopic"), dataset)
    yield Triple(dataset, _TYPE, iri("void", "Dataset"))
    yield Triple(dataset, _TYPE, iri("dcat", "Dataset"))
    for language, title in _TITLE.items():
        yield Triple(dataset, iri("dcterms", "title"), Literal(title, language=language))
    for language, text in _SUBTITLE.items():
        yield Triple(dataset, iri("dcterms", "description"), Literal(text, language=language))
    yield Triple(dataset, iri("void", "sparqlEndpoint"), endpoint)
    yield Triple(dataset, iri("void", "uriSpace"), Literal(base))
    yield Triple(dataset, iri("void", "vocabulary"), NamedNode(f"{ONTOLOGY_IRI}#"))
    yield Triple(dataset, iri("void", "triples"), _count(triples_count(graph)))
    for name in negotiation.RDF_FORMATS:
        dump = NamedNode(url_for("exporting.export", format=name, _external=True))
        yield Triple(dataset, iri("void", "dataDump"), dump)
        file = BlankNode(f"file-{name}")
        yield Triple(dataset, iri("dcat", "distribution"), file)
        yield Triple(file, _TYPE, iri("dcat", "Distribution"))
        yield Triple(file, iri("dcat", "downloadURL"), dump)
        media_type = negotiation.RDF_FORMATS[name][0]
        yield Triple(
            file, iri("dcat", "mediaType"), NamedNode(f"https://www.iana.org/assignments/media-types/{media_type}")
        )
    for source, size in source_sizes(graph):
        if isinstance(source, NamedNode):
            part = BlankNode("source-" + sha256(source.value.encode()).hexdigest()[:16])
            yield Triple(dataset, iri("void", "subset"), part)
            yield Triple(part, _TYPE, iri("void", "Dataset"))
            yield Triple(part, iri("dcterms", "source"), source)
            yield Triple(part, iri("void", "triples"), _count(size))
    for predicate, size in property_sizes(graph).items():
        part = BlankNode("property-" + sha256(predicate.encode()).hexdigest()[:16])
        yield Triple(dataset, iri("void", "propertyPartition"), part)
        yield Triple(part, iri("void", "property"), NamedNode(predicate))
        yield Triple(part, iri("void", "triples"), _count(size))
    for kind, size in class_sizes(graph).items():
        part = BlankNode("class-" + sha256(kind.encode()).hexdigest()[:16])
        yield Triple(dataset, iri("void", "classPartition"), part)
        yield Triple(part, iri("void", "class"), NamedNode(kind))
        yield Triple(part, iri("void", "entities"), _count(size))
    yield from example_triples(listed(graph), endpoint)


def _count(number: int) -> Literal:
    return Literal(str(number), datatype=iri("xsd", "integer"))
