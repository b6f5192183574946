"""Instances of rules that conclude a fact, with all their premises: data, axioms, and what sources say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from pyoxigraph import Literal, Quad

from kgtool.reasoning.incremental.instances import file_solutions
from kgtool.reasoning.incremental.stored import Budget, Stored
from kgtool.reasoning.incremental.views import GraphView, OwlView, Sources
from kgtool.reasoning.language import Absent, Atom, Chain, Each, Fact, Member, Pair, Rule, Term, Var
from kgtool.reasoning.least_names import LeastNames
from kgtool.reasoning.matching.solve import Binding, View, instantiate, solve, unify
from kgtool.reasoning.omitted import AXIOMATIC, is_omitted
from kgtool.reasoning.owl.axioms import Axioms, is_about_axioms
from kgtool.reasoning.owl.datatypes import DATATYPES, equal_in_value, is_in, ways_told
from kgtool.reasoning.owl.literal_types import LiteralTypes
from kgtool.reasoning.owl.reader import axiom_predicates, owl_rules
from kgtool.reasoning.owl.specialise import with_members
from kgtool.reasoning.proofs.proof import Denied, InWords
from kgtool.reasoning.widest import constants_of
from kgtool.store.interface import QuadStore
from kgtool.store.layout import State
from kgtool.store.looked_up import LookedUp
from kgtool.vocabulary import iri

_SAME_AS = iri("owl", "sameAs")
_TYPE = iri("rdf", "type")
#: Of the instances of one rule that conclude a fact, this many are looked at.
_MOST_OF_A_RULE = 40


@dataclass(frozen=True)
class Instance:
    """A rule and what it concludes a fact from.

    :param premises: facts of the closure.
    :param said: of these, those that a source has to say.
    """

    rule: Rule
    premises: tuple[Fact, ...]
    said: frozenset[Fact] = frozenset()
    denied: tuple[Denied, ...] = ()
    lists: tuple[tuple[Term, tuple[Term, ...]], ...] = ()
    in_words: InWords | None = field(default=None, compare=False)


class Reasons:
    """Looks for instances of rules in a store's closure.

    :param axioms: all of its axioms, closed.
    :param files: its rule files.
    """

    def __init__(self, store: QuadStore, state: State, axioms: Axioms, files: Sequence[Rule], budget: Budget) -> None:
        self._store = store
        self.axioms = axioms
        self.files = tuple(files)
        self.stored = Stored(LookedUp(store), state, budget)
        self.owl = _WithAxioms(OwlView(self.stored, LiteralTypes(axioms)), axioms)
        self.graph = GraphView(self.stored, Sources(self.stored))
        #: As rules see it that build nodes which compete.
        self.once: View = self.graph
        if self.stored.equates:
            self.once = LeastNames(self.graph, constants_of(rule for rule in files if rule.widest is not None))

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact is in the closure, or follows though the graph leaves it out."""
        return self.owl.holds(fact)

    def is_said(self, fact: Fact) -> bool:
        """Tell whether a source says a fact."""
        return self.stored.is_asserted(fact)

    def of(self, fact: Fact) -> Iterator[Instance]:
        """Give instances of rules that conclude a fact, at most some of each rule; the shortest rules first."""
        if _is_in_datatype(fact):
            yield Instance(_rule("dt-type2"), ())
        if fact in AXIOMATIC and fact[0] in DATATYPES:
            yield Instance(_rule("dt-type1"), ())
        if _is_of_one_value(fact):
            yield Instance(_rule("dt-eq"), ())
        for told in ways_told(fact, self.stored.holds):
            if told != fact:
                yield Instance(_rule("eq-rep-o"), ((told[2], _SAME_AS, fact[2]), told))
        if fact[1] == _SAME_AS and fact[0] == fact[2]:
            yield Instance(_rule("eq-ref"), ())
            return
        for rule in owl_rules():
            for atom in rule.head:
                binding = unify(atom, fact, {})
                if binding is not None and rule.name != "eq-ref":
                    yield from islice(self._of_owl_rule(rule, binding), _MOST_OF_A_RULE)
        for rule in self.files:
            yield from islice(self._of_file(rule, fact), _MOST_OF_A_RULE)

    def contradictions(self, rule: Rule, binding: Binding) -> Iterator[Instance]:
        """Give the instances of a false-rule that agree with a binding."""
        yield from islice(self._of_owl_rule(rule, binding), _MOST_OF_A_RULE)

    def _of_owl_rule(self, rule: Rule, binding: Binding) -> Iterator[Instance]:
        if not rule.lists:
            for solution in solve(rule.body, binding, self.owl):
                yield Instance(rule, _facts(rule.body, solution))
            return
        # What the axioms say comes first, as only then it is known how many atoms a list stands for.
        axioms = [atom for atom in rule.body if is_about_axioms(atom)]
        data = [atom for atom in rule.body if not is_about_axioms(atom)]
        for solution in solve(axioms, _without_members(rule, binding), self.axioms):
            for reading, extended, more in with_members(rule, solution, self.axioms):
                if any(binding.get(name, term) != term for name, term in extended.items()):
                    continue
                atoms = [*data, *more]
                for complete in solve(atoms, {**extended, **binding}, self.owl):
                    lists = tuple((complete[part.head], reading) for part in rule.lists)
                    yield Instance(rule, _facts((*axioms, *atoms), complete), lists=lists)

    def _of_file(self, rule: Rule, fact: Fact) -> Iterator[Instance]:
        view = self.graph if rule.widest is None else self.once
        for head in rule.head:
            binding = unify(head, fact, {})
            if binding is None:
                continue
            for solution in file_solutions(rule, head, fact, binding, view):
                # What was there and did not have to be, such as a date, is a premise too.
                atoms = [*rule.body, *(atom for part in rule.optional for atom in part.atoms)]
                facts = _facts(atoms, solution)
                said = frozenset(_facts([atom for atom in atoms if atom.graph is not None], solution))
                looked_at = [
                    fact for part in rule.aggregates for fact in _aggregated(part.atoms, part.groups, solution, view)
                ]
                # What a source says by another name is a premise that follows.
                said = frozenset(fact for fact in (*said, *looked_at) if view is self.graph or self.is_said(fact))
                denied = tuple(_denied(part, solution) for part in rule.absent)
                premises = tuple(dict.fromkeys((*facts, *looked_at)))
                yield Instance(rule, premises, said, denied, in_words=_in_words(rule, solution))


def _in_words(rule: Rule, solution: Binding) -> InWords | None:
    named = {name for sentence in rule.sentences.values() for name in sentence.variables()}
    values = {name: term for name, term in solution.items() if name in named}
    return InWords(rule.sentences, values) if rule.sentences else None


def _aggregated(atoms: Sequence[Atom], groups: Sequence[Var], solution: Binding, view: View) -> Iterator[Fact]:
    """Give the asserted facts that an aggregate looked at."""
    known = {name: solution[name] for name in groups if name in solution}
    for found in solve(atoms, known, view):
        yield from _facts(atoms, found)


def _is_in_datatype(fact: Fact) -> bool:
    """Tell whether a fact puts a literal into a datatype that has its value (dt-type2)."""
    subject, predicate, kind = fact
    return isinstance(subject, Literal) and predicate == _TYPE and kind in DATATYPES and is_in(subject, kind)  # type: ignore[arg-type]


def _is_of_one_value(fact: Fact) -> bool:
    """Tell whether a fact equates literals of the same value (dt-eq)."""
    one, predicate, other = fact
    if predicate != _SAME_AS or not isinstance(one, Literal) or not isinstance(other, Literal):
        return False
    return one != other and equal_in_value(one, other)


class _WithAxioms:
    """A view that knows what axioms say of themselves, too, and what holds in every graph."""

    def __init__(self, view: OwlView, axioms: Axioms) -> None:
        self._view = view
        self._axioms = axioms

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Fact]:
        if predicate in axiom_predicates():
            return self._axioms.match(subject, predicate, value)
        found = self._view.match(subject, predicate, value)
        more = [fact for fact in self._axioms.match(subject, predicate, value) if is_omitted(fact)]
        return [*found, *more] if more else found

    def holds(self, fact: Fact) -> bool:
        same = fact[1] == _SAME_AS and fact[0] == fact[2]
        return same or fact in AXIOMATIC or self._axioms.holds(fact) or self._view.holds(fact)

    def asserted(self, *_: object) -> Iterable[Quad]:
        return ()


def _without_members(rule: Rule, binding: Binding) -> Binding:
    """Leave out of a binding what only a list settles: its members."""
    elements: set[Var] = set()
    for part in rule.lists:
        match part:
            case Member(element=element) | Each(element=element):
                elements.add(element)
            case Pair(first=first, second=second):
                elements |= {first, second}
            case Chain(start=start, end=end):
                elements |= {start, end}
    in_axioms = {name for atom in rule.body if is_about_axioms(atom) for name in atom.variables()}
    return {name: term for name, term in binding.items() if name in in_axioms and name not in elements}


def _facts(atoms: Iterable[Atom], solution: Binding) -> tuple[Fact, ...]:
    facts = (instantiate(atom, solution) for atom in atoms)
    return tuple(dict.fromkeys(fact for fact in facts if fact is not None))


def _denied(part: Absent, solution: Binding) -> Denied:
    return Denied(tuple(substituted(atom, solution) for atom in part.atoms))


def substituted(atom: Atom, solution: Binding) -> Atom:
    """Put the known values into an atom."""
    subject, predicate, value = (solution.get(n, n) if isinstance(n, Var) else n for n in atom[:3])
    return Atom(subject, predicate, value, atom.graph)


def _rule(name: str) -> Rule:
    return next(rule for rule in owl_rules() if rule.name == name)
