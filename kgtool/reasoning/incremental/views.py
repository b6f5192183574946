"""What the closure was before a change, and what it is becoming, answered by look-ups in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, Protocol

from pyoxigraph import Literal, Quad

from kgtool.reasoning.incremental.stored import Stored
from kgtool.reasoning.language import Fact, Term
from kgtool.reasoning.language.rule import is_plain
from kgtool.reasoning.matching.index import FactIndex
from kgtool.reasoning.omitted import is_omitted
from kgtool.reasoning.owl.datatypes import variants, ways_told
from kgtool.reasoning.owl.literal_types import LiteralTypes
from kgtool.store.change import QuadDelta
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
_SAME_AS: Final = iri("owl", "sameAs")


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
