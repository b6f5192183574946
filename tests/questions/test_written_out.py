"""A question written out with its values is a query that stands alone and answers as the question does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode, Variable

from kgtool.graph import KnowledgeGraph
from kgtool.questions import Question, bound, read_questions
from kgtool.questions.written_out import written_out
from kgtool.resources import packaged

QUESTIONS = read_questions(packaged("ontology") / "questions")
DAY = date(2026, 11, 27)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """The packaged data: the examples of the questions are of it."""
    store = tmp_path_factory.mktemp("region") / "store"
    KnowledgeGraph.build(store)
    with KnowledgeGraph.open(store) as graph:
        yield graph


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.name)
def test_it_answers_as_the_question_does(region: KnowledgeGraph, question: Question) -> None:
    assert question.example is not None
    given = _in_full(question.example)
    values = bound(question, given, region, DAY)
    text = written_out(question.text, values.values, values.columns)
    alone, asked = region.query(text), region.ask(question.name, given, today=DAY)
    assert tuple(alone.variables) == tuple(asked.variables)
    assert sorted(map(str, alone.solutions())) == sorted(map(str, asked.solutions()))


def _in_full(example: dict[str, str]) -> dict[str, str]:
    base = "https://w3id.org/kgtool/id/"
    return {name: base + value if "/" in value and ":" not in value else value for name, value in example.items()}


def test_a_value_never_becomes_text() -> None:
    evil = Literal('" } ; DROP ALL # ')
    text = written_out("SELECT ?s { ?s ?p ?o FILTER(?o = ?text) }", {Variable("text"): evil}, ("s",))
    assert r"\" } ; DROP ALL # " in text
    assert text.count("}") == 2


def test_every_variable_of_a_group_is_written_out() -> None:
    query = "SELECT ?a (COUNT(?b) AS ?n) { ?a ?p ?b } GROUP BY ?a ?p"
    text = written_out(query, {Variable("a"): NamedNode("urn:x:a"), Variable("p"): NamedNode("urn:x:p")}, ("a", "n"))
    assert text == (
        "SELECT (<urn:x:a> AS ?a) (COUNT(?b) AS ?n) { <urn:x:a> <urn:x:p> ?b } GROUP BY (<urn:x:a>) (<urn:x:p>)"
    )
