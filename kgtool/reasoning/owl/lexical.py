"""The lexical spaces of the datatypes of OWL 2 RL: which texts are lexical forms.

Source: W3C XML Schema 1.1 Datatypes, sections 3.3 and 3.4; RDF 1.1 Concepts, section 5; rdf:PlainLiteral, section 3.
The text of a literal is taken as it stands: white space, which a schema would collapse before it looks, is part of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from xml.parsers import expat

from pyoxigraph import Literal

from kgtool.vocabulary import iri

#: Smallest and largest value of the datatypes derived from ``xsd:integer`` (section 3.4); None: unbounded.
INTEGER_RANGES: Final[Mapping[str, tuple[int | None, int | None]]] = MappingProxyType(
    {
        "integer": (None, None),
        "nonNegativeInteger": (0, None),
        "nonPositiveInteger": (None, 0),
        "positiveInteger": (1, None),
        "negativeInteger": (None, -1),
        "long": (-(2**63), 2**63 - 1),
        "int": (-(2**31), 2**31 - 1),
        "short": (-(2**15), 2**15 - 1),
        "byte": (-(2**7), 2**7 - 1),
        "unsignedLong": (0, 2**64 - 1),
        "unsignedInt": (0, 2**32 - 1),
        "unsignedShort": (0, 2**16 - 1),
        "unsignedByte": (0, 2**8 - 1),
    }
)

# XML 1.1, production 4, which XML Schema lets an implementation choose over XML 1.0 (section 1.3); so do names.
_NAME_START: Final = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME: Final = f"{_NAME_START}\\-.0-9\xb7\u0300-\u036f\u203f-\u2040"
_NO_CHARACTER: Final = "\0\ufffe\uffff"

_YEAR: Final = "-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_MONTH: Final = "(?:0[1-9]|1[0-2])"
_DAY: Final = "(?:0[1-9]|[12][0-9]|3[01])"
#: Months with the days that they have each year.
MONTH_AND_DAY: Final = (
    "(?:02-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01]))"
)
#: Ends the number of a leap year, whatever stands before. The year 0000, new in XML Schema 1.1, is one.
_LEAP: Final = "(?:(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DATE: Final = f"(?:{_YEAR}-{MONTH_AND_DAY}|(?={_YEAR}-)-?[0-9]*{_LEAP}-02-29)"
_TIME: Final = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_OFFSET: Final = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"

_INTEGER: Final = re.compile("[+-]?[0-9]+").fullmatch
_FLOAT: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|[+-]?INF|NaN").fullmatch
_BASE64: Final = re.compile("[A-Za-z0-9+/]*(?:|[AEIMQUYcgkosw048]=|[AQgw]==)").fullmatch
_HEX: Final = re.compile("[0-9a-fA-F]*").fullmatch

#: Whether a text is a date without time zone.
is_plain_date: Final = re.compile(_DATE).fullmatch

_PATTERNS: Final = {
    "boolean": "true|false|1|0",
    "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    "normalizedString": f"[^\t\n\r{_NO_CHARACTER}]*",
    "token": f"(?:[^ \t\n\r{_NO_CHARACTER}]+(?: [^ \t\n\r{_NO_CHARACTER}]+)*)?",
    "language": "[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    "Name": f"[{_NAME_START}:][{_NAME}:]*",
    "NCName": f"[{_NAME_START}][{_NAME}]*",
    "NMTOKEN": f"[{_NAME}:]+",
    "dateTime": f"{_DATE}T{_TIME}{_OFFSET}?",
    "dateTimeStamp": f"{_DATE}T{_TIME}{_OFFSET}",
    "date": f"{_DATE}{_OFFSET}?",
    "time": f"{_TIME}{_OFFSET}?",
    "gYear": f"{_YEAR}{_OFFSET}?",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_OFFSET}?",
    "gMonth": f"--{_MONTH}{_OFFSET}?",
    "gMonthDay": f"--(?:{MONTH_AND_DAY}|02-29){_OFFSET}?",
    "gDay": f"---{_DAY}{_OFFSET}?",
}


def is_well_formed(literal: Literal) -> bool:
    """Tell whether the text of a literal is a lexical form of its datatype.

    It is for datatypes that are none of OWL 2 RL, about which nothing is known, for ``rdfs:Literal``, which has no
    lexical space of its own, and for texts with a language tag.

    >>> is_well_formed(Literal("2020-02-31", datatype=iri("xsd", "date")))
    False
    >>> is_well_formed(Literal("2020-02-31", datatype=iri("schema", "Date")))
    True
    """
    check = _CHECKS.get(literal.datatype.value)
    return check is None or bool(check(literal.value)) or literal.language is not None


def canonical_number(text: str) -> str:
    """Give the shortest way to write a decimal or an integer: no plus sign, no zeros or full stop in vain.

    :param text: a lexical form of ``xsd:decimal``.

    >>> [canonical_number(text) for text in ("+007", "-0.0", ".50", "-10.")]
    ['7', '0', '0.5', '-10']
    """
    whole, _, fraction = text.lstrip("+-").partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    number = f"{whole}.{fraction}" if fraction else whole
    return f"-{number}" if text[0] == "-" and number != "0" else number


def is_in_range(number: str, bounds: tuple[int | None, int | None]) -> bool:
    """Tell whether a decimal is an integer between two bounds.

    :param number: as :func:`canonical_number` gives it.
    :param bounds: one of :data:`INTEGER_RANGES`.
    """
    if "." in number:
        return False
    low, high = bounds
    if len(number) > 21:
        # beyond any bound; int() refuses thousands of digits
        return (low if number[0] == "-" else high) is None
    value = int(number)
    return (low is None or low <= value) and (high is None or value <= high)


def is_string(text: str) -> bool:
    """Tell whether a text has only characters of XML 1.1: not U+0000, U+FFFE or U+FFFF.

    >>> is_string("a\\n"), is_string("\\0")
    (True, False)
    """
    # plain searches: several times quicker than an expression, and most literals are strings
    return "\0" not in text and (text.isascii() or ("\ufffe" not in text and "\uffff" not in text))


@lru_cache
def is_of_pattern(name: str) -> Callable[[str], object]:
    """Give the test whether a text is a lexical form of a datatype of XML Schema that one expression describes.

    Some of the expressions take milliseconds to compile, so whoever may do without asks when it comes to it.
    """
    return re.compile(_PATTERNS[name]).fullmatch


def _integer(bounds: tuple[int | None, int | None]) -> Callable[[str], object]:
    return lambda text: _INTEGER(text) is not None and is_in_range(canonical_number(text), bounds)


def _is_hex(text: str) -> bool:
    return len(text) % 2 == 0 and _HEX(text) is not None


def _is_base64(text: str) -> bool:
    """Tell whether a text is base 64, four characters for three octets, single spaces between any two of them."""
    if " " in text:
        if text.startswith(" ") or text.endswith(" ") or "  " in text:
            return False
        text = text.replace(" ", "")
    return len(text) % 4 == 0 and _BASE64(text) is not None


def _is_plain_literal(text: str) -> bool:
    """Tell whether a text is ``TEXT@TAG``, where the tag may be missing but the sign is not."""
    text, sign, tag = text.rpartition("@")
    if not sign or not is_string(text):
        return False
    try:
        Literal("", language=tag or None)
    except ValueError:
        return False
    return True


def _is_xml(text: str) -> bool:
    """Tell whether a text is content that any XML element may have; entities of its own it cannot declare."""
    try:
        expat.ParserCreate("UTF-8", " ").Parse(f"<x>{text}</x>", True)
    except expat.ExpatError:
        return False
    return True


def _of_pattern(pattern: str) -> Callable[[str], object]:
    """Give a test for a pattern, which is compiled when it is first asked: together they take a command's start."""
    compiled: list[Callable[[str], object]] = []

    def matches(text: str) -> object:
        if not compiled:
            compiled.append(re.compile(pattern).fullmatch)
        return compiled[0](text)

    return matches


_CHECKS: Final[Mapping[str, Callable[[str], object]]] = {
    **{iri("xsd", name).value: _of_pattern(pattern) for name, pattern in _PATTERNS.items()},
    **{iri("xsd", name).value: _integer(bounds) for name, bounds in INTEGER_RANGES.items()},
    iri("xsd", "integer").value: _INTEGER,
    iri("xsd", "float").value: _FLOAT,
    iri("xsd", "double").value: _FLOAT,
    iri("xsd", "string").value: is_string,
    # any text, as section 3.3.17 says: what an IRI is is for others to check
    iri("xsd", "anyURI").value: is_string,
    iri("xsd", "hexBinary").value: _is_hex,
    iri("xsd", "base64Binary").value: _is_base64,
    iri("rdf", "PlainLiteral").value: _is_plain_literal,
    iri("rdf", "XMLLiteral").value: _is_xml,
    # it must have a language tag, and then its text does not matter
    iri("rdf", "langString").value: lambda _: False,
}
