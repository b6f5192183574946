"""Dates in words, in French and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal

from kgtool.vocabulary import iri

_MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
}
_ZONE: Final = r"(?P<zone>Z|[+-]\d\d:\d\d)?"
_DAY: Final = r"(?P<year>-?\d{4,})-(?P<month>\d\d)-(?P<day>\d\d)"
_FORMS: Final = {
    iri("xsd", "gYear"): re.compile(rf"(?P<year>-?\d{{4,}}){_ZONE}"),
    iri("xsd", "gYearMonth"): re.compile(rf"(?P<year>-?\d{{4,}})-(?P<month>\d\d){_ZONE}"),
    iri("xsd", "date"): re.compile(rf"{_DAY}{_ZONE}"),
    iri("xsd", "dateTime"): re.compile(rf"{_DAY}T(?P<time>\d\d:\d\d)(?P<seconds>:\d\d(\.\d+)?){_ZONE}"),
}


def date_in_words(literal: Literal, language: str) -> str | None:
    """Write a date of any precision in words; None for what is none. A time zone, as few dates have one, stays.

    >>> date_in_words(Literal("2024-02-01", datatype=iri("xsd", "date")), "fr")
    '1er février 2024'
    >>> date_in_words(Literal("2024-02", datatype=iri("xsd", "gYearMonth")), "en")
    'February 2024'
    """
    form = _FORMS.get(literal.datatype)
    found = form.fullmatch(literal.value) if form is not None else None
    if found is None:
        return None
    parts = found.groupdict()
    words = [parts["year"]]
    if parts.get("month"):
        months = _MONTHS[language]
        number = int(parts["month"])
        if not 1 <= number <= len(months):
            return None
        words.insert(0, months[number - 1])
    if parts.get("day"):
        day = str(int(parts["day"]))
        words.insert(0, f"{day}er" if day == "1" and language == "fr" else day)
    if parts.get("time"):
        # Seconds of zero are how a time without them is written.
        seconds = "" if parts["seconds"] == ":00" else parts["seconds"]
        words.append(f"{parts['time']}{seconds}")
    if parts["zone"]:
        words.append("UTC" if parts["zone"] == "Z" else parts["zone"])
    return " ".join(words)


def day_in_words(time: str, language: str) -> str:
    """Write the day of an ``xsd:dateTime`` text in words; what is none stays as it is.

    >>> day_in_words("2026-11-25T19:52:13Z", "en"), day_in_words("2026-08-01T00:00:00Z", "fr"), day_in_words("?", "fr")
    ('25 November 2026', '1er août 2026', '?')
    """
    return date_in_words(Literal(time.partition("T")[0], datatype=iri("xsd", "date")), language) or time
