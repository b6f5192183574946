"""Instances of rules: forwards from a fact to what it concludes with others, backwards to what concludes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from pyoxigraph import Literal, Quad

from kgtool.reasoning.incremental.triggers import Triggers
from kgtool.reasoning.incremental.views import OwlView
from kgtool.reasoning.language import Absent, Aggregate, Atom, Fact, Optionally, Rule, Term, Var
from kgtool.reasoning.least_names import LeastNames
from kgtool.reasoning.matching.patterns import keys_of, overlap
from kgtool.reasoning.matching.rulefiles import solutions_of, solutions_of_any, variables_from_outside
from kgtool.reasoning.matching.solve import Binding, View, instantiate, solve, unify
from kgtool.reasoning.owl.axioms import is_axiom
from kgtool.reasoning.program import EQUALITY, Program
from kgtool.reasoning.shapes import Shape, shape_of, shapes_of
from kgtool.reasoning.widest import constants_of
from kgtool.vocabulary import iri

_SAME_AS = iri("owl", "sameAs")
_TYPE = iri("rdf", "type")
_LIST_PARTS = frozenset({iri("rdf", "first"), iri("rdf", "rest")})


@dataclass(frozen=True)
class Views:
    """The same facts as OWL rules and as rule files see them."""

    owl: OwlView
    graph: View
    #: Tells whether anything is said to be the same as something else: mostly nothing is, and much need not be tried.
    equates: Callable[[], bool]
    #: Tells whether any fact has a predicate.
    uses: Callable[[Term], bool]

    def by_least_names(self, kept: frozenset[Term]) -> Views:
        """Give the views of rules that see each thing once, see :mod:`kgtool.reasoning.least_names`."""
        if not self.equates():
            return self
        return Views(self.owl, LeastNames(self.graph, kept), self.equates, self.uses)

    def told(self, quads: Iterable[Quad]) -> list[Quad]:
        """Give quads of sources as the graph tells them."""
        return [self.graph.told(quad) for quad in quads] if isinstance(self.graph, LeastNames) else list(quads)

    def of(self, shape: Shape) -> View:
        """Give the view of a rule."""
        return self.graph if shape.is_file else self.owl


class Rules:
    """The rules of a program, ready to be looked up from facts; those that build competing nodes apart."""

    def __init__(self, program: Program) -> None:
        self.program = program
        shapes = shapes_of((rule for rule in program.owl if rule.head), program.files)
        self.plain = tuple(shape for shape in shapes if shape.rule.widest is None)
        self.nodes = tuple(shape for shape in shapes if shape.rule.widest is not None)
        #: What the rules that build nodes name: it stands for itself, whatever is the same.
        self.named_by_nodes = constants_of(shape.rule for shape in self.nodes)
        self.checks = tuple(map(shape_of, program.checks))
        self.given = frozenset(program.facts)
        #: Whether a false-rule looks for what is in a datatype, or in what the axioms say of one.
        self.looks_at_datatypes = any(
            value is not None and program.literal_types.may_hold(value)
            for shape in self.checks
            for atom in shape.body
            for predicate, value in keys_of(atom, shape.rows)
            if predicate == _TYPE
        )
        #: Whether a rule takes the datatypes of literals for things, as the range of ``rdf:type`` does.
        self.looks_at_any_type = _TYPE in program.predicates_looked_at
        self._list_nodes = frozenset(program.axioms.list_nodes)
        self._forwards = Triggers(self.plain)
        self._backwards = Triggers(self.plain, heads=True)
        self._contradictions = Triggers(self.checks)
        self._node_heads = Triggers(self.nodes, heads=True)
        #: What nothing but the rules that build nodes may say of them, unless something is the same as something else.
        self.said_of_nodes = frozenset(_exclusive(self.nodes, self.plain))
        #: Predicates that no fact of the store has, as far as anybody looked.
        self.unused: set[Term] = set()
        #: Predicates that some fact had when anybody looked.
        self.used: set[Term] = set()
        self._named = {id(shape): _named_predicates(shape) for shape in (*self.nodes, *self.checks)}

    def touches_axioms(self, fact: Fact) -> bool:
        """Tell whether a fact is an axiom, or a part of a list of one: then the rules themselves change with it."""
        return is_axiom(fact) or (fact[1] in _LIST_PARTS and fact[0] in self._list_nodes)

    def concluded(self, fact: Fact, views: Views) -> Iterator[Fact]:
        """Give what follows in one step from a fact together with those of a view."""
        for shape, place in self._tried(self._forwards, fact, views):
            for solution in _forwards(shape, place, fact, views):
                for atom in shape.head:
                    head = instantiate(atom, solution)
                    if head is not None:
                        yield head

    def bodies(self, fact: Fact, views: Views) -> Iterator[tuple[Fact, ...]]:
        """Give the premises of each instance of a rule that concludes a fact: those that are facts of the closure."""
        for shape, place in self._tried(self._backwards, fact, views):
            binding = unify(shape.head[place], fact, {})
            if binding is None:
                continue
            if shape.is_file:
                found: Iterable[Binding] = file_solutions(shape.rule, shape.head[place], fact, binding, views.graph)
            else:
                found = solve(shape.body, binding, views.owl, shape.rows)
            for solution in found:
                facts = (instantiate(atom, solution) for atom in shape.body if atom.graph is None)
                premises = [fact for fact in facts if fact is not None]
                if shape.is_file or not any(isinstance(premise[2], Literal) for premise in premises):
                    yield tuple(premises)
                else:
                    yield from product(*map(views.owl.ways_told, premises))

    @staticmethod
    def _tried(triggers: Triggers, fact: Fact, views: Views) -> Iterator[tuple[Shape, int]]:
        equates = fact[1] == _SAME_AS or views.equates()
        return ((s, place) for s, place in triggers.of(fact) if equates or s.rule.name not in EQUALITY)

    def builds(self, fact: Fact, views: Views) -> bool:
        """Tell whether a rule that builds competing nodes concludes a fact."""
        for shape, place in self._node_heads.of(fact):
            binding = unify(shape.head[place], fact, {})
            if binding is not None and any(
                True for _ in file_solutions(shape.rule, shape.head[place], fact, binding, views.graph)
            ):
                return True
        return False

    def may_apply(self, shape: Shape, views: Views) -> bool:
        """Tell whether there are facts with all predicates that a rule names."""
        return all(map(views.uses, self._named[id(shape)]))

    def contradicted(self, fact: Fact, views: Views) -> Iterator[tuple[Shape, Binding]]:
        """Give the instances of false-rules that a fact takes part in."""
        for shape, place in self._contradictions.of(fact):
            if not self.may_apply(shape, views):
                continue
            for solution in _forwards(shape, place, fact, views):
                yield shape, solution

    def concluded_from_sources(
        self, shapes: Iterable[Shape], quads: Iterable[Quad], views: Views, *, positive: bool
    ) -> Iterator[tuple[Shape, Binding]]:
        """Give the solutions of rule files that look at some quads of source graphs, in whichever of their parts.

        :param positive: also those that have them among the atoms of the body.
        """
        told = views.told(quads)
        for shape in shapes:
            if shape.is_file:
                bindings = bindings_by_sources(shape.rule, told, positive=positive)
                for solution in solutions_of_any(shape.rule, bindings, views.graph):
                    yield shape, solution


def _exclusive(nodes: Iterable[Shape], plain: Iterable[Shape]) -> Iterator[Term]:
    """Give the predicates that only rules that build nodes conclude."""
    concluded = {key for s in plain if s.rule.name not in EQUALITY for atom in s.head for key in keys_of(atom, s.rows)}
    for shape in nodes:
        for atom in shape.head:
            predicate = atom.predicate
            if not isinstance(predicate, Var) and not any(overlap((predicate, None), other) for other in concluded):
                yield predicate


def _named_predicates(shape: Shape) -> frozenset[Term]:
    named = {atom.predicate for atom in shape.body if not isinstance(atom.predicate, Var)}
    return frozenset(named - {_TYPE})


def heads(shape: Shape, solution: Binding) -> Iterator[Fact]:
    """Give what a solution of a rule concludes; a head with an unbound variable is left out."""
    for atom in shape.head:
        fact = instantiate(atom, solution)
        if fact is not None:
            yield fact


def _forwards(shape: Shape, place: int, fact: Fact, views: Views) -> Iterator[Binding]:
    binding = unify(shape.body[place], fact, {})
    if binding is None:
        return
    if shape.is_file:
        yield from solutions_of(shape.rule, binding, views.graph)
    else:
        rest = shape.body[:place] + shape.body[place + 1 :]
        yield from solve(rest, binding, views.owl, shape.rows)


def file_solutions(rule: Rule, head: Atom, fact: Fact, binding: Binding, view: View) -> Iterator[Binding]:
    """Give the solutions of a rule file that conclude a fact.

    A node that the rule builds is not taken apart: what else is known of it tells the values that it was built from.
    What an OPTIONAL binds is not given to it: where it matches nothing, that would stand as it is.
    """
    bound = rule.bound_variables()
    known = {name: term for name, term in binding.items() if name in bound}
    if isinstance(head.subject, Var) and head.subject in rule.builds:
        known |= _attributes(rule, head.subject, fact[0], view)
    for solution in solutions_of(rule, known, view):
        if instantiate(head, solution) == fact:
            yield solution


def _attributes(rule: Rule, node: Var, term: Term, view: View) -> Binding:
    """Give the variables of a rule's head that the facts about a node settle: those with a single value."""
    found: Binding = {}
    for atom in rule.head:
        if atom.subject == node and isinstance(atom.object, Var) and atom.object in rule.bound_variables():
            values = [fact[2] for fact in view.match(term, atom.predicate, None)]  # type: ignore[arg-type]
            if len(values) == 1:
                found[atom.object] = values[0]
    return found


def bindings_by_sources(rule: Rule, quads: Iterable[Quad], *, positive: bool) -> Iterator[Binding]:
    """Give what a rule file's solutions have in common that look at one of some quads, in whichever of its parts.

    :param positive: also those that have them among the atoms of the body.
    """
    outside = variables_from_outside(rule)
    atoms = list(_asserted_atoms(rule, positive=positive))
    for quad in quads:
        terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
        for atom in atoms:
            binding = unify(atom, terms, {})
            if binding is not None:
                yield {name: term for name, term in binding.items() if name in outside}


def _asserted_atoms(rule: Rule, *, positive: bool) -> Iterator[Atom]:
    if positive:
        yield from (atom for atom in rule.body if atom.graph is not None)
    parts: tuple[Absent | Optionally | Aggregate, ...] = (*rule.absent, *rule.optional, *rule.aggregates)
    yield from (atom for part in parts for atom in part.atoms if atom.graph is not None)
