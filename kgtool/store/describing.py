"""What is known of one resource: its symmetric concise bounded description.

Source: Stickler, CBD - Concise Bounded Description, W3C Member Submission, 2005.
"""

from __future__ import annotations

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from kgtool.store.interface import QuadStore
from kgtool.store.layout import State
from kgtool.vocabulary import INFERRED

#: A resource that half the graph points to is described by what it says, and by this many that point to it.
_MAX_POINTING = 1_000


def concise_description(store: QuadStore, state: State, resource: NamedNode) -> list[Triple]:
    """Give the triples of a resource and of its blank nodes, then those that point to it; asserted and inferred.

    :returns: an empty list when nothing says anything about it.
    """
    graphs = (*state.asserted_graphs, INFERRED)
    found: dict[Triple, None] = {}
    waiting: list[NamedNode | BlankNode] = [resource]
    seen = set(waiting)
    while waiting:
        subject = waiting.pop()
        for graph in graphs:
            for quad in store.quads(subject, None, None, graph):
                found.setdefault(quad.triple)
                if isinstance(quad.object, BlankNode) and quad.object not in seen:
                    seen.add(quad.object)
                    waiting.append(quad.object)
    pointing: list[Quad] = []
    for graph in graphs:
        for quad in store.quads(None, None, resource, graph):
            if len(pointing) >= _MAX_POINTING:
                break
            pointing.append(quad)
    found.update(dict.fromkeys(quad.triple for quad in pointing))
    return list(found)
