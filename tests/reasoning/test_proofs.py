"""Whatever follows has proofs, which an independent checker finds right; what does not follow has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from kgtool import KnowledgeGraph
from kgtool.reasoning.datalog_engine import DatalogEngine
from kgtool.reasoning.language import Rule
from kgtool.reasoning.proofs import Explanation, Origin, Said, Step, explain_clash, explain_fact
from kgtool.reasoning.reading import axioms_of_closure
from kgtool.reasoning.rulefiles import read_rules
from kgtool.store.canonical import canonical_quads
from kgtool.store.layout import asserted_triples, inferred_triples, read_state
from kgtool.transactions.commits import write
from kgtool.vocabulary import iri
from tests.hand_written import build_hand_written

from .proof_checker import ProofChecker, WrongProof, size
from .random_ontologies import ONTOLOGIES, questions
from .test_w3c_rules import CASES, Case
from .worlds import World, quads_of

#: Of the region's facts every so many are explained, but for the long rounds.
SAMPLE = 12
OTHER = NamedNode("urn:x:other")
RULES_IN_TIME = Path(__file__).with_name("rules_in_time")


class Explained:
    """A graph in memory, closed, that explains itself and has its explanations checked."""

    def __init__(
        self, quads: Iterable[Quad], rules: Sequence[Rule] = (), *, takes_inferred_lists: bool = False
    ) -> None:
        self.rules = rules
        self.world = world = World(DatalogEngine(rules))
        world.store.fill(canonical_quads(quads))
        world.state = read_state(world.store)
        prepared = world.anew()
        world.state = write(world.store, world.state, prepared, ())
        self.clashes = prepared.consequences.clashes
        self.axioms = axioms_of_closure(world.store, world.state)
        self.checker = ProofChecker(
            world.store, world.state.sources, {rule.name: rule for rule in rules}, takes_inferred_lists
        )

    def explain(self, triple: Triple | Quad, limit: int = 3) -> Explanation:
        fact: Any = (triple.subject, triple.predicate, triple.object)
        found = explain_fact(fact, self.world.store, self.world.state, self.axioms, self.rules, limit=limit)
        self.checker.check(found)
        return found

    def contradictions(self) -> Iterator[Step]:
        for clash in self.clashes:
            step = explain_clash(clash, self.world.store, self.world.state, self.axioms, self.rules)
            assert step is not None, clash
            self.checker.check_step(step)
            yield step


@settings(max_examples=20)
@given(ONTOLOGIES)
def test_of_random_ontologies_what_follows_is_proved_and_nothing_else(text: str) -> None:
    explained = Explained(quads_of(text), takes_inferred_lists=True)
    inferred, asserted = explained.world.inferred(), explained.world.asserted()
    for triple in inferred:
        found = explained.explain(triple)
        assert found.proofs, f"no proof of {triple}"
        assert not found.said
    for triple in asserted:
        assert explained.explain(triple).said
    for quad in quads_of("\n".join(" ".join((*triple, ".")) for triple in questions())):
        if quad.triple not in inferred | asserted:
            assert not explained.explain(quad).holds, f"{quad.triple} does not follow"


def test_a_proof_by_what_always_holds_is_not_overlooked() -> None:
    explained = Explained(quads_of(":A rdfs:subClassOf :A . :b a :A ; owl:sameAs :a . :c owl:sameAs :a, :b ."))
    (quad,) = quads_of(":c a :A .")
    assert [proof.size for proof in explained.explain(quad).proofs][:2] == [4, 5]  # the second: :c is the same as :c


@pytest.mark.xfail(strict=True, reason="steps read lists that follow, and do not prove them")
def test_a_list_that_no_source_gives_is_proved_too() -> None:
    explained = Explained(quads_of(":A owl:oneOf ( :a ) . :a owl:sameAs :b ."))
    (quad,) = quads_of(":b a :A .")
    assert explained.explain(quad).proofs


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_follows_by_each_rule_of_the_specification_is_proved(case: Case) -> None:
    explained = Explained(case.premise)
    for triple in explained.world.inferred():
        assert explained.explain(triple).proofs, triple


DATED = """
:m :member :ada ; :organization :u ; :start "2010"^^xsd:gYear ; :end "2020-06-30"^^xsd:date ; :seen "2015"^^xsd:gYear .
:n :member :ben ; :organization :u .
:s :unit :u ; :supervisor :inserm ; :start "2012-03"^^xsd:gYearMonth ; :seen "2014"^^xsd:gYear , "2016"^^xsd:gYear .
:t :unit :inserm ; :supervisor :state ; :end "2015"^^xsd:gYear .
"""


def test_what_rules_build_from_dates_is_proved() -> None:
    """Binds, conditions, aggregates, negation, and nodes of which only the widest stay."""
    explained = Explained(quads_of(DATED), read_rules(RULES_IN_TIME))
    inferred = explained.world.inferred()
    assert {rule.name for rule in explained.rules} == {explained.explain(triple).proofs[0].rule for triple in inferred}


def cases(names: Iterable[str]) -> list[Any]:
    return [pytest.param(CASES[name], id=name) for name in names]


ENTAILED = [name for name, case in CASES.items() if case.entails]


@pytest.mark.parametrize("case", cases(ENTAILED))
def test_what_is_entailed_though_the_graph_leaves_it_out_is_explained(case: Case) -> None:
    explained = Explained(case.premise)
    for quad in case.read(case.entails):
        if not isinstance(quad.subject, BlankNode) and not isinstance(quad.object, BlankNode):
            assert explained.explain(quad).holds, quad.triple


FALSE = [name for name, case in CASES.items() if case.false]


@pytest.mark.parametrize("case", cases(FALSE))
def test_a_contradiction_is_explained_down_to_what_sources_say(case: Case) -> None:
    # of lists in which one thing takes the place of another, as they are the same, no step says so
    explained = Explained(case.premise, takes_inferred_lists=case.rule in ("eq-diff2", "eq-diff3"))
    found = list(explained.contradictions())
    assert [step.rule for step in found] == [clash.rule for clash in explained.clashes]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    store = build_hand_written(tmp_path_factory.mktemp("explained"))
    with KnowledgeGraph.open(store) as kg:
        yield kg


@pytest.fixture(scope="module")
def checker(region: KnowledgeGraph) -> ProofChecker:
    files = {rule.name: rule for rule in region._opened.rules}
    return ProofChecker(region._store, region._state.sources, files)


def inferred_of(region: KnowledgeGraph) -> list[Triple]:
    return sorted(inferred_triples(region._store), key=str)


def explain_inferred(region: KnowledgeGraph, checker: ProofChecker, triples: Iterable[Triple]) -> None:
    for triple in triples:
        found = region.explain(triple.subject, triple.predicate, triple.object)  # type: ignore[arg-type]
        checker.check(found)
        assert found.proofs, triple


def explain_not_inferred(region: KnowledgeGraph, checker: ProofChecker, every: int) -> None:
    """Ask of people and organisations that nothing affiliates whether they are affiliated."""
    affiliated = iri("kg", "affiliatedWith")
    known = set(asserted_triples(region._store, region._state)) | set(inferred_triples(region._store))
    links = [triple for triple in known if triple.predicate == affiliated]
    people = sorted({triple.subject for triple in links}, key=str)
    places = sorted({triple.object for triple in links}, key=str)
    others = [
        pair for pair in ((a, b) for a in people for b in places) if Triple(pair[0], affiliated, pair[1]) not in known
    ]
    assert others
    for person, place in others[::every]:
        found = region.explain(person, affiliated, place)  # type: ignore[arg-type]
        checker.check(found)
        assert not found.holds
        assert found.missing


def test_facts_of_the_region_are_proved(region: KnowledgeGraph, checker: ProofChecker) -> None:
    explain_inferred(region, checker, inferred_of(region)[::SAMPLE])
    explain_not_inferred(region, checker, SAMPLE)


@pytest.mark.long
def test_every_fact_of_the_region_is_proved(region: KnowledgeGraph, checker: ProofChecker) -> None:
    explain_inferred(region, checker, inferred_of(region))
    explain_not_inferred(region, checker, 1)


def test_more_proofs_start_with_the_same_ones(region: KnowledgeGraph) -> None:
    place = NamedNode("https://w3id.org/kgtool/id/hauts-de-france/company/inbrain-pharma")
    fact = place, iri("rdf", "type"), iri("schema", "Organization")
    few, many = (region.explain(*fact, limit=limit).proofs for limit in (2, 5))
    assert many[:2] == few
    assert len(many) == 5


# The checker itself: each of these takes a right proof and makes it a wrong one.

FAMILY = """
:uncle owl:propertyChainAxiom ( :parent :brother ) . :uncle rdfs:subPropertyOf :relative .
:a :parent :b . :b :brother :c .
"""


def without_a_premise(step: Step) -> Step:
    return replace(step, premises=step.premises[1:])


def with_a_premise_more(step: Step) -> Step:
    return replace(step, premises=(*step.premises, said(OTHER, OTHER, OTHER)))


def of_another_fact(step: Step) -> Step:
    return replace(step, fact=(step.fact[2], step.fact[1], step.fact[0]))


def by_another_rule(step: Step) -> Step:
    return replace(step, rule="prp-eqp1" if step.rule == "prp-spo1" else "prp-spo1")


def on_itself(step: Step) -> Step:
    by_itself = replace(step, premises=tuple(replace_said(p, step) for p in step.premises))
    return replace(step, premises=(*step.premises[:-1], by_itself))


def replace_said(premise: Any, step: Step) -> Any:
    return step if premise is step.premises[-1] else premise


def said_elsewhere(step: Step) -> Step:
    leaf = next(place for place, premise in enumerate(step.premises) if isinstance(premise, Said))
    wrong = replace(step.premises[leaf], origins=(Origin(OTHER),))  # type: ignore[type-var]
    return replace(step, premises=(*step.premises[:leaf], wrong, *step.premises[leaf + 1 :]))  # type: ignore[arg-type]


def said_by_nobody(step: Step) -> Step:
    leaf = next(place for place, premise in enumerate(step.premises) if isinstance(premise, Said))
    wrong = replace(step.premises[leaf], origins=())  # type: ignore[type-var]
    return replace(step, premises=(*step.premises[:leaf], wrong, *step.premises[leaf + 1 :]))  # type: ignore[arg-type]


def said(subject: NamedNode, predicate: NamedNode, value: NamedNode) -> Said:
    return Said((subject, predicate, value), (Origin(OTHER),))


@pytest.fixture(scope="module")
def family() -> Explained:
    return Explained(quads_of(FAMILY))


WRONG: list[Callable[[Step], Step]] = [
    without_a_premise, with_a_premise_more, of_another_fact, by_another_rule, on_itself, said_elsewhere, said_by_nobody,
]  # fmt: skip


@pytest.mark.parametrize("make_wrong", WRONG, ids=lambda function: function.__name__)
def test_the_checker_refuses_what_is_no_proof(family: Explained, make_wrong: Callable[[Step], Step]) -> None:
    (quad,) = quads_of(":a :relative :c .")
    (proof,) = family.explain(quad).proofs
    with pytest.raises(WrongProof):
        family.checker.check_step(make_wrong(proof))


def test_the_checker_refuses_a_list_in_another_order(family: Explained) -> None:
    (quad,) = quads_of(":a :uncle :c .")
    (proof,) = family.explain(quad).proofs
    ((head, members),) = proof.lists
    with pytest.raises(WrongProof):
        family.checker.check_step(replace(proof, lists=((head, members[::-1]),)))


def test_the_checker_refuses_proofs_out_of_order(region: KnowledgeGraph, checker: ProofChecker) -> None:
    place = NamedNode("https://w3id.org/kgtool/id/hauts-de-france/unit/rademe")
    found = region.explain(place, iri("rdf", "type"), iri("org", "Organization"))
    assert size(found.proofs[0]) < size(found.proofs[-1])
    for proofs in (found.proofs[::-1], (found.proofs[0], found.proofs[0])):
        with pytest.raises(WrongProof):
            checker.check(replace(found, proofs=proofs))


def test_the_checker_refuses_a_step_of_a_rule_file_that_does_not_follow(
    region: KnowledgeGraph, checker: ProofChecker
) -> None:
    base = "https://w3id.org/kgtool/id/hauts-de-france"
    person, place = NamedNode(f"{base}/person/luc-buee"), NamedNode(f"{base}/institution/inserm")
    proof = region.explain(person, iri("kg", "affiliatedWith"), place).proofs[0]
    assert proof.rule in checker.files
    for wrong in (without_a_premise(proof), with_a_premise_more(proof), of_another_fact(proof)):
        with pytest.raises(WrongProof):
            checker.check_step(wrong)
