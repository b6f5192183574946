"""What a value means in a query: the same as if it were written in place of the variable, wherever that stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Variable

from kgtool.questions.query import faults, widened
from kgtool.store.narrowing import narrowed
from kgtool.vocabulary import iri

P, Q = NamedNode("urn:p"), NamedNode("urn:q")
NODES = [NamedNode(f"urn:n{number}") for number in range(4)]
NUMBERS = [Literal(str(number), datatype=iri("xsd", "integer")) for number in range(4)]

#: Queries with a parameter ?v, which is a node or a number; with its value written for it, they are SPARQL, too.
SHAPES = {
    "pattern": "SELECT ?a { ?a <urn:p> ?v }",
    "pattern, subject": "SELECT ?a { ?v <urn:p> ?a }",
    "distinct": "SELECT DISTINCT ?b { ?a <urn:p> ?v . ?a <urn:q> ?b }",
    "filter": "SELECT ?a ?n { ?a <urn:q> ?n FILTER(?n >= ?v) }",
    "filter in a group": "SELECT ?a { ?a <urn:p> ?b . { ?a <urn:q> ?n FILTER(?n >= ?v) } }",
    "filter in both parts of a union": "SELECT ?a { { ?a <urn:q> ?n FILTER(?n = ?v) } UNION { ?a <urn:p> ?v } }",
    "filter of an optional": "SELECT ?a ?n { ?a <urn:p> ?b OPTIONAL { ?a <urn:q> ?n FILTER(?n < ?v) } }",
    "pattern of an optional": "SELECT ?a ?c { ?a <urn:p> ?b OPTIONAL { ?a <urn:p> ?v BIND(1 AS ?c) } }",
    "not exists": "SELECT ?a { ?a <urn:p> ?b FILTER NOT EXISTS { ?a <urn:p> ?v } }",
    "filter in not exists": "SELECT ?a { ?a <urn:p> ?b FILTER NOT EXISTS { ?a <urn:q> ?n FILTER(?n < ?v) } }",
    "exists in an expression": "SELECT ?a ?c { ?a <urn:p> ?b BIND(EXISTS { ?a <urn:p> ?v } AS ?c) }",
    "minus": "SELECT ?a { ?a <urn:p> ?b MINUS { ?a <urn:q> ?n FILTER(?n < ?v) } }",
    "bind": "SELECT ?a ?k { ?a <urn:q> ?n BIND(?n + ?v AS ?k) FILTER(?k > 3) }",
    "bind first": "SELECT ?a { BIND(1 + ?v AS ?k) ?a <urn:q> ?n FILTER(?n >= ?k) }",
    "choice of a bind": "SELECT ?a ?k { ?a <urn:q> ?n BIND(IF(?n < ?v, ?n, ?v) AS ?k) FILTER(?k >= 1) }",
    "either": "SELECT ?a { ?a <urn:q> ?n OPTIONAL { ?a <urn:r> ?m } FILTER(?n >= COALESCE(?m, ?v)) }",
    "computed column": "SELECT ?a (?n * ?v AS ?k) { ?a <urn:q> ?n }",
    "in": "SELECT ?a { ?a <urn:q> ?n FILTER(?n IN (?v, 3)) }",
    "not in": "SELECT ?a { ?a <urn:q> ?n FILTER(?n NOT IN (?v, 3)) }",
    "path": "SELECT ?a { ?a <urn:p>/<urn:p> ?v }",
    "path of any length": "SELECT ?a { ?a <urn:p>+ ?v }",
    "order": "SELECT ?a ?n { ?a <urn:q> ?n } ORDER BY (?n = ?v) ?a ?n LIMIT 2",
    "count by group": "SELECT ?a (COUNT(*) AS ?k) { ?a <urn:q> ?n FILTER(?n >= ?v) } GROUP BY ?a",
    "sum of products": "SELECT ?a (SUM(?n * ?v) AS ?k) { ?a <urn:q> ?n } GROUP BY ?a",
    "having": "SELECT ?a (COUNT(*) AS ?k) { ?a <urn:q> ?n } GROUP BY ?a HAVING(COUNT(*) >= ?v) ORDER BY ?a",
    "group by a computed value": "SELECT ?c (COUNT(*) AS ?k) { ?a <urn:q> ?n } GROUP BY (?n > ?v AS ?c)",
    "sub-select": "SELECT ?a { { SELECT ?a { ?a <urn:p> ?v } } }",
    "filter in a sub-select": "SELECT ?a ?b { ?a <urn:p> ?b { SELECT DISTINCT ?a { ?a <urn:q> ?n FILTER(?n > ?v) } } }",
    "count in a sub-select": (
        "SELECT ?a ?k { ?a <urn:p> ?b { SELECT ?a (COUNT(?n) AS ?k) { ?a <urn:q> ?n FILTER(?n > ?v) } GROUP BY ?a } }"
    ),
    "sub-select twice": "SELECT ?a { { SELECT ?a { { SELECT ?a { ?a <urn:q> ?n FILTER(?n > ?v) } } } GROUP BY ?a } }",
    "sub-select in not exists": (
        "SELECT ?a { ?a <urn:p> ?b FILTER NOT EXISTS { { SELECT ?a { ?a <urn:q> ?n FILTER(?n < ?v) } } } }"
    ),
    "sub-select in an optional": (
        "SELECT ?a ?k { ?a <urn:p> ?b OPTIONAL { SELECT ?a (MAX(?n) AS ?k) "
        "{ ?a <urn:q> ?n FILTER(?n < ?v) } GROUP BY ?a } }"
    ),
    "some of a sub-select": "SELECT ?a { { SELECT ?a { ?a <urn:q> ?n FILTER(?n < ?v) } ORDER BY ?a LIMIT 1 } }",
    "beside a sub-select": "SELECT ?k { ?a <urn:p> ?v { SELECT ?a (COUNT(*) AS ?k) { ?a <urn:q> ?n } GROUP BY ?a } }",
}

facts = st.tuples(st.sampled_from(NODES), st.just(P), st.sampled_from(NODES)) | st.tuples(
    st.sampled_from(NODES), st.just(Q), st.sampled_from(NUMBERS)
)


Fact = tuple[NamedNode, NamedNode, NamedNode | Literal]


def stored(*triples: Fact) -> Store:
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    return store


def answer(store: Store, text: str, values: dict[str, NamedNode | Literal], columns: list[str]) -> list[str]:
    variables = {Variable(name): term for name, term in values.items()}
    solutions = store.query(widened(text, values), substitutions=variables)  # type: ignore[arg-type]
    assert isinstance(solutions, QuerySolutions)
    return rows(narrowed(solutions, columns))


def rows(solutions: object) -> list[str]:
    assert isinstance(solutions, QuerySolutions)
    return sorted(str([str(term) for term in solution]) for solution in solutions)


@pytest.mark.parametrize("shape", SHAPES)
@given(st.sets(facts, max_size=14), st.sampled_from([*NODES, *NUMBERS]))
def test_it_is_as_if_the_value_were_written_there(shape: str, triples: set[Fact], value: NamedNode | Literal) -> None:
    text = SHAPES[shape]
    if "?v <urn:p>" in text and isinstance(value, Literal):
        return  # a literal cannot be written there
    store = stored(*triples)
    assert list(faults(text, ["v"])) == []
    written = store.query(text.replace("?v", str(value)))
    assert isinstance(written, QuerySolutions)
    columns = [variable.value for variable in written.variables]
    assert answer(store, text, {"v": value}, columns) == rows(written)


@given(st.sets(facts, max_size=14), st.sampled_from(NUMBERS))
def test_bound_is_true_with_a_value_and_false_without(triples: set[Fact], value: Literal) -> None:
    store = stored(*triples)
    text = "SELECT ?a ?n { ?a <urn:q> ?n FILTER(!BOUND(?v) || ?n > ?v) FILTER BOUND(?n) }"
    with_value = rows(store.query(f"SELECT ?a ?n {{ ?a <urn:q> ?n FILTER(?n > {value}) }}"))
    assert answer(store, text, {"v": value}, ["a", "n"]) == with_value
    assert answer(store, text, {}, ["a", "n"]) == rows(store.query("SELECT ?a ?n { ?a <urn:q> ?n }"))


@given(st.sets(facts, max_size=14), st.sampled_from(["low", "high"]))
def test_a_parameter_that_is_a_column_chooses_rows(triples: set[Fact], value: str) -> None:
    store = stored(*triples)
    for text in (
        'SELECT ?a ?v { ?a <urn:q> ?n BIND(IF(?n < 2, "low", "high") AS ?v) }',
        'SELECT ?a (IF(?n < 2, "low", "high") AS ?v) { ?a <urn:q> ?n }',
        'SELECT ?a ?v { { SELECT ?a (IF(MIN(?n) < 2, "low", "high") AS ?v) { ?a <urn:q> ?n } GROUP BY ?a } }',
    ):
        everything = answer(store, text, {}, ["a", "v"])
        chosen = answer(store, text, {"v": Literal(value)}, ["a", "v"])
        assert chosen == [row for row in everything if f'"{value}"' in row]


def test_a_parameter_without_a_value_is_an_ordinary_variable() -> None:
    text = "SELECT DISTINCT ?b { ?a <urn:p> ?v . ?a <urn:q> ?b }"
    assert widened(text, []) == text
    store = stored((NODES[0], P, NODES[1]), (NODES[0], P, NODES[2]), (NODES[0], Q, NUMBERS[0]))
    assert len(answer(store, text, {}, ["b"])) == 1


def test_a_text_without_the_name_stays_as_it_is() -> None:
    for text in ("SELECT ?a { ?a ?p '?v BOUND(?v)' } # ?v", "SELECT ?a { { SELECT ?b { ?b ?vv ?c } } ?a ?p ?b }"):
        assert widened(text, {"v"}) == text


@pytest.mark.parametrize("broken", ["BIND(?v AS ?w)", "BIND(COALESCE(?v) AS ?w)", "BIND(IF(?n > 1, ?v, ?v) AS ?w)"])
def test_what_is_refused_would_not_work(broken: str) -> None:
    """A second name stays unbound once it is used: Oxigraph plans for a variable without a value."""
    store = stored((NODES[0], Q, NUMBERS[2]))
    text = f"SELECT ?n {{ ?a <urn:q> ?n {broken} FILTER(?n >= ?w) }}"
    assert [fault.what.rpartition(" gives ")[2] for fault in faults(text, ["v"])]
    written = store.query(text.replace("?v", str(NUMBERS[1])))
    assert len(rows(written)) == 1
    assert answer(store, text, {"v": NUMBERS[1]}, ["n"]) == []


def test_all_counted_without_a_group_is_refused_as_there_would_be_no_row() -> None:
    text = "SELECT (COUNT(?n) AS ?k) { ?a <urn:q> ?n FILTER(?n > ?v) }"
    (fault,) = faults(text, ["v"])
    assert "GROUP BY" in fault.what
    grouped = "SELECT (COUNT(?n) AS ?k) { BIND(1 AS ?all) ?a <urn:q> ?n FILTER(?n > ?v) } GROUP BY ?all"
    assert list(faults(grouped, ["v"])) == []
    store = stored((NODES[0], Q, NUMBERS[2]))
    assert len(answer(store, grouped, {"v": NUMBERS[1]}, ["k"])) == 1
    assert answer(store, grouped, {"v": NUMBERS[3]}, ["k"]) == []
