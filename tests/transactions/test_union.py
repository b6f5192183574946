"""Each asserted triple answers once, whichever sources hold it, come and go; a large source is not copied for that."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kgtool import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.store import layout
from kgtool.store.layout import UNION, read_state

SIZE = 50
ASK = "SELECT ?s ?o { ?s <urn:x:p> ?o }"


def fill(kg: KnowledgeGraph, size: int = SIZE) -> None:
    text = "".join(f"<urn:x:{n}> <urn:x:p> {n} .\n" for n in range(size)).encode()
    kg.load(sources_of_bytes(text, name="first", graph="urn:x:first", format="turtle"))


def answers(kg: KnowledgeGraph) -> list[tuple[str, str]]:
    return sorted((row[0].value, row[1].value) for row in kg.query(ASK))


@pytest.fixture(params=[10, 1000], ids=["large first source", "small first source"])
def many(request: pytest.FixtureRequest) -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "_MANY", request.param)
        yield request.param


def test_a_second_source_makes_the_union(tmp_path: Path, many: int) -> None:
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True) as kg:
        fill(kg)
        kg.update(
            "INSERT DATA { GRAPH <urn:x:second> { <urn:x:0> <urn:x:p> 0 . <urn:x:new> <urn:x:p> 1 } } ;"
            "DELETE DATA { GRAPH <urn:x:first> { <urn:x:1> <urn:x:p> 1 } }"
        )
        expected = sorted([("urn:x:new", "1"), *((f"urn:x:{n}", str(n)) for n in range(SIZE) if n != 1)])
        assert answers(kg) == expected
        assert len(list(kg._store.quads(graph=UNION))) == (1 if many < SIZE else SIZE)
    with KnowledgeGraph.open(tmp_path / "store") as kg:
        assert answers(kg) == expected


GRAPHS = ("urn:x:first", "urn:x:second", "urn:x:third")
Quads = set[tuple[int, str]]
some_quads = st.sets(st.sampled_from(tuple(product(range(4), GRAPHS))), max_size=4)


def update_of(gone: Quads, come: Quads) -> str:
    def data(quads: Quads) -> str:
        return " ".join(f"GRAPH <{graph}> {{ <urn:x:{n}> <urn:x:p> {n} }}" for n, graph in sorted(quads))

    return f"DELETE DATA {{ {data(gone)} }} ; INSERT DATA {{ {data(come)} }}"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(some_quads, some_quads), max_size=6), st.sampled_from([3, 1000]))
def test_whatever_comes_and_goes(changes: list[tuple[Quads, Quads]], many: int) -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory() as folder,
        KnowledgeGraph.open(Path(folder) / "store", write=True, create=True) as kg,
    ):
        patch.setattr(layout, "_MANY", many)
        fill(kg, 4)
        held = {(n, GRAPHS[0]) for n in range(4)}
        for gone, come in changes:
            kg.update(update_of(gone, come))
            held = (held - gone) | come
            assert answers(kg) == sorted({(f"urn:x:{n}", str(n)) for n, _ in held})
            state = read_state(kg._store)
            assert state.sources == tuple(sorted({NamedNode(graph) for _, graph in held}, key=str))
            triples = [quad.triple for graph in state.asserted_graphs for quad in kg._store.quads(graph=graph)]
            assert len(triples) == len(set(triples)) == len({n for n, _ in held})
