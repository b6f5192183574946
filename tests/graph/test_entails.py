"""Entailment: ground triples, blank nodes matched jointly, what the contract leaves out.

Expected answers: RDF 1.1 Semantics, section 5, on the closure under tables 4 to 9 of OWL 2 Profiles.
"""

from __future__ import annotations

from functools import partial

import pytest
from pyoxigraph import Triple

from kgtool import KnowledgeGraph, LimitError
from kgtool.reasoning import entailment
from kgtool.reasoning.datalog_engine import DatalogEngine
from kgtool.reasoning.entailment import WholeClosure, entails
from kgtool.reasoning.reading import axioms_of_closure
from kgtool.store.canonical import canonical_quads
from kgtool.store.closure import Closure
from tests.graph.conftest import turtle
from tests.reasoning.worlds import World, quads_of

DATA = """
:p rdfs:subPropertyOf :q . :A a owl:Class ; rdfs:subClassOf :B . :r a owl:ObjectProperty .
:a :p :b . :b :p :c ; :n 1 . :x :n 2 . :s a :A .
"""


@pytest.fixture
def known(kg: KnowledgeGraph) -> KnowledgeGraph:
    kg.load(turtle(DATA, "urn:x:one"))
    return kg


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":a :q :b .",
        ":s a :B .",
        ":a :q _:x . _:x :q :c .",
        "_:x :n 1 . _:y :q _:x .",
        "_:x :n 01 .",
        ":s a owl:Thing .",
        ":a owl:sameAs :a .",
        ":A rdfs:subClassOf :A, owl:Thing . owl:Nothing rdfs:subClassOf :A .",
        ":r rdfs:subPropertyOf :r .",
        "owl:Thing a owl:Class . rdfs:label a owl:AnnotationProperty . xsd:integer a rdfs:Datatype .",
        "_:x a owl:Thing ; :n 1 .",
        "_:x a _:c .",
    ],
)
def test_yes(known: KnowledgeGraph, text: str) -> None:
    answer = known.entails(turtle(text, "urn:x:question"))
    assert answer.missing == ()
    assert answer.entailed


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        (":b :q :a .", [1]),
        (":a :q :b . :a :q :z . :b :q :z .", [1, 1]),
        (":a :q _:x . _:x :n 2 .", [2]),
        ("_:x :q _:x .", [1]),
        (":a :q _:x . _:x :q _:y . _:y :n 1 . :c :q _:z .", [3, 1]),
        ("_:x :n 3 .", [1]),
        (":a owl:sameAs :b .", [1]),
        (":Unknown rdfs:subClassOf :Unknown .", [1]),
        (":s a owl:Nothing .", [1]),
    ],
)
def test_no_and_what_fails(known: KnowledgeGraph, text: str, groups: list[int]) -> None:
    answer = known.entails(turtle(text, "urn:x:question"))
    assert not answer.entailed
    assert sorted(len(group) for group in answer.missing) == sorted(groups)
    assert len(answer.as_json()["missing"]) == len(groups)  # type: ignore[arg-type]


def entailed(premise: str, question: str) -> bool:
    """Ask the closure of a premise."""
    world = World(DatalogEngine(()))
    world.change(quads_of(premise))
    closure = Closure(world.store, world.state)
    whole = partial(WholeClosure, world.store, world.state, axioms_of_closure(world.store, world.state))
    return entails(triples_of(question), closure.__contains__, closure.ask, whole).entailed


def triples_of(text: str) -> list[Triple]:
    return [quad.triple for quad in canonical_quads(quads_of(text))]


@pytest.mark.parametrize(
    ("premise", "question"),
    [
        # a literal is in every datatype that has its value (dt-type2), whether or not the graph has that literal
        (":a :p 1 .", ":a :p _:x . _:x a xsd:integer, xsd:byte, rdfs:Literal ."),
        ("", "_:x a xsd:byte, xsd:negativeInteger ."),
        # values, not terms (dt-eq); different values differ (dt-diff)
        (":a :p 1.0 .", ":a :p 1 ."),
        (":a :p 'x' .", ":a :p 'x'^^xsd:token ."),
        (":a :p 1.0 .", ":a :p _:x . _:y :p _:x . _:y :p 1 ."),
        (":a :p 1 . :b :q 1.0 .", ":a :p _:x . :b :q _:x ."),
        (":a :p 1 . :b :q 1.0 .", ":a :p _:x . :b :q _:y . _:x owl:sameAs _:y ."),
        (":a :p 1 . :b :q 2 .", ":a :p _:x . :b :q _:y . _:x owl:differentFrom _:y ."),
        ("", "_:x owl:differentFrom _:y ."),
        (":a :p 'x' ; :q 1 .", "_:a :p 'x' ; :q _:y . _:y a xsd:integer ."),
        (":a :p 'x' ; :q 1 .", "_:a :p 'x' ; :q 1.0 ."),
        # literals that became subjects: in a class, and with properties
        (":p rdfs:range :C . :a :p 1 .", ":a :p _:x . _:x a :C ."),
        (":p rdfs:range :C . :a :p 1 .", "_:x a :C ."),
        (":p rdfs:range :C . :C rdfs:subClassOf :D . :D rdfs:subClassOf :E . :a :p 1 .", ":a :p [ a :C, :D, :E ] ."),
        (":p rdfs:range :C . :q rdfs:range :D . :a :p 1 ; :q 1.0 .", ":a :p [ a :C, :D ] ."),
        ("xsd:integer rdfs:subClassOf :Number . :a :p 1 .", ":a :p [ a :Number ] ."),
        (":C owl:unionOf ( :A :B ) . :p rdfs:range :B . :a :p 1 .", ":a :p [ a :C ] ."),
        (":p a owl:SymmetricProperty . :a :p 1 .", "_:x :p :a . _:x a xsd:integer ."),
        (":p owl:inverseOf :q . :q rdfs:subPropertyOf :r . :a :p 'x' .", ":a :p _:x . _:x :q :a ; :r :a ."),
        (":p owl:inverseOf :q . :q rdfs:subPropertyOf :r . :a :p 'x' .", "_:x :r :a ."),
        (":p a owl:FunctionalProperty . :a :p :b , 'x' . :b :q :c .", ":a :p _:x . _:x a xsd:string ; :q :c ."),
        # equality with itself, of whatever there is
        ("", "_:x owl:sameAs _:y . _:y owl:sameAs _:z ."),
        (":a :p :b .", ":a :p _:x . _:x owl:sameAs :b ; a owl:Thing ."),
        # reflexive and axiomatic triples, also where the class or property is not named
        (":C a owl:Class .", ":C rdfs:subClassOf _:x . _:x owl:equivalentClass :C ."),
        (
            ":C a owl:Class . :a :p :C .",
            ":a :p _:x . _:x rdfs:subClassOf owl:Thing . owl:Nothing rdfs:subClassOf _:x .",
        ),
        (":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .", ":A rdfs:subClassOf :A ; owl:equivalentClass :A ."),
        (":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .", ":p owl:equivalentProperty :p ."),
        (":C a owl:Class . :R owl:onProperty :p ; owl:someValuesFrom :C .", ":R rdfs:subClassOf :R ."),
        ("", "_:x a owl:Class ; rdfs:subClassOf owl:Thing ."),
        ("", "xsd:string a _:x . _:y a rdfs:Datatype, owl:Thing ."),
        # lists and headers are triples like others
        ("[] a owl:Ontology . :C owl:oneOf ( :a :b ) .", "_:o a owl:Ontology . :C owl:oneOf ( :a :b ) ."),
        ("[] a owl:AllDifferent ; owl:members ( :a :b ) . :a owl:sameAs :c .", "[] owl:members ( :c :b ) ."),
    ],
)
def test_yes_to_what_is_left_out(premise: str, question: str) -> None:
    assert entailed(premise, question)


@pytest.mark.parametrize(
    ("premise", "question"),
    [
        (":a :p 1 .", ":a :p _:x . _:x a xsd:string ."),
        (":a :p 300 .", ":a :p _:x . _:x a xsd:byte ."),
        ("", "_:x a xsd:integer , xsd:string ."),
        (":a :p 1 .", ":a :p 1e0 ."),
        (":a :p 1 . :b :q 1e0 .", ":a :p _:x . :b :q _:x ."),
        (":a :p 1 . :b :q 1.0 .", ":a :p _:x . :b :q _:y . _:x owl:differentFrom _:y ."),
        (":a :p 'x'^^:dt . :b :q 'y'^^:dt .", ":a :p _:x . :b :q _:y . _:x owl:differentFrom _:y ."),
        (":a :p :b .", ":a :p _:x . _:x owl:differentFrom :a ."),
        (":p rdfs:range :C . :a :p 1 ; :q 2 .", ":a :q _:x . _:x a :C ."),
        (":p owl:inverseOf :q . :a :p 'x' . :b :p :c .", "_:x :q :a . :b :p _:x ."),
        (":a :p :b .", ":a :p _:x . _:x rdfs:subClassOf owl:Thing ."),
        (":a :p :b .", ":a :p _:x . _:x rdfs:subClassOf _:x ."),
        (":a :p :b .", ":a :p _:x . _:x a owl:Class ."),
        (":a :p :b .", ":a :p _:x . _:x a rdfs:Datatype ."),
        (":a :p :b .", ":a :p _:x . _:x owl:sameAs :a ."),
        (":A rdfs:subClassOf :B .", ":A rdfs:subClassOf :A ."),
        (":p a owl:ObjectProperty .", ":p a owl:DatatypeProperty ."),
        ("", "_:x a :C ."),
        # what OWL's direct semantics would ignore, or take for granted
        ("", "_:o a owl:Ontology ."),
        ("[] a owl:Ontology .", ":o a owl:Ontology ."),
        (":a :p :b .", ":a a owl:NamedIndividual ."),
        (":A rdfs:subClassOf :B .", ":A a owl:Class ."),
        # no rule makes a class of a description, a list in another order, or owl:differentFrom of individuals
        (":a :p :b . :b a :B .", ":a a [ owl:onProperty :p ; owl:someValuesFrom :B ] ."),
        (":C owl:oneOf ( :a :b ) .", ":C owl:oneOf ( :b :a ) ."),
        (":a owl:differentFrom :b .", ":b owl:differentFrom :a ."),
    ],
)
def test_no_to_what_does_not_follow(premise: str, question: str) -> None:
    assert not entailed(premise, question)


def test_a_question_with_too_many_ways_to_match_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entailment, "_MOST_STEPS", 1_000)
    # a literal that became a subject, so that blank nodes may stand for it
    premise = ":p a owl:SymmetricProperty . :z :p 1 . "
    premise += " ".join(f":a{one} :p :a{other} ." for one in range(6) for other in range(6) if one != other)
    # seven that all know each other among six: no, but it takes long to see
    clique = " ".join(f"_:b{one} :p _:b{other} ." for one in range(7) for other in range(one))
    with pytest.raises(LimitError, match="too many ways"):
        entailed(premise, clique)
