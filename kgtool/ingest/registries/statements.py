"""Triples as the N-Triples terms that they are written with, each made so that it cannot be wrong.

A registry of 50,000 records makes millions of triples. As text they go straight to a load in one pass; as objects each
would be made to be thrown away. So a term is text here, and is only ever made by the functions of this module.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Final, TypeAlias
from urllib.parse import quote

from pyoxigraph import NamedNode

from kgtool.vocabulary import PREFIXES

#: A term as N-Triples write it.
Term: TypeAlias = str
#: Subject, predicate, object.
Statement: TypeAlias = tuple[Term, Term, Term]

_XSD: Final = PREFIXES["xsd"]
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
#: Characters that no name needs and that deceive or break who shows it: controls, surrogates, private use of the BOM,
#: and the embeddings and overrides of writing direction (UAX 9). Marks and joiners that scripts need stay.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_BLANKS: Final = re.compile(r"\s+")
_ESCAPED: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_PARTIAL: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_DECIMAL: Final = re.compile(r"-?\d{1,9}(\.\d{1,12})?")
_WEB: Final = re.compile(r"https?://[^\s/]+", re.IGNORECASE)


@cache
def term(name: str) -> Term:
    """Give the term of a prefixed name of the known vocabularies.

    >>> term("kg:Hospital")
    '<https://w3id.org/kgtool/ontology#Hospital>'

    :raises KeyError: for an unknown prefix: that is a fault of kgtool's own files.
    """
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def iri(value: str) -> Term:
    """Give the term of an IRI.

    :raises ValueError: if it is none, or a relative one.
    """
    return str(NamedNode(value))


def web_address(value: object) -> Term | None:
    """Give the term of a web address that a source states; None for what is no address of the web.

    >>> web_address("https://www.univ-lille.fr/"), web_address("javascript:alert(1)"), web_address("http://a b")
    ('<https://www.univ-lille.fr/>', None, None)
    """
    if not isinstance(value, str) or not _WEB.match(value.strip()):
        return None
    try:
        return iri(value.strip())
    except ValueError:
        return None


def segment(value: str) -> str:
    """Write a text as one segment of an IRI: what an IRI may not hold there is percent-encoded.

    >>> segment("EA 4483/b")
    'EA%204483%2Fb'
    """
    return value if value.isascii() and value.isalnum() else quote(value, safe="-._~", errors="replace")


def cleaned(value: object) -> str:
    """Give a text of a source on one line, without what is not seen; what is no text gives none.

    Nothing else is changed: a cell that a spreadsheet would run as a formula is a text like any other here, and who
    writes tables for spreadsheets has to see to it.

    >>> cleaned("  Centre  hospitalier\\n de \\u202eLille "), cleaned(None)
    ('Centre hospitalier de Lille', '')
    """
    if not isinstance(value, str):
        return ""
    if value.isprintable() and "  " not in value and value[:1] != " " and value[-1:] != " ":
        return value  # as most are
    whole = _SURROGATES.sub("\ufffd", value) if not value.isascii() else value
    return _BLANKS.sub(" ", _UNSEEN.sub("", whole)).strip()


def text(value: str, language: str | None = None) -> Term:
    """Give the term of a text, cleaned; a language that is no language tag is left out.

    >>> text('Le "CHU"', "FR"), text("x", "no language")
    ('"Le \\\\"CHU\\\\""@fr', '"x"')
    """
    shown = cleaned(value)
    plain = f'"{shown.translate(_ESCAPED)}"' if '"' in shown or "\\" in shown else f'"{shown}"'
    if language and _LANGUAGE.fullmatch(language):
        return f"{plain}@{language.lower()}"
    return plain


def exact(value: str) -> Term:
    """Give the term of a text of our own, with its line feeds."""
    return f'"{_UNSEEN.sub("", _SURROGATES.sub(chr(0xFFFD), value)).translate(_ESCAPED)}"'


def typed(value: str, datatype: str) -> Term:
    """Give the term of a literal of XSD whose text is known to be right."""
    return f'"{value}"^^<{_XSD}{datatype}>'


def when(value: object) -> Term | None:
    """Give the term of a day, a month or a year of the years 0001 to 9999; None for what is none.

    >>> when(1854), when("2024-02-30"), when("2026-04")
    ('"1854"^^<http://www.w3.org/2001/XMLSchema#gYear>', None, '"2026-04"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>')
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    written = f"{value:04d}" if isinstance(value, int) and 0 < value < 10_000 else str(value)[:12].strip()
    found = _PARTIAL.fullmatch(written)
    if found is None:
        return None
    year, month, day = found.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return typed(found.group(), "date" if day else "gYearMonth" if month else "gYear")


def decimal(value: object) -> Term | None:
    """Give the term of a number of moderate size; None for what is none.

    >>> decimal(50.63297), decimal("1e400"), decimal(float("nan"))
    ('"50.63297"^^<http://www.w3.org/2001/XMLSchema#decimal>', None, None)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        written = f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value).strip()
    except ValueError:  # an integer of thousands of digits
        return None
    return typed(written, "decimal") if _DECIMAL.fullmatch(written) else None
