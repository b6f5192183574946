"""What a person reads who wrote SPARQL that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool import KnowledgeGraph, QueryError


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    return KnowledgeGraph.open(tmp_path_factory.mktemp("syntax") / "store", write=True, create=True, engine="none")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELEC * {}", "query:1:1: a query does not start with 'SELEC'; did you mean SELECT?"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", "query:1:1: this is an update; use kgtool update"),
        ("SELECT *\nWHERE { ?s ?p ?o ", "query:2:7: a '{' is not closed"),
        ("SELECT * { ?s ?p ?o ) }", "query:1:21: a ')' that closes nothing"),
        ("SELECT * { ?s ?p 'abc }", "query:1:18: a string is not closed"),
        ("ASK {\n ?s kg:a 1 }", "the prefix kg: is not declared; add PREFIX kg: <https://w3id.org/kgtool/ontology#>"),
        ("ASK { ?s my:a 1 }", "the prefix my: is not declared; declare it with PREFIX"),
        ("ASK { ?s foat:name 1 }", "did you mean foaf:? then add PREFIX foaf: <http://xmlns.com/foaf/0.1/>"),
        ("PREFIX people: <urn:p:> ASK { ?s peple:a 1 }", "query:1:34: the prefix peple: is not declared; did you mean"),
        (
            "ASK { ?s ?p ?o\n OPTOINAL { ?s ?q ?o } }",
            "query:2:2: 'OPTOINAL' is no word of SPARQL; did you mean OPTIONAL?",
        ),
        ("ASK { ?s ?p ?o FLITER(?o > 1) }", "query:1:16: 'FLITER' is no word of SPARQL; did you mean FILTER?"),
        ("SELECT * { ?s a Person }", "'Person' is no word of SPARQL; a name has a prefix, as in ex:Person"),
        ("SELECT * { ?s ?p ?o } LIMT 10", "query:1:23: 'LIMT' is no word of SPARQL; did you mean LIMIT?"),
        ("ASK { <a> ?p 1 }", "query:1:7: <a> is not absolute; give an absolute IRI, or declare BASE"),
        (" ", "the query is empty"),
        ("SELECT ?s WHERE { ?s ?p }", "near '}'"),
    ],
)
def test_queries(kg: KnowledgeGraph, text: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        kg.query(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT * {}", "update:1:1: this is a query; use kgtool query"),
        ("INSERT DATA { <urn:a> <urn:b> 1 };\nSELECT * {}", "update:2:1: this is a query"),
        ("DELETE DATA { <urn:a> <urn:b> _:x }", "blank nodes are not allowed in DELETE DATA"),
    ],
)
def test_updates(kg: KnowledgeGraph, text: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        kg.update(text)
    assert said in str(caught.value)


def test_a_long_wrong_text_is_answered_in_linear_time(kg: KnowledgeGraph) -> None:
    for text in ("SELECT * { " + "?s ?p ?o .\n" * 20_000 + "x", "a:b " * 50_000):
        with pytest.raises(QueryError):
            kg.query(text)


def test_the_place_is_in_the_file_of_a_rule(tmp_path: Path) -> None:
    rules = tmp_path / "region" / "ontology" / "rules"
    rules.mkdir(parents=True)
    (rules / "wrong.rq").write_text("# fr: a\n# en: b\nCONSTRUCT { ?s kg:a 1 } WHERE { }")
    with pytest.raises(ValueError, match=r"wrong\.rq:3:\d+: the prefix kg: is not declared"):
        KnowledgeGraph.build(tmp_path / "store", [tmp_path / "region"])
