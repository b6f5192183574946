"""The union of sources is written when a second one comes, and is what they hold, however it was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kgtool import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.store import layout
from kgtool.store.layout import UNION

SIZE = 50
ASK = "SELECT ?s ?o { ?s <urn:x:p> ?o }"


def filled(path: Path) -> None:
    text = "".join(f"<urn:x:{n}> <urn:x:p> {n} .\n" for n in range(SIZE)).encode()
    with KnowledgeGraph.open(path, write=True, create=True) as kg:
        kg.load(sources_of_bytes(text, name="first", graph="urn:x:first", format="turtle"))


@pytest.mark.parametrize("many", [10, 1000])
@pytest.mark.parametrize("stale", [False, True])
def test_a_second_source_makes_the_union(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int, stale: bool
) -> None:
    monkeypatch.setattr(layout, "_MANY", many)
    filled(tmp_path / "store")
    with KnowledgeGraph.open(tmp_path / "store", write=True) as kg:
        if stale:  # as a writer that was killed leaves it
            kg._store.apply([Quad(NamedNode("urn:x:stale"), NamedNode("urn:x:p"), Literal(1), UNION)], ())
            assert len(list(kg.query(ASK))) == SIZE
        kg.update(
            "INSERT DATA { GRAPH <urn:x:second> { <urn:x:0> <urn:x:p> 0 . <urn:x:new> <urn:x:p> 1 } } ;"
            "DELETE DATA { GRAPH <urn:x:first> { <urn:x:1> <urn:x:p> 1 } }"
        )
        expected = {("urn:x:new", "1"), *((f"urn:x:{n}", str(n)) for n in range(SIZE) if n != 1)}
        found = [(row[0].value, row[1].value) for row in kg.query(ASK)]
        assert sorted(found) == sorted(expected)
        assert {quad.triple for quad in kg._store.quads(graph=UNION)} == {
            quad.triple for name in ("first", "second") for quad in kg._store.quads(graph=NamedNode(f"urn:x:{name}"))
        }
