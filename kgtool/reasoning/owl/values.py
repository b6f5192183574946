"""The data values of literals: what two terms share that are written differently and mean the same.

Values are compared by identity, as OWL 2 asks (Structural Specification, sections 4.2 and 4.7): positive and negative
zero are two floating-point numbers, and a moment in two time zones is two values, though both pairs are equal. NaN is
itself.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import MAX_EMAX, Context, Decimal
from typing import Final
from xml.parsers import expat

from pyoxigraph import Literal

from kgtool.reasoning.owl.lexical import INTEGER_RANGES, canonical_number, is_plain_date, is_well_formed
from kgtool.vocabulary import iri

#: The datatypes whose values are strings.
STRINGS: Final = ("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN")
TAGGED: Final = "langString"
_LANG_STRING: Final = iri("rdf", "langString").value
_PLAIN_LITERAL: Final = iri("rdf", "PlainLiteral").value


@dataclass(frozen=True, slots=True)
class DataValue:
    """A data value: two are the same if they are equal here, except that two texts of HTML may say the same.

    :param space: the local name of the datatype whose value space it is in: one of those that have no broader one.
    :param text: a lexical form of that datatype, the same for all that have this value.
    :param tag: the language tag in lower case, of values in ``rdf:langString``.
    """

    space: str
    text: str
    tag: str = ""


def value_of(literal: Literal) -> DataValue | None:
    """Give the data value of a literal; None if it is ill-formed, or its datatype is unknown.

    >>> value_of(Literal("05", datatype=iri("xsd", "byte"))) == value_of(Literal("5.0", datatype=iri("xsd", "decimal")))
    True
    >>> value_of(Literal("5", datatype=iri("xsd", "double")))
    DataValue(space='double', text='5.0', tag='')
    """
    datatype = literal.datatype.value
    if datatype == _LANG_STRING:
        tag = literal.language
        return None if tag is None else DataValue(TAGGED, literal.value, tag.lower())
    if datatype not in _READERS or not is_well_formed(literal):
        return None
    if datatype == _PLAIN_LITERAL:
        text, _, tag = literal.value.rpartition("@")
        return DataValue(TAGGED, text, tag.lower()) if tag else DataValue("string", text)
    space, read = _READERS[datatype]
    return DataValue(space, read(literal.value))


def _same(text: str) -> str:
    return text


def _boolean(text: str) -> str:
    return {"1": "true", "0": "false"}.get(text, text)


def _double(text: str) -> str:
    return _written(float(text))


def _float(text: str) -> str:
    return _written(_single(text))


def _written(number: float) -> str:
    """Write a floating-point number in XML Schema's way."""
    if math.isfinite(number):
        return repr(number)
    return repr(number).replace("inf", "INF").replace("nan", "NaN")


def _single(text: str) -> float:
    """Read a number in single precision, rounded once: by way of the nearest double it would be rounded twice.

    A double that is not exact is replaced by its neighbour on the other side of the number, unless its last bit is
    set; rounding that gives what rounding the number itself gives (Boldo and Melquiond 2008, "Emulation of a FMA").
    """
    number = float(text)
    if not math.isfinite(number) or number == 0:
        return number
    exact = Decimal(text)
    if exact != number and not struct.unpack("<Q", struct.pack("<d", number))[0] & 1:
        number = math.nextafter(number, math.inf if exact > number else -math.inf)
    try:
        rounded: float = struct.unpack("<f", struct.pack("<f", number))[0]
    except OverflowError:
        return math.copysign(math.inf, number)
    return rounded


def _base64(text: str) -> str:
    return text.replace(" ", "")


def _moment(text: str) -> str:
    """Write a date or time in one way: UTC as Z, no zeros after seconds, midnight at the start of a day."""
    text, offset = _without_offset(text)
    if "." in text:
        text = text.rstrip("0").removesuffix(".")
    if text.endswith("24:00:00"):
        day = text.removesuffix("24:00:00")
        text = f"{_next_day(day[:-1])}T00:00:00" if day else "00:00:00"
    if text.startswith("-0000"):
        text = text[1:]
    return text + ("Z" if offset in ("+00:00", "-00:00") else offset)


def _without_offset(text: str) -> tuple[str, str]:
    """Split a date or time from its time zone, if it has one.

    >>> [_without_offset(text) for text in ("2020-12", "2020-12-10:30", "---10Z")]
    [('2020-12', ''), ('2020-12', '-10:30'), ('---10', 'Z')]
    """
    if text.endswith("Z"):
        return text[:-1], "Z"
    if text[-3] == ":" and text[-6] in "+-":
        return text[:-6], text[-6:]
    return text, ""


def _next_day(date: str) -> str:
    year, month, day = date.rsplit("-", 2)
    for following in (f"{year}-{month}-{int(day) + 1:02}", f"{year}-{int(month) + 1:02}-01"):
        if is_plain_date(following):
            return following
    # years may have any number of digits, and int() refuses thousands
    number = Context(prec=len(year) + 1, Emax=MAX_EMAX).add(Decimal(year), 1)
    return f"{'-' if number < 0 else ''}{number.copy_abs():04f}-01-01"


def _xml(text: str) -> str:
    """Write XML content in one way: attributes in order, no distinction between ways to write characters or tags.

    As in Exclusive XML Canonicalization, which RDF 2004 makes the value of a literal, prefixes matter, and
    declarations of namespaces do only where they are used.
    """
    pieces: list[object] = []
    run: list[str] = []

    def add(*piece: object) -> None:
        if run:
            pieces.append("".join(run))
            run.clear()
        pieces.append(piece)

    parser = expat.ParserCreate("UTF-8", " ")
    parser.namespace_prefixes = True
    parser.CharacterDataHandler = run.append
    parser.StartElementHandler = lambda name, attributes: add("start", name, sorted(attributes.items()))
    parser.EndElementHandler = lambda _: add("end")
    parser.CommentHandler = lambda comment: add("comment", comment)
    parser.ProcessingInstructionHandler = lambda target, content: add("instruction", target, content)
    parser.Parse(f"<x>{text}</x>", True)
    return repr(pieces)


_READERS: Final[Mapping[str, tuple[str, Callable[[str], str]]]] = {
    **{iri("xsd", name).value: ("decimal", canonical_number) for name in ("decimal", *INTEGER_RANGES)},
    **{iri("xsd", name).value: ("string", _same) for name in STRINGS},
    **{
        iri("xsd", name).value: (name, _moment)
        for name in ("dateTime", "date", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay")
    },
    iri("xsd", "dateTimeStamp").value: ("dateTime", _moment),
    iri("xsd", "boolean").value: ("boolean", _boolean),
    iri("xsd", "double").value: ("double", _double),
    iri("xsd", "float").value: ("float", _float),
    iri("xsd", "hexBinary").value: ("hexBinary", str.upper),
    iri("xsd", "base64Binary").value: ("base64Binary", _base64),
    iri("xsd", "anyURI").value: ("anyURI", _same),
    iri("rdf", "XMLLiteral").value: ("XMLLiteral", _xml),
    iri("rdf", "HTML").value: ("HTML", _same),
    _PLAIN_LITERAL: ("string", _same),
}
