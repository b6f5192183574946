"""How a graph changes, told by entity: whatever letters the keys of its records are written in."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat

from kgtool.graph import KnowledgeGraph
from kgtool.ingest import Source, sources_of_bytes
from kgtool.store.oxigraph import OxigraphStore
from kgtool.transactions.comparing import compare

from .kept import generation

BASE, GRAPH = "urn:x:towns/", "urn:g:towns"
BEFORE = """
<urn:x:towns/gone> <urn:p> 1 .
<urn:x:towns/lille> <urn:p> 1 .
<urn:x:towns/lille/node/1> <urn:p> 1 .
<urn:x:towns/known/node/1> <urn:p> 1 .
<urn:x:towns/a%20b/node/1> <urn:p> 1 .
<urn:x:towns/place/12> <urn:p> 1 .
"""


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("<urn:x:towns/lille> <urn:p> 1", "<urn:x:towns/lille> <urn:p> 2", "urn:x:towns/lille"),
        ("<urn:x:towns/lille/node/1> <urn:p> 1", "<urn:x:towns/lille/node/1> <urn:p> 2", "urn:x:towns/lille"),
        ("<urn:x:towns/known/node/1> <urn:p> 1", "<urn:x:towns/known/node/1> <urn:p> 2", "urn:x:entity"),
        ("<urn:x:towns/a%20b/node/1> <urn:p> 1", "<urn:x:towns/a%20b/node/1> <urn:p> 2", "urn:x:other"),
        ("<urn:x:towns/place/12> <urn:p> 1", "<urn:x:towns/place/12> <urn:p> 2", None),
    ],
)
def test_a_change_is_told_by_the_entity_that_it_is_about(tmp_path: Path, old: str, new: str, changed: str) -> None:
    place = tmp_path / "store"
    with KnowledgeGraph.open(place, write=True, create=True) as kg:
        kg.load(sources_of_bytes(BEFORE.encode(), name="towns", graph=GRAPH, format="turtle"))
    file = tmp_path / "after.nt"
    after = BEFORE.replace("<urn:x:towns/gone> <urn:p> 1 .\n", "").replace(old, new)
    with KnowledgeGraph.open(tmp_path / "other", write=True, create=True) as kg:
        kg.load(sources_of_bytes(after.encode(), name="towns", graph=GRAPH, format="turtle"))
        with file.open("wb") as out:
            kg.export("ntriples", out)
    keys = {f"{BASE}lille": "lille", "urn:x:entity": "known", "urn:x:other": "a b"}
    source = Source("after", NamedNode(GRAPH), RdfFormat.N_TRIPLES, None, file)
    compared = compare(source, OxigraphStore(generation(place) / "quads"), keys, BASE)
    assert compared.changed == ((changed,) if changed else ())
    assert (compared.added, compared.removed) == ((), (f"{BASE}gone",))
    assert (compared.triples_added, compared.triples_removed) == (1, 2)
