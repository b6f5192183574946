"""What is known of literals, against tables made by hand."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from kgtool.reasoning.owl.datatypes import (
    DATATYPES,
    differ,
    equal_in_value,
    is_in,
    is_outside,
    is_well_formed,
    variants,
)
from kgtool.vocabulary import iri

from .datatype_tables import DIFFERENT, ILL_FORMED, MEMBERS, SAME, VARIANTS, WELL_FORMED, literal

UNKNOWN = NamedNode("urn:x:type")


def shortly(value: object) -> str:
    return repr(value)[:40]


def rows(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(kind, text) for kind, texts in table.items() for text in texts]


def test_every_datatype_has_its_rows() -> None:
    assert {literal("", kind).datatype for kind in WELL_FORMED} == DATATYPES


@pytest.mark.parametrize(("kind", "text"), rows(WELL_FORMED), ids=shortly)
def test_well_formed(kind: str, text: str) -> None:
    term = literal(text, kind)
    assert is_well_formed(term)
    assert is_in(term, iri("rdfs", "Literal"))
    assert is_in(term, term.datatype)


@pytest.mark.parametrize(("kind", "text"), rows(ILL_FORMED), ids=shortly)
def test_ill_formed(kind: str, text: str) -> None:
    term = literal(text, kind)
    assert not is_well_formed(term)
    assert not any(is_in(term, datatype) for datatype in DATATYPES)
    assert all(is_outside(term, datatype) for datatype in DATATYPES)
    assert not differ(term, Literal("another"))
    assert not variants(term)


@pytest.mark.parametrize(("text", "kind", "names"), MEMBERS, ids=shortly)
def test_members(text: str, kind: str, names: str) -> None:
    term = literal(text, kind)
    expected = {literal("", name).datatype for name in (*names.split(), "rdfs:Literal")}
    assert {datatype for datatype in DATATYPES if is_in(term, datatype)} == expected


@pytest.mark.parametrize(("one", "other"), SAME, ids=shortly)
def test_same_value(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert equal_in_value(literal(*one), literal(*other))
    assert not differ(literal(*one), literal(*other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=shortly)
def test_different_values(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert differ(literal(*one), literal(*other))
    assert not equal_in_value(literal(*one), literal(*other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Literal("1", datatype=UNKNOWN), Literal("2", datatype=UNKNOWN)),
        (Literal("1", datatype=UNKNOWN), Literal("1")),
        (literal("a", "rdfs:Literal"), Literal("b")),
        (literal("<b>", "rdf:HTML"), literal("<b></b>", "rdf:HTML")),
        (literal("<b></b>", "rdf:HTML"), literal("<b></b>", "rdf:XMLLiteral")),
    ],
)
def test_nobody_knows(one: Literal, other: Literal) -> None:
    assert not differ(one, other)
    assert not equal_in_value(one, other)
    assert equal_in_value(one, one)


def test_an_unknown_literal_may_be_in_anything() -> None:
    term = Literal("1", datatype=UNKNOWN)
    assert is_well_formed(term)
    assert [datatype for datatype in DATATYPES if is_in(term, datatype)] == [iri("rdfs", "Literal")]
    assert not any(is_outside(term, datatype) for datatype in DATATYPES)
    assert not is_in(Literal("1"), UNKNOWN)
    assert not is_outside(Literal("1"), UNKNOWN)


def test_xml_may_be_in_html() -> None:
    xml, html = literal("<b/>", "rdf:XMLLiteral"), literal("<b></b>", "rdf:HTML")
    for term, datatype in ((xml, html.datatype), (html, xml.datatype)):
        assert not is_in(term, datatype)
        assert not is_outside(term, datatype)
        assert is_outside(term, iri("xsd", "string"))


@pytest.mark.parametrize(("text", "kind", "others"), VARIANTS, ids=shortly)
def test_variants(text: str, kind: str, others: list[str]) -> None:
    expected = {literal(*other.rsplit(" ", 1)) for other in others}
    assert set(variants(literal(text, kind))) == expected


def test_years_have_any_number_of_digits() -> None:
    digits = 1_000_001
    last, first = literal("9" * digits + "-12-31T24:00:00", "dateTime"), "1" + "0" * digits + "-01-01T00:00:00"
    assert equal_in_value(last, literal(first, "dateTime"))
