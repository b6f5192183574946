"""In which order rules run: no rule feeds one of an earlier level, nor, unless it runs again, one of its own."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kgtool.reasoning.language import Fact
from kgtool.reasoning.levels import levels_of
from kgtool.reasoning.matching.patterns import keys_of, overlap
from kgtool.reasoning.owl.axioms import Axioms
from kgtool.reasoning.program import program_of
from kgtool.reasoning.shapes import Shape, shapes_of
from kgtool.vocabulary import iri

_NAMES = [NamedNode(f"urn:test:{letter}") for letter in "abcdef"]
_AXIOM_PREDICATES = [
    *(iri("rdfs", name) for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(iri("owl", name) for name in ("inverseOf", "equivalentProperty", "equivalentClass", "complementOf")),
]
_axioms = st.tuples(st.sampled_from(_NAMES), st.sampled_from(_AXIOM_PREDICATES), st.sampled_from(_NAMES))
_kinds = st.tuples(
    st.sampled_from(_NAMES),
    st.just(iri("rdf", "type")),
    st.sampled_from([iri("owl", name) for name in ("TransitiveProperty", "SymmetricProperty", "FunctionalProperty")]),
)


def feeds(one: Shape, other: Shape) -> bool:
    """Tell whether a rule may conclude what another one looks at, by comparing each with each."""
    concluded = [key for atom in one.head for key in keys_of(atom, one.rows)]
    looked_at = [key for atom in other.body for key in keys_of(atom, other.rows)]
    return any(overlap(a, b) for a, b in product(concluded, looked_at))


def shapes(facts: list[Fact]) -> list[Shape]:
    return list(shapes_of(rule for rule in program_of(Axioms(facts), ()).owl if rule.head))


@settings(deadline=None, max_examples=60)
@given(st.lists(_axioms | _kinds, max_size=12))
def test_no_rule_feeds_an_earlier_one(facts: list[Fact]) -> None:
    every = shapes(facts)
    levels = levels_of(every)
    assert sorted(shape.names for level in levels for shape in level.shapes) == sorted(s.names for s in every)
    for number, level in enumerate(levels):
        for later in levels[number:]:
            for shape, fed in product(later.shapes, level.shapes):
                if feeds(shape, fed):
                    assert later is level
                    assert {shape, fed} <= set(level.recursive)


@pytest.mark.parametrize(
    ("facts", "recursive"),
    [
        ([(_NAMES[0], iri("rdfs", "domain"), _NAMES[1])], False),
        ([(_NAMES[0], iri("owl", "inverseOf"), _NAMES[1])], True),
    ],
    ids=["a domain sets nothing off again", "an inverse feeds itself"],
)
def test_what_runs_again(facts: list[Fact], recursive: bool) -> None:
    said = {facts[0][0], facts[0][2]}
    levels = levels_of(
        [s for s in shapes(facts) if any(said & set(row) for row in s.rows.rows)],
    )
    assert any(level.recursive for level in levels) is recursive
