"""The functions of rules that SPARQL lacks: the first and last day that a partial date allows, and ``when``.

A year is a date that nobody noted the month of; it starts on 1 January at the earliest. ``xsd:dateTime`` and dates with
a time zone count as their calendar day (contract, "Affiliation in time").
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from kgtool.reasoning.language.expressions import FIRST_DAY, KEY, LAST_DAY, WHEN, Term
from kgtool.vocabulary import iri

_DATE: Final = iri("xsd", "date")
_TRUE: Final = Literal(True)
_LEXICAL: Final = {
    iri("xsd", "gYear"): re.compile(r"(\d{4})(?:Z|[+-]\d\d:\d\d)?"),
    iri("xsd", "gYearMonth"): re.compile(r"(\d{4})-(\d\d)(?:Z|[+-]\d\d:\d\d)?"),
    _DATE: re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:Z|[+-]\d\d:\d\d)?"),
    iri("xsd", "dateTime"): re.compile(r"(\d{4})-(\d\d)-(\d\d)T.*"),
}


def first_day(term: Term) -> Literal | None:
    """Give the first day that a date of any precision allows, as ``xsd:date``; None for what is none.

    >>> first_day(Literal("2024-02", datatype=iri("xsd", "gYearMonth"))).value
    '2024-02-01'
    """
    return _day(term, last=False)


def last_day(term: Term) -> Literal | None:
    """Give the last day that a date of any precision allows, as ``xsd:date``; None for what is none.

    >>> last_day(Literal("2024-02", datatype=iri("xsd", "gYearMonth"))).value
    '2024-02-29'
    >>> last_day(Literal("2024-02-30", datatype=iri("xsd", "date")))
    """
    return _day(term, last=True)


def _day(term: Term, *, last: bool) -> Literal | None:
    pattern = _LEXICAL.get(term.datatype) if isinstance(term, Literal) else None
    found = pattern.fullmatch(term.value) if pattern is not None else None
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in (*found.groups(), None, None)[:3])
    month = month or (12 if last else 1)
    if not year or not 1 <= month <= 12:
        return None
    days = calendar.monthrange(year, month)[1]
    day = day or (days if last else 1)
    return Literal(f"{year:04}-{month:02}-{day:02}", datatype=_DATE) if 1 <= day <= days else None


def when(condition: Term, value: Term) -> Term | None:
    """Give a value if a condition is true; nothing otherwise.

    >>> when(Literal(True), Literal(1)).value, when(Literal(False), Literal(1))
    ('1', None)
    """
    return value if condition == _TRUE else None


def key(term: Term) -> Literal | None:
    """Give the text of a resource, which no other one has; nothing for a literal.

    A blank node has it from its name in the store, which lasts as long as the store.

    >>> from pyoxigraph import BlankNode
    >>> key(NamedNode("urn:x:a")).value, key(BlankNode("b0")).value, key(Literal("a"))
    ('urn:x:a', '_:b0', None)
    """
    return None if isinstance(term, Literal) else Literal(term.value if isinstance(term, NamedNode) else str(term))


#: As Oxigraph takes them.
CUSTOM_FUNCTIONS: Final[Mapping[NamedNode, Callable[..., Term | None]]] = {
    NamedNode(FIRST_DAY): first_day,
    NamedNode(LAST_DAY): last_day,
    NamedNode(WHEN): when,
    NamedNode(KEY): key,
}
