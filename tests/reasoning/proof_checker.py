"""Checks proofs by rules, with code of its own: it shares none with the search for proofs, nor with matching rules.

What the OWL rules say is read from the text of ``owl2rl.rules`` by a reader of its own; whether a list is one is walked
in the store's asserted triples; whether a rule file concludes something is asked of Oxigraph, with the SPARQL of the
file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import combinations
from math import inf
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from kgtool.reasoning.language import Fact, Rule
from kgtool.reasoning.proofs import Explanation, Origin, Said, Step
from kgtool.vocabulary import INFERRED

from .owl_rule_texts import Choice, OwlRule, Pattern, is_variable, read_owl_rules
from .rule_file_steps import FileSteps

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
SAME_AS = NamedNode("http://www.w3.org/2002/07/owl#sameAs")
#: The least and the greatest of the whole numbers that datatypes hold.
RANGES = {
    "decimal": (-inf, inf),
    "nonNegativeInteger": (0, inf),
    "positiveInteger": (1, inf),
    "nonPositiveInteger": (-inf, 0),
    "negativeInteger": (-inf, -1),
    **{
        name: (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        for name, bits in (("long", 64), ("int", 32), ("short", 16), ("byte", 8))
    },
    **{f"unsigned{name}": (0, 2**bits - 1) for name, bits in (("Long", 64), ("Int", 32), ("Short", 16), ("Byte", 8))},
}
#: The datatypes that hold any short word.
WORDS = ("normalizedString", "token", "language", "Name", "NCName", "NMTOKEN")
OWL_RULES_FILE = Path(__file__).resolve().parents[2] / "kgtool" / "reasoning" / "owl" / "owl2rl.rules"


class WrongProof(AssertionError):
    """A proof that is none, and why."""


@cache
def owl_rules() -> Mapping[str, OwlRule]:
    return read_owl_rules(OWL_RULES_FILE.read_text("utf-8"))


@dataclass
class ProofChecker:
    """Checks explanations against a store.

    :param store: its quads.
    :param sources: the names of its source graphs.
    :param files: its rule files, by name.
    :param takes_inferred_lists: whether lists may have members that no source gives them.
    """

    store: Any
    sources: Sequence[Any]
    files: Mapping[str, Rule]
    takes_inferred_lists: bool = False
    _checked: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._file_steps = FileSteps(self.store, self.sources)
        self._kept: list[Step] = []

    def check(self, explanation: Explanation) -> None:
        """Check an explanation of a fact.

        :raises WrongProof: naming the first step that is wrong.
        """
        fact = explanation.fact
        self._check_origins(fact, explanation.said)
        for proof in explanation.proofs:
            if proof.fact != fact:
                raise WrongProof(f"a proof of {proof.fact} for {fact}")
            self.check_step(proof)
        sizes = [size(proof) for proof in explanation.proofs]
        if sizes != sorted(sizes):
            raise WrongProof(f"sizes {sizes} of the proofs of {fact}")
        for one, other in combinations(explanation.proofs, 2):
            if same(one, other):
                raise WrongProof(f"the same proof of {fact} twice")
        if explanation.missing and (explanation.said or explanation.proofs):
            raise WrongProof(f"{fact} holds, and something is missing")

    def check_step(self, top: Step) -> None:
        """Check a step with everything below it."""
        if id(top) in self._checked:
            return
        waiting: list[tuple[Step, frozenset[Fact]]] = [(top, frozenset())]
        while waiting:
            step, above = waiting.pop()
            if step.fact in above:
                raise WrongProof(f"{step.fact} is a premise of itself")
            self._check_alone(step)
            for premise in step.premises:
                if isinstance(premise, Said):
                    if not premise.origins:
                        raise WrongProof(f"nobody says {premise.fact}")
                    self._check_origins(premise.fact, premise.origins)
                else:
                    waiting.append((premise, above | {step.fact}))

    def _check_alone(self, step: Step) -> None:
        """Check that a step is an instance of its rule."""
        if id(step) in self._checked:
            return
        self._checked.add(id(step))
        self._kept.append(step)  # while it lives no other step has its id
        premises = [premise.fact for premise in step.premises]
        if step.rule in self.files:
            right = self._file_steps.is_instance(self.files[step.rule], step)
        else:
            right = is_owl_instance(owl_rules()[step.rule], step, premises) and self._lists_are_there(step)
        if not right:
            raise WrongProof(f"no instance of {step.rule}: {step.fact} from {premises} with {step.lists}")

    def _check_origins(self, fact: Fact, origins: Iterable[Origin]) -> None:
        named = [origin.graph for origin in origins]
        if len(set(named)) != len(named):
            raise WrongProof(f"a source named twice for {fact}")
        for graph in named:
            if graph not in self.sources or Quad(*fact, graph) not in self.store:
                raise WrongProof(f"{graph} does not say {fact}")

    def _lists_are_there(self, step: Step) -> bool:
        return all(self._is_list(head, members) for head, members in step.lists)

    def _is_list(self, head: Any, members: Sequence[Any]) -> bool:
        """Tell whether a node is the head of a list of these members in what sources say, each cell once."""
        ways = [(head, frozenset[Any]())]
        for member in members:
            ways = [
                (rest, seen | {cell})
                for cell, seen in ways
                if cell not in seen and member in self._values(cell, FIRST)
                for rest in self._values(cell, REST)
            ]
        return any(rest == NIL for rest, _ in ways)

    def _values(self, subject: Any, predicate: NamedNode) -> set[Any]:
        if isinstance(subject, Literal):
            return set()
        graphs = (*self.sources, INFERRED) if self.takes_inferred_lists else self.sources
        return {quad.object for graph in graphs for quad in self.store.quads(subject, predicate, None, graph)}


def is_owl_instance(rule: OwlRule, step: Step, premises: Sequence[Fact]) -> bool:
    """Tell whether a step is an instance of an OWL rule: what it lists and its premises match the rule one to one."""
    if rule.looks_into_literals:
        return _is_about_literals(step)
    if rule.name == "eq-ref" and not premises:  # of any term whatever
        return step.fact[0] == step.fact[2] and step.fact[1] == SAME_AS
    heads: Sequence[Pattern | None] = rule.head or [None]
    if not rule.choice and step.lists:
        return False
    for bound, atoms in _choices(rule.choice, step):
        for head in heads:
            start = bound if head is None else extended(bound, head, step.fact)
            if start is not None and _covers([*rule.body, *atoms], premises, start):
                return True
    return False


def _choices(choice: Choice | None, step: Step) -> Iterator[tuple[dict[str, Any], list[Pattern]]]:
    """Give what a rule's list stands for, one way after the other: values of variables, and triples."""
    if choice is None:
        yield {}, []
        return
    for head, members in step.lists:
        for values, atoms in choice.ways(members):
            yield {choice.head: head, **values}, atoms


def _covers(atoms: Sequence[Pattern], premises: Sequence[Fact], bound: dict[str, Any]) -> bool:
    """Tell whether atoms can be matched so that each is a premise, and each premise is one of them."""
    if not atoms:
        return not premises
    ways: list[tuple[list[Pattern], dict[str, Any], frozenset[Fact]]] = [(list(atoms), bound, frozenset())]
    while ways:
        left, values, used = ways.pop()
        if not left:
            if used == set(premises):
                return True
            continue
        found = [(atom, [(p, e) for p in premises if (e := extended(values, atom, p)) is not None]) for atom in left]
        atom, options = min(found, key=lambda pair: len(pair[1]))
        rest = [other for other in left if other is not atom]
        ways += [(rest, option, used | {premise}) for premise, option in options]
    return False


def extended(values: dict[str, Any], atom: Pattern, fact: Fact) -> dict[str, Any] | None:
    """Extend values of variables so that an atom becomes a fact; numbers are compared by value."""
    new = dict(values)
    for node, term in zip(atom, fact, strict=True):
        if is_variable(node):
            if new.setdefault(node, term) != term:
                return None
        elif isinstance(node, int):
            if not isinstance(term, Literal) or not term.value.isdigit() or int(term.value) != node:
                return None
        elif node != term:
            return None
    return new


def _is_about_literals(step: Step) -> bool:
    """Tell whether a step into literals is right, as far as this can be seen without knowing every datatype.

    Only that a literal is in its own datatype, a whole number or a short word in others, is taken as seen; that numbers
    are equal; and that those are literals which are said to contradict each other.
    """
    xsd = "http://www.w3.org/2001/XMLSchema#"
    subject, predicate, value = step.fact
    if step.rule in ("dt-diff", "dt-not-type"):
        (premise,) = step.premises
        return any(isinstance(term, Literal) for term in premise.fact)
    if step.rule == "dt-type1":
        return value.value == "http://www.w3.org/2000/01/rdf-schema#Datatype"
    if step.premises or not isinstance(subject, Literal):
        return False
    if step.rule == "dt-eq":
        return predicate == SAME_AS and isinstance(value, Literal) and Decimal(subject.value) == Decimal(value.value)
    if step.rule != "dt-type2" or predicate.value != f"{RDF}type":
        return False
    own = subject.datatype.value
    wider: set[str] = set()
    if own == f"{xsd}integer":
        wider = {f"{xsd}{name}" for name, (least, most) in RANGES.items() if least <= int(subject.value) <= most}
    elif own == f"{xsd}string" and subject.value.isascii() and subject.value.isalpha() and len(subject.value) <= 8:
        wider = {f"{xsd}{name}" for name in WORDS} | {f"{RDF}PlainLiteral"}
    return value.value in {own, "http://www.w3.org/2000/01/rdf-schema#Literal", *wider}


def size(top: Step) -> int:
    """Count the steps and leaves of a proof, as often as they stand in it."""
    known: dict[int, int] = {}
    waiting = [top]
    while waiting:
        step = waiting[-1]
        steps = [premise for premise in step.premises if isinstance(premise, Step)]
        if open_steps := [premise for premise in steps if id(premise) not in known]:
            waiting += open_steps
            continue
        waiting.pop()
        known[id(step)] = 1 + len(step.premises) - len(steps) + sum(known[id(premise)] for premise in steps)
    return known[id(top)]


def same(one: Step, other: Step) -> bool:
    """Tell whether two proofs do the same: the same rules from the same premises, whatever their order."""

    def used(top: Step) -> set[tuple[Any, ...]]:
        found, waiting = set(), [top]
        while waiting:
            step = waiting.pop()
            found.add((step.fact, step.rule, frozenset(premise.fact for premise in step.premises), step.lists))
            waiting += [premise for premise in step.premises if isinstance(premise, Step)]
        return found

    return used(one) == used(other)
