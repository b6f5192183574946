"""The affiliations of a closure are the oracle's, in bulk and whatever comes and goes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad

from tests.reasoning.worlds import quads_of

from .closures import Kept, close, drawn, follow
from .graphs import Edit, class_axioms, edits, graphs, parts

Changes = Sequence[Edit]


@pytest.fixture(scope="module")
def kept() -> list[Kept]:
    """A closure to change; whoever finds a fault in it leaves the list empty."""
    return []


def test_a_closure_from_scratch_has_the_affiliations_of_the_oracle() -> None:
    close(drawn(80))


@settings(max_examples=40)
@given(graphs(), st.lists(edits(), min_size=2, max_size=8))
def test_changes_leave_the_affiliations_of_the_oracle(
    kept: list[Kept], quads: frozenset[Quad], changes: Changes
) -> None:
    follow(kept, quads, changes)


@settings(max_examples=2)
@given(graphs(), st.lists(edits(), min_size=4, max_size=8))
def test_changes_leave_what_a_closure_from_scratch_has(
    kept: list[Kept], quads: frozenset[Quad], changes: Changes
) -> None:
    follow(kept, quads, changes, anew=True)


@pytest.mark.parametrize(
    "links",
    [
        ":o kg:supervisedBy :o .",
        ":o kg:supervisedBy :b . :b org:subOrganizationOf :o .",
        ":s kg:supervisedUnit :o ; kg:supervisingInstitution :b . :b org:unitOf :o .",
    ],
)
def test_a_membership_goes_though_links_go_round_and_another_one_stays(links: str) -> None:
    prefixes = "@prefix kg: <https://w3id.org/kgtool/ontology#> . @prefix org: <http://www.w3.org/ns/org#> ."
    stays = quads_of(f"{prefixes} :m1 org:member :p ; org:organization :o . {links}")
    closure = Kept()
    closure.become([*stays, *quads_of(f"{prefixes} :m2 org:member :p ; org:organization :o .")])
    closure.become(stays)


def test_a_class_goes_below_the_organisations_and_back() -> None:
    prefixes = "@prefix org: <http://www.w3.org/ns/org#> ."
    data = quads_of(f"{prefixes} :m org:member :p ; org:organization :o . :p a :Laboratory .")
    axiom = quads_of(f"{prefixes} :Laboratory rdfs:subClassOf org:OrganizationalUnit .")
    closure = Kept()
    for quads in (data, [*data, *axiom], data):
        closure.become(quads)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=1000)
@given(graphs(), st.lists(edits(), min_size=2, max_size=15))
def test_many_changes_leave_the_affiliations_of_the_oracle(
    kept: list[Kept], quads: frozenset[Quad], changes: Changes
) -> None:
    follow(kept, quads, changes)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=40)
@given(graphs(parts | class_axioms), st.lists(edits(parts | class_axioms), min_size=1, max_size=4))
def test_classes_come_and_go(kept: list[Kept], quads: frozenset[Quad], changes: Changes) -> None:
    follow(kept, quads, changes, anew=True)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_large_closures_have_the_affiliations_of_the_oracle() -> None:
    for _ in range(5):
        close(drawn(2000))
