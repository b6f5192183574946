"""The stores that the trials are held on."""

from __future__ import annotations

from pathlib import Path

from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes

#: A few axioms, so that each write has consequences: a class above, a transitive and a symmetric property.
AXIOMS = """
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:Cat> rdfs:subClassOf <urn:Animal> . <urn:Animal> rdfs:subClassOf <urn:Thing> .
<urn:within> a owl:TransitiveProperty . <urn:beside> a owl:SymmetricProperty .
<urn:home> <urn:within> <urn:town> . <urn:town> <urn:within> <urn:land> .
"""
#: Enough numbers for a query that never ends, and a graph in which everyone knows nearly everyone.
NUMBERS = "\n".join(f'<urn:n{i}> <urn:number> {i} ; <urn:text> "text {i}" .' for i in range(1000))
CROWD = "\n".join(
    f"<urn:k{i}> <urn:knows> {', '.join(f'<urn:k{j}>' for j in range(60) if j != i and (i + j) % 7)} ."
    for i in range(60)
)


def make_store(store: Path, **graphs: str) -> Path:
    """Make a store without shapes, of these graphs in Turtle."""
    sources = [
        source
        for name, text in {"axioms": AXIOMS, **graphs}.items()
        for source in sources_of_bytes(text.encode(), name=name, graph=f"urn:g:{name}", format="turtle")
    ]
    with KnowledgeGraph.open(store, write=True, create=True) as graph:
        graph.load(sources)
    return store


def make_packaged_store(store: Path) -> Path:
    """Make a store of the packaged ontology, with its rules and shapes."""
    KnowledgeGraph.build(store, with_data=False)
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.load(sources_of_bytes(AXIOMS.encode(), name="axioms", graph="urn:g:axioms", format="turtle"))
    return store


def write_once(store: Path, text: str) -> None:
    """Carry out an update with no service running."""
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.update(text)
