"""A graph in memory that engines work on, commit by commit, as transactions do it on disk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from kgtool.reasoning.engine import Consequences, Engine
from kgtool.store.canonical import canonical_quads
from kgtool.store.change import QuadDelta, TripleDelta, delta
from kgtool.store.layout import State, asserted_triples, inferred_triples, read_state
from kgtool.transactions.commits import Prepared, prepare, write
from kgtool.vocabulary import PREMISES

GRAPH = NamedNode("urn:x:graph")
HEADER = """
@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""


class MemoryStore:
    """Oxigraph in memory as a store of quads."""

    def __init__(self) -> None:
        self._store = Store()

    def query(
        self, text: str, *, default_graph: Sequence[Any], named_graphs: Sequence[Any], substitutions: Any = None
    ) -> Any:
        return self._store.query(
            text,
            default_graph=list(default_graph),
            named_graphs=list(named_graphs),
            substitutions=dict(substitutions) if isinstance(substitutions, Mapping) else None,
        )

    def quads(
        self, subject: Any = None, predicate: Any = None, object_: Any = None, graph: Any = None
    ) -> Iterator[Quad]:
        return self._store.quads_for_pattern(subject, predicate, object_, graph)

    def __contains__(self, quad: Quad) -> bool:
        return quad in self._store

    def graphs(self) -> Iterator[Any]:
        for name in self._store.named_graphs():
            if next(self._store.quads_for_pattern(None, None, None, name), None) is not None:
                yield name

    def apply(self, added: Collection[Quad], removed: Collection[Quad]) -> None:
        for quad in removed:
            self._store.remove(quad)
        self._store.extend(added)

    def fill(self, quads: Iterable[Quad]) -> None:
        self._store.bulk_extend(quads)

    def dump(self, graph: Any, file: Path) -> None:
        self._store.dump(str(file), RdfFormat.N_TRIPLES, from_graph=graph)

    def copy_to(self, folder: Path) -> None:
        raise AssertionError("no test copies a store in memory")

    def show_to(self, folder: Path) -> None:
        raise AssertionError("no test copies a store in memory")

    def close(self) -> None:
        pass


class World:
    """A store with an engine that keeps its closure."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.store = MemoryStore()
        self.state: State = read_state(self.store)
        self.last = Consequences()

    def change(self, added: Iterable[Quad] = (), removed: Iterable[Quad] = ()) -> Prepared:
        """Commit a change with its consequences."""
        wanted = delta(canonical_quads(added), canonical_quads(removed))
        prepared = prepare(self.store, self.state, self.engine, wanted)
        if prepared.change or prepared.consequences.inferred:
            before, self.state = self.state, write(self.store, self.state, prepared, ())
            self.engine.follow(before, self.state, prepared.change, prepared.consequences)
        return prepared

    def anew(self) -> Prepared:
        """Compute the closure from scratch, without writing it."""
        return prepare(self.store, self.state, self.engine, delta(), anew=True)

    def inferred(self) -> set[Triple]:
        return set(inferred_triples(self.store))

    def premises(self) -> set[Quad]:
        return set(self.store.quads(graph=PREMISES))

    def asserted(self) -> set[Triple]:
        return set(asserted_triples(self.store, self.state))


def quads_of(text: str, graph: NamedNode = GRAPH) -> list[Quad]:
    """Read Turtle, with the usual prefixes and ``:`` for ``urn:x:``, as quads of a graph."""
    parsed = parse((HEADER + text).encode(), RdfFormat.TURTLE)
    return [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in parsed]


def closed(engine: Engine, text: str) -> Consequences:
    """Close a Turtle text from scratch."""
    world = World(engine)
    world.store.fill(canonical_quads(quads_of(text)))
    world.state = read_state(world.store)
    return prepare(world.store, world.state, engine, QuadDelta(), anew=True).consequences


def written(triples: Iterable[Triple]) -> set[str]:
    """Write triples shortly: ``<a> <p> <b>`` for names that start with ``urn:x:``."""
    return {str(triple).replace("urn:x:", "") for triple in triples}


__all__ = ["GRAPH", "HEADER", "MemoryStore", "TripleDelta", "World", "closed", "quads_of", "written"]
