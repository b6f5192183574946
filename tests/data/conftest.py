"""The data as the tests ask it: every file in the named graph of its source, the ontology beside it.

Nothing is inferred here. To put these tests on a built graph, let ``rows`` and ``holds`` ask a
:class:`kgtool.graph.KnowledgeGraph` with ``reasoning=False``: the queries stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, RdfFormat, Store

from kgtool.vocabulary import ID_BASE, PREFIXES, SOURCE_PREFIX

ROOT = Path(__file__).resolve().parent.parent.parent
BASE = f"{ID_BASE}hauts-de-france/"
HEADER = f"BASE <{BASE}>\n" + "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())

Rows = Callable[[str], list[tuple[str | None, ...]]]
Holds = Callable[[str], bool]


def data_files() -> list[Path]:
    """Give every data file, in a fixed order."""
    return sorted((ROOT / "data").glob("*.ttl"))


@pytest.fixture(scope="session")
def data() -> Store:
    """Give the data alone, each file in its graph."""
    store = Store()
    for file in data_files():
        store.load(path=str(file), format=RdfFormat.TURTLE, to_graph=NamedNode(SOURCE_PREFIX + file.name))
    return store


@pytest.fixture(scope="session")
def ontology() -> Store:
    """Give the ontology alone, all of its Turtle files in one graph."""
    store = Store()
    for file in sorted((ROOT / "ontology").glob("*.ttl")):
        store.load(path=str(file), format=RdfFormat.TURTLE, to_graph=NamedNode(SOURCE_PREFIX + "ontology"))
    return store


def solutions(store: Store, query: str, header: str = HEADER) -> Iterator[tuple[str | None, ...]]:
    """Give the values of each solution of a SELECT query over the triples of all graphs."""
    answer = store.query(header + query, use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    for solution in answer:
        yield tuple(None if term is None else term.value for term in solution)


@pytest.fixture(scope="session")
def rows(data: Store) -> Rows:
    """Give a function from a SELECT query over the data to the values of its distinct solutions, sorted."""
    return lambda query: sorted(set(solutions(data, query)), key=lambda row: [value or "" for value in row])


@pytest.fixture(scope="session")
def holds(data: Store) -> Holds:
    """Give a function that answers an ASK query over the data."""

    def ask(query: str) -> bool:
        answer = data.query(HEADER + query, use_default_graph_as_union=True)
        assert isinstance(answer, QueryBoolean)
        return bool(answer)

    return ask
