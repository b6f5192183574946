"""What counts as a date: a real day, month or year from 0001 to 9999."""

from __future__ import annotations

import calendar
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from kgtool.vocabulary import PREFIXES

from .packaged import refused, violations

DATED = ["schema:startDate", "schema:endDate", "kg:attestedOn", "schema:foundingDate", "schema:dissolutionDate"]
DIGITS = {"gYear": 1, "gYearMonth": 2, "date": 3, "dateTime": 3}


def is_date(text: str, datatype: str) -> bool:
    """The same by arithmetic: Python's calendar, no pattern for days of months or leap years."""
    zone = re.fullmatch(r"(.*?)(Z|[+-]\d\d:\d\d)?", text, re.DOTALL | re.ASCII)
    if datatype not in DIGITS or zone is None:
        return False
    if zone[2] and zone[2] != "Z":
        hours, minutes = map(int, zone[2][1:].split(":"))
        if minutes > 59 or hours * 60 + minutes > 14 * 60:
            return False
    day, _, time = zone[1].partition("T")
    if datatype == "dateTime":
        clock = re.fullmatch(r"(\d\d):(\d\d):(\d\d)(\.\d+)?", time, re.ASCII)
        if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59 or int(clock[3]) > 59:
            return False
    elif "T" in zone[1]:
        return False
    parts = day.split("-")
    if len(parts) != DIGITS[datatype] or not re.fullmatch(r"\d{4}(-\d\d){0,2}", day, re.ASCII):
        return False
    year, month, number = map(int, [*parts, "1", "1"][:3])
    return year >= 1 and 1 <= month <= 12 and 1 <= number <= calendar.monthrange(year, month)[1]


YEARS = st.one_of(st.sampled_from([0, 1, 4, 100, 400, 1900, 1999, 2000, 2020, 2023, 2024, 9999]), st.integers(0, 9999))
ZONES = st.sampled_from(["", "", "", "Z", "+00:00", "+14:00", "-14:00", "+14:01", "-13:59", "+15:00", "+01:60"])
TIMES = st.sampled_from(["", "", "T00:00:00", "T23:59:59.5", "T24:00:00", "T12:60:00", "T12:00:60", "T1:00:00"])


@st.composite
def near_dates(draw: st.DrawFn) -> Literal:
    year, zone = draw(YEARS), draw(ZONES)
    day = draw(st.sampled_from(["", "", "-02", "-00", "-13", "-12", "-02-28", "-02-29", "-02-30", "-04-31", "-12-31"]))
    day = draw(st.one_of(st.just(day), st.builds("-{:02d}-{:02d}".format, st.integers(0, 13), st.integers(0, 32))))
    text = draw(st.sampled_from(["{:04d}", "{:04d}", "{:04d}", "{:04d}", "-{:04d}", "1{:04d}", "{:d}"])).format(year)
    datatype = draw(st.sampled_from([*DIGITS, "string", "gMonth"]))
    return Literal(text + day + draw(TIMES) + zone, datatype=NamedNode(PREFIXES["xsd"] + datatype))


@settings(max_examples=40, deadline=None)
@given(st.lists(near_dates(), min_size=20, max_size=60))
def test_dates_agree_with_the_calendar(literals: list[Literal]) -> None:
    start = NamedNode(PREFIXES["schema"] + "startDate")
    data = [Triple(NamedNode(f"urn:x:{number}"), start, literal) for number, literal in enumerate(literals)]
    expected = {
        f"urn:x:{number}"
        for number, literal in enumerate(literals)
        if not is_date(literal.value, literal.datatype.value.removeprefix(PREFIXES["xsd"]))
    }
    assert refused(data) == expected


@pytest.mark.parametrize("path", DATED)
@pytest.mark.parametrize(
    "value",
    [
        '"2020-02-31"^^xsd:date',
        '"0000"^^xsd:gYear',
        '"2020"',
        '"2020-01-01T24:00:00"^^xsd:dateTime',
        '"2020-01-01"@fr',
        '"2020-1-1"^^xsd:date',
        '"2020-01-01"^^xsd:gYear',
        "2020",
        "x:date",
        "[]",
        '"-0044-03-15"^^xsd:date',
        '"2020-01-01\\n"^^xsd:date',
    ],
)
def test_what_is_no_date_is_refused(path: str, value: str) -> None:
    found = violations(f"x:a {path} {value} .")
    assert len(found) == 1
    assert found[0][1].endswith("DateShape")


@pytest.mark.parametrize("path", DATED)
@pytest.mark.parametrize(
    "value",
    [
        '"2020-02-29"^^xsd:date',
        '"0001"^^xsd:gYear',
        '"9999-12"^^xsd:gYearMonth',
        '"2020-01-01Z"^^xsd:date',
        '"2020+01:00"^^xsd:gYear',
        '"2020-01-01T23:59:59.999+02:00"^^xsd:dateTime',
    ],
)
def test_partial_dates_are_dates(path: str, value: str) -> None:
    assert violations(f"x:a {path} {value} .") == []
