"""Many dated links that go round: what is kept stays few, and is what the oracle keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

import pytest
from pyoxigraph import Quad, Triple

from tests.reasoning.worlds import quads_of

from .closures import Kept, agree, axioms, from_scratch
from .facts import facts_of
from .oracle import widest_affiliations

PREFIXES = (
    "@prefix kg: <https://w3id.org/kgtool/ontology#> . @prefix org: <http://www.w3.org/ns/org#> ."
    " @prefix schema: <https://schema.org/> .\n"
)


def network(organisations: int, links: int, seed: int) -> str:
    """Draw links between organisations, nine in ten of them supervisions of some years, and three memberships."""
    random = Random(seed)
    lines = [f":m{number} org:member :p ; org:organization :o{number} ; {years(random)} ." for number in range(3)]
    pairs = random.sample([(one, other) for one in range(organisations) for other in range(organisations)], links)
    for number, (unit, institution) in enumerate(pairs):
        if number % 10:
            ends = f"kg:supervisedUnit :o{unit} ; kg:supervisingInstitution :o{institution}"
            lines.append(f":s{number} {ends} ; {years(random)} .")
        else:
            lines.append(f":o{unit} org:subOrganizationOf :o{institution} .")
    return PREFIXES + "\n".join(lines)


def years(random: Random) -> str:
    """Draw a start and an end of any precision, two to thirty years apart."""
    start = date(1990, 1, 1) + timedelta(days=random.randrange(8000))
    end = start + timedelta(days=random.randrange(700, 11000))
    return f"schema:startDate {partial(random, start)} ; schema:endDate {partial(random, end)}"


def partial(random: Random, day: date) -> str:
    kind, length = random.choice((("gYear", 4), ("gYearMonth", 7), ("date", 10)))
    return f'"{day.isoformat()[:length]}"^^xsd:{kind}'


def few_and_exact(quads: list[Quad], inferred: Iterable[Triple]) -> None:
    found = agree(inferred, facts_of([*axioms(), *quads]), widest_affiliations)
    assert max(Counter(one.membership for one in found).values()) < 100


def test_what_is_kept_of_a_dense_network_is_few_and_exact() -> None:
    quads, kept = quads_of(network(20, 150, 5)), Kept()
    kept.become(quads, widest_affiliations)
    few_and_exact(quads, kept.world.inferred())


@pytest.mark.long
@pytest.mark.parametrize("seed", [3, 5])
def test_what_is_kept_of_a_dense_network_from_scratch_is_few_and_exact(seed: int) -> None:
    quads = quads_of(network(20, 150, seed))
    few_and_exact(quads, from_scratch(quads))


def test_changes_of_a_dense_network_are_followed() -> None:
    lines, kept = network(12, 50, 1).splitlines(), Kept()
    for text in (lines, lines[:-1], lines[:3] + lines[20:], lines):
        kept.become(quads_of("\n".join(text)), widest_affiliations)
