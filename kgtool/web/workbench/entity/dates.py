"""Dates as a page writes them: to the day, the month or the year, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from flask_babel import gettext

from kgtool.web.localising import in_words
from kgtool.web.problems import HttpProblem

_WRITTEN: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:[TZ+-].*)?")
_PATTERNS: Final = ("y", "MMMM y", "d MMM y")


def told(text: str) -> str:
    """Write a date of RDF for people; what is none stays as it is."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return text
    year, month, day = match.groups()
    try:
        value = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return text
    return in_words(value, _PATTERNS[bool(month) + bool(day)])


def told_all(texts: Iterable[str]) -> str:
    """Write several dates, the earliest first."""
    return ", ".join(told(each) for each in sorted(texts))


def interval(first: str, last: str) -> str:
    """Write an interval; an end that is empty is not known."""
    if first and last:
        return told(first) if first == last else f"{told(first)} – {told(last)}"
    if first:
        return str(gettext("from %(day)s, end not known", day=told(first)))
    if last:
        return str(gettext("until %(day)s, start not known", day=told(last)))
    return str(gettext("at any date"))


def day_of(text: str | None) -> str:
    """Read the day that a reader asks for; today without one.

    :raises HttpProblem: 400 if it is none.
    """
    if not text:
        return date.today().isoformat()
    try:
        return date.fromisoformat(text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else "").isoformat()
    except ValueError as error:
        raise HttpProblem(400, f"date={text[:40]} is not a day", hint="write it as YYYY-MM-DD") from error
