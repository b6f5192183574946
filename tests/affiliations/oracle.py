"""The affiliations that the contract defines, by brute force: every path, every intersection, pruned at the end.

``affiliations`` is the definition itself. ``widest_affiliations`` prunes on the way, for graphs with too many paths.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from .facts import Dates, Facts, Link, Membership, Node

#: First and last day as ordinals; infinite where there is no bound. Empty if the first is after the last.
Interval = tuple[float, float]
ALWAYS: Interval = (-math.inf, math.inf)
NEVER: Interval = (math.inf, -math.inf)


@dataclass(frozen=True)
class Affiliation:
    """One ``kg:Affiliation``: bounds are days, or None where there is no bound; no certain bounds, never certain."""

    person: Node
    institution: Node
    through: Node
    membership: Node | None
    possible_from: date | None
    possible_until: date | None
    certain_from: date | None
    certain_until: date | None


@dataclass(frozen=True)
class Held:
    """When something possibly and when it certainly holds."""

    possible: Interval
    certain: Interval

    def within(self, other: Held) -> bool:
        """Say whether both intervals lie inside the other's; an empty one lies inside any."""
        return _inside(self.possible, other.possible) and _inside(self.certain, other.certain)

    def meets(self, other: Held) -> Held:
        """Give what both hold."""
        return Held(_meet(self.possible, other.possible), _meet(self.certain, other.certain))


def held(dates: Dates | None) -> Held:
    """Give when a node holds by the contract's bounds; without dates it is a plain link."""
    if dates is None:
        return Held(ALWAYS, ALWAYS)
    s1, s2 = _least(r[0] for r in dates.starts), _greatest(r[1] for r in dates.starts)
    e1, e2 = _least(r[0] for r in dates.ends), _greatest(r[1] for r in dates.ends)
    certain_from = min([s2, e2, *(last for _, last in dates.attested)])
    certain_until = max([e1, s1, *(first for first, _ in dates.attested)])
    return Held(_proper((s1, e2)), _proper((certain_from, certain_until)))


def affiliations(facts: Facts) -> set[Affiliation]:
    """Walk every path that visits no organisation twice, and keep the widest in the end.

    A path that comes back to an organisation holds at most what it holds without the round: it is never among the
    widest, so leaving it out changes nothing.
    """
    found: dict[tuple[Membership, Node], set[Held]] = defaultdict(set)
    links = _links_by_unit(facts)
    for membership in facts.memberships:
        for institution, when in _paths(membership.organisation, held(membership.dates), links, frozenset()):
            found[membership, institution].add(when)
    return {
        _affiliation(membership, institution, when)
        for (membership, institution), several in found.items()
        for when in several
        if not any(when.within(other) and when != other for other in several)
    }


def widest_affiliations(facts: Facts) -> set[Affiliation]:
    """Give the same as ``affiliations``, keeping at each organisation the widest only, as they are found.

    It is exact: let p and q be two ways from a membership to the same organisation, p within q. Meeting is monotone,
    so p met with a link is within q met with that link, and by induction every way that goes on from p is within the
    one that goes on from q by the same links. What is dropped with p could only have been dropped in the end; "within"
    is transitive, so what drops it is itself within something that stays. It ends, as bounds come from a finite set,
    and a way that was dropped or kept is never taken up again.
    """
    links = _links_by_unit(facts)
    result = set()
    for membership in facts.memberships:
        widest: dict[Node, list[Held]] = defaultdict(list)
        waiting = [(membership.organisation, held(membership.dates))]
        while waiting:
            place, when = waiting.pop()
            if when.possible == NEVER or any(when.within(other) for other in widest[place]):
                continue
            widest[place] = [other for other in widest[place] if not other.within(when)] + [when]
            waiting += [(link.institution, when.meets(held(link.dates))) for link in links.get(place, ())]
        result |= {_affiliation(membership, place, when) for place, several in widest.items() for when in several}
    return result


def _paths(
    place: Node, when: Held, links: dict[Node, list[Link]], before: frozenset[Node]
) -> Iterator[tuple[Node, Held]]:
    if when.possible == NEVER:
        return
    yield place, when
    before |= {place}
    for link in links.get(place, ()):
        if link.institution not in before:
            yield from _paths(link.institution, when.meets(held(link.dates)), links, before)


def _links_by_unit(facts: Facts) -> dict[Node, list[Link]]:
    links = defaultdict(list)
    for link in facts.links:
        links[link.unit].append(link)
    return links


def _affiliation(membership: Membership, institution: Node, when: Held) -> Affiliation:
    ends = (membership.person, institution, membership.organisation, membership.node)
    certain = (None, None) if when.certain == NEVER else map(_day, when.certain)
    return Affiliation(*ends, *map(_day, when.possible), *certain)


def _day(bound: float) -> date | None:
    return date.fromordinal(int(bound)) if math.isfinite(bound) else None


def _proper(interval: Interval) -> Interval:
    return interval if interval[0] <= interval[1] else NEVER


def _meet(one: Interval, other: Interval) -> Interval:
    return _proper((max(one[0], other[0]), min(one[1], other[1])))


def _inside(one: Interval, other: Interval) -> bool:
    return one == NEVER or (other[0] <= one[0] and one[1] <= other[1])


def _least(days: Iterable[int]) -> float:
    return min(days, default=-math.inf)


def _greatest(days: Iterable[int]) -> float:
    return max(days, default=math.inf)
