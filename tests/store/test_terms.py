"""Terms as people type them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from kgtool import KnowledgeGraph
from kgtool.errors import InputError
from kgtool.ingest import sources_of_bytes
from kgtool.store.terms import read_term, read_triple, unused_property
from kgtool.vocabulary import iri

DATA = """
@prefix : <urn:x:> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
:ada rdfs:label "Ada"@en ; foaf:knows :ben ; :near :lille .
:ben rdfs:label "Ben" , "true" , "a" .
:lille rdfs:label "Lille" . :other-lille rdfs:label "Lille"@fr . :roubaix rdfs:label "Roubaix" .
foaf:knows rdfs:label "connaît"@fr , "knows"@en . :acquaintance rdfs:label "knows"@en .
:declared a owl:ObjectProperty ; rdfs:label "declared" .
<known:thing> rdfs:label "RNSR:units" .
:escape rdfs:label "Roub\\u001Bais" .
_:nobody rdfs:label "Nobody" .
"""
MANY = "\n".join(f'<urn:x:many{n}> <http://www.w3.org/2000/01/rdf-schema#label> "Many" .' for n in range(9))
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    store = tmp_path_factory.mktemp("terms") / "store"
    with KnowledgeGraph.open(store, write=True, create=True, engine="none") as kg:
        kg.load(sources_of_bytes((DATA + MANY).encode(), name="terms", graph="urn:x:graph", format="turtle"))
        yield kg


def literal(value: str, kind: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + kind))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<urn:x:ada>", NamedNode("urn:x:ada")),
        ("urn:x:ada", NamedNode("urn:x:ada")),
        (" https://example.org/é?a=b#c ", NamedNode("https://example.org/é?a=b#c")),
        ("doi:10.1000/1", NamedNode("doi:10.1000/1")),
        ("known:thing", NamedNode("known:thing")),
        ("<unknown:thing>", NamedNode("unknown:thing")),
        ("kg:Researcher", iri("kg", "Researcher")),
        ("kg:", NamedNode("https://w3id.org/kgtool/ontology#")),
        ("geo:48.1", iri("geo", "48.1")),
        ("<geo:48.1>", NamedNode("geo:48.1")),
        ("_:b0", BlankNode("b0")),
        ("Ada", NamedNode("urn:x:ada")),
        ("RNSR:units", NamedNode("known:thing")),
        ('"Ada"', Literal("Ada")),
        ("'Ada'@en", Literal("Ada", language="en")),
        ('"""two\nlines"""', Literal("two\nlines")),
        ('"a # b"', Literal("a # b")),
        ('"2020"^^xsd:gYear', literal("2020", "gYear")),
        (f'"2020"^^<{XSD}gYear>', literal("2020", "gYear")),
        ("2024", literal("2024", "integer")),
        ("-1.50", literal("-1.5", "decimal")),
        ("1e3", literal("1000", "double")),
        ('"01"^^xsd:integer', literal("1", "integer")),
        ("true", literal("true", "boolean")),
        ("a", NamedNode("urn:x:ben")),
    ],
)
def test_a_term(graph: KnowledgeGraph, text: str, expected: object) -> None:
    assert read_term(text, "object", graph) == expected


def test_a_label_may_be_that_of_a_blank_node(graph: KnowledgeGraph) -> None:
    assert isinstance(read_term("Nobody", "subject", graph), BlankNode)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", iri("rdf", "type")),
        ("foaf:knows", iri("foaf", "knows")),
        ("connaît", iri("foaf", "knows")),
        ("knows", iri("foaf", "knows")),  # the other thing of this label is no property
        ("declared", NamedNode("urn:x:declared")),
    ],
)
def test_a_property(graph: KnowledgeGraph, text: str, expected: object) -> None:
    assert read_term(text, "property", graph) == expected


@pytest.mark.parametrize(
    ("role", "text", "parts"),
    [
        ("subject", "", ["the subject is empty"]),
        ("object", " ", ["the object is empty"]),
        ("object", "<urn:x:a b>", ["urn:x:a b is no IRI", "<https://"]),
        ("object", "<urn:x:ada", ["ends without >"]),
        ("object", "<ada>", ["ada is no IRI"]),
        ("object", "https://example.org/a|b", ["no IRI"]),
        ("object", "_:", ["no blank node"]),
        ("object", "_:a b", ["no blank node"]),
        ("object", '"Ada', ['"Ada is no literal', '"texte"@fr']),
        ("object", '"Ada"^^nowhere:text', ["no literal"]),
        ("object", '"Ada"@en, "Ben"', ["more than one literal"]),
        ("object", '"Ada" . <urn:x:s> <urn:x:p> "Ben"', ["more than one literal"]),
        ("object", '"Ada" #\n. <urn:x:s> <urn:x:p> "Ben"', ["more than one literal"]),
        ("property", "12", ["12 is no property"]),
        ("property", "_:b0", ["no property"]),
        ("property", "foof:knows", ["no prefix is called foof", "did you mean foaf:knows?"]),
        ("property", "FOAF:knows", ["did you mean foaf:knows?"]),
        ("object", "zzzz:knows", ["no prefix is called zzzz", "foaf", "< >"]),
        ("property", "Know", ["no property is called Know", "did you mean foaf:knows?"]),
        ("property", "Ada", ["no property is called Ada"]),
        ("subject", "Roubai", ["no thing is called Roubai", "did you mean Roubaix?"]),
        ("subject", "Rou\x1bbais", ["no thing is called Rou\\x1bbais"]),
        ("subject", "Xyzzy", ["no thing is called Xyzzy", "< >"]),
        ("subject", "Lille", ["2 things are called Lille", "<urn:x:lille>", "<urn:x:other-lille>"]),
        ("subject", "Many", ["9 things", "<urn:x:many4>", "and 4 more"]),
        ("subject", "\udcff", ["not UTF-8"]),
        ("subject", "x" * 10_000, ["x" * 100, "…"]),
    ],
)
def test_what_is_wrong_with_a_term(graph: KnowledgeGraph, role: str, text: str, parts: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read_term(text, role, graph)  # type: ignore[arg-type]
    told = str(caught.value)
    assert all(part in told for part in parts), told
    assert told.isprintable()
    assert len(told) < 1_000


def test_the_label_of_data_in_a_message_steers_no_terminal(graph: KnowledgeGraph) -> None:
    with pytest.raises(InputError, match=r"did you mean Roub\\x1bais\?"):
        read_term("Roub_ais", "subject", graph)


def test_a_triple_names_the_term_that_is_wrong(graph: KnowledgeGraph) -> None:
    assert read_triple("Ada", "connaît", "Ben", graph) == (
        NamedNode("urn:x:ada"), iri("foaf", "knows"), NamedNode("urn:x:ben"),
    )  # fmt: skip
    with pytest.raises(InputError, match="the object is empty"):
        read_triple("Ada", "knows", "", graph)


def test_a_property_that_nothing_has(graph: KnowledgeGraph) -> None:
    assert unused_property(iri("foaf", "konws"), graph) == "foaf:knows"
    assert unused_property(iri("foaf", "knows"), graph) is None
    assert unused_property(NamedNode("urn:x:declared"), graph) is None
    assert unused_property(NamedNode("urn:x:zzzzzzzzzz"), graph) is None
