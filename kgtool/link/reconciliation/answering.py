"""Answers queries: finds who may be meant, compares, decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

from pyoxigraph import Literal, NamedNode

from kgtool.link.reconciliation.asked import Condition, Query
from kgtool.link.reconciliation.filling import kept_classes, up_to_date
from kgtool.link.reconciliation.index import SAME, Index, Thing
from kgtool.link.reconciliation.offered import (
    Classes,
    Graph,
    Offered,
    expanded,
    is_iri,
    properties_of_graph,
    telling_apart,
)
from kgtool.link.reconciliation.scoring import Candidate, Evidence, decided, scored
from kgtool.link.reconciliation.values import Agreement, Held, Property, agreement, held_values, property_of
from kgtool.link.reconciliation.words import words
from kgtool.vocabulary import iri

#: Scores below this are no candidates.
LEAST: Final = 25.0
_SUCCEEDED: Final = iri("kg", "succeededBy")
#: Things that are looked for by a value of a property alone.
_BY_VALUE: Final = 50


@dataclass(frozen=True)
class Found:
    """A query with its candidates, the best first."""

    query: Query
    candidates: tuple[Candidate, ...]


class Reconciler:
    """A graph with its index: what all answers are made from.

    :param graph: as of its commit.
    :param index: brought to this commit, if it is behind.
    """

    def __init__(self, graph: Graph, index: Index) -> None:
        self.graph = graph
        self.index = index
        with self.reading():
            self.classes: Classes = kept_classes(index)

    def reading(self) -> AbstractContextManager[None]:
        """See the index as new as the graph, and unchanging, until the block ends."""
        return up_to_date(self.index, self.graph)

    @cached_property
    def properties(self) -> dict[str, Offered]:
        """The properties of the graph that have names."""
        return properties_of_graph(self.graph)

    @cached_property
    def registers(self) -> list[str]:
        """The registers of identifiers, the most used first."""
        return self.index.registers()

    @cached_property
    def telling(self) -> list[str]:
        """The properties whose values tell namesakes apart."""
        return telling_apart(self.graph)

    @cached_property
    def successors(self) -> dict[str, set[str]]:
        """What has given way to what."""
        found: dict[str, set[str]] = {}
        rows = self.graph.query(f"SELECT ?s ?o {{ ?s {_SUCCEEDED} ?o }}")
        for before, after in cast(Iterable[tuple[object, object]], rows):
            if isinstance(before, NamedNode) and isinstance(after, NamedNode):
                found.setdefault(before.value, set()).add(after.value)
        return found

    def property(self, id: str) -> Property:
        """Find the property that a client means."""
        return property_of(id, [*self.registers, SAME], self.properties)

    def answer(self, queries: Sequence[Query]) -> list[Found]:
        """Find the candidates of each query; one that comes twice is answered once."""
        distinct = list(dict.fromkeys(queries))
        ids = {query: self._possible(query) for query in distinct}
        things = self.index.things(id for found in ids.values() for id in found)
        asked = {c.property: self.property(c.property) for q in distinct for c in q.conditions if c.kind == "property"}
        wanted = {each.iri for each in asked.values() if each.iri}
        subjects = {things[id].iri for query in distinct if _compares(query) for id in ids[query] if id in things}
        held = held_values(self.graph, subjects, wanted) if wanted else {}
        said = {word for query in distinct for name in query.names for word in words(name)}
        weights = self.index.weights(said.union(*(name.words for thing in things.values() for name in thing.names)))
        answers = {
            query: Found(query, tuple(self._candidates(query, self._these(things, ids[query]), asked, held, weights)))
            for query in distinct
        }
        return [answers[query] for query in queries]

    def _these(self, things: Mapping[int, Thing], ids: Iterable[int]) -> list[Thing]:
        return [things[id] for id in ids if id in things]

    def _possible(self, query: Query) -> list[int]:
        """Give the things that are worth comparing."""
        types = self._types(query)
        found: list[int] = []
        for condition in query.conditions:
            for value in condition.values:
                if condition.kind == "id":
                    found += self.index.with_iri(value.id or value.text)
                elif condition.kind == "name":
                    found += [*self.index.with_iri(value.text.strip()), *self.index.with_identifier(value.text)]
                elif condition.quantifier != "none":
                    found += self._with_value(condition, value.id or value.text)
        for asked in map(words, query.names):
            if asked:
                found += self.index.with_key(asked)
                found += self.index.with_words(asked, types)
        if not query.names and all(condition.kind != "id" for condition in query.conditions):
            found += self._by_value(query)
        return list(dict.fromkeys(found))

    def _with_value(self, condition: Condition, text: str) -> list[int]:
        """Give the things with an identifier, or with a value of a property where the query has no name."""
        asked = self.property(condition.property)
        if asked.register:
            return self.index.with_identifier(text, asked.register) or self.index.with_identifier(text, SAME)
        return []

    def _types(self, query: Query) -> frozenset[str] | None:
        """Give the classes of which a candidate has to be; None for any."""
        if not query.types or query.strictness == "should":
            return None
        return frozenset(self.classes.meant(each) for each in query.types)

    def _candidates(
        self,
        query: Query,
        things: Iterable[Thing],
        asked: dict[str, Property],
        held: dict[tuple[str, str], list[Held]],
        weights: Mapping[str, float],
    ) -> list[Candidate]:
        types = {self.classes.meant(each) for each in query.types}
        found = []
        for thing in things:
            if query.strictness == "any" and types and types.isdisjoint(thing.types):
                continue
            if query.strictness == "all" and not types <= set(thing.types):
                continue
            evidence = Evidence(
                [_agreed(c, asked[c.property], thing, held) for c in query.conditions if c.kind == "property"]
            )
            candidate = scored(query, thing, evidence, self.classes, weights)
            if candidate is not None and candidate.score >= LEAST:
                found.append(candidate)
        return decided(found, lambda: self.successors)[: query.limit]

    def _by_value(self, query: Query) -> list[int]:
        """Give the things with the values of a query that gives no name, looked up in the graph."""
        iris: set[str] = set()
        for condition in query.conditions:
            wanted = self.property(condition.property)
            if wanted.iri and condition.quantifier != "none":
                iris.update(self._having(wanted.iri, [value.id or value.text for value in condition.values]))
        return [id for each in sorted(iris) for id in self.index.with_iri(each)][:_BY_VALUE]

    def _having(self, property: str, texts: Collection[str]) -> Iterable[str]:
        named = self.index.things(id for text in texts for id in self.index.with_key(words(text)))
        iris = {*(thing.iri for thing in named.values()), *(expanded(text) for text in texts)}
        nodes = " ".join(f"<{each}>" for each in sorted(iris) if is_iri(each))
        literals = ", ".join(str(Literal(text)) for text in texts)
        rows = self.graph.query(
            f"SELECT DISTINCT ?s {{ {{ VALUES ?o {{ {nodes} }} ?s <{property}> ?o }} UNION "
            f"{{ ?s <{property}> ?o FILTER(isLiteral(?o) && STR(?o) IN ({literals})) }} }} LIMIT 1000"
        )
        return [node.value for (node,) in cast(Iterable[tuple[object]], rows) if isinstance(node, NamedNode)]


def _compares(query: Query) -> bool:
    return any(condition.kind == "property" for condition in query.conditions)


def _agreed(
    condition: Condition, asked: Property, thing: Thing, held: dict[tuple[str, str], list[Held]]
) -> tuple[Condition, Property, Agreement]:
    return condition, asked, agreement(condition, asked, thing, held.get((thing.iri, asked.iri), []))
