"""Who is affiliated on a day, from what intervals mean: no bounds are intersected, each link is asked about that day.

A node is one unbroken interval. A *way* that it may have been is a first day and a last day that agree with every
start, end and attestation. It possibly holds on a day that lies in some way, and certainly on one that lies in all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product

from .facts import Dates, Facts, Node

#: A day on which something is asked where nothing is dated.
SOME_DAY = date(2020, 1, 1).toordinal()
Test = Callable[[Dates | None, int], bool]


def ways(dates: Dates, day: int) -> Iterator[tuple[float, float]]:
    """Give first and last days that a node may have had.

    Not all of them: first and last days are tried at the ends of what sources allow and around the day asked about.
    Whether a day lies in some or in all ways is decided at these, as the earliest and the latest ones are among them.
    """
    ranges = dates.starts | dates.ends | dates.attested
    tried = {-math.inf, math.inf, day - 1, day, day + 1, *(bound for one in ranges for bound in one)}
    starts = [first for first in tried if _may_be(first, dates.starts)]
    ends = [last for last in tried if _may_be(last, dates.ends)]
    for first, last in product(starts, ends):
        if first <= last and all(first <= a2 and a1 <= last for a1, a2 in dates.attested):
            yield first, last


def can_be(dates: Dates) -> bool:
    """Say whether there is any way at all that a node may have been; validation refuses the others."""
    return any(True for _ in ways(dates, SOME_DAY))


def possible(dates: Dates | None, day: int) -> bool:
    """Say whether a node, or a plain link, holds on a day in some way that it may have been."""
    return dates is None or any(first <= day <= last for first, last in ways(dates, day))


def certain(dates: Dates | None, day: int) -> bool:
    """Say whether a node, or a plain link, holds on a day in every way that it may have been."""
    return dates is None or all(first <= day <= last for first, last in ways(dates, day))


def certainly(facts: Facts, day: int) -> set[tuple[Node, Node]]:
    """Give the pairs of person and institution that are certain on a day."""
    return _reached(facts, day, certain)


def possibly(facts: Facts, day: int) -> set[tuple[Node, Node]]:
    """Give the pairs of person and institution that are possible on a day and not certain."""
    return _reached(facts, day, possible) - certainly(facts, day)


def days_of_change(facts: Facts) -> list[int]:
    """Give every day on which an answer may begin or cease, and the days beside it."""
    several = [one.dates for one in (*facts.memberships, *facts.links) if one.dates]
    bounds = {bound for d in several for one in d.starts | d.ends | d.attested for bound in one}
    around = {day for bound in bounds for day in (bound - 1, bound, bound + 1)} | {SOME_DAY}
    return sorted(day for day in around if 1 <= day <= date.max.toordinal())


def _may_be(day: float, ranges: frozenset[tuple[int, int]]) -> bool:
    """Say whether a start or an end may be on a day: several sources are taken as one span from first to last."""
    return not ranges or min(r[0] for r in ranges) <= day <= max(r[1] for r in ranges)


def _reached(facts: Facts, day: int, holds: Test) -> set[tuple[Node, Node]]:
    above: dict[Node, set[Node]] = {}
    for link in facts.links:
        if holds(link.dates, day):
            above.setdefault(link.unit, set()).add(link.institution)
    return {
        (membership.person, institution)
        for membership in facts.memberships
        if holds(membership.dates, day)
        for institution in _upwards(membership.organisation, above)
    }


def _upwards(place: Node, above: dict[Node, set[Node]]) -> set[Node]:
    found, waiting = set(), [place]
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting += above.get(one, ())
    return found
