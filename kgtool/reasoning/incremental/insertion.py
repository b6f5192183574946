"""What newly follows: semi-naive evaluation, each new fact once with all there are."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace

from pyoxigraph import Literal, NamedNode

from kgtool.reasoning.clash import Clash, clash_of, different_values, ill_formed, is_no_value, outside_datatype
from kgtool.reasoning.incremental.instances import Rules, Views
from kgtool.reasoning.incremental.stored import Budget
from kgtool.reasoning.incremental.views import Becoming
from kgtool.reasoning.language import Fact
from kgtool.reasoning.owl.datatypes import DATATYPES, as_told, differ, is_outside
from kgtool.reasoning.program import Place
from kgtool.vocabulary import iri

_TYPE = iri("rdf", "type")
_SAME_AS = iri("owl", "sameAs")


class AxiomFollows(Exception):
    """An axiom turned up among the conclusions: the rules themselves change."""


class Insertion:
    """One round of insertion.

    :param facts: the facts as they become; what is new is added to it.
    :param views: the same facts as rules see them.
    """

    def __init__(self, rules: Rules, facts: Becoming, views: Views, budget: Budget) -> None:
        self._rules = rules
        self._facts = facts
        self._views = views
        self._budget = budget
        self.added: dict[Fact, None] = {}
        self.clashes: dict[Clash, None] = {}

    def run(self, facts: Iterable[Fact], *, asserted: bool = False) -> None:
        """Add facts, and what follows from them with all others.

        :param asserted: whether sources say them; else some may go nowhere.
        :raises AxiomFollows: if an axiom follows.
        """
        waiting: deque[Fact] = deque()
        for fact in facts:
            self._conclude(fact, waiting.append, asserted=asserted)
        while waiting:
            fact = waiting.popleft()
            self._contradictions(fact)
            for head in self._rules.concluded(fact, self._views):
                self._budget.spend()
                self._conclude(head, waiting.append)

    def _conclude(self, fact: Fact, tell: Callable[[Fact], object], *, asserted: bool = False) -> None:
        """Add a fact if it is new and goes anywhere."""
        subject, predicate, value = fact
        if isinstance(subject, Literal) and predicate == _TYPE and value in DATATYPES:
            if isinstance(value, NamedNode) and is_outside(subject, value):
                self.clashes[outside_datatype(fact)] = None
            return
        if not asserted and self._rules.program.place(fact) is Place.NOWHERE:
            return
        if self._facts.holds(fact):
            return
        if self._rules.touches_axioms(fact):
            raise AxiomFollows
        self._facts.add(fact)
        self.added[fact] = None
        tell(fact)

    def _contradictions(self, fact: Fact) -> None:
        """Note what a new fact contradicts."""
        subject, predicate, value = fact
        if isinstance(value, Literal):
            if is_no_value(value):
                self.clashes[ill_formed(fact)] = None
            if self._rules.looks_at_datatypes:
                for kind in self._rules.program.literal_types.of(value):
                    self._contradicted((value, _TYPE, kind))
        if predicate == _SAME_AS and isinstance(subject, Literal) and isinstance(value, Literal):
            one, other = sorted((subject, value), key=str)
            if differ(one, other):
                self.clashes[different_values((one, _SAME_AS, other))] = None
        self._contradicted(fact)

    def _contradicted(self, fact: Fact) -> None:
        for shape, solution in self._rules.contradicted(fact, self._views):
            clash = clash_of(shape, solution)
            self.clashes[replace(clash, premises=tuple(map(self._as_told, clash.premises)))] = None

    def _as_told(self, premise: Fact) -> Fact:
        """Give a premise with the literal that was told, where the rule asked for another of the same value."""
        return as_told(premise, lambda fact: self._facts.holds(fact) or self._rules.program.axioms.holds(fact))
