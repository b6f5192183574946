"""Things with several names count as one, named by the least IRI: whatever is said of any name is said of the thing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad, Triple

from kgtool.vocabulary import iri
from tests.reasoning.worlds import quads_of

from .closures import Kept, axioms, close, drawn, follow, from_scratch
from .derived import ENDS, derived
from .facts import facts_of
from .graphs import Edit, aliased_parts, edits, graphs, parts, same
from .oracle import affiliations

PREFIXES = (
    "@prefix kg: <https://w3id.org/kgtool/ontology#> . @prefix org: <http://www.w3.org/ns/org#> ."
    " @prefix schema: <https://schema.org/> .\n"
)
MEMBERSHIP = ":m org:member :p ; org:organization :o . "
CASES = {
    "a person": MEMBERSHIP + ":p owl:sameAs :a .",
    "a person by a chain": MEMBERSHIP + ":p owl:sameAs :z . :a owl:sameAs :z .",
    "a person who is a blank node elsewhere": MEMBERSHIP + "_:p owl:sameAs :p .",
    "two people with a membership each": MEMBERSHIP + ":n org:member :a ; org:organization :o . :a owl:sameAs :p .",
    "an organisation": MEMBERSHIP + ":o owl:sameAs :a . :a kg:supervisedBy :b . :o org:unitOf :b .",
    "a membership, its dates apart": (
        MEMBERSHIP + ':a owl:sameAs :m ; schema:startDate "2020"^^xsd:gYear . :m schema:endDate "2021"^^xsd:gYear .'
    ),
    "a membership, its ends apart": ":m org:member :p . :a org:organization :o ; owl:sameAs :m .",
    "a supervision, its dates apart": (
        MEMBERSHIP + ":s kg:supervisedUnit :o ; kg:supervisingInstitution :b ; owl:sameAs :a ."
        ' :a schema:startDate "2020"^^xsd:gYear .'
    ),
    "an organisation that a node and a plain link name differently": (
        MEMBERSHIP + ":o org:unitOf :b . :b owl:sameAs :c ."
        ' :s kg:supervisedUnit :o ; kg:supervisingInstitution :c ; schema:endDate "2020"^^xsd:gYear .'
    ),
    "an organisation typed under another name": MEMBERSHIP + ":p owl:sameAs :a . :a a org:Organization .",
    "a plain membership beside a node": MEMBERSHIP + ":a org:memberOf :o ; owl:sameAs :p .",
    "an organisation that is its own supervisor": MEMBERSHIP + ":o kg:supervisedBy :b . :b owl:sameAs :o .",
}


def quads_of_case(name: str) -> list[Quad]:
    """Read a case; each has names of its own, so that all of them fit into one graph."""
    return quads_of(f"{PREFIXES}@prefix : <{_start(name)}> . {CASES[name]}")


def _start(name: str) -> str:
    return f"urn:x:{list(CASES).index(name)}:"


@pytest.fixture(scope="module")
def together() -> set[Triple]:
    """What follows from all cases, closed at once."""
    return from_scratch(quad for name in CASES for quad in quads_of_case(name))


@pytest.fixture(scope="module")
def kept() -> list[Kept]:
    """A closure to change; whoever finds a fault in it leaves the list empty."""
    return []


@pytest.mark.parametrize("name", CASES)
def test_names_of_one_thing_count_as_one(together: set[Triple], name: str) -> None:
    facts = facts_of([*axioms(), *quads_of_case(name)])
    through = {t for t in together if t.predicate == iri("kg", "through")}
    nodes = {triple.subject for triple in through if triple.object.value.startswith(_start(name))}
    inferred = {triple for triple in together if triple.subject in nodes}
    assert derived(inferred, facts) == affiliations(facts)
    for node in nodes:
        for end in (*ENDS, "membership"):
            values = {t.object for t in inferred if t.subject == node and t.predicate == iri("kg", end)}
            assert values == set() or facts.name(next(iter(values))) in values


@pytest.mark.parametrize("name", CASES)
def test_names_come_and_go(kept: list[Kept], name: str) -> None:
    closure, quads = kept.pop() if kept else Kept(), quads_of_case(name)
    named = [quad for quad in quads if quad.predicate == iri("owl", "sameAs")]
    said = [quad for quad in quads if quad not in named]
    for state in ([], said, quads, named, quads, said):
        closure.become(state)
    kept.append(closure)


@settings(max_examples=2)
@given(graphs(aliased_parts), st.lists(edits(parts | same), min_size=2, max_size=3))
def test_changes_of_names_leave_the_affiliations_of_the_oracle(
    kept: list[Kept], quads: frozenset[Quad], changes: Sequence[Edit]
) -> None:
    follow(kept, quads, changes, anew=True)


def test_a_closure_from_scratch_with_many_names_has_the_affiliations_of_the_oracle() -> None:
    close(drawn(60, aliased_parts))


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=150)
@given(graphs(aliased_parts), st.lists(edits(aliased_parts), min_size=2, max_size=15))
def test_many_changes_of_names_leave_the_affiliations_of_the_oracle(
    kept: list[Kept], quads: frozenset[Quad], changes: Sequence[Edit]
) -> None:
    follow(kept, quads, changes)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_large_closures_with_many_names_have_the_affiliations_of_the_oracle() -> None:
    for _ in range(5):
        close(drawn(1000, aliased_parts))
