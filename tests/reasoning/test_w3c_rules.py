"""Every rule of OWL 2 RL/RDF by the smallest graphs that need it, in bulk and change by change.

Source of the cases in ``w3c_rules``: W3C OWL 2 Profiles (Second Edition), section 4.3, tables 4 to 9, by hand. A case
is what the axioms say, what the data say, and what must follow, or that they contradict themselves. Each case is as
small as can be: without any one of its triples the conclusion must be gone, which is the near miss of each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad

from kgtool.reasoning.clash import Clash
from kgtool.reasoning.datalog_engine import DatalogEngine
from kgtool.reasoning.engine import Consequences
from kgtool.reasoning.entailment import WholeClosure, entails
from kgtool.reasoning.language import Fact
from kgtool.reasoning.owl.reader import owl_rules
from kgtool.reasoning.reading import axioms_of_closure
from kgtool.store.canonical import canonical_quads
from kgtool.store.closure import Closure
from kgtool.store.layout import read_state
from kgtool.transactions.commits import write
from kgtool.vocabulary import iri

from .worlds import World, quads_of

_LIST_PARTS = (iri("rdf", "first"), iri("rdf", "rest"))


@dataclass(frozen=True)
class Case:
    """A premise and its conclusion, in Turtle.

    :param follows: triples that the graph must hold, each without blank nodes.
    :param entails: a graph that must be entailed, though the contract leaves it out of the graph.
    :param false: whether the premise contradicts itself instead.
    :param found_by: the rule that the contradiction names, where it is not the one that the case is about.
    :param clash: the facts that it names, each as three terms; None for the premise, less the triples of lists.
    :param anew: whether changes of the data reach the axioms, so that the closure is computed anew.
    :param number: names the case's own terms apart from those of others in the same graph.
    """

    rule: str
    axioms: str = ""
    data: str = ""
    follows: str = ""
    entails: str = ""
    false: bool = False
    found_by: str = ""
    clash: tuple[str, ...] | None = None
    anew: bool = False
    number: str = ""

    def __post_init__(self) -> None:
        assert self.false + bool(self.follows) + bool(self.entails) == 1, f"{self.rule}: one conclusion, please"

    def read(self, text: str) -> list[Quad]:
        return list(canonical_quads(quads_of(f"@prefix : <urn:x:{self.number}> . {text}")))

    @property
    def premise(self) -> list[Quad]:
        """The triples; at each reading the nodes of lists are other ones."""
        return self.read(self.axioms + self.data)

    @property
    def is_about_vocabulary(self) -> bool:
        """Whether axioms are about OWL's own terms, and so about whatever else is in the same graph."""
        subjects = {quad.subject for quad in self.premise}
        return any(isinstance(term, NamedNode) and not term.value.startswith("urn:x:") for term in subjects)

    def conclusions(self, world: World) -> Iterator[bool]:
        """Tell of each thing that must follow whether it does."""
        if self.entails:
            closure = Closure(world.store, world.state)
            question = (quad.triple for quad in self.read(self.entails))
            axioms = axioms_of_closure(world.store, world.state)
            whole = partial(WholeClosure, world.store, world.state, axioms)
            yield entails(question, closure.__contains__, closure.ask, whole).entailed
        inferred = world.inferred()
        for quad in self.read(self.follows):
            yield quad.triple in inferred

    def is_found_by(self, clash: Clash) -> bool:
        """Tell whether a contradiction is the expected one."""
        if self.clash is None:
            expected = {(q.subject, q.predicate, q.object) for q in self.premise if q.predicate not in _LIST_PARTS}
        else:
            # Turtle cannot write them, as their subjects may be literals
            expected = {tuple(self.read(f":x :x {term} .")[0].object for term in fact.split()) for fact in self.clash}
        return clash.rule == (self.found_by or self.rule) and comparable(clash.premises) == comparable(expected)


def comparable(facts: Iterable[Fact]) -> set[tuple[str, ...]]:
    """Write facts so that blank nodes, which each reading names anew, do not matter."""
    return {tuple("[]" if isinstance(term, BlankNode) else str(term) for term in fact) for fact in facts}


def cases() -> Iterator[tuple[str, Case]]:
    numbers: dict[str, int] = {}
    for file in sorted(Path(__file__).with_name("w3c_rules").glob("*.toml")):
        for given in tomllib.loads(file.read_text("utf-8"))["case"]:
            case = Case(**{**given, "clash": tuple(given["clash"]) if "clash" in given else None})
            numbers[case.rule] = numbers.get(case.rule, 0) + 1
            yield f"{case.rule}-{numbers[case.rule]}", case


CASES = dict(cases())
CHANGING = {name: case for name, case in CASES.items() if case.data}


class Watched(DatalogEngine):
    """The engine, which counts the closures from scratch."""

    from_scratch = 0

    def _from_scratch(self, *args: Any, **options: Any) -> Consequences:
        self.from_scratch += 1
        return super()._from_scratch(*args, **options)


def closed_in_bulk(quads: Iterable[Quad]) -> tuple[World, Watched, tuple[Clash, ...]]:
    """Give a world of these quads, closed from scratch, and what contradicts itself in it."""
    engine = Watched(())
    world = World(engine)
    world.store.fill(quads)
    world.state = read_state(world.store)
    prepared = world.anew()
    before, world.state = world.state, write(world.store, world.state, prepared, ())
    engine.follow(before, world.state, prepared.change, prepared.consequences)
    return world, engine, prepared.consequences.clashes


def test_there_is_a_case_for_every_rule() -> None:
    assert {case.rule for case in CASES.values()} == {rule.name for rule in owl_rules()}
    assert len(owl_rules()) == 78


def holds(case: Case, world: World, found: Iterable[Clash]) -> bool:
    """Tell whether everything that must follow does: of contradictions, the expected one among what was found."""
    return any(map(case.is_found_by, found)) if case.false else all(case.conclusions(world)) and not found


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_in_bulk(case: Case) -> None:
    world, _, clashes = closed_in_bulk(case.premise)
    assert holds(case, world, clashes)
    assert all(clash.labels["en"] and clash.labels["fr"] for clash in clashes)


@pytest.mark.parametrize("case", CHANGING.values(), ids=CHANGING)
def test_by_changes(case: Case) -> None:
    """Add each triple of the data to all others, and take it away again."""
    for quad in case.read(case.data):
        world, engine, clashes = closed_in_bulk(other for other in case.premise if other != quad)
        before, engine.from_scratch = world.inferred(), 0
        assert clashes == ()
        assert not any(case.conclusions(world))
        assert holds(case, world, world.change([quad]).consequences.clashes)
        assert world.change((), [quad]).consequences.clashes == ()
        assert world.inferred() == before
        assert bool(engine.from_scratch) == case.anew, "whether a change is worked out from the change alone"


def near_misses() -> Iterator[tuple[str, Case, list[Quad]]]:
    """Give each case without each of its triples, with names of its own for each."""
    for name, case in CASES.items():
        for place, without in enumerate(case.premise):
            apart = replace(case, number=f"{name}-{place}-")
            premise = apart.premise
            del premise[place]
            yield f"{name} without {without.triple}", apart, premise


def test_not_without_any_triple_of_the_premise() -> None:
    """All near misses side by side in one graph: nothing follows in any, nor from one with another."""
    apart = [(name, case, premise) for name, case, premise in near_misses() if not case.is_about_vocabulary]
    world, _, clashes = closed_in_bulk(quad for _, _, premise in apart for quad in premise)
    assert [clash.text() for clash in clashes] == []
    assert [name for name, case, _ in apart if any(case.conclusions(world))] == []


ABOUT_VOCABULARY = {name: (case, premise) for name, case, premise in near_misses() if case.is_about_vocabulary}


@pytest.mark.parametrize(("case", "premise"), ABOUT_VOCABULARY.values(), ids=ABOUT_VOCABULARY)
def test_not_without_any_triple_of_a_premise_about_vocabulary(case: Case, premise: list[Quad]) -> None:
    world, _, clashes = closed_in_bulk(premise)
    assert clashes == ()
    assert not any(case.conclusions(world))
