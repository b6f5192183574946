"""Facts in memory that answer look-ups: the axioms of a graph, or the changes on their way into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kgtool.reasoning.language import Fact, Term


class FactIndex:
    """A set of facts, indexed by subject, by predicate and by object; in the order in which they came."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._facts: dict[Fact, None] = {}
        self._by: tuple[dict[Term, dict[Fact, None]], ...] = ({}, {}, {})
        self._pairs: tuple[dict[tuple[Term, Term], dict[Fact, None]], ...] = ({}, {})
        for fact in facts:
            self.add(fact)

    def add(self, fact: Fact) -> bool:
        """Add a fact; give False if it was there."""
        if fact in self._facts:
            return False
        self._facts[fact] = None
        subject, predicate, value = fact
        for index, term in zip(self._by, fact, strict=True):
            index.setdefault(term, {})[fact] = None
        self._pairs[0].setdefault((subject, predicate), {})[fact] = None
        self._pairs[1].setdefault((predicate, value), {})[fact] = None
        return True

    def discard(self, fact: Fact) -> bool:
        """Remove a fact; give False if it was not there."""
        if fact not in self._facts:
            return False
        del self._facts[fact]
        subject, predicate, value = fact
        for index, term in zip(self._by, fact, strict=True):
            del index[term][fact]
        del self._pairs[0][subject, predicate][fact]
        del self._pairs[1][predicate, value][fact]
        return True

    def __contains__(self, fact: Fact) -> bool:
        return fact in self._facts

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Fact]:
        """Give the facts that match a pattern; None matches everything.

        >>> from pyoxigraph import NamedNode
        >>> a, b = NamedNode("urn:x:a"), NamedNode("urn:x:b")
        >>> list(FactIndex([(a, a, b), (b, a, b)]).match(None, a, b)) == [(a, a, b), (b, a, b)]
        True
        """
        if subject is not None:
            if predicate is None:
                found = self._by[0].get(subject)
                return [f for f in found or () if value is None or f[2] == value]
            found = self._pairs[0].get((subject, predicate))
            return [f for f in found or () if value is None or f[2] == value]
        if predicate is not None:
            return list((self._by[1].get(predicate) if value is None else self._pairs[1].get((predicate, value))) or ())
        return list(self._facts if value is None else self._by[2].get(value) or ())
