"""The shapes file itself: complete, bilingual, with few reasons to refuse, and of use to other SHACL processors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, Triple
from pyoxigraph import parse as read
from rdflib.namespace import OWL, RDF, SH

from kgtool.errors import InputError, MissingError, ParseError
from kgtool.store.oxigraph import OxigraphStore
from kgtool.validate import Report, StoredGraphs
from kgtool.validate.check import check_shapes
from kgtool.vocabulary import PREFIXES

from .packaged import HEAD, ROOT, SHAPES, checked, triples

MIXED = """
x:m a kg:Membership ; org:member x:p, x:q ; schema:startDate "2020-02-30"^^xsd:date .
x:s a kg:Supervision ; kg:supervisedUnit x:u ; kg:supervisingInstitution x:i ;
    schema:startDate "2021"^^xsd:gYear ; schema:endDate "2020"^^xsd:gYear ; kg:attestedOn "2019"^^xsd:gYear .
x:p a kg:Researcher ; schema:identifier x:1 ; schema:sameAs <https://orcid.org/0000-0002-1825-0098> .
x:q a kg:Researcher ; foaf:name "Q" ; schema:identifier x:2 .
x:1 schema:propertyID "ROR" ; schema:value "02ppyfa05" .
x:2 schema:propertyID "ROR" ; schema:value "02ppyfa05" ; dcterms:source "s" .
x:3 schema:propertyID "SIRET" ; schema:value "26590671900017" . x:4 schema:propertyID "RNSR" ; schema:value "1A" .
x:5 schema:propertyID "ISNI" ; schema:value "0000 0001 2104 254X" . x:6 schema:propertyID "GRID" ; schema:value "" .
x:t a kg:Theme ; skos:prefLabel "T"@fr . x:z a <http://schema.org/Person> .
"""


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(SHAPES)


def test_every_class_has_a_shape(shapes: rdflib.Graph) -> None:
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "kg.ttl")
    classes = {each for each in ontology.subjects(RDF.type, OWL.Class) if str(each).startswith(PREFIXES["kg"])}
    assert classes
    assert classes <= set(shapes.objects(None, SH.targetClass))


def test_every_shape_that_reports_says_so_in_both_languages(shapes: rdflib.Graph) -> None:
    reporting = set(shapes.subjects(SH.severity, None))
    for shape in shapes.subjects(RDF.type, SH.PropertyShape):
        assert shape in reporting
    for shape in reporting:
        holders = [shape, *shapes.objects(shape, SH.sparql)]
        messages = [text for holder in holders for text in shapes.objects(holder, SH.message)]
        assert sorted(text.language for text in messages) == ["en", "fr"], shape
        assert sorted(text.language for text in shapes.objects(shape, SH.name)) == ["en", "fr"], shape


def test_shapes_name_things_that_the_ontology_has(shapes: rdflib.Graph) -> None:
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "kg.ttl")
    named = {
        term
        for predicate in (SH.targetClass, SH.targetSubjectsOf, SH.path, OWL.members)
        for term in shapes.objects(None, predicate)
        if str(term).startswith(PREFIXES["kg"])
    }
    parameters = {shapes.value(node, SH.path) for node in shapes.objects(None, SH.parameter)}
    assert {term for term in named - parameters if (term, RDF.type, None) not in ontology} == set()


def test_the_region_conforms() -> None:
    files = [*sorted((ROOT / "ontology").glob("*.ttl")), *sorted((ROOT / "data").glob("**/*.ttl"))]
    data = {quad.triple for path in files if path != SHAPES for quad in read(path=path, rename_blank_nodes=True)}
    report = check_shapes(data, SHAPES, asserted=data)
    assert report.conforms, report.as_text()


def test_plain_pyshacl_finds_the_same() -> None:
    data = rdflib.Graph().parse(data=HEAD + MIXED, format="turtle")
    _, results, _ = pyshacl.validate(data, shacl_graph=SHAPES.read_text(encoding="utf-8"), advanced=True)
    expected = {
        (str(results.value(result, SH.focusNode)), str(results.value(result, SH.sourceShape)))
        for result in results.subjects(RDF.type, SH.ValidationResult)
        if (None, SH.result, result) in results
    }
    found = checked(MIXED).findings
    assert expected == {(finding.focus.value, finding.shape) for finding in found if finding.focus}


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Callable[[list[Triple]], StoredGraphs]]:
    """Put triples into two graphs of a store, some into both, beside a graph that is not looked at."""
    store = OxigraphStore(tmp_path / "quads")

    def put(data: list[Triple]) -> StoredGraphs:
        quads = [
            Quad(*triple, graph)
            for number, triple in enumerate(data)
            for graph in {NamedNode(f"urn:g:{number % 2}"), NamedNode(f"urn:g:{number % 3 % 2}")}
        ]
        elsewhere = Quad(NamedNode("urn:x:elsewhere"), NamedNode(PREFIXES["org"] + "member"), NamedNode("urn:x:p"))
        store.apply([*quads, elsewhere], [])
        return StoredGraphs(store, (NamedNode("urn:g:0"), NamedNode("urn:g:1")))

    yield put
    store.close()


def test_graphs_of_a_store_are_checked_in_place(stored: Callable[[list[Triple]], StoredGraphs]) -> None:
    data = triples(MIXED)
    graphs = stored(data)
    assert check_shapes(graphs, SHAPES, asserted=graphs) == check_shapes(data, SHAPES, asserted=data)


@pytest.mark.parametrize("focus", [["urn:x:m"], ["urn:x:1", "urn:x:s"], ["urn:x:z", "urn:x:t"], ["urn:x:none"], []])
def test_a_focus_gives_the_part_of_the_report_about_it(
    focus: list[str], stored: Callable[[list[Triple]], StoredGraphs]
) -> None:
    data = triples(MIXED)
    whole = check_shapes(data, SHAPES).findings
    expected = Report(tuple(finding for finding in whole if finding.focus and finding.focus.value in focus))
    nodes = [NamedNode(name) for name in focus]
    assert check_shapes(data, SHAPES, focus=nodes) == expected
    assert check_shapes(stored(data), SHAPES, focus=nodes) == expected


def test_shapes_that_are_no_turtle(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text("@prefix sh: <http://www.w3.org/ns/shacl#> .\nsh:a sh:b\n", encoding="utf-8")
    with pytest.raises(ParseError) as caught:
        check_shapes([], path)
    assert caught.value.where is not None
    assert (caught.value.where.file, caught.value.where.line) == (str(path), 3)
    with pytest.raises(ParseError):
        check_shapes([], b"\xff\xfe")
    with pytest.raises(MissingError):
        check_shapes([], tmp_path / "none.ttl")
    with pytest.raises(MissingError):
        check_shapes([], tmp_path)


@pytest.mark.parametrize(
    "turtle",
    [
        "x:S a sh:PropertyShape ; sh:targetNode x:a .",
        "x:S a sh:NodeShape ; sh:targetNode x:a ; sh:path x:p .",
        "x:S a sh:NodeShape ; sh:targetNode x:a ; sh:or 7 .",
        'x:S a sh:NodeShape ; sh:targetNode x:a ; sh:pattern "(" .',
        'x:S a sh:NodeShape ; sh:targetNode x:a ; sh:sparql [ sh:select "SELECT $this WHERE { broken" ] .',
        'x:S a sh:NodeShape ; sh:targetNode x:a ; sh:sparql [ sh:ask "ASK {}" ] .',
        'x:S a sh:NodeShape ; sh:targetNode x:a ; sh:sparql [ sh:select "SELECT $this { SERVICE <u:s> {} }" ] .',
        'x:f a sh:SPARQLFunction ; sh:ask "ASK {}" .',
        "x:c a sh:ConstraintComponent .",
    ],
)
def test_shapes_that_are_no_shapes(turtle: str) -> None:
    with pytest.raises(InputError) as caught:
        check_shapes(triples("x:a x:p x:b ."), (HEAD + turtle).encode())
    assert str(caught.value).startswith("shapes: ")
