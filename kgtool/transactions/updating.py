"""The net change of an update request: its operations one after another, each on what the earlier ones left."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Triple

from kgtool.errors import MissingError
from kgtool.reasoning.engine import Engine
from kgtool.store.canonical import canonical_quads
from kgtool.store.change import QuadDelta, delta
from kgtool.store.interface import QuadStore
from kgtool.store.layout import State, source_graphs_of
from kgtool.store.operations import Operation, read_update
from kgtool.store.oxigraph import OxigraphStore
from kgtool.store.requests import named_node
from kgtool.store.updates import Scope, evaluate, refuse_reserved
from kgtool.transactions.commits import prepare, write
from kgtool.transactions.reports import NotFound

_FOUND_ELSEWHERE = 100


def net_change(
    text: str, scope: Scope, store: QuadStore, state: State, engine: Engine, workplace: Path
) -> tuple[QuadDelta, list[NotFound]]:
    """Give the change of all operations of a request together, and the quads that DELETE DATA did not find.

    :param workplace: a folder on the store's file system, for a copy when a later operation must see the consequences
        of an earlier one.
    :raises QueryError, ForbiddenError, MissingError: if an operation is wrong; nothing is changed.
    :raises LimitError: if it takes too long, or finds too much.
    :raises RemoteError: if an endpoint of SERVICE or LOAD fails.
    """
    operations = read_update(text, scope.services)
    if any(operation.reads for operation in operations[1:]):
        return _rehearse(operations, scope, store, state, engine, workplace)
    net: QuadDelta = delta()
    not_found: list[NotFound] = []
    for operation in operations:
        change = _canonical(evaluate(operation, store, state, scope))
        present = {
            quad
            for quad in (*change.added, *change.removed)
            if quad in net.added or (quad not in net.removed and quad in store)
        }
        if operation.deletes_data:
            not_found += _elsewhere(change.removed - present, store)
        net = net.then(QuadDelta(change.added - present, change.removed & present))
    return net, not_found


def removal(graphs: Sequence[str], store: QuadStore, state: State) -> QuadDelta:
    """Give the change that removes source graphs.

    :raises MissingError: if one is not there.
    :raises ForbiddenError: if one is reserved.
    """
    removed: list[Quad] = []
    for name in graphs:
        graph = named_node(name)
        refuse_reserved(graph)
        if graph not in state.sources:
            raise MissingError(f"no source graph <{name}>", hint="see kgtool stats for the graphs")
        removed += store.quads(graph=graph)
    return delta(removed=removed)


def _rehearse(
    operations: Sequence[Operation], scope: Scope, store: QuadStore, state: State, engine: Engine, workplace: Path
) -> tuple[QuadDelta, list[NotFound]]:
    """Run the operations on a copy (hard links: milliseconds), each committed with its consequences."""
    net: QuadDelta = delta()
    not_found: list[NotFound] = []
    written: dict[Triple, Triple] = {}
    with tempfile.TemporaryDirectory(prefix="rehearsal-", dir=workplace) as folder:
        store.copy_to(Path(folder) / "quads")
        copy = OxigraphStore(Path(folder) / "quads")
        elsewhere = engine.elsewhere()
        try:
            for operation in operations:
                change = _canonical(evaluate(operation, copy, state, scope))
                prepared = prepare(copy, state, elsewhere, change)
                if operation.deletes_data:
                    not_found += _elsewhere(change.removed - prepared.change.removed, copy)
                net = net.then(prepared.change)
                written |= prepared.as_written
                before, state = state, write(copy, state, prepared, ())
                elsewhere.follow(before, state, prepared.change, prepared.consequences)
        finally:
            copy.close()
    if written:
        net = delta((_as(written.get(quad.triple, quad.triple), quad) for quad in net.added), net.removed)
    return net, not_found


def _as(triple: Triple, quad: Quad) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, quad.graph_name)


def _canonical(change: QuadDelta) -> QuadDelta:
    return delta(canonical_quads(change.added), canonical_quads(change.removed))


def _elsewhere(quads: frozenset[Quad], store: QuadStore) -> list[NotFound]:
    """Say in which source graphs the triples of quads stand that were not found in theirs."""
    missing = []
    for number, quad in enumerate(sorted(quads, key=str)):
        graphs: list[str] = []
        if number < _FOUND_ELSEWHERE:
            found = source_graphs_of(store, quad.triple)
            graphs = sorted(graph.value for graph in found if isinstance(graph, NamedNode))
        missing.append(NotFound(quad, tuple(graphs)))
    return missing
