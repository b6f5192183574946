"""Counts of a store."""

from __future__ import annotations

from kgtool.store.dataset import run_query
from kgtool.store.interface import QuadStore
from kgtool.store.layout import State, count
from kgtool.vocabulary import INFERRED

_CLASSES = """
SELECT ?class (COUNT(?node) AS ?nodes) WHERE { ?node a ?class FILTER(isIRI(?class)) }
GROUP BY ?class ORDER BY DESC(?nodes) ?class
"""


def statistics(store: QuadStore, state: State, engine: str) -> dict[str, object]:
    """Count what a store holds.

    :returns: ``commit``, ``engine``, ``asserted`` (distinct triples), ``inferred``, ``quads`` (in source graphs),
        ``sources`` (a list of ``{"graph", "quads"}``), ``classes`` (a list of ``{"class", "nodes"}``, inferred ones
        included).
    """
    sizes = {str(getattr(graph, "value", graph)): count(store, graph) for graph in state.sources}
    classes = run_query(store, state, _CLASSES).solutions()
    return {
        "commit": state.name,
        "engine": engine,
        "asserted": count(store, *state.asserted_graphs),
        "inferred": count(store, INFERRED),
        "quads": sum(sizes.values()),
        "sources": [{"graph": graph, "quads": size} for graph, size in sizes.items()],
        "classes": [
            {"class": getattr(name, "value", ""), "nodes": int(getattr(nodes, "value", "0"))} for name, nodes in classes
        ],
    }
