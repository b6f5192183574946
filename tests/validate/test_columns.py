"""Graphs in columns: what is found in them is what checking a copy of everything finds, node by node."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple
from rdflib import Graph
from rdflib.namespace import SH

from kgtool.errors import InputError
from kgtool.validate import NOT_ALL
from kgtool.validate.bulk import check
from kgtool.validate.bulk.partial_stores import PartialStores
from kgtool.validate.check import check_shapes
from kgtool.vocabulary import iri

from .changes import BUNDLES, TRIPLES
from .in_columns import checked_in_columns
from .oracle import check_slowly
from .packaged import HEAD, SHAPES, TYPE, triples
from .test_query_forms import ONTOLOGY
from .test_query_forms import SETS as PLAIN_SETS
from .test_query_forms import SHAPES as QUERY_SHAPES

#: How many random graphs are tried; the first is always a simple one.
FEW_AND_MANY = [2, pytest.param(50, marks=pytest.mark.long)]


def nodes_of(data: Iterable[Triple]) -> set[NamedNode | BlankNode]:
    return {term for t in data for term in (t.subject, t.object) if isinstance(term, NamedNode | BlankNode)}


def compare(closure: Iterable[Triple], asserted: Iterable[Triple], shapes: Path) -> list[str | None]:
    """Check in columns and slowly; give the shapes that found something."""
    everything = {*closure, *asserted}
    found = checked_in_columns(everything, asserted, shapes)
    assert found == check_slowly(everything, asserted, shapes, nodes_of(everything))
    return [finding.shape for finding in found.findings]


@pytest.fixture(params=[0, 200], ids=["alike", "each"])
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take any number of refused nodes for very many, or only large ones."""
    monkeypatch.setattr(check, "_MANY", request.param)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("examples", FEW_AND_MANY)
def test_random_graphs_with_the_packaged_shapes(examples: int) -> None:
    @settings(max_examples=2 * examples)
    @given(st.lists(BUNDLES, min_size=4, max_size=14), st.frozensets(TRIPLES, max_size=6))
    def run(bundles: list[list[Triple]], inferred: frozenset[Triple]) -> None:
        compare(inferred, [triple for bundle in bundles for triple in bundle], SHAPES)

    run()


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("examples", FEW_AND_MANY)
@pytest.mark.parametrize("number", range(len(QUERY_SHAPES)))
def test_queries_of_every_form(number: int, examples: int, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(HEAD + ONTOLOGY + QUERY_SHAPES[number], encoding="utf-8")

    @settings(max_examples=examples)
    @given(PLAIN_SETS, st.booleans())
    def run(data: frozenset[Triple], asked_of_all: bool) -> None:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("kgtool.validate.bulk.by_query._FEW", 0 if asked_of_all else 1000)
            compare(data, [], shapes)

    run()


ON_VALUES = (
    *("sh:minCount 1", "sh:minCount 2", "sh:maxCount 1", "sh:maxCount 0", "sh:class x:C", "sh:class x:C, x:D"),
    *(f"sh:nodeKind sh:{kind}" for kind in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "IRIOrLiteral")),
    *("sh:datatype xsd:integer", "sh:datatype xsd:string", "sh:datatype rdf:langString", "sh:datatype xsd:gYear"),
    *('sh:pattern "^urn|^a" ; sh:flags "i"', 'sh:languageIn ( "fr" )', "sh:minLength 2", "sh:maxLength 2"),
    *("sh:in ( x:a 1 )", "sh:minInclusive 2", "sh:maxExclusive 2", "sh:hasValue x:a", "sh:uniqueLang true"),
    *("sh:equals x:q", "sh:disjoint x:q", "sh:or ( [ sh:class x:C ] [ sh:datatype xsd:integer ] )"),
    "sh:or ( [ sh:class x:C ] [ sh:class x:D ] ) ; sh:or ( [ sh:nodeKind sh:Literal ] [ sh:class x:D ] )",
    *("sh:and ( [ sh:class x:C ] [ sh:class x:D ] )", "sh:xone ( [ sh:class x:C ] [ sh:class x:D ] )"),
    *(
        "sh:not [ sh:class x:C ]",
        "sh:not [ sh:property [ sh:path x:q ; sh:minCount 1 ] ]",
        "sh:not [ sh:hasValue x:a ]",
    ),
    *("sh:node x:N", "sh:node [ sh:datatype xsd:integer ; sh:minInclusive 2 ]", "sh:node [ sh:deactivated true ]"),
    "sh:property [ sh:path x:q ; sh:minCount 1 ]",
    "sh:property [ sh:path x:q ; sh:property [ sh:path x:r ; sh:class x:C ] ]",
    "sh:qualifiedValueShape [ sh:class x:C ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1",
    "sh:qualifiedValueShape [ sh:nodeKind sh:Literal ] ; sh:qualifiedMinCount 2",
    "sh:qualifiedValueShape [ sh:hasValue x:a ] ; sh:qualifiedMaxCount 0",
    "sh:class x:C ; sh:deactivated true",
    "sh:minCount 1 ; sh:severity sh:Warning ; sh:nodeKind sh:IRI ; sh:message '{$value} of {$this}'@en",
)
PATHS = (
    *("x:p", "[ sh:inversePath x:p ]", "[ sh:alternativePath ( x:p x:q ) ]", "( x:p x:q )"),
    *("( x:p [ sh:inversePath x:q ] )", "[ sh:alternativePath ( x:p [ sh:inversePath x:q ] ) ]"),
    *("[ sh:zeroOrMorePath x:p ]", "[ sh:inversePath ( x:p x:q ) ]", "[ sh:zeroOrOnePath x:p ]"),
)
ON_NODES = (
    *("sh:class x:C", "sh:nodeKind sh:IRI", "sh:not x:N", "sh:node x:N", "sh:property x:P", "sh:pattern 'a'"),
    *("sh:closed true ; sh:property [ sh:path x:p ]", "sh:or ( x:N x:P )", "sh:and ( x:N x:P )", "sh:in ( x:a x:b )"),
    "sh:xone ( x:N [ sh:class x:D ] )",
    "sh:property x:P, [ sh:path x:p ; sh:maxCount 1 ], [ sh:path x:q ; sh:nodeKind sh:IRI ]",
)
TARGETS = (
    *("sh:targetSubjectsOf x:p", "sh:targetObjectsOf x:p", "sh:targetClass x:C", "sh:targetNode x:a, x:nowhere, 1"),
    "a rdfs:Class",
    "sh:targetSubjectsOf x:p, x:q ; sh:targetObjectsOf x:r ; sh:targetClass x:D",
)
OTHERS = "x:N a sh:NodeShape ; sh:property x:P . x:P a sh:PropertyShape ; sh:path x:q ; sh:minCount 1 ; sh:class x:D ."
PROPERTY, NODE = (f"a sh:{kind} ; sh:targetSubjectsOf x:p, x:q" for kind in ("PropertyShape", "NodeShape"))
#: Shapes by what they are about.
CORE_SHAPES = {
    "paths": [f"{PROPERTY} ; sh:path {path} ; {each}" for path in PATHS for each in ON_VALUES[:6]],
    "values": [f"{PROPERTY} ; sh:path x:p ; {each}" for each in ON_VALUES],
    "values of an inverse path": [f"{PROPERTY} ; sh:path [ sh:inversePath x:p ] ; {each}" for each in ON_VALUES],
    "values of a node shape": [f"{NODE} ; sh:property [ sh:path x:p ; {each} ]" for each in ON_VALUES],
    "nodes": [f"{NODE} ; {each}" for each in ON_NODES],
    "a shape within itself": [f"{NODE} ; sh:property [ sh:path x:q ; sh:node x:S0 ] ; sh:nodeKind sh:IRI"],
    "targets": [f"a sh:NodeShape ; {target} ; sh:property x:P ; sh:class x:C" for target in TARGETS],
    "asserted triples": [
        f"a sh:NodeShape ; kg:looksAt kg:assertedTriples ; {target} ; sh:class x:C" for target in TARGETS
    ],
}
NODES = [*(NamedNode(f"urn:x:{name}") for name in "abc"), BlankNode("m")]
LITERALS = [
    *(Literal(1), Literal(2), Literal("a"), Literal("A", language="fr"), Literal("a", language="en"), Literal("")),
    Literal("x", datatype=iri("xsd", "integer")),
    Literal("2020", datatype=iri("xsd", "gYear")),
]
CLASSES = [NamedNode(f"urn:x:{name}") for name in "CDE"]
SETS = st.frozensets(
    st.one_of(
        st.builds(
            Triple,
            st.sampled_from(NODES),
            st.sampled_from([NamedNode(f"urn:x:{name}") for name in "ppqr"]),
            st.sampled_from([*NODES, *NODES, *LITERALS]),
        ),
        st.builds(Triple, st.sampled_from(NODES), st.just(TYPE), st.sampled_from([*CLASSES, NamedNode("urn:x:S")])),
        st.builds(Triple, st.sampled_from(CLASSES), st.just(iri("rdfs", "subClassOf")), st.sampled_from(CLASSES)),
    ),
    min_size=5,
    max_size=16,
)


@pytest.mark.filterwarnings("ignore:Warning, A Recursive Shape")
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("examples", FEW_AND_MANY)
@pytest.mark.parametrize("name", CORE_SHAPES)
def test_constraints_of_every_form(name: str, examples: int, tmp_path: Path) -> None:
    named = (f"x:S{number} {shape} .\n" for number, shape in enumerate(CORE_SHAPES[name]))
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(HEAD + OTHERS + "".join(named), encoding="utf-8")

    @settings(max_examples=min(examples, 20))
    @given(SETS, SETS)
    def run(closure: frozenset[Triple], asserted: frozenset[Triple]) -> None:
        compare(closure, asserted, shapes)

    run()


EVERY = """
x:s schema:startDate "2020-02-30"^^xsd:date ; schema:endDate "x" ; kg:attestedOn "0000"^^xsd:gYear .
x:s schema:foundingDate "y" ; schema:dissolutionDate "z" .
x:i schema:startDate "2021"^^xsd:gYear ; schema:endDate "2020"^^xsd:gYear ; kg:attestedOn "2019"^^xsd:gYear .
x:j schema:endDate "2020"^^xsd:gYear ; kg:attestedOn "2021"^^xsd:gYear .
x:l schema:foundingDate "2021"^^xsd:gYear ; schema:dissolutionDate "2020"^^xsd:gYear .
x:p schema:sameAs <https://orcid.org/0000-0002-1825-0098>, <https://ror.org/02ppyfa05>, x:entry .
x:q schema:sameAs x:entry .
x:1 schema:propertyID "ORCID" ; schema:value "1" . x:2 schema:propertyID "ISNI" ; schema:value "1" .
x:3 schema:propertyID "ROR" ; schema:value "1" . x:4 schema:propertyID "SIRET" ; schema:value "1" .
x:5 schema:propertyID "SIREN" ; schema:value "1" . x:6 schema:propertyID "RNSR" ; schema:value "1" .
x:7 schema:propertyID "UAI" ; schema:value "1" . x:8 schema:propertyID "FINESS" ; schema:value "1" .
x:9 schema:propertyID "IdRef" ; schema:value "1" . x:10 schema:propertyID "Wikidata" ; schema:value "1" .
x:11 schema:propertyID "GRID" ; schema:value "1" . x:12 schema:propertyID "FundRef" ; schema:value "1" .
x:13 a schema:PropertyValue . x:p schema:identifier x:14 . x:q schema:identifier x:14 .
x:14 schema:propertyID "HAL" ; schema:value "1" .
x:m a kg:Membership . x:n org:member x:nobody ; org:organization x:nowhere ; org:role "role" .
x:o a kg:Supervision . x:r kg:supervisedUnit x:nothing ; kg:supervisingInstitution x:nowhere .
x:t a kg:Participation . x:u kg:project x:nothing ; kg:participant x:nobody .
x:e a org:ChangeEvent . x:f org:originalOrganization x:nothing ; org:resultingOrganization x:nowhere .
x:a kg:through x:nowhere . x:b kg:startsNoEarlierThan "2020-01-01"^^xsd:date .
x:v kg:hasTheme "theme" ; kg:locatedIn "place" . x:w a kg:Project . x:x a kg:Theme . x:y a kg:Statistic .
x:z a <http://schema.org/Person> .
"""


def test_every_packaged_shape_finds_something_in_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    def everything(stores: PartialStores) -> Store:
        raise AssertionError("a query of the packaged shapes looks at everything")

    monkeypatch.setattr(PartialStores, "everything", everything)
    data = triples(EVERY)
    shapes = Graph().parse(SHAPES)
    speaking = {str(shape) for shape in shapes.subjects(SH.severity, None)}
    assert set(compare(data, data, SHAPES)) == speaking


def test_a_shape_that_cannot_be_run_is_told_of_where_nothing_is_refused(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        HEAD + "x:S a sh:NodeShape ; sh:targetSubjectsOf x:p ; sh:property [ sh:path x:p ; sh:minCount 'a' ] ."
    )
    data = triples("x:a x:p x:b .")
    messages = []
    for check_it in (lambda: checked_in_columns(data, [], shapes), lambda: check_shapes(data, shapes)):
        with pytest.raises(InputError) as caught:
            check_it()
        messages.append(str(caught.value))
    assert messages[0] == messages[1]
    assert "urn:x:S" in messages[0]


def test_the_first_violations_of_very_many_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_ENOUGH", 5)
    monkeypatch.setattr(check, "_BATCH", 3)
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(HEAD + "x:S a sh:PropertyShape ; sh:targetSubjectsOf x:p ; sh:path x:p ; sh:hasValue x:a .")
    data = triples("".join(f"x:{number:02} x:p x:b . " for number in range(20)))
    whole, found = check_shapes(data, shapes).findings, checked_in_columns(data, [], shapes).findings
    assert found[:6] == whole[:6]
    assert [finding.rule for finding in found[6:]] == [NOT_ALL]
