"""Rules that turn facts around are told from those that only look like it."""

from __future__ import annotations

import pytest
from pyoxigraph import Triple

from kgtool.reasoning.datalog_engine import DatalogEngine
from kgtool.reasoning.inverses import turning_around
from kgtool.reasoning.owl.axioms import Axioms
from kgtool.reasoning.program import EQUALITY, program_of
from kgtool.reasoning.shapes import shapes_of

from .worlds import closed, quads_of, written


def found(text: str) -> bool:
    triples = (quad.triple for quad in quads_of(text))
    axioms = Axioms((t.subject, t.predicate, t.object) for t in triples if isinstance(t, Triple))
    rules = [rule for rule in program_of(axioms, ()).owl if rule.head and rule.rule.name not in EQUALITY]
    return bool(turning_around(shapes_of(rules)))


@pytest.mark.parametrize(
    ("axioms", "expected"),
    [
        (":p owl:inverseOf :q .", True),
        (":p a owl:SymmetricProperty .", True),
        (":p owl:inverseOf :q . :r owl:inverseOf :s . :t a owl:SymmetricProperty .", True),
        (":p owl:inverseOf :q . :r owl:inverseOf :q .", False),
        (":p owl:inverseOf :q . :p a owl:SymmetricProperty .", False),
        (":p rdfs:subPropertyOf :q .", False),
        (":p rdfs:domain :C .", False),
    ],
)
def test_each_property_has_one_inverse(axioms: str, expected: bool) -> None:
    assert found(axioms) == expected


def test_what_others_find_is_turned_around_too() -> None:
    text = (
        ":p owl:inverseOf :q . :r rdfs:subPropertyOf :p . :s rdfs:subPropertyOf :q . :q a owl:TransitiveProperty ."
        " :a :r :b . :b :s :c . :d :p :c ."
    )
    inferred = {line for line in written(closed(DatalogEngine(()), text).inferred.added) if "http" not in line}
    both = {("a", "b"), ("c", "b"), ("d", "c"), ("d", "b")}
    assert inferred == {f"<{x}> <p> <{y}>" for x, y in both - {("d", "c")}} | {f"<{y}> <q> <{x}>" for x, y in both}
