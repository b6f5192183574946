"""What sources and provenance say, as it will be after a change: the statements among which a person is looked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from pyoxigraph import NamedNode, Quad

from kgtool.store.interface import GraphName, Reads, Subject, Term
from kgtool.store.layout import UNION
from kgtool.vocabulary import INFERRED, META, PREMISES, iri

#: Graphs that follow from the others, or are the store's own.
_DERIVED = frozenset({UNION, INFERRED, PREMISES, META})
_TYPE = iri("rdf", "type")
_BELOW = iri("rdfs", "subClassOf")


class Statements:
    """The quads of a store's sources and of its provenance, and those that come.

    :param store: as it is.
    :param added: quads that come, the store has them or not.
    """

    def __init__(self, store: Reads, added: Iterable[Quad] = ()) -> None:
        self._store = store
        self._added = frozenset(added)
        self._of: dict[Term, list[Quad]] = defaultdict(list)
        self._to: dict[Term, list[Quad]] = defaultdict(list)
        for quad in self._added:
            self._of[quad.subject].append(quad)  # type: ignore[index]  # a subject is no triple here
            self._to[quad.object].append(quad)  # type: ignore[index]

    def of(self, node: Subject, predicate: NamedNode | None = None) -> Iterator[Quad]:
        """Give what is said of a node, each quad once."""
        for quad in self._store.quads(node, predicate):
            if quad.graph_name not in _DERIVED and quad not in self._added:
                yield quad
        for quad in self._of.get(node, ()):
            if predicate is None or quad.predicate == predicate:
                yield quad

    def to(self, node: Subject) -> Iterator[Quad]:
        """Give what refers to a node, each quad once."""
        for quad in self._store.quads(None, None, node):
            if quad.graph_name not in _DERIVED and quad not in self._added:
                yield quad
        yield from self._to.get(node, ())

    def in_graph(self, name: GraphName) -> Iterator[Quad]:
        """Give the quads of a source graph."""
        for quad in self._store.quads(graph=name):
            if quad not in self._added:
                yield quad
        yield from (quad for quad in self._added if quad.graph_name == name)

    def all(self) -> Iterator[Quad]:
        """Give every quad once."""
        for quad in self._store.quads():
            if quad.graph_name not in _DERIVED and quad not in self._added:
                yield quad
        yield from self._added

    def follows(self, node: Subject, predicate: NamedNode) -> Iterator[Term]:
        """Give the values that a property has, or follows to have."""
        yield from (q.object for q in self._store.quads(node, predicate))  # type: ignore[misc]
        yield from (q.object for q in self._of.get(node, ()) if q.predicate == predicate)  # type: ignore[misc]

    def is_one_of(self, node: Subject, classes: Collection[NamedNode]) -> bool:
        """Tell whether a node is of one of some classes, or of one below them."""
        known: set[Term] = set()
        left = list(self.follows(node, _TYPE))
        while left:
            found = left.pop()
            if found in classes:
                return True
            if found not in known and isinstance(found, Subject):
                known.add(found)
                left += self.follows(found, _BELOW)
        return False
