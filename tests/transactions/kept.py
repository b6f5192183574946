"""Stores to copy and to damage: two sources that share a triple, and something that follows."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from pyoxigraph import Store

from kgtool import KnowledgeGraph
from kgtool.ingest import sources_of_bytes

CAT = "<http://www.w3.org/2000/01/rdf-schema#subClassOf> <urn:Animal> . <urn:tom> a <urn:Cat> ."
TEXTS = {
    "urn:g:one": f'<urn:Cat> {CAT} <urn:tom> <urn:name> "Tom"@en, "café" .',
    "urn:g:two": '<urn:tom> <urn:name> "Tom"@en ; <urn:age> 3 ; <urn:knows> [ <urn:name> "Somebody" ] .',
}


def make(store: Path, *, engine: str | None = None) -> Path:
    with KnowledgeGraph.open(store, write=True, create=True, engine=engine) as kg:
        for graph, text in TEXTS.items():
            kg.load(sources_of_bytes(text.encode(), name=graph, graph=graph, format="turtle"))
        kg.update("INSERT DATA { <urn:mia> a <urn:Cat> }")
    return store


def content(store: Path) -> tuple[bytes, bytes]:
    """What a store asserts and what follows, as bytes."""
    asserted, inferred = BytesIO(), BytesIO()
    with KnowledgeGraph.open(store) as kg:
        kg.export("nquads", asserted)
        kg.export("ntriples", inferred, only="inferred")
    return asserted.getvalue(), inferred.getvalue()


def generation(store: Path) -> Path:
    return store / "generations" / (store / "CURRENT").read_text().strip()


def raw(store: Path, harm: Callable[[Store], object]) -> None:
    """Do something to the quads, past everything that keeps them in order; nobody may hold on to them."""
    quads = Store(str(generation(store) / "quads"))
    harm(quads)
    del quads


def flip(file: Path, place: float = 0.5) -> None:
    """Change one bit of a file."""
    content = bytearray(file.read_bytes())
    content[int(len(content) * place)] ^= 4
    file.write_bytes(content)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
