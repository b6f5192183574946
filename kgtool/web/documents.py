"""RDF documents that the service itself writes: of a resource, of the ontology, of the service."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache

from flask import Response
from pyoxigraph import DefaultGraph, Quad, Triple

from kgtool.export import export
from kgtool.vocabulary import PREFIXES
from kgtool.web.negotiation import RDF_FORMATS

#: The format of a document by the ending of its address.
ENDINGS = {"ttl": "turtle", "nt": "ntriples", "jsonld": "jsonld", "rdf": "rdfxml"}
_ENDING_OF = {name: ending for ending, name in ENDINGS.items()}


def document(triples: Iterable[Triple], format: str) -> bytes:
    """Write triples in a format of :data:`kgtool.web.negotiation.RDF_FORMATS`.

    :raises kgtool.errors.InputError: if the format cannot hold them.
    """
    output = io.BytesIO()
    quads = (Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) for triple in triples)
    export(quads, format, output, prefixes=PREFIXES)
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
