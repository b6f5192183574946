"""A graph that sees each thing once: of the names of what is the same, the least one.

Rules that build nodes which compete see the graph so: a membership that two sources name differently is one, with the
dates that either gives, and makes one affiliation (contract, "Affiliation in time"). The closure carries every fact to
every name, so its facts by least names are those without another name; what sources assert is told by the least names
of what they name. IRIs come before blank nodes, and in the order of their characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, Quad

from kgtool.reasoning.language import Fact, Term
from kgtool.reasoning.matching.solve import View
from kgtool.vocabulary import iri

_SAME_AS = iri("owl", "sameAs")


class LeastNames:
    """A view of a closed graph by least names.

    :param graph: the closure, and what its sources assert.
    :param kept: terms that stand for themselves, as rules name them.
    """

    def __init__(self, graph: View, kept: frozenset[Term]) -> None:
        self._graph = graph
        self._kept = kept
        self._names: dict[Term, tuple[Term, ...]] = {}

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Fact]:
        """Give the facts of the graph that match a pattern and name everything by its least name."""
        for fact in self._graph.match(subject, predicate, value):
            if self._is_least(fact[0]) and self._is_least(fact[2]):
                yield fact

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact is in the graph, and names everything by its least name."""
        return self._is_least(fact[0]) and self._is_least(fact[2]) and self._graph.holds(fact)

    def asserted(
        self, subject: Term | None, predicate: Term | None, value: Term | None, graph: Term | None
    ) -> Iterator[Quad]:
        """Give the quads of source graphs that match a pattern, by least names."""
        seen: set[Quad] = set()
        for one in self._names_of(subject):
            for other in self._names_of(value):
                for quad in self._graph.asserted(one, predicate, other, graph):
                    told = self.told(quad)
                    if told not in seen:
                        seen.add(told)
                        yield told

    def told(self, quad: Quad) -> Quad:
        """Give a quad by least names."""
        subject, value = self._least(quad.subject), self._least(quad.object)  # type: ignore[arg-type]
        if subject == quad.subject and value == quad.object:
            return quad
        return Quad(subject, quad.predicate, value, quad.graph_name)  # type: ignore[arg-type]

    def _names_of(self, term: Term | None) -> Iterable[Term | None]:
        """Give all names of a thing by its least one; none for another name, which is none here."""
        if term is None or self._stands_for_itself(term):
            return (term,)
        names = self._all_names(term)
        return names if names[0] == term else ()

    def _is_least(self, term: Term) -> bool:
        return self._least(term) == term

    def _least(self, term: Term) -> Term:
        return term if self._stands_for_itself(term) else self._all_names(term)[0]

    def _stands_for_itself(self, term: Term) -> bool:
        return isinstance(term, Literal) or term in self._kept

    def _all_names(self, term: Term) -> tuple[Term, ...]:
        """Give the names of a thing, the least one first."""
        if term not in self._names:
            others = (fact[2] for fact in self._graph.match(term, _SAME_AS, None))
            names = {term, *(other for other in others if not self._stands_for_itself(other))}
            ordered = tuple(sorted(names, key=_order))
            self._names |= dict.fromkeys(ordered, ordered)
        return self._names[term]


def _order(term: Term) -> tuple[bool, str]:
    return isinstance(term, BlankNode), term.value
