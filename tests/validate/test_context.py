"""The JSON-LD context: a name for every class and property, and the same graph in two readers."""

from __future__ import annotations

import io
import json

import pytest
import rdflib
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, parse
from rdflib.namespace import OWL, RDF

from kgtool.export import export
from kgtool.vocabulary import PREFIXES

from .packaged import ROOT, triples

CONTEXT = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
DOCUMENT = {
    "@context": CONTEXT,
    "id": "urn:x:m",
    "type": ["Membership", "Employment"],
    "member": {"id": "urn:x:p", "type": "Researcher", "label": {"fr": "Une personne", "en": "Someone"}},
    "organization": "urn:x:o",
    "startDate": "2020-01-31",
    "endYear": "2021",
    "attestedInMonth": ["2020-05", "2020-06"],
    "foaf:age": 7,
    "dcterms:source": "a page",
}
EXPECTED = """
x:m a kg:Membership, kg:Employment ; org:member x:p ; org:organization x:o ;
    schema:startDate "2020-01-31"^^xsd:date ; schema:endDate "2021"^^xsd:gYear ;
    kg:attestedOn "2020-05"^^xsd:gYearMonth, "2020-06"^^xsd:gYearMonth ; foaf:age 7 ; dcterms:source "a page" .
x:p a kg:Researcher ; rdfs:label "Une personne"@fr, "Someone"@en .
"""


def canonical(found: list[Triple]) -> set[Quad]:
    dataset = Dataset(Quad(*triple) for triple in found)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)


def test_a_document_means_the_same_to_two_readers() -> None:
    text = json.dumps(DOCUMENT)
    assert canonical([quad.triple for quad in parse(text, format=RdfFormat.JSON_LD)]) == canonical(triples(EXPECTED))
    lines = rdflib.Graph().parse(data=text, format="json-ld").serialize(format="nt")
    assert canonical([quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)]) == canonical(triples(EXPECTED))


def test_the_region_written_with_the_context_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    files = [*sorted((ROOT / "ontology").glob("*.ttl")), *sorted((ROOT / "data").glob("**/*.ttl"))]
    quads = [quad for path in files for quad in parse(path=path, rename_blank_nodes=True)]
    output = io.BytesIO()
    export(quads, "jsonld", output, prefixes=PREFIXES, context={"@context": CONTEXT})
    expected = canonical([quad.triple for quad in quads])
    assert len(expected) > 1000
    assert canonical([quad.triple for quad in parse(output.getvalue(), format=RdfFormat.JSON_LD)]) == expected
    lines = rdflib.Graph().parse(data=output.getvalue(), format="json-ld").serialize(format="nt")
    assert canonical([quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)]) == expected


def test_every_class_and_property_has_a_name() -> None:
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "kg.ttl")
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    terms = {str(term) for kind in kinds for term in ontology.subjects(RDF.type, kind)}
    names = {entry.get("@id") if isinstance(entry, dict) else entry for entry in CONTEXT.values()}
    own = {term for term in terms if term.startswith(PREFIXES["kg"])}
    assert own
    assert {"kg:" + term.removeprefix(PREFIXES["kg"]) for term in own} <= names


def test_prefixes_agree_with_those_of_the_code() -> None:
    assert {name: CONTEXT[name] for name in CONTEXT if name in PREFIXES} == PREFIXES
