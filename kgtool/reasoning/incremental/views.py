"""What the closure was before a change, and what it is becoming, answered by look-ups in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, islice
from typing import Final, Protocol

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kgtool.errors import LimitError
from kgtool.reasoning.language import Fact, Term
from kgtool.reasoning.language.rule import is_plain, is_resource
from kgtool.reasoning.matching.index import FactIndex
from kgtool.reasoning.omitted import is_omitted
from kgtool.reasoning.owl.datatypes import variants, ways_told
from kgtool.reasoning.owl.literal_types import LiteralTypes
from kgtool.reasoning.premises import fact_of_premise, held_predicate, held_term
from kgtool.store.change import QuadDelta
from kgtool.store.interface import QuadStore
from kgtool.store.layout import State
from kgtool.vocabulary import HIDDEN, INFERRED, PREMISES, iri

_TYPE: Final = iri("rdf", "type")
_SAME_AS: Final = iri("owl", "sameAs")
#: What is said of a subject is fetched at once, unless it is more than this.
_MOST_AT_ONCE: Final = 12


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

    def __init__(self, store: QuadStore, state: State, budget: Budget, unused: set[Term] | None = None) -> None:
        self._store = store
        self._budget = budget
        self.unused = set[Term]() if unused is None else unused
        self._graphs = (*state.asserted_graphs, INFERRED)
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
        """Tell whether any fact has a predicate; one without is noted, for the next change too."""
        if predicate in self.unused:
            return False
        if any(True for _ in self.match(None, predicate, None)):
            return True
        self.unused.add(predicate)
        return False

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
            facts: dict[Term, list[Fact]] | None = {}
            for number, fact in enumerate(self._look_up(subject, None, None)):
                if number >= _MOST_AT_ONCE:
                    facts = None
                    break
                facts.setdefault(fact[1], []).append(fact)  # type: ignore[union-attr]
            self._subjects[subject] = facts
        return self._subjects[subject]

    def _look_up(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Fact]:
        self._budget.spend()
        if (subject is None or is_resource(subject)) and isinstance(predicate, NamedNode | None):
            for graph in self._graphs:
                for quad in self._store.quads(subject, predicate, value, graph):  # type: ignore[arg-type]
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


class Lookup(Protocol):
    """Facts that can be looked up."""

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Fact]:
        """Give the facts that match a pattern."""
        ...

    def holds(self, fact: Fact) -> bool:
        """Tell whether there is a fact."""
        ...


class Becoming:
    """The closure on its way: what is stored, less what was removed, and what was added."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self.removed: set[Fact] = set()
        self.added = FactIndex()

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Fact]:
        """Give the facts that match a pattern."""
        found = self._stored.match(subject, predicate, value)
        if self.removed:
            removed = self.removed
            found = (fact for fact in found if fact not in removed)
        more = self.added.match(subject, predicate, value) if len(self.added) else ()
        return chain(found, more) if more else found

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact is in the closure."""
        return fact in self.added or (fact not in self.removed and self._stored.holds(fact))

    def uses(self, predicate: Term) -> bool:
        """Tell whether any fact has a predicate."""
        return self._stored.uses(predicate) or bool(self.added.match(None, predicate, None))

    def equates(self) -> bool:
        """Tell whether anything is said to be the same as something else."""
        return self._stored.equates or bool(self.added.match(None, _SAME_AS, None))

    def add(self, fact: Fact) -> None:
        """Add a fact; one that was removed comes back."""
        if fact in self.removed:
            self.removed.discard(fact)
        else:
            self.added.add(fact)

    def remove(self, fact: Fact) -> None:
        """Remove a fact; one that was added goes again."""
        if not self.added.discard(fact):
            self.removed.add(fact)


class Sources:
    """The quads of source graphs, before or after a change."""

    def __init__(self, stored: Stored, change: QuadDelta | None = None) -> None:
        self._stored = stored
        self._change = change

    def __call__(
        self, subject: Term | None, predicate: Term | None, value: Term | None, graph: Term | None
    ) -> Iterator[Quad]:
        """Give the quads that match a pattern."""
        if self._change is None:
            yield from self._stored.quads(subject, predicate, value, graph)
            return
        removed = self._change.removed
        yield from (q for q in self._stored.quads(subject, predicate, value, graph) if q not in removed)
        for quad in self._change.added:
            if (
                subject in (None, quad.subject)
                and predicate in (None, quad.predicate)
                and value in (None, quad.object)
                and graph in (None, quad.graph_name)
            ):
                yield quad


class OwlView:
    """Facts as the OWL rules see them: with what the graph leaves out, the classes and other ways to write literals.

    :param literal_types: what literals are in for what they are.
    """

    def __init__(self, facts: Lookup, literal_types: LiteralTypes) -> None:
        self._facts = facts
        self._literal_types = literal_types

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Fact]:
        """Give the facts that match a pattern; of literals, those about what they are in too."""
        found = self._facts.match(subject, predicate, value)
        if isinstance(value, Literal):
            ways = (fact for other in variants(value) for fact in self._facts.match(subject, predicate, other))
            return dict.fromkeys((*found, *((s, p, value) for s, p, _ in ways)))
        if isinstance(subject, Literal) and predicate in (None, _TYPE):
            kinds = sorted(self._literal_types.of(subject), key=str) if value is None else [value]
            own = ((subject, _TYPE, kind) for kind in kinds)
            return dict.fromkeys((*found, *(fact for fact in own if self._literal_types.holds(fact))))
        return found

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact is there."""
        return self._literal_types.holds(fact) or bool(ways_told(fact, self._facts.holds))

    def ways_told(self, fact: Fact) -> list[Fact]:
        """Give a fact with the literals of its value that are there (dt-eq)."""
        return ways_told(fact, self._facts.holds) or [fact]

    def asserted(self, *_: object) -> Iterable[Quad]:
        """Give nothing: the OWL rules do not ask who says what."""
        return ()


class GraphView:
    """Facts as rule files see them: the graph, and what its sources assert."""

    def __init__(self, facts: Lookup, sources: Sources) -> None:
        self._facts = facts
        self.asserted = sources

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Fact]:
        """Give the facts of the graph that match a pattern."""
        return (fact for fact in self._facts.match(subject, predicate, value) if self._shows(fact))

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact is in the graph."""
        return self._shows(fact) and self._facts.holds(fact)

    def _shows(self, fact: Fact) -> bool:
        """Tell whether the graph shows a fact that is in the closure: what is left out may still be asserted."""
        return is_plain(fact) and (not is_omitted(fact) or any(True for _ in self.asserted(*fact, None)))
