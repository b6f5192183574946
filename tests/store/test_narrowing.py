"""Some columns of solutions: the same terms in the same order of rows."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, Store, Variable

from kgtool.store.narrowing import narrowed

texts = st.text(max_size=12)
terms = st.one_of(
    st.just(NamedNode("https://example.org/é?a=b#c")),
    st.builds(Literal, texts),
    st.builds(lambda text: Literal(text, language="fr-be"), texts),
    st.builds(lambda text: Literal(text, datatype=NamedNode("urn:x:kind")), texts),
    st.just(Literal("01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))),
    st.just(Literal("1.50", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))),
    st.just(BlankNode("b0")),
)


def solutions(store: Store, text: str, **values: NamedNode | Literal | BlankNode) -> QuerySolutions:
    found = store.query(text, substitutions={Variable(name): value for name, value in values.items()})  # type: ignore[misc]
    assert isinstance(found, QuerySolutions)
    return found


@given(st.lists(st.one_of(st.none(), terms), min_size=3, max_size=3))
def test_the_terms_are_the_same(row: list[NamedNode | Literal | BlankNode | None]) -> None:
    given_ = {name: term for name, term in zip("abc", row, strict=True) if term is not None}
    whole = next(iter(solutions(Store(), "SELECT ?a ?b ?c {}", **given_)))
    for columns in (["a"], ["c", "a"], ["b", "c", "a"], ["a", "b", "c"]):
        found = narrowed(solutions(Store(), "SELECT ?a ?b ?c {}", **given_), columns)
        assert [variable.value for variable in found.variables] == columns
        (only,) = found
        assert [only[name] for name in columns] == [whole[name] for name in columns]


def test_rows_come_in_their_order_and_each_as_often_as_before() -> None:
    text = 'SELECT ?a ?b { VALUES (?a ?b) { (1 "x") (UNDEF "y") (3 "z") (1 "w") } }'
    found = narrowed(solutions(Store(), text), ["a"])
    assert [None if row["a"] is None else row["a"].value for row in found] == ["1", None, "3", "1"]


def test_they_are_written_as_any_solutions_are() -> None:
    text = 'SELECT ?a ?b { VALUES (?a ?b) { ("x\\ty" 1) ("\\"" 2) } }'
    output = io.BytesIO()
    narrowed(solutions(Store(), text), ["a"]).serialize(output, QueryResultsFormat.CSV)
    assert output.getvalue() == b'a\r\nx\ty\r\n""""\r\n'


def test_they_are_read_as_they_are_asked_for() -> None:
    digits = " ".join(map(str, range(10)))
    endless = "SELECT ?n0 ?n1 { " + " ".join(f"VALUES ?n{i} {{ {digits} }}" for i in range(14)) + " }"
    assert next(narrowed(solutions(Store(), endless), ["n1"]))["n1"] is not None
