"""Examining a change looks at as much of a large store as of a small one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode, Quad

from kgtool.reasoning.engine import Consequences
from kgtool.store.change import QuadDelta, TripleDelta
from kgtool.store.interface import GraphName, Results, Subject, Term
from kgtool.store.layout import asserted_change, read_state
from kgtool.transactions.commits import Prepared, examine

from .packaged import SHAPES, triples
from .stores import MemoryStore

GRAPH = NamedNode("urn:x:graph")
SOME = """
x:hub a org:Organization, kg:Institution ; rdfs:label "Hub"@fr ; schema:identifier x:i ; schema:sameAs x:entry .
x:i a schema:PropertyValue ; schema:propertyID "ROR" ; schema:value "02ppyfa04" ; dcterms:source "s" .
x:p a foaf:Person ; rdfs:label "P" ; kg:affiliatedWith x:hub .
x:m a kg:Membership ; org:member x:p ; org:organization x:hub ; schema:startDate "2020"^^xsd:gYear .
kg:Membership rdfs:subClassOf org:Membership . kg:Institution rdfs:subClassOf org:Organization .
"""
ANOTHER = """
x:p{0} a foaf:Person ; rdfs:label "P" ; kg:affiliatedWith x:hub ; schema:identifier x:i{0} .
x:i{0} a schema:PropertyValue ; schema:propertyID "IdRef" ; schema:value "{0:08}X" ; dcterms:source "s" .
x:m{0} a kg:Membership ; org:member x:p{0} ; org:organization x:hub ; schema:startDate "2020"^^xsd:gYear .
x:hub kg:has x:p{0} .
"""
CHANGES = {
    "a person comes": (
        'x:new a foaf:Person ; rdfs:label "N" ; kg:affiliatedWith x:hub . x:hub kg:has x:new . x:n a kg:Membership ;'
        ' org:member x:new ; org:organization x:hub ; schema:endDate "2022"^^xsd:gYear .',
        "",
    ),
    "a label comes": ('x:hub rdfs:label "Hub"@en .', ""),
    "a label goes": ("", 'x:hub rdfs:label "Hub"@fr .'),
    "a date changes": ('x:m schema:startDate "2021"^^xsd:gYear .', 'x:m schema:startDate "2020"^^xsd:gYear .'),
    "an identifier comes": (
        'x:p schema:identifier x:new . x:new schema:propertyID "ROR" ; schema:value "https://ror.org/02ppyfa04" .',
        "",
    ),
    "a membership goes": ("", "x:m org:member x:p ; org:organization x:hub ."),
    "a class is mentioned": ("x:new kg:about foaf:Person, org:Organization, x:hub .", ""),
}


class CountedStore(MemoryStore):
    """Counts the quads that it gives; a query that it would answer itself counts as going through all of them."""

    def quads(
        self,
        subject: Subject | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        for quad in super().quads(subject, predicate, object_, graph):
            self.given += 1
            yield quad

    def query(self, *arguments: object, **options: object) -> Results:
        self.given += len(self._store)
        return super().query(*arguments, **options)  # type: ignore[arg-type]

    given = 0


def looked_at(change: tuple[str, str], *, size: int) -> tuple[int, int]:
    """Examine a change twice in a store; give how many quads were looked at first, and then."""
    data = [*triples(SOME), *(triple for number in range(size) for triple in triples(ANOTHER.format(number)))]
    store = CountedStore(Quad(*triple, GRAPH) for triple in data)
    state = read_state(store)
    added, removed = (frozenset(Quad(*triple, GRAPH) for triple in triples(text)) for text in change)
    quads = QuadDelta(added, removed)
    prepared = Prepared(quads, asserted_change(store, quads), Consequences(TripleDelta()))
    given = []
    for _ in range(2):
        before = store.given
        examine(store, state, prepared, SHAPES)
        given.append(store.given - before)
    return given[0], given[1]


@pytest.mark.parametrize("name", CHANGES)
def test_a_larger_store_is_not_looked_at_more(name: str) -> None:
    _, small = looked_at(CHANGES[name], size=70)
    _, large = looked_at(CHANGES[name], size=300)
    assert small == large
