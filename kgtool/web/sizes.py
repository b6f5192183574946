"""How large the graph's parts are, counted once a commit."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode

from kgtool.graph import KnowledgeGraph


def source_sizes(graph: KnowledgeGraph) -> tuple[tuple[NamedNode | BlankNode, int], ...]:
    """Give the source graphs with the number of their quads, by name."""
    return _source_sizes(graph, graph.commit)


def class_sizes(graph: KnowledgeGraph) -> dict[str, int]:
    """Give the number of things of each class, by its IRI; inferred ones count."""
    return _class_sizes(graph, graph.commit)


def property_sizes(graph: KnowledgeGraph) -> dict[str, int]:
    """Give the number of triples of each property, by its IRI; inferred ones count."""
    return _property_sizes(graph, graph.commit)


def triples_count(graph: KnowledgeGraph) -> int:
    """Give the number of triples of the default graph, what follows included."""
    return _triples_count(graph, graph.commit)


@lru_cache(maxsize=4)
def _triples_count(graph: KnowledgeGraph, commit: str) -> int:
    ((size,),) = graph.query("SELECT (COUNT(*) AS ?size) WHERE { ?s ?p ?o }").solutions()
    return int(cast(Literal, size).value)


@lru_cache(maxsize=4)
def _source_sizes(graph: KnowledgeGraph, commit: str) -> tuple[tuple[NamedNode | BlankNode, int], ...]:
    rows = graph.query("SELECT ?g (COUNT(*) AS ?size) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", reasoning=False)
    sizes = [(cast(NamedNode | BlankNode, name), int(cast(Literal, size).value)) for name, size in rows]
    return tuple(sorted(sizes, key=lambda pair: str(pair[0])))


@lru_cache(maxsize=4)
def _class_sizes(graph: KnowledgeGraph, commit: str) -> dict[str, int]:
    rows = graph.query(
        "SELECT ?class (COUNT(*) AS ?size) WHERE { ?thing a ?class FILTER(isIRI(?class)) } "
        "GROUP BY ?class ORDER BY ?class"
    )
    return {cast(NamedNode, name).value: int(cast(Literal, size).value) for name, size in rows}


@lru_cache(maxsize=4)
def _property_sizes(graph: KnowledgeGraph, commit: str) -> dict[str, int]:
    rows = graph.query("SELECT ?p (COUNT(*) AS ?size) WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY ?p")
    return {cast(NamedNode, name).value: int(cast(Literal, size).value) for name, size in rows}
