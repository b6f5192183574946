"""RDF documents that the service itself writes: of a resource, of the ontology, of the service."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from functools import cache

from flask import Response
from pyoxigraph import DefaultGraph, Quad, Triple

from kgtool.export import export
from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import PREFIXES
from kgtool.web.negotiation import RDF_FORMATS

#: The format of a document by the ending of its address.
ENDINGS = {"ttl": "turtle", "nt": "ntriples", "jsonld": "jsonld", "rdf": "rdfxml"}
_ENDING_OF = {name: ending for ending, name in ENDINGS.items()}


def document(graph: KnowledgeGraph, triples: Iterable[Triple], format: str) -> bytes:
    """Write triples in a format of :data:`kgtool.web.negotiation.RDF_FORMATS`, JSON-LD with the store's own context.

    :raises kgtool.errors.InputError: if the format cannot hold them.
    """
    output = io.BytesIO()
    quads = (Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) for triple in triples)
    file = graph.ontology_folder / "context.jsonld"
    context = json.loads(file.read_text("utf-8")) if format == "jsonld" and file.is_file() else None
    export(quads, format, output, prefixes=PREFIXES, context=context)
    return output.getvalue()


def answer(body: bytes, format: str) -> Response:
    """Answer with a document."""
    media_type = RDF_FORMATS[format][0]
    return Response(body, content_type=f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type)


@cache
def ending_of(format: str) -> str:
    """Give the ending of a format's addresses.

    >>> ending_of("turtle")
    'ttl'
    """
    return _ENDING_OF[format]
