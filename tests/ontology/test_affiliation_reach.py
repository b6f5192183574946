"""Affiliation without dates is plain reachability: checked on random organisations against a walk in Python."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from kgtool.vocabulary import iri

from .closure import SOURCE, run_rules

SIZE = 5
PEOPLE = [ox.NamedNode(f"urn:example:person:{number}") for number in range(SIZE)]
ORGANISATIONS = [ox.NamedNode(f"urn:example:organisation:{number}") for number in range(SIZE)]
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

Link = tuple[int, int, str]


def links(*kinds: str) -> st.SearchStrategy[set[Link]]:
    end = st.integers(min_value=0, max_value=SIZE - 1)
    return st.sets(st.tuples(end, end, st.sampled_from(kinds)), max_size=2 * SIZE)


def store_of(memberships: set[Link], upward: set[Link], organisations_as_people: set[int]) -> ox.Store:
    """Lay the links out as the store of kgtool does: asserted in a named graph, and once more in the default graph."""
    triples = [ox.Triple(PEOPLE[person], RDF_TYPE, iri("org", "Organization")) for person in organisations_as_people]
    for number, (person, organisation, kind) in enumerate(sorted(memberships)):
        triples += _link("membership", number, PEOPLE[person], ORGANISATIONS[organisation], kind)
    for number, (part, whole, kind) in enumerate(sorted(upward)):
        triples += _link("supervision", number, ORGANISATIONS[part], ORGANISATIONS[whole], kind)
    store = ox.Store()
    for triple in triples:
        store.add(ox.Quad(triple.subject, triple.predicate, triple.object, SOURCE))
        store.add(ox.Quad(triple.subject, triple.predicate, triple.object))
    return store


def _link(node: str, number: int, one: ox.NamedNode, other: ox.NamedNode, kind: str) -> list[ox.Triple]:
    first, *second = (iri(*name.split(":")) for name in kind.split())
    if not second:
        return [ox.Triple(one, first, other)]
    between = ox.NamedNode(f"urn:example:{node}:{number}")
    return [ox.Triple(between, first, one), ox.Triple(between, second[0], other)]


def reach(memberships: set[Link], upward: set[Link], organisations_as_people: set[int]) -> set[tuple[int, int]]:
    found = {(person, organisation) for person, organisation, _ in memberships if person not in organisations_as_people}
    todo = list(found)
    while todo:
        person, organisation = todo.pop()
        for part, whole, _ in upward:
            if part == organisation and (person, whole) not in found:
                found.add((person, whole))
                todo.append((person, whole))
    return found


@given(
    memberships=links("org:member org:organization", "org:memberOf"),
    upward=links(
        "kg:supervisedUnit kg:supervisingInstitution", "org:unitOf", "org:subOrganizationOf", "kg:supervisedBy"
    ),
    organisations_as_people=st.sets(st.integers(min_value=0, max_value=SIZE - 1), max_size=2),
)
def test_affiliation_is_reachability(
    memberships: set[Link], upward: set[Link], organisations_as_people: set[int]
) -> None:
    store = store_of(memberships, upward, organisations_as_people)
    run_rules(store)
    derived = store.quads_for_pattern(None, iri("kg", "affiliatedWith"), None, ox.DefaultGraph())
    expected = reach(memberships, upward, organisations_as_people)
    assert {(quad.subject, quad.object) for quad in derived} == {
        (PEOPLE[person], ORGANISATIONS[organisation]) for person, organisation in expected
    }
