"""What a file would do to a store, without doing it: how much is new, what would follow, what validation would find."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from kgtool.reasoning.engine import Engine
from kgtool.store.change import delta
from kgtool.store.interface import QuadStore
from kgtool.store.layout import State
from kgtool.transactions import commits
from kgtool.validate import Report


@dataclass(frozen=True)
class Rehearsal:
    """What a change would do.

    :param added: quads new to the store.
    :param removed: quads that would go.
    :param inferred: triples that would follow from now on; ``no_longer_inferred`` those that would no longer.
    :param report: what validation finds of the nodes that the change, or its consequences, mention.
    """

    added: int
    removed: int
    inferred: int
    no_longer_inferred: int
    report: Report


def rehearse(
    quads: Sequence[Quad],
    store: QuadStore,
    state: State,
    engine: Engine,
    shapes: Path,
    *,
    replaced: Collection[NamedNode] = (),
) -> Rehearsal:
    """Carry a change as far as its validation.

    :param quads: what would come in, as the store keeps it.
    :param replaced: graphs whose content would go.
    """
    change = delta(quads, (quad for graph in replaced for quad in store.quads(graph=graph)))
    prepared = commits.prepare(store, state, engine, change)
    report = commits.examine(store, state, prepared, shapes)
    inferred = prepared.consequences.inferred
    return Rehearsal(
        len(prepared.change.added), len(prepared.change.removed), len(inferred.added), len(inferred.removed), report
    )
