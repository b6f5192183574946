"""What is remembered of a store between changes misses nothing, whatever became of the changes in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from pyoxigraph import NamedNode, Quad

from kgtool.reasoning.engine import Consequences
from kgtool.store.change import QuadDelta, TripleDelta
from kgtool.store.layout import asserted_change, read_state
from kgtool.store.oxigraph import OxigraphStore
from kgtool.transactions.commits import Prepared, examine, write
from kgtool.vocabulary import PREFIXES

from .packaged import SHAPES, triples
from .stores import empty_store

GRAPH = NamedNode("urn:x:graph")
ONE = 'x:a schema:identifier x:1 . x:1 schema:propertyID "ORCID" ; schema:value "0000-0002-1825-0097" .'
OTHER = 'x:b schema:identifier x:2 . x:2 schema:propertyID "orcid.org" ; schema:value "0000 0002 1825 0097" .'
OLD_NAMESPACE = 'x:h <http://schema.org/name> "H" .'
NO_DATE = 'x:h schema:endDate "never" .'
MANY = "x:h " + " ; ".join(f"x:p{number} x:o" for number in range(100)) + " ."


class Graph:
    """A store that changes step by step; gives the shapes that find something in a change."""

    def __init__(self, store: OxigraphStore) -> None:
        self._store = store
        self._state = read_state(store)

    def examined(self, added: str = "", removed: str = "") -> set[str]:
        return self._found(self._prepared(added, removed))

    def committed(self, added: str = "", removed: str = "") -> set[str]:
        change = self._prepared(added, removed)
        found = self._found(change)
        self._state = write(self._store, self._state, change, ())
        return found

    def inferred_anew(self, added: str) -> None:
        """Commit what is inferred, as ``kgtool reason`` does: no change is examined."""
        change = Prepared(QuadDelta(), TripleDelta(), Consequences(TripleDelta(frozenset(triples(added)))))
        self._state = write(self._store, self._state, change, ())

    def _prepared(self, added: str, removed: str) -> Prepared:
        change = QuadDelta(*(frozenset(Quad(*triple, GRAPH) for triple in triples(text)) for text in (added, removed)))
        return Prepared(change, asserted_change(self._store, change), Consequences())

    def _found(self, change: Prepared) -> set[str]:
        findings = examine(self._store, self._state, change, SHAPES).findings
        return {(finding.shape or "").removeprefix(PREFIXES["kg"]) for finding in findings}


@pytest.fixture
def graph() -> Iterator[Graph]:
    with empty_store() as store:
        yield Graph(store)


def touch(*nodes: str) -> str:
    return "".join(f'{node} dcterms:source "s" .' for node in nodes)


def test_an_identifier_committed_before_is_found_again(graph: Graph) -> None:
    assert "OneHolderShape" not in graph.committed(ONE)
    assert "OneHolderShape" in graph.committed(OTHER)
    assert "OneHolderShape" in graph.committed(touch("x:1"))
    assert "OneHolderShape" in graph.examined(removed=touch("x:1"))
    assert "OneHolderShape" not in graph.committed(removed="x:b schema:identifier x:2 .")
    assert "OneHolderShape" not in graph.examined(touch("x:2"))


def test_an_identifier_of_a_refused_change_counts_for_nothing(graph: Graph) -> None:
    graph.committed(ONE)
    assert "OneHolderShape" in graph.examined(OTHER)
    assert "OneHolderShape" not in graph.committed(touch("x:1"))
    assert "OneHolderShape" not in graph.examined(removed=touch("x:1"))


@pytest.mark.parametrize("before", [(), ("committed",), ("examined",), ("committed", "examined"), ("examined",) * 2])
def test_an_identifier_that_no_examined_change_brought_is_found(graph: Graph, before: Iterable[str]) -> None:
    graph.committed(ONE)
    for number, step in enumerate(before):
        assert "OneHolderShape" not in getattr(graph, step)(touch("x:1", f"x:other{number}"))
    graph.inferred_anew(OTHER)
    assert "OneHolderShape" in graph.examined('x:1 rdfs:label "one" .')


@pytest.mark.parametrize("many", ["", MANY])
@pytest.mark.parametrize(("shape", "said"), [("SchemaOrgNamespaceShape", OLD_NAMESPACE), ("EndDateShape", NO_DATE)])
def test_a_hub_is_found_to_be_what_it_is(graph: Graph, shape: str, said: str, many: str) -> None:
    graph.committed(many + touch("x:h"))
    assert shape not in graph.committed("x:h rdfs:label 1 .")
    assert shape in graph.examined(said)
    assert shape not in graph.examined("x:h rdfs:label 2 .")
    assert shape in graph.committed(said)
    assert shape in graph.examined("x:h rdfs:label 2 .")
    assert shape not in graph.examined("x:h rdfs:label 2 .", removed=said)
    assert shape in graph.examined("x:h rdfs:label 2 .")
    assert shape not in graph.committed(removed=said)
    assert shape not in graph.examined("x:h rdfs:label 2 .")
    graph.inferred_anew(said)
    assert shape in graph.examined("x:h rdfs:label 2 .")


def test_a_class_is_below_another_for_as_long_as_it_is_said(graph: Graph) -> None:
    shape, below = "MemberEndShape", "x:Sub rdfs:subClassOf x:Middle . x:Middle rdfs:subClassOf kg:Membership ."
    graph.committed("x:n a x:Sub .")
    assert shape not in graph.examined("x:n rdfs:label 1 .")
    assert shape in graph.examined(below + "x:n rdfs:label 1 .")
    assert shape not in graph.examined("x:n rdfs:label 1 .")
    graph.committed(below)
    assert shape in graph.examined("x:n rdfs:label 1 .")
    graph.examined(removed=below)
    assert shape in graph.examined("x:n rdfs:label 1 .")
    graph.committed(removed="x:Middle rdfs:subClassOf kg:Membership .")
    assert shape not in graph.examined("x:n rdfs:label 1 .")
    graph.inferred_anew(below)
    assert shape in graph.examined("x:n rdfs:label 1 .")


def test_a_hub_that_is_none_for_a_while_is_found_again(graph: Graph) -> None:
    shape = "EndDateShape"
    graph.committed(MANY + touch("x:h"))
    assert shape not in graph.committed("x:h rdfs:label 1 .")
    graph.committed(removed=MANY)
    assert shape in graph.committed(NO_DATE)
    graph.committed(MANY)
    assert shape in graph.examined("x:h rdfs:label 2 .")
