"""Start before end, attestation inside, with dates of any precision and with several of them."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from kgtool.vocabulary import PREFIXES

from .packaged import refused, violations

Partial = tuple[int, ...]
DATATYPES = {1: "gYear", 2: "gYearMonth", 3: "date"}


def first_day(partial: Partial) -> date:
    year, month, day = (*partial, 1, 1)[:3]
    return date(year, month, day)


def last_day(partial: Partial) -> date:
    year, month = (*partial, 12)[:2]
    return date(*partial) if len(partial) == 3 else date(year, month, calendar.monthrange(year, month)[1])


def is_possible(starts: list[Partial], ends: list[Partial], attested: list[Partial]) -> bool:
    """The contract's definition: s1 is not after e2, and each attestation can lie between them."""
    s1 = min(map(first_day, starts), default=date.min)
    e2 = max(map(last_day, ends), default=date.max)
    return s1 <= e2 and all(s1 <= last_day(one) and first_day(one) <= e2 for one in attested)


def literal(partial: Partial, zone: str) -> Literal:
    text = "-".join(f"{part:0{4 if place == 0 else 2}d}" for place, part in enumerate(partial))
    return Literal(text + zone, datatype=NamedNode(PREFIXES["xsd"] + DATATYPES[len(partial)]))


DAYS = st.dates(date(2019, 11, 1), date(2021, 3, 31))
PARTIALS = st.builds(lambda day, length: (day.year, day.month, day.day)[:length], DAYS, st.integers(1, 3))
SOME = st.lists(st.tuples(PARTIALS, st.sampled_from(["", "", "Z", "+11:00"])), max_size=2)
NODES = st.lists(st.tuples(SOME, SOME, SOME), min_size=20, max_size=50)


@settings(max_examples=30, deadline=None)
@given(NODES)
def test_intervals_agree_with_the_definition(nodes: list[tuple[list[tuple[Partial, str]], ...]]) -> None:
    paths = [PREFIXES["schema"] + "startDate", PREFIXES["schema"] + "endDate", PREFIXES["kg"] + "attestedOn"]
    data, expected = [], set()
    for number, values in enumerate(nodes):
        node = NamedNode(f"urn:x:{number}")
        for path, several in zip(paths, values, strict=True):
            data += [Triple(node, NamedNode(path), literal(partial, zone)) for partial, zone in several]
        if not is_possible(*([partial for partial, _ in several] for several in values)):
            expected.add(node.value)
    assert refused(data) == expected


@pytest.mark.parametrize(
    ("dates", "shapes"),
    [
        ('schema:startDate "2021"^^xsd:gYear ; schema:endDate "2020-12"^^xsd:gYearMonth', ["IntervalShape"]),
        ('schema:startDate "2020"^^xsd:gYear ; schema:endDate "2020-01-01"^^xsd:date', []),
        ('schema:startDate "2020-02-02"^^xsd:date ; schema:endDate "2020-02-01"^^xsd:date', ["IntervalShape"]),
        ('schema:startDate "2020-02-02"^^xsd:date ; schema:endDate "2020-02-02T00:00:00Z"^^xsd:dateTime', []),
        ('schema:startDate "2020"^^xsd:gYear ; kg:attestedOn "2019"^^xsd:gYear', ["AttestedFromStartShape"]),
        ('schema:endDate "2020"^^xsd:gYear ; kg:attestedOn "2021-01-01"^^xsd:date', ["AttestedUntilEndShape"]),
        ('schema:startDate "2021"^^xsd:gYear, "2019"^^xsd:gYear ; schema:endDate "2020"^^xsd:gYear', []),
        ('schema:foundingDate "2021"^^xsd:gYear ; schema:dissolutionDate "2020"^^xsd:gYear', ["LifetimeShape"]),
        ('schema:foundingDate "2020"^^xsd:gYear ; schema:dissolutionDate "2020"^^xsd:gYear', []),
    ],
)
def test_only_what_cannot_be_is_refused(dates: str, shapes: list[str]) -> None:
    assert [shape for _, shape in violations(f"x:a {dates} .")] == shapes
