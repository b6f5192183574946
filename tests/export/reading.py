"""Exports read back by three readers, and compared as graphs."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from typing import Any
from unittest import mock

import rdflib
from pyld import jsonld
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from kgtool.export import export
from kgtool.vocabulary import ID_BASE, PREFIXES

PREFIXES_USED = {**PREFIXES, "id": f"{ID_BASE}hauts-de-france/", "x": "urn:x:", "ex": "http://example.org/"}
READ_AS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
RDFLIB_NAMES = {"turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}


def exported(quads: Iterable[Quad], format: str, **options: Any) -> bytes:
    """Give the bytes of an export."""
    output = io.BytesIO()
    options.setdefault("prefixes", PREFIXES_USED)
    export(quads, format, output, **options)
    return output.getvalue()


def same_as(quads: Iterable[Quad]) -> str:
    """Give a text that is equal for isomorphic datasets, and only for them."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    # Not splitlines: literals hold other line ends (U+0085, U+2028) as they are.
    return "".join(sorted(f"{line}\n" for line in str(dataset).split("\n")[:-1]))


def merge(quads: Iterable[Quad]) -> list[Quad]:
    """Give the quads with all graphs merged."""
    return [Quad(quad.subject, quad.predicate, quad.object) for quad in quads]


def read(data: bytes, format: str) -> list[Quad]:
    """Read with pyoxigraph."""
    return list(parse(data, format=READ_AS[format]))


def read_with_rdflib(data: bytes, format: str) -> list[Quad]:
    """Read with rdflib, as it stands there: by default rdflib rewrites "01" as "1"."""
    graph = rdflib.Graph()
    with mock.patch.object(rdflib, "NORMALIZE_LITERALS", False):
        graph.parse(data=data, format=RDFLIB_NAMES[format])
    return list(parse(graph.serialize(format="nt").encode(), format=RdfFormat.N_TRIPLES, lenient=True))


def read_with_pyld(data: bytes) -> list[Quad]:
    """Read JSON-LD with PyLD, which must need no other document."""

    def refuse(url: str, _options: Mapping[str, object]) -> None:
        raise AssertionError(f"asked for {url}")

    text = jsonld.to_rdf(json.loads(data), {"format": "application/n-quads", "documentLoader": refuse})
    return list(parse(text, format=RdfFormat.N_QUADS, lenient=True))
