"""The closure and the sources as they are in a store, looked up no more often than a change may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad

from kgtool.errors import LimitError
from kgtool.reasoning.language import Fact, Term
from kgtool.reasoning.language.rule import is_plain, is_resource
from kgtool.reasoning.premises import fact_of_premise, held_predicate, held_term
from kgtool.store.layout import State
from kgtool.store.looked_up import LookedUp
from kgtool.vocabulary import HIDDEN, INFERRED, PREMISES, iri

_SAME_AS: Final = iri("owl", "sameAs")


class TooMuchWork(LimitError):
    """A change reaches so far that a closure from scratch is quicker."""


class Budget:
    """How many look-ups and results a change may take before it is given up."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def spend(self, steps: int = 1) -> None:
        """Take some of it.

        :raises TooMuchWork: if there is no more.
        """
        self._left -= steps
        if self._left < 0:
            raise TooMuchWork("the change reaches too far")


class Stored:
    """The closure and the sources as they are in the store, looked up once for each pattern."""

    def __init__(
        self,
        store: LookedUp,
        state: State,
        budget: Budget,
        unused: set[Term] | None = None,
        used: set[Term] | None = None,
    ) -> None:
        self._store = store
        self._budget = budget
        self._unused = set[Term]() if unused is None else unused
        self._used = set[Term]() if used is None else used
        self._graphs = frozenset((*state.asserted_graphs, INFERRED))
        self._asserted_graphs = state.asserted_graphs
        self._hides = next(store.quads(None, None, None, PREMISES), None) is not None
        self._known: dict[tuple[Term | None, Term | None, Term | None], _Remembered] = {}
        self._quads: dict[tuple[Term | None, Term | None, Term | None, Term | None], list[Quad]] = {}
        self._subjects: dict[Term, dict[Term, list[Fact]] | None] = {}

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Fact]:
        """Give the facts of the closure that match a pattern, those that the graph leaves out included."""
        if subject is not None and (of_subject := self._of(subject)) is not None:
            if predicate is None:
                return [f for facts in of_subject.values() for f in facts if value is None or f[2] == value]
            return [f for f in of_subject.get(predicate, ()) if value is None or f[2] == value]
        pattern = (subject, predicate, value)
        if pattern not in self._known:
            self._known[pattern] = _Remembered(self._look_up(*pattern))
        return self._known[pattern]

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact is in the closure."""
        subject, predicate, value = fact
        of_subject = self._of(subject)
        if of_subject is not None:
            return fact in of_subject.get(predicate, ())
        if not is_resource(subject) or not isinstance(predicate, NamedNode):
            return any(True for _ in self.match(subject, predicate, value))
        self._budget.spend()
        if any(Quad(subject, predicate, value, graph) in self._store for graph in self._graphs):  # type: ignore[arg-type]
            return True
        return self._hides and any(True for _ in self._premises(subject, predicate, value))

    @cached_property
    def equates(self) -> bool:
        """Whether anything is said to be the same as something else."""
        return any(True for _ in islice(self._look_up(None, _SAME_AS, None), 1))

    def is_asserted(self, fact: Fact) -> bool:
        """Tell whether a source says a fact."""
        return is_plain(fact) and any(Quad(*fact, graph) in self._store for graph in self._asserted_graphs)  # type: ignore[arg-type]

    def is_inferred(self, fact: Fact) -> bool:
        """Tell whether the inferred graph has a fact."""
        return is_plain(fact) and Quad(*fact, INFERRED) in self._store  # type: ignore[arg-type]

    def is_hidden(self, fact: Fact) -> bool:
        """Tell whether a fact is kept out of sight."""
        return self._hides and any(True for _ in self._premises(*fact))

    def quads(
        self, subject: Term | None, predicate: Term | None, value: Term | None, graph: Term | None
    ) -> Iterable[Quad]:
        """Give the quads of source graphs that match a pattern."""
        if (subject is not None and not is_resource(subject)) or not isinstance(predicate, NamedNode | None):
            return ()
        pattern = (subject, predicate, value, graph)
        if subject is None:
            return self._quads_of(*pattern)  # may be many: who asks may stop
        if pattern not in self._quads:
            self._quads[pattern] = list(self._quads_of(*pattern))
        return self._quads[pattern]

    def uses(self, predicate: Term) -> bool:
        """Tell whether any fact may have a predicate; what was found is noted, for the next change too.

        That a predicate has facts is believed from then on: it only means that rules are tried.
        """
        if predicate in self._unused or predicate in self._used:
            return predicate in self._used
        found = any(True for _ in self.match(None, predicate, None))
        (self._used if found else self._unused).add(predicate)
        return found

    def _quads_of(
        self, subject: Term | None, predicate: Term | None, value: Term | None, graph: Term | None
    ) -> Iterator[Quad]:
        self._budget.spend()
        for quad in self._store.quads(subject, predicate, value, graph):  # type: ignore[arg-type]
            if quad.graph_name not in HIDDEN and not isinstance(quad.graph_name, DefaultGraph):
                self._budget.spend()
                yield quad

    def forget(self) -> None:
        """Forget what was looked up: look-ups that nobody finished keep the store open, and this object with them."""
        self._known.clear()
        self._quads.clear()
        self._subjects.clear()

    def _of(self, subject: Term) -> dict[Term, list[Fact]] | None:
        """Give all facts of a subject by predicate; None if there are many."""
        if subject not in self._subjects:
            self._subjects[subject] = self._facts_of(subject)
        return self._subjects[subject]

    def _facts_of(self, subject: Term) -> dict[Term, list[Fact]] | None:
        self._budget.spend()
        facts: dict[Term, list[Fact]] = {}
        if is_resource(subject):
            said = self._store.said_of(subject)  # type: ignore[arg-type]
            if said is None:
                return None
            graphs = self._graphs
            for predicate, quads in said.items():
                found: list[Fact] = [(subject, predicate, quad.object) for quad in quads if quad.graph_name in graphs]  # type: ignore[misc]
                if found:
                    facts[predicate] = found
        if self._hides:
            for fact in self._premises(subject, None, None):
                facts.setdefault(fact[1], []).append(fact)
        return facts

    def _look_up(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Fact]:
        self._budget.spend()
        if (subject is None or is_resource(subject)) and isinstance(predicate, NamedNode | None):
            for quad in self._store.quads(subject, predicate, value):  # type: ignore[arg-type]
                if quad.graph_name in self._graphs:
                    self._budget.spend()
                    yield quad.subject, quad.predicate, quad.object  # type: ignore[misc]
        if self._hides:
            yield from self._premises(subject, predicate, value)

    def _premises(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Fact]:
        held = None if subject is None else held_term(subject)
        named = None if predicate is None else held_predicate(predicate)
        for quad in self._store.quads(held, named, value, PREMISES):  # type: ignore[arg-type]
            self._budget.spend()
            yield fact_of_premise(quad)


class _Remembered:
    """What a look-up gives, read as far as anybody goes, and once: often one fact is enough, of thousands."""

    def __init__(self, facts: Iterator[Fact]) -> None:
        self._facts = facts
        self._read: list[Fact] = []

    def __iter__(self) -> Iterator[Fact]:
        place = 0
        while True:
            if place == len(self._read):
                fact = next(self._facts, None)
                if fact is None:
                    return
                self._read.append(fact)
            yield self._read[place]
            place += 1
