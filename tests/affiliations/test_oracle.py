"""The oracle against itself: what it says of bounds is what it says of days, and both are what the contract says."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from pyoxigraph import Literal, NamedNode, Quad

from kgtool.vocabulary import PREFIXES
from tests.reasoning.worlds import quads_of

from .days import certainly, days_of_change, possibly
from .facts import Facts, Node, allowed, facts_of
from .graphs import AXIOMS, aliased_parts, graphs
from .oracle import Affiliation, affiliations, widest_affiliations

PREFIXED = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("kg", "org", "schema"))


def facts(turtle: str) -> Facts:
    return facts_of(quads_of(AXIOMS + PREFIXED + turtle))


def days_within(found: set[Affiliation], day: date, *, certain: bool) -> set[tuple[Node, Node]]:
    """Read certain, or certain and possible, off the bounds, as the contract's last sentence does."""
    pairs = set()
    for one in found:
        first, last = (one.certain_from, one.certain_until) if certain else (one.possible_from, one.possible_until)
        never = certain and first is None and last is None
        if not never and (first is None or first <= day) and (last is None or day <= last):
            pairs.add((one.person, one.institution))
    return pairs


@settings(max_examples=60)
@given(graphs(aliased_parts))
def test_bounds_and_days_agree(quads: frozenset[Quad]) -> None:
    known = facts_of([*quads_of(AXIOMS), *quads])
    found = affiliations(known)
    for day in days_of_change(known):
        sure = days_within(found, date.fromordinal(day), certain=True)
        assert certainly(known, day) == sure
        assert possibly(known, day) == days_within(found, date.fromordinal(day), certain=False) - sure


@settings(max_examples=60)
@given(graphs(aliased_parts))
def test_pruning_on_the_way_gives_the_same(quads: frozenset[Quad]) -> None:
    known = facts_of([*quads_of(AXIOMS), *quads])
    assert widest_affiliations(known) == affiliations(known)


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("2024", "gYear", "2024-01-01", "2024-12-31"),
        ("2024+14:00", "gYear", "2024-01-01", "2024-12-31"),
        ("2024-02", "gYearMonth", "2024-02-01", "2024-02-29"),
        ("2023-02-05:00", "gYearMonth", "2023-02-01", "2023-02-28"),
        ("2024-02-03", "date", "2024-02-03", "2024-02-03"),
        ("2024-02-03-11:30", "date", "2024-02-03", "2024-02-03"),
        ("2024-02-03T23:59:59.5-12:00", "dateTime", "2024-02-03", "2024-02-03"),
        ("0001", "gYear", "0001-01-01", "0001-12-31"),
        ("9999-12", "gYearMonth", "9999-12-01", "9999-12-31"),
    ],
)
def test_a_value_allows_the_days_that_its_precision_says(text: str, kind: str, first: str, last: str) -> None:
    value = Literal(text, datatype=NamedNode(PREFIXES["xsd"] + kind))
    assert tuple(date.fromordinal(day).isoformat() for day in allowed(value)) == (first, last)


DATED = {
    "undated": ("", "- - / - -"),
    "a start to the day": ('schema:startDate "2020-05-04"^^xsd:date', "2020-05-04 - / 2020-05-04 2020-05-04"),
    "a start to the year": ('schema:startDate "2020"^^xsd:gYear', "2020-01-01 - / - -"),
    "an end to the month": ('schema:endDate "2020-02"^^xsd:gYearMonth', "- 2020-02-29 / - -"),
    "seen once": ('kg:attestedOn "2020-05-04"^^xsd:date', "- - / 2020-05-04 2020-05-04"),
    "seen in a year": ('kg:attestedOn "2020"^^xsd:gYear', "- - / - -"),
    "seen twice": ('kg:attestedOn "2020-05-04"^^xsd:date, "2021"^^xsd:gYear', "- - / 2020-05-04 2021-01-01"),
    "a start to the year, seen later": (
        'schema:startDate "2020"^^xsd:gYear ; kg:attestedOn "2022-02-02"^^xsd:date',
        "2020-01-01 - / 2020-12-31 2022-02-02",
    ),
    "starts that differ": (
        'schema:startDate "2020-03-01"^^xsd:date, "2020-05"^^xsd:gYearMonth ; schema:endDate "2021"^^xsd:gYear',
        "2020-03-01 2021-12-31 / 2020-05-31 2021-01-01",
    ),
    "an end before the latest start": (
        'schema:startDate "2020"^^xsd:gYear ; schema:endDate "2020-06-30"^^xsd:date',
        "2020-01-01 2020-06-30 / 2020-06-30 2020-06-30",
    ),
}


@pytest.mark.parametrize("name", DATED)
def test_a_membership_holds_as_the_contract_says(name: str) -> None:
    dates, expected = DATED[name]
    known = facts(f":m org:member :p ; org:organization :o {';' if dates else ''} {dates} .")
    (found,) = affiliations(known)
    bounds = (found.possible_from, found.possible_until, found.certain_from, found.certain_until)
    shown = [bound.isoformat() if bound else "-" for bound in bounds]
    assert f"{shown[0]} {shown[1]} / {shown[2]} {shown[3]}" == expected


def ends(known: Facts) -> set[str]:
    return {one.institution.value.removeprefix("urn:x:") for one in affiliations(known)}


@pytest.mark.parametrize(
    ("turtle", "expected"),
    [
        (":p org:memberOf :o .", {"o"}),
        (":p a kg:Team ; org:memberOf :o .", set()),
        (":m org:member :p ; org:organization :o . :p a org:Organization .", set()),
        (":m org:member :p ; org:organization :o . :o kg:supervisedBy :b . :b org:unitOf :o .", {"o", "b"}),
        (
            ':m org:member :p ; org:organization :o ; schema:startDate "2020"^^xsd:gYear . :o org:unitOf :b .'
            ' :s kg:supervisedUnit :o ; kg:supervisingInstitution :b ; schema:endDate "2019"^^xsd:gYear .',
            {"o"},
        ),
        (":m org:member :p ; org:organization :z . :a owl:sameAs :z . :z kg:supervisedBy :b .", {"a", "b"}),
        (":m org:member :p ; org:organization :z . _:a owl:sameAs :z . :a owl:sameAs _:a .", {"a"}),
    ],
)
def test_who_is_affiliated_with_what(turtle: str, expected: set[str]) -> None:
    assert ends(facts(turtle)) == expected
