"""A store as a change looks at it: what is said of a thing is read once, however often it is asked for.

A look-up costs as much as reading a few dozen quads, and reasoning and validation ask the same of the same things. This
holds for as long as nobody writes to the store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Quad, Variable

from kgtool.store.interface import GraphName, Reads, Results, SourceName, Subject, Term

#: Of a subject with more quads, only what is asked for is read.
_MOST: Final = 32
_Said: TypeAlias = dict[NamedNode, list[Quad]]


class LookedUp:
    """The :class:`~kgtool.store.interface.Reads` of a store that does not change meanwhile."""

    def __init__(self, store: Reads) -> None:
        self._store = store
        self._said: dict[Subject, _Said | None] = {}

    def said_of(self, subject: Subject) -> Mapping[NamedNode, Sequence[Quad]] | None:
        """Give all quads of a subject, in whatever graph, by predicate; None if there are many."""
        try:
            return self._said[subject]
        except KeyError:
            pass
        said: _Said | None = {}
        for number, quad in enumerate(self._store.quads(subject)):
            if number == _MOST:
                said = None
                break
            said.setdefault(quad.predicate, []).append(quad)  # type: ignore[union-attr]
        self._said[subject] = said
        return said

    def quads(
        self,
        subject: Subject | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        """Give the quads that match a pattern; None matches everything."""
        said = None if subject is None else self.said_of(subject)
        if said is None:
            return self._store.quads(subject, predicate, object_, graph)
        found = (quad for quads in said.values() for quad in quads) if predicate is None else said.get(predicate, ())
        if object_ is None and graph is None:
            return iter(found)
        return (
            quad
            for quad in found
            if (graph is None or quad.graph_name == graph) and (object_ is None or quad.object == object_)
        )

    def __contains__(self, quad: Quad) -> bool:
        said = self.said_of(quad.subject)  # type: ignore[arg-type]  # a subject is no triple here
        return quad in self._store if said is None else quad in said.get(quad.predicate, ())

    def query(
        self,
        text: str,
        *,
        default_graph: Sequence[GraphName],
        named_graphs: Sequence[SourceName],
        substitutions: Mapping[Variable, Term] | None = None,
    ) -> Results:
        """Evaluate a query, see :class:`~kgtool.store.interface.Reads`."""
        return self._store.query(
            text, default_graph=default_graph, named_graphs=named_graphs, substitutions=substitutions
        )
