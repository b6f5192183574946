"""The embedded store: Oxigraph on disk, each change one durable transaction.

pyoxigraph 0.5 has no transaction object. One ``update()`` call is atomic, so a change travels into it as the values of
a custom function: nothing is written as text, and blank nodes keep their names (``DELETE DATA`` would refuse them).
Oxigraph writes its log without syncing it, so the log is synced from here before a change is acknowledged.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Variable

from kgtool.store.archive import copy_quads
from kgtool.store.filling import Filling, empty, is_unfinished
from kgtool.store.interface import GraphName, Results, SourceName, Subject, Term
from kgtool.store.rocksdb import Logs, size_of_logs, store_errors, tables_of

_QUAD_PART = NamedNode("urn:kgtool:function:quad-part")
#: From this many quads on, additions go through the bulk loader: four times as fast, but 20 ms slower to start.
_BULK = 20_000
#: Up to so many quads are written as data.
_FEW = 1_000
#: Most quads that a copy has in its logs, whose reading takes 20 ms for 3,000; and most bytes of logs that it copies.
_MOST_IN_LOGS = 1_000
_LONGEST_LOGS = 8 * 2**20
_WRITTEN = (NamedNode, Literal, DefaultGraph)


class OxigraphStore:
    """A :class:`~kgtool.store.interface.QuadStore` on a folder of its own.

    :param folder: where Oxigraph keeps its files; made when absent, unless read-only.
    :param read_only: see the quads as they are now; nothing may write to the folder meanwhile.
    :raises StoreLockedError: if another process has it open for writing.
    :raises StoreDamagedError: if its files are not what they should be.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self._folder = folder
        self._logs = Logs(folder)
        self._together = False
        #: Quads that came or went since RocksDB wrote its last tables.
        self._in_logs = 0
        with store_errors(folder):
            if read_only:
                self._store = Store() if is_unfinished(folder) else Store.read_only(str(folder))
            else:
                self._store = Store(str(folder))
                if is_unfinished(folder):
                    empty(self._store, folder)

    def query(
        self,
        text: str,
        *,
        default_graph: Sequence[GraphName],
        named_graphs: Sequence[SourceName],
        substitutions: Mapping[Variable, Term] | None = None,
    ) -> Results:
        """Evaluate a query on the dataset of these graphs, see :class:`~kgtool.store.interface.QuadStore`."""
        return self._store.query(
            text,
            default_graph=default_graph,  # type: ignore[arg-type]  # the stubs ask for list, any sequence works
            named_graphs=named_graphs,  # type: ignore[arg-type]
            substitutions=substitutions,  # type: ignore[arg-type]
        )

    def quads(
        self,
        subject: Subject | None = None,
        predicate: NamedNode | None = None,
        object_: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        """Give the quads that match a pattern."""
        return self._store.quads_for_pattern(subject, predicate, object_, graph)

    def __contains__(self, quad: Quad) -> bool:
        return quad in self._store

    def graphs(self) -> Iterator[SourceName]:
        """Give the names of the graphs that hold a quad (Oxigraph also remembers those that are empty now)."""
        for name in self._store.named_graphs():
            if next(self._store.quads_for_pattern(None, None, None, name), None) is not None:
                yield name

    def apply(self, added: Collection[Quad], removed: Collection[Quad]) -> None:
        """Remove and add quads in one transaction, on disk when this returns."""
        if not added and not removed:
            return
        if not removed and len(added) >= _BULK:
            self.fill(added)
            return
        self._in_logs += len(added) + len(removed)
        text, quad_part = _update_of(added, removed)
        with store_errors(self._folder):
            self._store.update(text, custom_functions={_QUAD_PART: quad_part})
            self._forget_emptied({quad.graph_name for quad in removed})
            if not self._together:
                self._logs.sync()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Bring what the block applies to the disk once, at its end; each change is a transaction all the same."""
        self._together = True
        try:
            yield
        finally:
            self._together = False
            with store_errors(self._folder):
                self._logs.sync()

    def fill(self, quads: Iterable[Quad]) -> None:
        """Add many quads in one transaction, on disk when this returns."""
        with store_errors(self._folder):
            self._store.bulk_extend(quads)
            self._store.flush()
            self._logs.sync()
        self._in_logs = 0

    @contextmanager
    def filling(self, expected: int | None = None) -> Iterator[Filling]:
        """Fill an empty store with lines, see :class:`~kgtool.store.interface.QuadStore`."""
        filling = Filling(self._store, self._folder, expected)
        try:
            yield filling
        finally:
            filling.close()

    def dump(self, graph: GraphName, file: Path) -> None:
        """Write the triples of a graph to a file of N-Triples."""
        with store_errors(file):
            self._store.dump(str(file), RdfFormat.N_TRIPLES, from_graph=graph)

    def copy_to(self, folder: Path) -> None:
        """Write a consistent copy (hard links where the file system has them)."""
        with store_errors(folder):
            self._store.backup(str(folder))
        self._in_logs = 0

    def show_to(self, folder: Path) -> None:
        """Write a consistent copy quickly, see :class:`~kgtool.store.interface.QuadStore`.

        Oxigraph's own copies bring a table to the disk for each of its eleven indexes. Tables are never written to, and
        while this process writes nothing the logs do not change either, so links to the former and copies of the latter
        are the store. Who opens such a copy reads the logs: beyond some length that takes longer than a table is worth.
        """
        if self._in_logs <= _MOST_IN_LOGS and size_of_logs(self._folder) <= _LONGEST_LOGS:
            before = tables_of(self._folder)
            with suppress(OSError):  # a table that went meanwhile
                copy_quads(self._folder, folder, link=True)
                if tables_of(self._folder) == before:
                    return
            shutil.rmtree(folder, ignore_errors=True)
        self.copy_to(folder)

    def close(self) -> None:
        """Let go of the folder."""
        del self._store

    def _forget_emptied(self, graphs: Iterable[GraphName]) -> None:
        """Drop the names of graphs that hold nothing now; Oxigraph would remember each one ever used."""
        for graph in graphs:
            if not isinstance(graph, DefaultGraph) and next(self.quads(graph=graph), None) is None:
                self._store.remove_graph(graph)


def _update_of(added: Collection[Quad], removed: Collection[Quad]) -> tuple[str, Callable[[Literal, Literal], Any]]:
    """Write a change as one SPARQL update.

    A few quads are written as data. The terms of others come from a function of quad number and position: of those with
    blank nodes, which SPARQL would give other names, and of many, whose text would take much memory.
    """
    few = len(added) + len(removed) <= _FEW
    numbered: list[Quad] = []

    def quad_part(number: Literal, position: Literal) -> Any:
        return numbered[int(number.value)][int(position.value)]

    operations = []
    for verb, quads in (("DELETE", removed), ("INSERT", added)):
        written = {q for q in quads if all(isinstance(part, _WRITTEN) for part in q)} if few else set()
        if written:
            operations.append(f"{verb} DATA {{ {' '.join(map(_as_data, written))} }}")
        for named in (False, True):
            first = len(numbered)
            numbered += (quad for quad in quads if _is_named(quad) is named and quad not in written)
            if len(numbered) > first:
                operations.append(_operation(verb, range(first, len(numbered)), named))
    return ";\n".join(operations), quad_part


def _is_named(quad: Quad) -> bool:
    return not isinstance(quad.graph_name, DefaultGraph)


def _as_data(quad: Quad) -> str:
    triple = f"{quad.subject} {quad.predicate} {quad.object}"
    return f"GRAPH {quad.graph_name} {{ {triple} }}" if _is_named(quad) else f"{triple} ."


def _operation(verb: str, numbers: Sequence[int], named: bool) -> str:
    template = "GRAPH ?g { ?s ?p ?o }" if named else "?s ?p ?o"
    terms = " ".join(
        f"BIND({_QUAD_PART}(?n, {position}) AS ?{name})" for position, name in enumerate("spog" if named else "spo")
    )
    return f"{verb} {{ {template} }} WHERE {{ VALUES ?n {{ {' '.join(map(str, numbers))} }} {terms} }}"
