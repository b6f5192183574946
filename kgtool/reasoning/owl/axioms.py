"""The axioms of a graph: which of its triples they are, and their own closure (the TBox under the scm rules)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final, TypeAlias

from pyoxigraph import Quad

from kgtool.reasoning.language import Atom, Fact, Member, Rule, Term, Var
from kgtool.reasoning.matching.index import FactIndex
from kgtool.reasoning.matching.patterns import Key, keys_of
from kgtool.reasoning.matching.solve import NO_ROWS, Binding, instantiate, solve, unify
from kgtool.reasoning.owl.reader import axiom_predicates, axiom_types, list_predicates, owl_rules
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
_FIRST: Final = iri("rdf", "first")
_REST: Final = iri("rdf", "rest")
_NIL: Final = iri("rdf", "nil")
#: A list whose nodes have several members or tails can be read in many ways; equal things make such lists, and each
#: way then says the same.
_MAX_READINGS: Final = 16

Reading: TypeAlias = tuple[Term, ...]
_Readings: TypeAlias = Callable[[Term], tuple[Reading, ...]]


class Axioms:
    """The axioms of a graph and everything that follows from them alone.

    :param facts: all facts that are axioms, or may be parts of their lists; others do not count.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        given = list(facts)
        self._lists = _Lists(given)
        self.given = frozenset(fact for fact in given if is_axiom(fact))
        self.facts = FactIndex()
        _close(self.facts, self.given, self.readings)

    @property
    def derived(self) -> Iterator[Fact]:
        """What follows from the axioms alone, what the contract leaves out included."""
        return (fact for fact in self.facts if fact not in self.given)

    @property
    def list_nodes(self) -> Collection[Term]:
        """The nodes of the lists that axioms lead to."""
        return self._lists.reachable(fact[2] for fact in self.given if fact[1] in list_predicates())

    def readings(self, head: Term) -> tuple[Reading, ...]:
        """Give the ways to read a list: one, unless its nodes have several members or tails; none if it is broken.

        A list is broken that has a node without a member or a tail, or runs in a circle: it says nothing.
        """
        return self._lists.readings(head)

    def list_facts(self, head: Term) -> list[Fact]:
        """Give the triples that make up a list."""
        return self._lists.facts(head)

    def is_broken(self, head: Term) -> bool:
        """Tell whether a list cannot be read to its end."""
        return not self.readings(head) and head != _NIL

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Fact]:
        """Give the axioms that match a pattern."""
        return self.facts.match(subject, predicate, value)

    def holds(self, fact: Fact) -> bool:
        """Tell whether something is an axiom, or follows from them alone."""
        return fact in self.facts

    def asserted(self, *_: object) -> Iterable[Quad]:
        """Give nothing: axioms are looked at wherever they stand."""
        return ()


def is_axiom(fact: Fact) -> bool:
    """Tell whether a fact is an axiom by its predicate or type. The triples of lists are parts of axioms, not axioms.

    >>> is_axiom((iri("kg", "Team"), iri("rdfs", "subClassOf"), iri("org", "Organization")))
    True
    >>> is_axiom((iri("kg", "x"), iri("rdf", "type"), iri("kg", "Team")))
    False
    """
    return fact[1] in axiom_predicates() or (fact[1] == _TYPE and fact[2] in axiom_types())


def is_about_axioms(atom: Atom) -> bool:
    """Tell whether a rule's atom looks at axioms only."""
    if atom.graph is not None or isinstance(atom.predicate, Var):
        return False
    return atom.predicate in axiom_predicates() or (atom.predicate == _TYPE and atom.object in axiom_types())


def axiom_patterns() -> list[tuple[Term, Term | None]]:
    """Give predicate and object (None: any) of the patterns that axioms match; parts of their lists are no axioms."""
    named = [(predicate, None) for predicate in sorted(axiom_predicates(), key=str)]
    return [*named, *((_TYPE, kind) for kind in sorted(axiom_types(), key=str))]


def with_lists(facts: Iterable[Fact], parts: Callable[[Term], Iterable[Fact]]) -> list[Fact]:
    """Give axioms and the parts of the lists that they lead to; other lists of a graph may be many.

    :param parts: gives the ``rdf:first`` and ``rdf:rest`` of a node.
    """
    found = list(facts)
    waiting = [fact[2] for fact in found if fact[1] in list_predicates()]
    seen: set[Term] = set()
    while waiting:
        node = waiting.pop()
        if node not in seen and node != _NIL:
            seen.add(node)
            its = list(parts(node))
            found += its
            waiting += (fact[2] for fact in its if fact[1] == _REST)
    return found


@lru_cache(maxsize=1)
def _axiom_rules() -> tuple[Rule, ...]:
    """The rules from axioms to axioms."""
    return tuple(
        rule
        for rule in owl_rules()
        if rule.head and all(map(is_about_axioms, rule.body)) and all(map(is_about_axioms, rule.head))
    )


@lru_cache(maxsize=1)
def _axiom_triggers() -> dict[Key, list[tuple[Rule, Atom, tuple[Atom, ...]]]]:
    """Give, by what an axiom is, the rules that look at it: with the atom that it matches, and the others."""
    triggers: dict[Key, list[tuple[Rule, Atom, tuple[Atom, ...]]]] = {}
    for rule in _axiom_rules():
        for place, atom in enumerate(rule.body):
            for key in keys_of(atom, NO_ROWS):
                rest = rule.body[:place] + rule.body[place + 1 :]
                triggers.setdefault(key, []).append((rule, atom, rest))
    return triggers


def _close(index: FactIndex, given: Iterable[Fact], readings: _Readings) -> None:
    """Close axioms under the rules from axioms to axioms, each new one looked at once."""
    triggers = _axiom_triggers()
    view = _View(index)
    waiting: list[Fact] = []

    def conclude(rule: Rule, binding: Binding) -> None:
        for complete in _with_members(rule, binding, readings):
            for atom in rule.head:
                fact = instantiate(atom, complete)
                if fact is not None and index.add(fact):
                    waiting.append(fact)

    for fact in given:
        if index.add(fact):
            waiting.append(fact)
    for rule in _axiom_rules():
        if not rule.body:
            conclude(rule, {})
    while waiting:
        fact = waiting.pop()
        for rule, atom, rest in triggers.get((fact[1], fact[2] if fact[1] == _TYPE else None), ()):
            binding = unify(atom, fact, {})
            if binding is None:
                continue
            for solution in list(solve(rest, binding, view)) if rest else (binding,):
                conclude(rule, solution)


def _with_members(rule: Rule, binding: Binding, readings: _Readings) -> Iterator[Binding]:
    """Extend a binding by the members of a rule's list, if it has one."""
    if not rule.lists:
        yield binding
        return
    (part,) = rule.lists
    if isinstance(part, Member):
        for reading in readings(binding[part.head]):
            for member in reading:
                yield {**binding, part.element: member}


class _View:
    """Axioms on their way to being closed, as a view for the solver."""

    def __init__(self, index: FactIndex) -> None:
        self.match = index.match
        self.holds = index.__contains__

    def asserted(self, *_: object) -> Iterable[Quad]:
        """Give nothing."""
        return ()


class _Lists:
    """The RDF lists among facts."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._first: dict[Term, list[Term]] = {}
        self._rest: dict[Term, list[Term]] = {}
        self._known: dict[Term, tuple[Reading, ...]] = {}
        for subject, predicate, value in facts:
            if predicate in (_FIRST, _REST):
                place = self._first if predicate == _FIRST else self._rest
                place.setdefault(subject, []).append(value)
        for place in (self._first, self._rest):
            for values in place.values():
                values.sort(key=str)

    def readings(self, head: Term) -> tuple[Reading, ...]:
        if head not in self._known:
            self._known[head] = tuple(islice(self._read(head), _MAX_READINGS))
        return self._known[head]

    def _read(self, head: Term) -> Iterator[Reading]:
        """Walk all ways from a head to ``rdf:nil``, without recursion: lists are long."""
        paths: list[tuple[Term, Reading, frozenset[Term]]] = [(head, (), frozenset())]
        steps = 0
        while paths and steps < 100_000:
            node, members, seen = paths.pop()
            # one way only, as a rule: the set of nodes seen is not copied then
            trail = set(seen)
            found = list(members)
            while node != _NIL:
                steps += 1
                firsts, rests = self._first.get(node, ()), self._rest.get(node, ())
                if node in trail or not firsts or not rests:
                    found = []
                    break
                trail.add(node)
                for first in firsts:
                    for rest in rests:
                        if (first, rest) != (firsts[0], rests[0]):
                            paths.append((rest, (*found, first), frozenset(trail)))
                found.append(firsts[0])
                node = rests[0]
            if found:
                yield tuple(found)

    def reachable(self, heads: Iterable[Term]) -> set[Term]:
        waiting = list(heads)
        found: set[Term] = set()
        while waiting:
            node = waiting.pop()
            if node not in found and node != _NIL:
                found.add(node)
                waiting += self._rest.get(node, ())
        return found

    def facts(self, head: Term) -> list[Fact]:
        return [
            fact
            for node in sorted(self.reachable([head]), key=str)
            for predicate, place in ((_FIRST, self._first), (_REST, self._rest))
            for fact in ((node, predicate, value) for value in place.get(node, ()))
        ]
