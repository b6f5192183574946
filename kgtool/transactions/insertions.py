"""Many small insertions as one change: what it costs to reason, to validate and to write is paid once for all of them.

That is right only where they have nothing to do with one another: each names its data (INSERT DATA), no two speak of
the same node, nothing follows from them, and validation finds nothing. Then each could as well have been a commit of
its own, and each gets the report that it would have got. Otherwise nothing is changed, and the caller takes them one by
one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import Quad

from kgtool.errors import KgtoolError
from kgtool.reasoning.engine import Engine
from kgtool.store.canonical import canonical_quads
from kgtool.store.change import QuadDelta, delta
from kgtool.store.interface import QuadStore, Subject
from kgtool.store.layout import State
from kgtool.store.looked_up import LookedUp
from kgtool.store.operations import read_update
from kgtool.store.updates import evaluate
from kgtool.transactions.building import SHAPES
from kgtool.transactions.commits import examine, prepare, write
from kgtool.transactions.forgetting.leaving_out import quads_hold_some
from kgtool.transactions.forgetting.rules import rules_of
from kgtool.transactions.interruption import held_back
from kgtool.transactions.opening import Opened
from kgtool.transactions.progress import Progress
from kgtool.transactions.reports import STAGES, Stopwatch, UpdateReport
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")


def insert_all(
    texts: Sequence[str], opened: Opened, state: State, engine: Engine, progress: Progress | None
) -> tuple[list[UpdateReport], State] | None:
    """Carry out updates as one commit, if they have nothing to do with one another; else None, and nothing is changed.

    :param progress: told ``write`` before anything is written.
    :returns: a report for each, and the state after the commit.
    """
    watch = Stopwatch()
    store = opened.store
    with watch.stage("read"):
        parts = _parts(texts, store, state)
    if parts is None:
        return None
    change = delta(quad for part in parts for quad in part.added)
    stop_list = opened.stop_list
    if stop_list and quads_hold_some(change.added, store, stop_list, rules_of(opened.ontology)):
        return None
    lookups = LookedUp(store)
    with watch.stage("reason"):
        prepared = prepare(store, state, engine, change, lookups=lookups)
    consequences = prepared.consequences
    if consequences.inferred or consequences.premises or consequences.clashes or prepared.as_written:
        return None
    with watch.stage("validate"):
        report = examine(store, state, prepared, opened.ontology / SHAPES, lookups=lookups)
    if report.findings:
        return None
    after = state
    if prepared.change:
        if progress is not None:
            progress("write", 0)
        with watch.stage("write"), held_back():
            after = write(store, state, prepared, ())
            engine.follow(state, after, prepared.change, consequences)
    seconds = watch.seconds(*STAGES)
    reports = [
        UpdateReport(
            added=len(part.added), deleted=0, inferred=0, no_longer_inferred=0, commit=after.name, seconds=seconds
        )
        for part in parts
    ]
    return reports, after


def _parts(texts: Sequence[str], store: QuadStore, state: State) -> list[QuadDelta] | None:
    """Give what each update adds that was not there before it; None if one is no plain insertion, or is wrong."""
    parts: list[QuadDelta] = []
    known: set[Subject] = set()
    for text in texts:
        try:
            operations = read_update(text)
            if any(operation.reads or operation.deletes_data for operation in operations):
                return None
            quads = {quad for each in operations for quad in canonical_quads(evaluate(each, store, state).added)}
        except KgtoolError:  # whoever takes it alone says what is wrong
            return None
        nodes = set(_nodes(quads))
        if not known.isdisjoint(nodes):
            return None
        known |= nodes
        parts.append(QuadDelta(frozenset(quad for quad in quads if quad not in store)))
    return parts


def _nodes(quads: Iterable[Quad]) -> Iterator[Subject]:
    """Give what quads speak of; a class is only named."""
    for quad in quads:
        if isinstance(quad.subject, Subject):
            yield quad.subject
        if isinstance(quad.object, Subject) and quad.predicate != _TYPE:
            yield quad.object
