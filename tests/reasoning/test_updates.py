"""Changes one after the other: the closure that follows them is the one from scratch, and mostly it just follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kgtool.reasoning.datalog_engine import DatalogEngine
from kgtool.reasoning.engine import Consequences, Facts, Tell
from kgtool.reasoning.language import Rule
from kgtool.reasoning.rulefiles import read_rule
from kgtool.store.change import QuadDelta

from .ontologies import axioms_on_axioms, facts, odd_axioms, other_ways, plain_axioms
from .worlds import World, quads_of

GRAPHS = tuple(NamedNode(f"urn:x:graph{number}") for number in range(2))
HEADER = (
    "# fr: une règle\n# en: a rule\nPREFIX : <urn:x:> PREFIX f: <https://w3id.org/kgtool/function#>"
    " PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
)


@dataclass
class CountingEngine(DatalogEngine):
    """The engine, with a count of the closures from scratch that changes cost it."""

    anew: int = field(default=0, init=False)

    def _from_scratch(self, change: QuadDelta, facts: Facts, *, anew: bool, tell: Tell | None) -> Consequences:
        self.anew += not anew
        return super()._from_scratch(change, facts, anew=anew, tell=tell)


def check(world: World) -> None:
    """See to it that a closure from scratch would change nothing."""
    found = world.anew().consequences
    assert (set(found.inferred.added), set(found.inferred.removed)) == (set(), set())
    assert (set(found.premises.added), set(found.premises.removed)) == (set(), set())


@dataclass(frozen=True)
class Step:
    """A change: statements for one of the graphs, and which of the quads there are go."""

    added: tuple[str, ...]
    graph: int
    removed: tuple[int, ...]

    def change(self, world: World) -> None:
        there = sorted((q for graph in GRAPHS for q in world.store.quads(graph=graph)), key=str)
        removed = {there[number % len(there)] for number in self.removed if there}
        world.change(quads_of("\n".join(self.added), GRAPHS[self.graph]), removed)


def steps(statements: st.SearchStrategy[str], length: int = 6) -> st.SearchStrategy[list[Step]]:
    found = st.builds(
        Step,
        st.lists(statements, max_size=3).map(tuple),
        st.integers(0, 1),
        st.lists(st.integers(0, 200), max_size=3).map(tuple),
    )
    return st.lists(found, min_size=1, max_size=length)


ontologies = st.lists(plain_axioms, min_size=1, max_size=5).map("\n".join)
odd_ontologies = st.lists(plain_axioms | odd_axioms | axioms_on_axioms, min_size=1, max_size=4).map("\n".join)


def follow(engine: DatalogEngine, ontology: str, changes: Sequence[Step]) -> None:
    world = World(engine)
    world.change(quads_of(ontology))
    for step in changes:
        step.change(world)
        check(world)


@settings(max_examples=6)
@given(ontologies, steps(facts | other_ways))
def test_data_come_and_go(ontology: str, changes: list[Step]) -> None:
    follow(DatalogEngine(()), ontology, changes)


def test_literals_come_and_go_where_any_type_is_looked_at() -> None:
    world = World(DatalogEngine(()))
    world.change(quads_of("rdf:type rdfs:range :Kind ."))
    for added, removed in ((":a :p 1, 1.5 .", ""), (":b :p 'x'@en .", ":a :p 1.5 ."), ("", ":a :p 1 .")):
        before = world.inferred()
        world.change(quads_of(added), quads_of(removed))
        assert world.inferred() != before
        check(world)


@settings(max_examples=5)
@given(odd_ontologies, steps(facts | plain_axioms, 4))
def test_axioms_come_and_go(ontology: str, changes: list[Step]) -> None:
    follow(DatalogEngine(()), ontology, changes)


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(max_examples=500)
@given(odd_ontologies, steps(facts | facts | other_ways | plain_axioms, 12))
def test_much_comes_and_goes(ontology: str, changes: list[Step]) -> None:
    follow(DatalogEngine(()), ontology, changes)


RULES = {
    "negation": "CONSTRUCT { ?a :alone ?b } WHERE { ?a :p0 ?b FILTER NOT EXISTS { GRAPH ?g { ?a :p1 ?c } } }",
    "negation below a class": (
        "CONSTRUCT { ?a :p2 ?b } WHERE { GRAPH ?h { ?a :p0 ?b } FILTER NOT EXISTS { GRAPH ?g { ?a a :C0 } }"
        " FILTER NOT EXISTS { GRAPH ?g { ?a a ?type } ?type rdfs:subClassOf :C0 } }"
    ),
    "negation below a property": (
        "CONSTRUCT { ?a :alone true } WHERE { ?a a :C1 FILTER NOT EXISTS"
        " { GRAPH ?g { ?a ?m ?c } ?m rdfs:subPropertyOf :p0 FILTER(?c != ?a) } }"
    ),
    "least and greatest": (
        "CONSTRUCT { ?a :first ?least ; :last ?most } WHERE { ?a a :C0"
        " { SELECT ?a (MIN(?v) AS ?least) (MAX(?v) AS ?most) WHERE { GRAPH ?g { ?a :p1 ?v } } GROUP BY ?a } }"
    ),
    "count": (
        "CONSTRUCT { ?a :count ?n } WHERE { ?a :p0 ?b OPTIONAL"
        " { SELECT ?b (COUNT(?c) AS ?n) WHERE { GRAPH ?g { ?b :p1 ?c } } GROUP BY ?b } }"
    ),
    "optional": (
        "CONSTRUCT { ?a :p3 ?c ; :label ?text } WHERE { ?a :p0 ?b OPTIONAL { GRAPH ?g { ?b :p1 ?c } FILTER(isIRI(?c)) }"
        " BIND(CONCAT(STR(?b), COALESCE(STR(?c), '-')) AS ?text) }"
    ),
    "built": (
        "CONSTRUCT { ?n a :C2 ; :of ?a ; :p1 ?b ; :about ?c } "
        "WHERE { ?a :p0 ?b GRAPH ?h { ?b ?m ?d } OPTIONAL { GRAPH ?g { ?b :p2 ?c } }"
        " BIND(IRI(CONCAT('urn:x:n/', SUBSTR(STR(?b), 7))) AS ?n) FILTER(STRSTARTS(STR(?a), 'urn:x:i')) }"
    ),
    "built from a value": (
        "CONSTRUCT { ?n :value ?v } "
        "WHERE { ?a a :C1 ; :p1 ?v BIND(IRI(CONCAT('urn:x:v/', ENCODE_FOR_URI(STR(?v)))) AS ?n) }"
    ),
    "from and to OWL": "CONSTRUCT { ?a :p0 ?c } WHERE { ?a :p1 ?b . ?b :p2 ?c }",
}


def rule(name: str) -> Rule:
    return read_rule(HEADER + RULES[name], name.replace(" ", "-"), f"{name}.rq")


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=2)
@given(st.lists(plain_axioms, max_size=3).map("\n".join), steps(facts, 5))
def test_rule_files_follow(name: str, ontology: str, changes: list[Step]) -> None:
    follow(DatalogEngine((rule(name),)), ontology, changes)


@pytest.mark.long
@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(sorted(RULES)), min_size=1, max_size=4, unique=True),
    st.lists(plain_axioms, max_size=4).map("\n".join),
    steps(facts | facts | facts | plain_axioms, 8),
)
def test_rule_files_follow_together(names: list[str], ontology: str, changes: list[Step]) -> None:
    follow(DatalogEngine(tuple(map(rule, names))), ontology, changes)
