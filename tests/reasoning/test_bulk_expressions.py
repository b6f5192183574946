"""What rules compute in bulk, by SQL where it means the same, is what Oxigraph computes for each solution."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from kgtool.reasoning.bulk.computed import compute
from kgtool.reasoning.bulk.dialect import database
from kgtool.reasoning.bulk.expressions import sql_of
from kgtool.reasoning.bulk.sql import FACETS
from kgtool.reasoning.bulk.sql import given as as_given
from kgtool.reasoning.bulk.terms import Terms, create_terms, terms_of_texts
from kgtool.reasoning.language import Bind, Call, Expression, Term, Var
from kgtool.reasoning.language.expressions import FIRST_DAY, LAST_DAY
from kgtool.reasoning.matching.computed import computed
from kgtool.reasoning.matching.solve import Binding
from kgtool.vocabulary import iri

from .rule_expressions import VARIABLES, binds, conditions, solutions, wild

A, B, X = Var("a"), Var("b"), Var("x")
#: Tells the solutions apart.
NUMBER = Var("number")


def date(text: str) -> Literal:
    return Literal(text, datatype=iri("xsd", "date"))


def in_bulk(
    given: Sequence[Binding], values: Sequence[Bind], tests: Sequence[Expression]
) -> list[dict[Var, str] | None]:
    """Compute by SQL what :func:`computed` gives; terms as text."""
    columns = [NUMBER, *VARIABLES]
    with database(None, memory=200, spill=None) as made:
        create_terms(made)
        terms = Terms(made)
        rows = [{NUMBER: NamedNode(f"urn:x:row:{number}"), **solution} for number, solution in enumerate(given)]
        terms.learn(term for row in rows for term in row.values())
        numbers = [tuple(terms.number(row[name]) if name in row else None for name in columns) for row in rows]
        made.fill("solutions", ", ".join(f"v_{name} INTEGER" for name in columns), numbers)
        compute(made, terms, "solutions", columns, values, tests)
        texts = dict(made.rows("SELECT id, text FROM terms"))
        assert len(set(texts.values())) == len(texts), "a term with two numbers is two terms"
        assert [str(term) for term in terms_of_texts(list(texts.values()))] == list(texts.values())
        found: list[dict[Var, str] | None] = [None] * len(given)
        for row in made.rows("SELECT * FROM solutions"):
            names = [*columns, *(value.variable for value in values)]
            solution = {name: texts[id] for name, id in zip(names, row, strict=True) if id is not None}
            number = int(solution.pop(NUMBER).rpartition(":")[2][:-1])
            assert found[number] is None, "a solution came twice"
            found[number] = solution
        return found


def by_oxigraph(
    given: Sequence[Binding], values: Sequence[Bind], tests: Sequence[Expression]
) -> list[dict[Var, str] | None]:
    found = computed(given, values, tests)
    return [solution and {name: str(term) for name, term in solution.items()} for solution in found]


def check(given: Sequence[Binding], values: Sequence[Bind], tests: Sequence[Expression] = ()) -> None:
    assert in_bulk(given, values, tests) == by_oxigraph(given, values, tests)


@settings(max_examples=60)
@given(solutions, binds(), st.lists(conditions, max_size=2))
def test_sql_computes_what_sparql_means(
    given: list[Binding], values: tuple[Bind, ...], tests: list[Expression]
) -> None:
    check(given, values, tests)


@pytest.mark.long
@given(solutions, binds(), st.lists(conditions, max_size=2))
def test_sql_computes_what_sparql_means_at_length(
    given: list[Binding], values: tuple[Bind, ...], tests: list[Expression]
) -> None:
    check(given, values, tests)


@settings(max_examples=60)
@given(solutions, wild)
def test_what_sql_cannot_write_is_computed_all_the_same(given: list[Binding], expression: Expression) -> None:
    check(given, [Bind(X, expression)])
    check(given, [], [expression])


def trusts(expression: Expression, **given: Term) -> bool:
    """Tell whether an expression is left to SQL for a solution."""
    texts = {name: as_given(name) for name in VARIABLES}
    written = sql_of(expression, texts)
    if written is None:
        return False
    with database(None, memory=200, spill=None) as made:
        columns = ", ".join(f"t_{name} VARCHAR" for name in VARIABLES)
        made.fill("t", columns, [tuple(str(given[name]) if name in given else None for name in VARIABLES)])
        facets = [
            f"(SELECT {sql} FROM (SELECT t_{name} AS t)) AS {facet}_{name}"
            for name in VARIABLES
            for facet, sql in FACETS.items()
        ]
        numbers = [f"1 AS v_{name}" for name in VARIABLES]
        source = f"SELECT *, {', '.join((*facets, *numbers))} FROM t"
        return bool(made.value(f"SELECT coalesce({written.guard}, false) FROM ({source})"))


@pytest.mark.parametrize(
    ("expression", "given"),
    [
        (Call(FIRST_DAY, (A,)), {"a": date("2020-02-03")}),
        (Call(LAST_DAY, (A,)), {"a": Literal("2020-02", datatype=iri("xsd", "gYearMonth"))}),
        (
            Call("<=", (Call(FIRST_DAY, (A,)), B)),
            {"a": Literal("2020", datatype=iri("xsd", "gYear")), "b": date("2020-01-01")},
        ),
        (
            Call("IRI", (Call("CONCAT", (Call("STR", (A,)), Call("ENCODE_FOR_URI", (Call("STR", (B,)),)))),)),
            {"a": NamedNode("http://e.org/"), "b": NamedNode("urn:x:b")},
        ),
        (Call("||", (Call("!", (Call("BOUND", (A,)),)), Call("=", (A, NamedNode("urn:x:a"))))), {}),
    ],
)
def test_ordinary_rows_need_no_oxigraph(expression: Expression, given: dict[str, Term]) -> None:
    assert trusts(expression, **given)
    check([{Var(name): term for name, term in given.items()}], [Bind(X, expression)])


def test_a_value_is_computed_for_each_solution_that_lacks_another() -> None:
    value = Bind(X, Call("COALESCE", (Call("STR", (A,)), Call("STR", (B,)))))
    given: list[Binding] = [{A: Literal("a"), B: Literal("b")}, {B: Literal("b")}, {A: Literal('"')}, {}]
    assert [(row or {}).get(X, "") for row in in_bulk(given, [value], [])] == ['"a"', '"b"', '"\\""', ""]


#: STR of what these end in. A combining character goes with the one before it, but these go with the one after.
PREPENDED = ("abc\u0600", "\u0600", "\U000110bd", "a\u0d4e")
NO_IRIS = ("http://e.org/b#c#d", "http://a:b:c/", "urn:x:a#b#", "http://a@b@c/", "a://x:port")
CONTROLS = ("\t", "\x00", "\x01", "\b", "\f", "\x7f", "\ufffe")
NO_DATES = ("2020-02-31", "2020-13-01", "abcd-ef-gh")


@pytest.mark.parametrize("text", PREPENDED)
def test_text_that_ends_in_a_character_that_others_are_joined_to(text: str) -> None:
    check([{A: Literal(text)}, {A: Literal(text, language="ar")}], [Bind(X, Call("STR", (A,)))])


@pytest.mark.parametrize("text", NO_IRIS)
def test_what_looks_like_an_iri_and_is_none(text: str) -> None:
    assert by_oxigraph([{A: Literal(text)}], [Bind(X, Call("IRI", (Call("STR", (A,)),)))], [])[0] == {A: f'"{text}"'}
    check([{A: Literal(text)}], [Bind(X, Call("IRI", (Call("STR", (A,)),)))])


@pytest.mark.xfail(strict=True, reason="only quotes, backslashes and line ends are escaped in what SQL makes")
@pytest.mark.parametrize("text", CONTROLS)
def test_control_characters_in_a_constant(text: str) -> None:
    check([{A: NamedNode("urn:x:a")}], [Bind(X, Call("CONCAT", (Call("STR", (A,)), Literal(text))))])


@pytest.mark.xfail(strict=True, reason="SQL compares as text what has the look of a date")
@pytest.mark.parametrize("text", NO_DATES)
def test_what_looks_like_a_date_and_is_none(text: str) -> None:
    later = [Bind(X, Call("<", (A, B)))]
    check([{A: date(text), B: date("2020-01-02")}, {A: date("2020-01-02"), B: date(text)}], later)
    check([{A: date("2020-01-02")}], [Bind(X, Call("<", (A, date(text))))])


def test_a_constant_that_is_no_boolean() -> None:
    constant = Literal("maybe", datatype=iri("xsd", "boolean"))
    check([{A: NamedNode("urn:x:a")}], [], [Call("||", (constant, Call("BOUND", (A,))))])


@pytest.mark.xfail(strict=True, reason="the query that evaluates expressions has a variable of its own")
def test_a_variable_may_have_any_name() -> None:
    computed([{A: Literal("a")}], [Bind(Var("kgtool_row"), Call("STR", (A,)))], [])
