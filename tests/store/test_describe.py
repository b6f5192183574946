"""DESCRIBE: the concise bounded description, and what of SPARQL 1.2 there is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kgtool import KnowledgeGraph

DATA = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA {
  GRAPH <urn:g:one> {
    <urn:a> <urn:address> [ <urn:place> [ <urn:name> "Lille" ] ] ; <urn:knows> <urn:b> .
    <urn:b> <urn:address> [ <urn:name> "elsewhere" ] .
    <urn:c> <urn:loop> _:x . _:x <urn:loop> _:x .
  }
  GRAPH <urn:g:two> { <urn:a> a <urn:Cat> . <urn:Cat> rdfs:subClassOf <urn:Animal> . <urn:z> <urn:knows> <urn:a> }
}"""


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    place = tmp_path_factory.mktemp("describe") / "store"
    with KnowledgeGraph.open(place, write=True, create=True) as graph:
        graph.update(DATA)
        yield graph


def said(graph: KnowledgeGraph, text: str) -> list[tuple[str, str, str]]:
    """Give the triples of a description, blank nodes without their names."""
    triples = [tuple(map(str, triple)) for triple in graph.query(text).triples()]
    return sorted(tuple("_" if term.startswith("_:") else term for term in triple) for triple in triples)


A = [
    ("<urn:a>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<urn:Animal>"),
    ("<urn:a>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<urn:Cat>"),
    ("<urn:a>", "<urn:address>", "_"),
    ("<urn:a>", "<urn:knows>", "<urn:b>"),
    ("_", "<urn:name>", '"Lille"'),
    ("_", "<urn:place>", "_"),
]
B = [("<urn:b>", "<urn:address>", "_"), ("_", "<urn:name>", '"elsewhere"')]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DESCRIBE <urn:a>", A),
        ("DESCRIBE <urn:a> <urn:b>", A + B),
        ("DESCRIBE ?x WHERE { ?x <urn:address> ?y }", A + B),
        ("DESCRIBE ?x <urn:b> WHERE { ?x a <urn:Animal> }", A + B),
        ("DESCRIBE <urn:c>", [("<urn:c>", "<urn:loop>", "_"), ("_", "<urn:loop>", "_")]),
        ("DESCRIBE <urn:a> FROM <urn:g:two>", [A[1]]),
        ("DESCRIBE <urn:absent>", []),
    ],
)
def test_a_description_holds_what_blank_nodes_say(kg: KnowledgeGraph, text: str, expected: list) -> None:
    assert said(kg, text) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        'ASK { FILTER(LANGDIR(STRLANGDIR("a", "ar", "rtl")) = "rtl") }',
        'ASK { BIND("a"@ar--rtl AS ?x) FILTER(hasLANGDIR(?x)) }',
        "ASK { BIND(<<( <urn:s> <urn:p> 1 )>> AS ?t) FILTER(isTRIPLE(?t) && OBJECT(?t) = 1) }",
        "ASK { BIND(TRIPLE(<urn:s>, <urn:p>, 1) AS ?t) FILTER(SUBJECT(?t) = <urn:s>) }",
        'VERSION "1.2" ASK {}',
    ],
)
def test_sparql_1_2_where_oxigraph_has_it(kg: KnowledgeGraph, text: str) -> None:
    assert kg.query(text).answer
