"""A question written out with its values is a query that stands alone and answers as the question does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode, Store, Variable

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


CHOICES = [
    (question, parameter.name, value)
    for question in QUESTIONS
    for parameter in question.parameters
    for value in parameter.allowed
]


@pytest.mark.parametrize(("question", "name", "value"), CHOICES, ids=lambda each: getattr(each, "name", each))
def test_so_it_does_with_each_choice(region: KnowledgeGraph, question: Question, name: str, value: str) -> None:
    given = {**_in_full(question.example or {}), name: value}
    values = bound(question, given, region, DAY)
    alone = region.query(written_out(question.text, values.values, values.columns))
    asked = region.ask(question.name, given, today=DAY)
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


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "SELECT ?a { ?a ?p ?b BIND(IF(BOUND(?m), STR(?m), 1) AS ?m) }",
            'SELECT ?a { ?a ?p ?b FILTER(sameTerm(IF(true, STR("x"), 1), "x")) }',
        ),
        (
            "SELECT ?a (MIN(?b) AS ?m) { ?a ?p ?b } GROUP BY ?a ORDER BY ?m",
            'SELECT ?a ("x" AS ?m) { ?a ?p ?b } GROUP BY ?a HAVING (sameTerm(MIN(?b), "x")) ORDER BY ("x")',
        ),
        (
            "SELECT ?a (MIN(?b) AS ?m) { ?a ?p ?b } GROUP BY ?a HAVING (COUNT(*) > 1)",
            'SELECT ?a ("x" AS ?m) { ?a ?p ?b } GROUP BY ?a HAVING (sameTerm(MIN(?b), "x")) (COUNT(*) > 1)',
        ),
        ("SELECT (STR(?b) AS ?m) { ?a ?p ?b }", 'SELECT ("x" AS ?m) { ?a ?p ?b FILTER(sameTerm(STR(?b), "x")) }'),
        (
            'SELECT ?a { VALUES (?a ?m) { (1 UNDEF) (2 "x") (3 "y") } }',
            'SELECT ?a { VALUES (?a ?m_listed) { (1 UNDEF) (2 "x") (3 "y") }'
            ' FILTER(!BOUND(?m_listed) || sameTerm(?m_listed, "x")) }',
        ),
    ],
)
def test_what_is_computed_becomes_a_test(query: str, expected: str) -> None:
    text = written_out(query, {Variable("m"): Literal("x")}, ("a", "m"))
    assert text == expected
    Store().query(text)
