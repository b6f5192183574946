"""Every format gives back the graph that was written, to pyoxigraph and to a second reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from pyoxigraph import NamedNode, Quad

from tests.export.reading import exported, merge, read, read_with_pyld, read_with_rdflib, same_as
from tests.strategies import datasets, graphs, xml_graphs

CONTEXT = {
    "@context": {
        "id": "@id",
        "type": "@type",
        "x": "urn:x:",
        "kg": "https://w3id.org/kgtool/ontology#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "name": {"@id": "kg:name", "@container": "@language"},
        "title": "x:name",
        "french": {"@id": "x:name", "@language": "fr"},
        "label": {"@id": "kg:label", "@type": "@id"},
        "é": {"@id": "kg:é", "@type": "xsd:integer"},
        "year": {"@id": "x:é", "@type": "xsd:gYear", "@container": "@set"},
        "items": {"@id": "x:list", "@container": "@list"},
        "named": {"@reverse": "x:name", "@type": "@id", "@container": "@set"},
        "listed": {"@reverse": "x:list"},
    }
}
OTHER_CONTEXT = {
    "@context": [
        {"@vocab": "https://w3id.org/kgtool/ontology#", "@language": "fr"},
        {
            "x": "urn:x:",
            "x:name": {"@type": "@vocab"},
            "a": {"@id": "x:a", "@context": {"b": "x:b"}},
            "people": {"@reverse": "x:label"},
            "items": {"@id": "x:list", "@container": "@list", "@type": "@id"},
            "urn:x:a.b": {"@type": "@id"},
        },
    ]
}
DOUBLE = NamedNode("http://www.w3.org/2001/XMLSchema#double")
CONTEXTS = pytest.mark.parametrize("context", [None, CONTEXT, OTHER_CONTEXT], ids=["none", "terms", "vocab"])


@pytest.mark.parametrize("format", ["trig", "nquads"])
@given(quads=datasets)
def test_datasets_come_back(format: str, quads: list[Quad]) -> None:
    assert same_as(read(exported(quads, format), format)) == same_as(quads)


@pytest.mark.parametrize("format", ["turtle", "ntriples"])
@given(quads=datasets)
def test_merged_graphs_come_back(format: str, quads: list[Quad]) -> None:
    assert same_as(read(exported(quads, format), format)) == same_as(merge(quads))


@given(quads=xml_graphs)
def test_rdfxml_comes_back(quads: list[Quad]) -> None:
    assert same_as(read(exported(quads, "rdfxml"), "rdfxml")) == same_as(quads)


@CONTEXTS
@given(quads=graphs())
def test_jsonld_comes_back(context: dict[str, object] | None, quads: list[Quad]) -> None:
    assert same_as(read(exported(quads, "jsonld", context=context), "jsonld")) == same_as(quads)


@CONTEXTS
@given(quads=graphs())
def test_jsonld_comes_back_to_pyld(context: dict[str, object] | None, quads: list[Quad]) -> None:
    # PyLD rewrites the text of every xsd:double, strings included.
    quads = [quad for quad in quads if getattr(quad.object, "datatype", None) != DOUBLE]
    assert same_as(read_with_pyld(exported(quads, "jsonld", context=context))) == same_as(quads)


@pytest.mark.parametrize("format", ["turtle", "rdfxml", "jsonld"])
@given(quads=xml_graphs)
def test_graphs_come_back_to_rdflib(format: str, quads: list[Quad]) -> None:
    assert same_as(read_with_rdflib(exported(quads, format, context=CONTEXT), format)) == same_as(quads)
