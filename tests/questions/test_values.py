"""Values of parameters: what each type takes, and that nothing else gets through."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from kgtool.errors import InputError
from kgtool.graph import KnowledgeGraph
from kgtool.questions import CHOICE, Parameter
from kgtool.questions.values import term_of, term_without_graph
from kgtool.vocabulary import ID_BASE, iri
from tests.questions.sample import LAB

TODAY = date(2024, 2, 29)
TYPES = ("date", "year", "integer", "text", CHOICE)


def parameter(kind: str) -> Parameter:
    return Parameter(
        "given", kind, ("old", "young") if kind == CHOICE else (), None, True, None, {"fr": "x", "en": "x"}
    )


def literal(value: str, kind: str) -> Literal:
    return Literal(value, datatype=iri("xsd", kind))


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("date", "2024-06-30", literal("2024-06-30", "date")),
        ("date", " 0001-01-01 ", literal("0001-01-01", "date")),
        ("date", "9999-12-31", literal("9999-12-31", "date")),
        ("date", "today", literal("2024-02-29", "date")),
        ("year", "2024", literal("2024", "integer")),
        ("year", "0023", literal("23", "integer")),
        ("integer", "-3", literal("-3", "integer")),
        ("integer", "+007", literal("7", "integer")),
        ("integer", str(2**63 - 1), literal(str(2**63 - 1), "integer")),
        ("text", " two words ", Literal(" two words ")),
        (CHOICE, "old", Literal("old")),
    ],
)
def test_a_value_is_a_term_of_its_type(kind: str, text: str, expected: Literal) -> None:
    assert term_without_graph(parameter(kind), text, TODAY) == expected


@pytest.mark.parametrize(
    ("kind", "text", "parts"),
    [
        *(
            ("date", text, [text, "YYYY-MM-DD", "0001-01-01"])
            for text in (
                "2023-02-29", "2024-02-31", "0000-01-01", "10000-01-01", "2024", "2024-06", "20240630", "2024-W01-1",
                "2024-6-3", "yesterday", "-2024-01-01", "2024-01-01T00:00:00", "2024-01-01Z", "٢٠٢٤-٠١-٠١",
            )
        ),
        *(("year", text, [text, "YYYY"]) for text in ("0000", "24", "20240", "-2024", "last", "２０２４")),
        *(("integer", text, ["whole number"]) for text in ("1.5", "many", "1e3", "²", "--1", str(2**63), "9" * 5000)),
        (CHOICE, "odl", ["odl", "did you mean old?", "old, young"]),
        (CHOICE, "Old", ["did you mean old?"]),
        (CHOICE, "xyz", ["Give one of old, young"]),
    ],
)  # fmt: skip
def test_what_is_not_of_the_type_is_refused_with_what_is(kind: str, text: str, parts: list[str]) -> None:
    with pytest.raises(InputError) as raised:
        term_without_graph(parameter(kind), text, TODAY)
    assert "given" in str(raised.value)
    assert all(part in str(raised.value) for part in parts), raised.value


@given(st.integers(0, 10_001), st.integers(0, 13), st.integers(0, 32))
def test_a_day_is_taken_exactly_when_the_calendar_has_it(year: int, month: int, day: int) -> None:
    exists = 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    text = f"{year:04}-{month:02}-{day:02}"
    try:
        assert term_without_graph(parameter("date"), text, TODAY) == literal(text, "date")
        assert exists
    except InputError:
        assert not exists


@given(st.sampled_from(TYPES), st.text() | st.from_regex(r"-?[0-9]{0,5}(-[0-9]{0,3}){0,3}", fullmatch=True))
def test_any_text_is_a_term_or_an_error_that_says_what_to_write(kind: str, text: str) -> None:
    try:
        term: Literal | None = term_without_graph(parameter(kind), text, TODAY)  # type: ignore[assignment]
        told = None
    except InputError as error:
        term, told = None, error.hint
    assert term is not None or told
    assert kind != "text" or term == Literal(text)


@pytest.mark.parametrize(
    "text",
    [LAB, f"<{LAB}>", "sample/lab", " sample/lab ", "Laboratory", "Laboratoire"],
)
def test_an_iri_is_given_in_many_ways(sample: KnowledgeGraph, text: str) -> None:
    assert term_of(parameter("iri"), text, sample, TODAY) == NamedNode(LAB)


def test_an_iri_may_be_one_that_the_graph_does_not_know(sample: KnowledgeGraph) -> None:
    for text, expected in {
        "https://example.org/nobody": "https://example.org/nobody",
        "kg:Nothing": "https://w3id.org/kgtool/ontology#Nothing",
        f"{ID_BASE}nowhere": f"{ID_BASE}nowhere",
    }.items():
        assert term_of(parameter("iri"), text, sample, TODAY) == NamedNode(expected)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Laboratry", ["Laboratry", "did you mean Laboratory?"]),
        ("sample/labs", ["sample/labs", "IRI"]),
        ("kgg:Nothing", ["kgg", "did you mean kg:Nothing?"]),
        ("<no iri>", ["no iri"]),
        ('"Laboratory"', ["no IRI"]),
        ("_:b0", ["no IRI"]),
        ("2024", ["no IRI"]),
        ("\ud800", ["not UTF-8"]),
    ],
)
def test_what_is_no_iri_is_refused(sample: KnowledgeGraph, text: str, parts: list[str]) -> None:
    with pytest.raises(InputError) as raised:
        term_of(parameter("iri"), text, sample, TODAY)
    assert "given" in str(raised.value)
    assert all(part in str(raised.value) for part in parts), raised.value
    assert raised.value.hint
