"""What the quads of a store mean: sources, the asserted triples once, the inferred ones, the store's own notes.

The physical graphs:

===========================  ==========================================================================
named graphs                 the source graphs, as loaded
Oxigraph's default graph     the *union*: each asserted triple once, kept only from when on more than one
                             source graph held quads; less those of a large source that came first
``<urn:kgtool:inferred>``    the closure less what is asserted
``<urn:kgtool:premises>``    what follows and is left out, yet is a premise of what is not; never answers
``<urn:kgtool:provenance>``  what was loaded when
``<urn:kgtool:meta>``        the commit number, whether the union is kept and beside which source, the next store id
===========================  ==========================================================================

A query's default graph is the union and the inferred graph: two disjoint graphs, so each triple comes once, and every
look-up costs two probes however many sources there are. A default-graph quad costs half the index entries of a named
one (three against six), which is why the union lives there. With a single source graph no triple can stand twice, so
that graph itself takes the union's place and nothing is copied: this is the case of a large file loaded alone. Where it
is large, that stays so when others come: the union then holds what that source lacks, for a third probe.
Measured alternatives: see docs/architecture.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Triple

from kgtool.errors import InputError, MissingError
from kgtool.store.change import QuadDelta, TripleDelta, delta
from kgtool.store.interface import GraphName, QuadStore, SourceName
from kgtool.vocabulary import HIDDEN, INFERRED, META, PROVENANCE

UNION = DefaultGraph()
#: A source of so many triples is not copied when a second one comes.
_MANY: Final = 20_000
_COMMIT = NamedNode("urn:kgtool:meta#commit")
_STORE_ID = NamedNode("urn:kgtool:meta#store")
_UNION_KEPT = NamedNode("urn:kgtool:meta#unionKept")
_NEXT_ID = NamedNode("urn:kgtool:meta#nextStore")


@dataclass(frozen=True)
class Union:
    """What the union holds: each asserted triple once, less those of one source.

    :param beside: that source; None if there is none.
    """

    beside: SourceName | None = None


@dataclass(frozen=True)
class State:
    """What is fixed between two commits.

    :param commit: number of the last commit, from 0 for an empty store.
    :param store_id: eight hexadecimal digits, another for each store built.
    :param sources: the names of the source graphs that hold quads, sorted.
    :param union: what the union holds; None if it is not kept.
    :param next_id: the store id from the next commit on, of a store that was put back to an earlier commit: what was
        answered since then under its old names must never be taken for what comes now.
    """

    commit: int
    store_id: str
    sources: tuple[SourceName, ...]
    union: Union | None
    next_id: str | None = None

    @property
    def name(self) -> str:
        """The commit as users see it, such as ``3f9a61c2-17``."""
        return f"{self.store_id}-{self.commit}"

    @property
    def asserted_graphs(self) -> tuple[GraphName, ...]:
        """The disjoint physical graphs that together hold each asserted triple once."""
        if self.union is None:
            return self.sources
        return (self.union.beside, UNION) if self.union.beside in self.sources else (UNION,)


def read_state(store: QuadStore) -> State:
    """Read the state of a store as of its last commit."""
    notes = {quad.predicate: quad.object for quad in store.quads(META, None, None, META)}
    commit, store_id, next_id = notes.get(_COMMIT), notes.get(_STORE_ID), notes.get(_NEXT_ID)
    return State(
        commit=int(commit.value) if isinstance(commit, Literal) else 0,
        store_id=store_id.value if isinstance(store_id, Literal) else secrets.token_hex(4),
        sources=tuple(sorted((g for g in store.graphs() if g not in HIDDEN), key=str)),
        union=_union_of(notes.get(_UNION_KEPT)),
        next_id=next_id.value if isinstance(next_id, Literal) else None,
    )


def notes_of(state: State) -> set[Quad]:
    """Give the notes from which :func:`read_state` reads a state; before the first commit there are none."""
    if not state.commit:
        return set()
    facts: dict[NamedNode, Literal | SourceName] = {
        _STORE_ID: Literal(state.store_id),
        _COMMIT: Literal(state.commit),
    }
    if state.union is not None:
        facts[_UNION_KEPT] = Literal(True) if state.union.beside is None else state.union.beside
    if state.next_id is not None:
        facts[_NEXT_ID] = Literal(state.next_id)
    return {Quad(META, name, value, META) for name, value in facts.items()}


def _union_of(note: object) -> Union | None:
    if note is None:
        return None
    return Union(note if isinstance(note, NamedNode | BlankNode) else None)


def state_after(store: QuadStore, state: State, change: QuadDelta, union: Union | None) -> State:
    """Give the state after the commit of a change, which the store holds: what :func:`read_state` would read.

    :param change: the effective change of source quads.
    :param union: what :func:`union_after` said.
    """
    touched = {q.graph_name for q in change.removed}
    emptied = {graph for graph in touched if next(store.quads(graph=graph), None) is None}
    graphs = {*state.sources, *(q.graph_name for q in change.added)} - emptied
    return State(
        commit=state.commit + 1,
        store_id=state.next_id or state.store_id,
        sources=tuple(sorted((g for g in graphs if not isinstance(g, DefaultGraph)), key=str)),
        union=union,
    )


def asserted_triples(store: QuadStore, state: State) -> Iterator[Triple]:
    """Give each asserted triple once."""
    for graph in state.asserted_graphs:
        for quad in store.quads(graph=graph):
            yield quad.triple


def asserted_quads(store: QuadStore, state: State) -> Iterator[Quad]:
    """Give the quads of every source graph."""
    for graph in state.sources:
        yield from store.quads(graph=graph)


def inferred_triples(store: QuadStore) -> Iterator[Triple]:
    """Give the triples of the inferred graph."""
    for quad in store.quads(graph=INFERRED):
        yield quad.triple


def count(store: QuadStore, *graphs: GraphName) -> int:
    """Count the quads of graphs (ten times as fast by a query as by going through them)."""
    total = 0
    for graph in graphs:
        answer = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", default_graph=[graph], named_graphs=[])
        if isinstance(answer, QuerySolutions):
            total += sum(int(number.value) for solution in answer for number in solution if isinstance(number, Literal))
    return total


def selected(store: QuadStore, state: State, graph: NamedNode | None, only: str) -> Iterator[Quad]:
    """Give the quads of one graph, or of all sources, of the inferred graph, or of both.

    :param graph: a source graph, or a reserved one that answers when named; ``only`` then chooses nothing more.
    :param only: ``asserted``, ``inferred`` or ``all``.
    :raises MissingError: if there is no such graph.
    :raises InputError: if ``only`` is another word.
    """
    if only not in ("asserted", "inferred", "all"):
        raise InputError(f"nothing is called {only!r}", hint="use asserted, inferred or all")
    if graph is not None:
        if graph not in state.sources and graph not in (INFERRED, PROVENANCE):
            raise MissingError(f"no graph <{graph.value}>", hint="see kgtool stats for the graphs")
        yield from store.quads(graph=graph)
        return
    if only != "inferred":
        yield from asserted_quads(store, state)
    if only != "asserted":
        yield from store.quads(graph=INFERRED)


def effective(store: QuadStore, change: QuadDelta) -> QuadDelta:
    """Reduce a change of source quads to what changes the store: new quads added, present ones removed."""
    graphs = {q.graph_name for q in change.added}
    filled = {graph for graph in graphs if next(store.quads(graph=graph), None) is not None}
    if not filled and not change.removed:
        return QuadDelta(change.added)
    return delta(
        (q for q in change.added if q.graph_name not in filled or q not in store),
        (q for q in change.removed if q in store),
    )


def source_graphs_of(store: QuadStore, triple: Triple) -> set[GraphName]:
    """Give the source graphs in which a triple stands."""
    subject, predicate, value = triple
    graphs = {quad.graph_name for quad in store.quads(subject, predicate, value)}
    return {graph for graph in graphs if graph not in HIDDEN and graph != UNION}


def asserted_change(store: QuadStore, change: QuadDelta) -> TripleDelta:
    """Say which triples an effective change of source quads makes asserted, and which it leaves without any source."""
    empty = next(store.graphs(), None) is None
    added = frozenset(q.triple for q in change.added)
    if not empty:
        added = frozenset(t for t in added if not source_graphs_of(store, t))
    removed: set[Triple] = set()
    if change.removed:
        gains = {q.triple for q in change.added}
        losses: dict[Triple, set[GraphName]] = {}
        for quad in change.removed:
            losses.setdefault(quad.triple, set()).add(quad.graph_name)
        removed = {t for t, graphs in losses.items() if t not in gains and source_graphs_of(store, t) <= graphs}
    return TripleDelta(added, frozenset(removed))


def union_after(store: QuadStore, state: State, change: QuadDelta) -> Union | None:
    """Say what the union holds from a change on: it begins with a second source, and stays."""
    if state.union is not None or len({*state.sources, *(q.graph_name for q in change.added)}) < 2:
        return state.union
    large = [source for source in state.sources if sum(1 for _ in islice(store.quads(graph=source), _MANY)) == _MANY]
    return Union(large[0] if large else None)


def _change_of_union(
    store: QuadStore, state: State, union: Union | None, change: QuadDelta, asserted: TripleDelta
) -> TripleDelta:
    """Say which triples come into the union with a change, and which go."""
    if union is None:
        return TripleDelta()
    added, removed = set(asserted.added), set(asserted.removed)
    if union.beside is not None:
        gained = {q.triple for q in change.added if q.graph_name == union.beside}
        lost = {q.triple for q in change.removed if q.graph_name == union.beside}
        added = (added - gained) | (lost - removed)
        removed = (removed - lost) | (gained - asserted.added)
    elif state.union is None:
        added |= set(asserted_triples(store, state)) - removed
    return TripleDelta(frozenset(added), frozenset(removed))


def physical(
    store: QuadStore,
    state: State,
    union: Union | None,
    change: QuadDelta,
    asserted: TripleDelta,
    inferred: TripleDelta,
    premises: QuadDelta,
    provenance: Iterable[Quad],
) -> tuple[Sequence[Quad], Sequence[Quad]]:
    """Write one commit as quads to add and quads to remove.

    :param union: what :func:`union_after` says of it.
    :param change: the effective change of source quads.
    :param asserted: what :func:`asserted_change` says of it.
    :param inferred: the change of the inferred graph.
    :param premises: quads to add to the graph of premises, and to remove from it.
    :param provenance: quads to add to the provenance graph.
    :returns: (added, removed), to be applied in one transaction.
    """
    added: list[Quad] = list(change.added)
    removed: list[Quad] = list(change.removed)
    in_union = _change_of_union(store, state, union, change, asserted)
    added += _in_graph(in_union.added, UNION)
    removed += _in_graph(in_union.removed, UNION)
    added += _in_graph(inferred.added, INFERRED)
    removed += _in_graph(inferred.removed, INFERRED)
    added += premises.added
    removed += premises.removed
    added += [Quad(q.subject, q.predicate, q.object, PROVENANCE) for q in provenance]
    before = notes_of(state)
    after = notes_of(State(state.commit + 1, state.next_id or state.store_id, (), union))
    added += after - before
    removed += before - after
    return added, removed


def first_notes(state: State, provenance: Iterable[Quad], *, union: bool) -> list[Quad]:
    """Give the store's own notes of a first commit that was written as lines, with its provenance.

    :param union: whether the union was written too.
    """
    notes = notes_of(State(state.commit + 1, state.store_id, (), Union() if union else None))
    return [*notes, *(Quad(q.subject, q.predicate, q.object, PROVENANCE) for q in provenance)]


def _in_graph(triples: Iterable[Triple], graph: GraphName) -> Iterator[Quad]:
    return (Quad(t.subject, t.predicate, t.object, graph) for t in triples)
