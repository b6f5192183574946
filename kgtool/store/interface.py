"""What a store must offer: the seam behind which embedded Oxigraph, or a remote SPARQL 1.1 server, stands.

A :class:`QuadStore` holds physical quads and knows nothing of sources, inference or commits;
:mod:`kgtool.store.layout` gives those quads their meaning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Variable,
)

GraphName = NamedNode | BlankNode | DefaultGraph
SourceName = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal
Subject = NamedNode | BlankNode
Results = QuerySolutions | QueryBoolean | QueryTriples


class Filler(Protocol):
    """Takes what an empty store is filled with.

    Any call may raise :class:`kgtool.errors.StoreError` for what could not be written since the last one.
    """

    def add(self, lines: bytes, graph: NamedNode | None) -> None:
        """Add whole lines, of N-Triples that go to a graph, or of N-Quads without one.

        They are valid, with single spaces between terms; blank nodes keep their names.
        """
        ...

    def add_file(self, file: Path, graph: NamedNode | None) -> None:
        """Begin with a file of such lines, which stays where it is until the filling ends.

        :param graph: as for :meth:`add`, but N-Triples without one go to the default graph.
        """
        ...

    def send(self) -> None:
        """Begin with what was added, as no more comes for a while."""
        ...

    def finish(self) -> None:
        """Make what was added the store's content; it is on disk when this returns."""
        ...


class Reads(Protocol):
    """Physical quads that can be read."""

    def query(
        self,
        text: str,
        *,
        default_graph: Sequence[GraphName],
        named_graphs: Sequence[SourceName],
        substitutions: Mapping[Variable, Term] | None = None,
    ) -> Results:
        """Evaluate a SPARQL 1.1 query on the dataset of these graphs; dataset clauses in the text do not count.

        :raises SyntaxError: if the text is not SPARQL.
        """
        ...

    def quads(
        self,
        subject: Subject | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        """Give the quads that match a pattern; None matches everything."""
        ...

    def __contains__(self, quad: Quad) -> bool: ...


class QuadStore(Reads, Protocol):
    """Physical quads, durable, each change one transaction."""

    def graphs(self) -> Iterator[SourceName]:
        """Give the names of the graphs that hold a quad."""
        ...

    def apply(self, added: Collection[Quad], removed: Collection[Quad]) -> None:
        """Remove and add quads in one transaction, on disk when this returns.

        :raises kgtool.errors.StoreError: if that failed; the store is then as before.
        """
        ...

    def fill(self, quads: Iterable[Quad]) -> None:
        """Add many quads in one transaction, on disk when this returns; an error raised by the iterator undoes all.

        :raises kgtool.errors.StoreError: if that failed; the store is then as before.
        """
        ...

    def filling(self, expected: int | None = None) -> AbstractContextManager[Filler]:
        """Fill an empty store with lines, as they come.

        :param expected: bytes of them that come before a long wait, if that is known.


        Where the block ends before :meth:`Filler.finish` did, or the process dies, the store is empty as before.
        """
        ...

    def dump(self, graph: GraphName, file: Path) -> None:
        """Write the triples of a graph to a file of N-Triples, literals in the form in which they are kept."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """Bring what the block applies to the disk once, at its end; each change is a transaction all the same."""
        ...

    def copy_to(self, folder: Path) -> None:
        """Write a consistent copy of the quads to a folder that does not exist."""
        ...

    def show_to(self, folder: Path) -> None:
        """Write a consistent copy to a folder that does not exist, quickly, for readers that are soon gone.

        It is not brought to the disk, so nobody may trust it after the machine has stopped.
        """
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...
