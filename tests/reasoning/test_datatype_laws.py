"""Laws that hold for the data values of all literals; held against Python's numbers and dates, and the store."""

from __future__ import annotations

import datetime
import math
import re
import struct
from decimal import Decimal, localcontext

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kgtool.reasoning.owl.datatypes import (
    DATATYPES,
    OBVIOUSLY_WELL_FORMED,
    differ,
    equal_in_value,
    is_in,
    is_outside,
    is_well_formed,
    variants,
)
from kgtool.store.canonical import canonical_quads
from kgtool.vocabulary import iri

from ..strategies import literals_of, texts
from .datatype_tables import literal

BITS = {"byte": 8, "short": 16, "int": 32, "long": 64}
INTEGERS = (
    *("integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger"),
    *BITS,
    *(f"unsigned{name.title()}" for name in BITS),
)
STRINGS = ("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN", "anyURI")


def kept(term: Literal) -> Literal:
    """Give a literal as a store keeps it."""
    node = NamedNode("urn:x:a")
    (quad,) = canonical_quads([Quad(node, node, term, DefaultGraph())])
    assert isinstance(quad.object, Literal)
    return quad.object


_signs = st.sampled_from(("", "", "+", "-"))
_zeros = st.sampled_from(("", "", "0", "000"))
_integers = st.builds(lambda sign, zeros, n: f"{sign}{zeros}{n}", _signs, _zeros, st.integers(0, 2**66))
_small = st.builds(lambda sign, zeros, n: f"{sign}{zeros}{n}", _signs, _zeros, st.integers(0, 300))
_whole = _integers | _small
_decimals = _whole | st.builds(lambda whole, rest, zeros: f"{whole}.{rest}{zeros}", _whole, st.integers(0, 999), _zeros)
_floats = _decimals | st.floats().map(lambda n: str(n).replace("inf", "INF").replace("nan", "NaN"))
_offsets = st.sampled_from(("", "", "Z", "+00:00", "-00:00", "+05:30", "-14:00"))
_days = st.dates().map(str) | st.sampled_from(("2021-02-29", "2000-02-29", "-0001-12-31", "-0000-01-01", "12020-04-31"))
_times = st.times().map(str) | st.sampled_from(("24:00:00", "24:00:00.0", "12:00:00.10", "24:00:01"))
_forms = {
    "date": st.builds("{}{}".format, _days, _offsets),
    "time": st.builds("{}{}".format, _times, _offsets),
    "dateTime": st.builds("{}T{}{}".format, _days, _times, _offsets),
    "dateTimeStamp": st.builds("{}T{}{}".format, _days, _times, _offsets),
    "gYear": st.builds(lambda day, offset: day.rsplit("-", 2)[0] + offset, _days, _offsets),
    "gYearMonth": st.builds(lambda day, offset: day.rsplit("-", 1)[0] + offset, _days, _offsets),
    "gMonthDay": st.builds(lambda day, offset: "-" + day[-6:] + offset, _days, _offsets),
    "gMonth": st.builds(lambda day, offset: "-" + day[-6:-3] + offset, _days, _offsets),
    "gDay": st.builds(lambda day, offset: "--" + day[-3:] + offset, _days, _offsets),
    "boolean": st.sampled_from(("true", "false", "1", "0", "True")),
    "decimal": _decimals,
    "float": _floats,
    "double": _floats,
    "hexBinary": st.text("0aAfF", max_size=4),
    "base64Binary": st.text("Aw= ", max_size=5),
    "rdf:PlainLiteral": st.sampled_from(("a@", "a@en", "a@EN", "a", "@", "a b@", "a@b@fr-be", "a@é")),
    "rdf:XMLLiteral": st.sampled_from(("a", "<b/>", "<b></b>", "<b>", "&amp;", "&#38;", "<!--a-->")),
    "rdf:HTML": st.sampled_from(("a", "<b>", "<b></b>")),
    "rdfs:Literal": st.just("a"),
    "@fr": st.sampled_from(("a", "b")),
    **dict.fromkeys(INTEGERS, _whole),
    **dict.fromkeys(STRINGS, st.sampled_from(("a", "en", "a:b", "a b", " a", "a  b", "1", "5", "a\n", "", "é"))),
}
_known = st.sampled_from(sorted(_forms)).flatmap(lambda kind: _forms[kind].map(lambda text: literal(text, kind)))
_any = _known | literals_of(texts)


def test_no_datatype_is_left_out() -> None:
    assert {literal("", kind).datatype for kind in _forms} == DATATYPES


@given(st.integers(-(2**65), 2**65) | st.integers(-300, 300), st.sampled_from(sorted(BITS)))
def test_ranges_of_integers(number: int, name: str) -> None:
    bits = BITS[name]
    for kind, low, high in ((name, -(2 ** (bits - 1)), 2 ** (bits - 1)), (f"unsigned{name.title()}", 0, 2**bits)):
        inside = low <= number < high
        assert is_well_formed(literal(str(number), kind)) == inside
        assert is_in(literal(f"{number}.0", "decimal"), iri("xsd", kind)) == inside


@given(st.integers(), st.decimals(allow_nan=False, allow_infinity=False))
def test_decimals_are_python_s(number: int, other: Decimal) -> None:
    one, two = literal(str(number), "integer"), literal(f"{other:f}", "decimal")
    assert equal_in_value(one, two) == (number == other)
    assert differ(one, two) == (number != other)
    assert is_in(two, iri("xsd", "integer")) == (other == other.to_integral_value())


@given(st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32))
@example(1900, 2, 29)
@example(2000, 2, 29)
def test_dates_are_python_s(year: int, month: int, day: int) -> None:
    try:
        # the year 0000 is a leap year, and Python knows none before 0001
        datetime.date(year or 4, month, day)
        real = True
    except ValueError:
        real = False
    text = f"{year:04}-{month:02}-{day:02}"
    for whole in (text, f"-{text}", f"1{text}"):
        assert is_well_formed(literal(whole, "date")) == real
        assert is_well_formed(literal(f"{whole}T00:00:00", "dateTime")) == real


@given(st.dates(max_value=datetime.date(9999, 12, 30)))
def test_a_day_ends_where_the_next_begins(day: datetime.date) -> None:
    midnight = literal(f"{day}T24:00:00", "dateTime")
    assert equal_in_value(midnight, literal(f"{day + datetime.timedelta(1)}T00:00:00", "dateTime"))


def _single(bits: int) -> float:
    number: float = struct.unpack("<f", struct.pack("<I", bits))[0]
    return number


@given(st.integers(0, 0x7F7FFFFE))
def test_single_precision_is_rounded_once(bits: int) -> None:
    """Right between two numbers of single precision, the even one is nearest; a little above, the upper one is.

    A number in double precision is too coarse to tell these two cases apart.
    """
    below, above = _single(bits), _single(bits + 1)
    with localcontext(prec=300):
        middle = f"{(Decimal(below) + Decimal(above)) / 2:f}"
    beside = f"{middle}{'' if '.' in middle else '.'}{'0' * 30}1"
    for text, number in ((middle, above if bits & 1 else below), (beside, above)):
        assert equal_in_value(literal(text, "float"), literal(repr(number), "float"))
        assert equal_in_value(literal(f"-{text}", "float"), literal(repr(-number), "float"))
    assert differ(literal(repr(below), "float"), literal(repr(above), "float"))


@given(st.floats(), st.floats())
def test_double_precision_is_python_s(one: float, other: float) -> None:
    texts = [repr(number).replace("inf", "INF").replace("nan", "NaN") for number in (one, other)]
    same = (one == other and math.copysign(1, one) == math.copysign(1, other)) or (one != one and other != other)
    assert equal_in_value(literal(texts[0], "double"), literal(texts[1], "double")) == same


@given(_any)
def test_only_what_is_well_formed_is_in_anything(term: Literal) -> None:
    found = {datatype for datatype in DATATYPES if is_in(term, datatype)}
    assert bool(found) == is_well_formed(term)
    assert found <= DATATYPES - {datatype for datatype in DATATYPES if is_outside(term, datatype)}
    if is_well_formed(term) and term.datatype in DATATYPES:
        assert term.datatype in found


@given(_any, _any)
def test_equality_and_difference(one: Literal, other: Literal) -> None:
    assert equal_in_value(one, one)
    assert not differ(one, one)
    assert equal_in_value(one, other) == equal_in_value(other, one)
    assert differ(one, other) == differ(other, one)
    assert not (equal_in_value(one, other) and differ(one, other))


@given(_any)
def test_variants_are_the_same_value(term: Literal) -> None:
    for variant in variants(term):
        assert variant != term
        assert kept(variant) == variant
        assert equal_in_value(variant, term)
        for datatype in DATATYPES:
            assert is_in(variant, datatype) == is_in(term, datatype)


@given(_any)
def test_variants_know_what_the_store_keeps(term: Literal) -> None:
    """Whatever the store makes of a term that it understands, it is among the variants."""
    form = kept(term)
    if is_well_formed(term) and form != term:
        assert form in variants(term)


@given(_any)
def test_the_store_does_not_change_values(term: Literal) -> None:
    form = kept(term)
    if is_well_formed(term):
        assert is_well_formed(form)
        assert term.datatype not in DATATYPES or equal_in_value(form, term)


@pytest.mark.parametrize("datatype", sorted(OBVIOUSLY_WELL_FORMED))
def test_what_is_obvious(datatype: str) -> None:
    pattern = OBVIOUSLY_WELL_FORMED[datatype]
    assert NamedNode(datatype) in DATATYPES

    @given(st.from_regex(pattern, fullmatch=True))
    def holds(text: str) -> None:
        tag = "fr" if datatype == iri("rdf", "langString").value else None
        term = Literal(text, language=tag) if tag else Literal(text, datatype=NamedNode(datatype))
        assert is_well_formed(term)
        assert kept(term) == term

    holds()


@given(_any)
def test_duckdb_reads_the_expressions_as_python_does(term: Literal) -> None:
    duckdb = pytest.importorskip("duckdb")
    pattern = OBVIOUSLY_WELL_FORMED.get(term.datatype.value)
    if pattern is not None and "\0" not in term.value:
        (found,) = duckdb.execute("SELECT regexp_full_match(?, ?)", [term.value, pattern]).fetchone()
        assert found == (re.fullmatch(pattern, term.value) is not None)
