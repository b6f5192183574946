"""What the comparison of answers takes for the same, and what not."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from .comparison import XSD, Row, by_value, csv_term, graph_lines, plain_term, table_lines
from .expected import read_results


def lines(*rows: Row, ordered: bool = False) -> list[str]:
    return table_lines([f"v{index}" for index in range(len(rows[0]))], rows, ordered=ordered)


def typed(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + name))


ONE, TWO = Literal("one"), Literal("two")
A, B, C = BlankNode("a"), BlankNode("b"), BlankNode("c")


def test_rows_are_a_bag() -> None:
    assert lines((ONE,), (TWO,), (TWO,)) == lines((TWO,), (ONE,), (TWO,))
    assert lines((ONE,), (TWO,), (TWO,)) != lines((ONE,), (ONE,), (TWO,))
    assert lines((ONE,)) != lines((ONE,), (ONE,))


def test_order_counts_where_asked() -> None:
    assert lines((ONE,), (TWO,), ordered=True) != lines((TWO,), (ONE,), ordered=True)
    assert lines((ONE,), (TWO,), ordered=True) == lines((ONE,), (TWO,), ordered=True)


def test_blank_nodes_match_jointly_across_rows() -> None:
    assert lines((A, B), (B, A)) == lines((B, C), (C, B))
    assert lines((A, B), (B, A)) != lines((A, B), (B, C))
    assert lines((A,), (B,)) != lines((A,), (A,))


def test_unbound_is_no_value() -> None:
    assert lines((ONE, None)) != lines((None, ONE))
    assert lines((None,)) != lines((Literal(""),))


def test_columns_match_by_name() -> None:
    assert table_lines(["x", "y"], [(ONE, TWO)], ordered=False) == table_lines(["y", "x"], [(TWO, ONE)], ordered=False)
    assert table_lines(["x"], [(ONE,)], ordered=False) != table_lines(["y"], [(ONE,)], ordered=False)
    assert table_lines(["x", "y"], [], ordered=False) != table_lines(["x"], [], ordered=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (typed("01", "integer"), typed("1", "integer")),
        (typed("-3", "negativeInteger"), typed("-3", "integer")),
        (typed("1.50", "decimal"), typed("+1.5", "decimal")),
        (typed("-0.0", "decimal"), typed("0", "decimal")),
        (typed("1.0e6", "double"), typed("1000000", "double")),
        (typed("33.33", "float"), typed("33.330000", "float")),
        (typed("1", "boolean"), typed("true", "boolean")),
        (typed("2020-01-01T00:00:00.500+00:00", "dateTime"), typed("2020-01-01T00:00:00.5Z", "dateTime")),
        (typed("2020-12-31T24:00:00Z", "dateTime"), typed("2021-01-01T00:00:00Z", "dateTime")),
        (typed("2020-01-01+00:00", "date"), typed("2020-01-01Z", "date")),
        (Literal("chat", language="fr-FR"), Literal("chat", language="fr-fr")),
    ],
)
def test_one_value_has_one_spelling(one: Literal, other: Literal) -> None:
    assert by_value(one) == by_value(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (typed("1", "integer"), typed("1", "decimal")),
        (typed("1", "integer"), typed("1", "string")),
        (typed("9007199254740993", "integer"), typed("9007199254740992", "integer")),
        (typed("0.1", "float"), typed("0.1", "double")),
        (typed("NaN", "double"), typed("INF", "double")),
        (typed("one", "integer"), typed("ONE", "integer")),
        (typed("2020-01-01", "date"), typed("2020-01-01Z", "date")),
        (typed("2020-01-01T00:00:00Z", "dateTime"), typed("2020-01-01T00:00:00.001Z", "dateTime")),
        (Literal("chat", language="fr"), Literal("chat", language="en")),
        (Literal("chat", language="fr"), Literal("chat")),
    ],
)
def test_different_values_stay_different(one: Literal, other: Literal) -> None:
    assert by_value(one) != by_value(other)


def test_graphs_are_compared_up_to_blank_node_names() -> None:
    chain, renamed, loop = (
        graph_lines(parse(text, RdfFormat.TURTLE))
        for text in (
            "_:a <p:p> _:b . _:b <p:p> 01 .",
            "_:x <p:p> _:y . _:y <p:p> 1 .",
            "_:x <p:p> _:x . _:x <p:p> 1 .",
        )
    )
    assert chain == renamed
    assert chain != loop


def test_named_graphs_are_told_apart() -> None:
    in_default, in_named = (
        graph_lines(parse(text, RdfFormat.TRIG)) for text in ("<a:a> <b:b> 1 .", "<c:c> { <a:a> <b:b> 1 }")
    )
    assert in_default != in_named


def test_csv_is_read_as_far_as_it_tells() -> None:
    answer = read_results(b'a,b\r\n"x, y",_:n\r\n,1.0E1\r\n', "csv")
    assert answer.variables == ("a", "b")
    assert answer.rows == ((Literal("x, y"), BlankNode("n")), (None, Literal("10")))


def test_csv_of_one_column_keeps_its_empty_rows() -> None:
    assert read_results(b"a\r\n\r\n1\r\n", "csv").rows == ((None,), (Literal("1"),))


@pytest.mark.parametrize(
    "term",
    [typed("33.330", "float"), typed("1e6", "double"), typed("INF", "double"), NamedNode("a:b"), ONE, Literal("")],
)
def test_csv_of_a_term_is_what_its_text_reads_as(term: NamedNode | Literal) -> None:
    assert plain_term(term) == csv_term(term.value)
