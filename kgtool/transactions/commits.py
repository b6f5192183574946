"""One change on its way into a store: its consequences, its validation, and the single transaction that writes it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Quad, Triple

from kgtool.errors import RefusedError
from kgtool.reasoning.engine import Consequences, Engine
from kgtool.store.canonical import settled
from kgtool.store.change import QuadDelta, TripleDelta, delta
from kgtool.store.interface import QuadStore, Subject
from kgtool.store.layout import (
    State,
    asserted_change,
    asserted_quads,
    asserted_triples,
    effective,
    inferred_triples,
    physical,
    state_after,
    union_after,
)
from kgtool.store.looked_up import LookedUp
from kgtool.transactions.inconsistency import CONSISTENCY, finding_of
from kgtool.transactions.interruption import held_back
from kgtool.transactions.progress import Progress, of_rounds
from kgtool.transactions.reports import NotFound, Stopwatch, UpdateReport
from kgtool.validate import NOT_ALL, Report, StoredGraphs, memory_of
from kgtool.vocabulary import INFERRED, PREMISES

if TYPE_CHECKING:
    from kgtool.reasoning.columns.first import FirstClosure


@dataclass(frozen=True)
class Prepared:
    """A change with its consequences, not yet written.

    :param change: the source quads that really change.
    :param asserted: the triples that become asserted, or lose their last source.
    """

    change: QuadDelta
    asserted: TripleDelta
    consequences: Consequences
    #: What was written in a form that the store does not keep and validation has to see, by what the store keeps.
    as_written: Mapping[Triple, Triple] = field(default_factory=dict)

    def written(self, triples: frozenset[Triple]) -> frozenset[Triple]:
        """Give triples in the form in which they were written."""
        if not self.as_written:
            return triples
        return frozenset(self.as_written.get(triple, triple) for triple in triples)


@dataclass(frozen=True)
class Committed:
    """A change that was written: what it was, what validation found, and the state after it."""

    prepared: Prepared
    report: Report
    state: State

    def as_update(self, not_found: Sequence[NotFound], seconds: dict[str, float]) -> UpdateReport:
        """Say what the change did, as the report of an update."""
        inferred = self.prepared.consequences.inferred
        return UpdateReport(
            added=len(self.prepared.change.added),
            deleted=len(self.prepared.change.removed),
            inferred=len(inferred.added),
            no_longer_inferred=len(inferred.removed),
            commit=self.state.name,
            not_found=len(not_found),
            found_elsewhere=tuple(found for found in not_found if found.elsewhere),
            seconds=seconds,
            warnings=len(self.report.findings),
        )


class PendingFacts:
    """The facts as an engine reads them: those of a store, as they will be after a change."""

    def __init__(
        self, store: QuadStore, lookups: LookedUp, state: State, change: QuadDelta, asserted: TripleDelta
    ) -> None:
        self.store = store
        self.lookups = lookups
        self.state = state
        self._change = change
        self._asserted = asserted

    def asserted(self) -> Iterator[Triple]:
        """Give each asserted triple once, as after the change."""
        removed = self._asserted.removed
        yield from (t for t in asserted_triples(self.store, self.state) if t not in removed)
        yield from self._asserted.added

    def quads(self) -> Iterator[Quad]:
        """Give the quads of the source graphs, as after the change."""
        removed = self._change.removed
        yield from (q for q in asserted_quads(self.store, self.state) if q not in removed)
        yield from self._change.added

    def inferred(self) -> Iterator[Triple]:
        """Give the inferred graph, as before the change."""
        return inferred_triples(self.store)

    def premises(self) -> Iterator[Quad]:
        """Give the graph of premises, as before the change."""
        return self.store.quads(graph=PREMISES)


def prepare(
    store: QuadStore,
    state: State,
    engine: Engine,
    change: QuadDelta,
    *,
    lookups: LookedUp | None = None,
    anew: bool = False,
    progress: Progress | None = None,
) -> Prepared:
    """Reduce a change to what it really changes, and compute its consequences.

    :param lookups: the store for many small look-ups, see :mod:`kgtool.store.looked_up`.
    :param anew: ask the engine also when nothing changes, for the closure from scratch and its clashes.
    """
    written = settled(change.added)
    if written:
        change = delta((change.added - {*written.values()}) | written.keys(), change.removed)
    change = effective(store, change)
    if not change and not anew:
        return Prepared(change, TripleDelta(), Consequences())
    asserted = asserted_change(store, change)
    facts = PendingFacts(store, lookups or LookedUp(store), state, change, asserted)
    consequences = engine.consequences(change, asserted, facts, anew=anew, tell=of_rounds(progress))
    as_written = {quad.triple: other.triple for quad, other in written.items()}
    return Prepared(change, asserted, consequences, as_written)


def examine(
    store: QuadStore,
    state: State,
    prepared: Prepared,
    shapes: Path,
    *,
    lookups: LookedUp | None = None,
    touched_only: bool = True,
) -> Report:
    """Validate a graph as it would be after a change: consistency, and the shapes on its closure.

    :param shapes: the shapes file; where it is absent, only consistency is looked at.
    :param lookups: the store for many small look-ups, see :mod:`kgtool.store.looked_up`.
    :param touched_only: look only at the nodes that the change, or its consequences, mention.
    """
    report = Report(tuple(finding_of(clash) for clash in prepared.consequences.clashes))
    if not shapes.is_file():
        return report
    from kgtool.validate.check import check_shapes  # slow to import, see kgtool.validate

    focus = set(_touched(prepared)) if touched_only else None
    if focus == set():
        return report
    inferred, whole = prepared.consequences.inferred, (*state.asserted_graphs, INFERRED)
    # A triple that is asserted from now on and no longer inferred, or the reverse, stays in the closure.
    added = prepared.asserted.added | inferred.added
    removed = (prepared.asserted.removed | inferred.removed) - added
    reads = lookups or store
    closure = StoredGraphs(reads, whole, TripleDelta(prepared.written(added), removed))
    told = TripleDelta(prepared.written(prepared.asserted.added), prepared.asserted.removed)
    asserted = StoredGraphs(reads, state.asserted_graphs, told)
    memory = memory_of(store, state, prepared.change) if touched_only else None
    found = check_shapes(closure, shapes, focus=focus, asserted=asserted, memory=memory)
    return Report((*report.findings, *found.findings))


def refuse_violations(report: Report, *, allow_inconsistent: bool = False) -> None:
    """Refuse data that does not conform.

    :raises RefusedError: with the report.
    """
    violations = [f for f in report.findings if f.severity == "violation"]
    if allow_inconsistent:
        violations = [f for f in violations if f.rule != CONSISTENCY]
    if violations:
        first = violations[0]
        least = "at least " if any(finding.rule == NOT_ALL for finding in report.findings) else ""
        more = f" (and {least}{len(violations) - 1} more)" if len(violations) > 1 else ""
        place = f"{first.focus}: " if first.focus is not None else ""
        hint = "nothing was changed; correct the data"
        if all(violation.rule == CONSISTENCY for violation in violations):
            hint += ", or take contradictions as they are: --allow-inconsistent"
        raise RefusedError(f"{place}{first.message.get('en', '')}{more}", report=report, hint=hint)


def examine_first(
    closure: FirstClosure, *, shapes: Path, workplace: Path, allow_inconsistent: bool, checked: Container[str] = ()
) -> int:
    """Validate a graph on its way into an empty store, as :func:`examine` does; give the number of warnings.

    :param shapes: the shapes file; where it is absent, only consistency is looked at.
    :param workplace: a folder for what is on its way.
    :param checked: shapes, by IRI, to which the data are known to conform.
    :raises RefusedError: if it does not conform.
    """
    report = Report(tuple(map(finding_of, closure.clashes())))
    if shapes.is_file():
        from kgtool.validate.bulk.check import check_columns  # slow to import, see kgtool.validate

        report = Report((*report.findings, *check_columns(closure.tables, shapes, workplace, checked=checked).findings))
    refuse_violations(report, allow_inconsistent=allow_inconsistent)
    return len(report.findings)


def write(
    store: QuadStore, state: State, prepared: Prepared, provenance: Sequence[Quad], withdrawn: Sequence[Quad] = ()
) -> State:
    """Write a change with its consequences in one transaction, and give the state after it.

    :param withdrawn: quads that leave the provenance graph.
    """
    consequences = prepared.consequences
    union = union_after(store, state, prepared.change)
    inferred, premises = consequences.inferred, consequences.premises
    added, removed = physical(store, state, union, prepared.change, prepared.asserted, inferred, premises, provenance)
    store.apply(added, [*removed, *withdrawn])
    return state_after(store, state, prepared.change, union)


def commit(
    store: QuadStore,
    state: State,
    engine: Engine,
    change: QuadDelta,
    watch: Stopwatch,
    *,
    shapes: Path | None = None,
    notes: Sequence[Quad] = (),
    progress: Progress | None = None,
    allow_inconsistent: bool = False,
    anew: bool = False,
) -> Committed:
    """Take a change through consequences and validation to the disk; one that changes nothing makes no commit.

    :param shapes: the shapes file; None checks nothing, inconsistency included.
    :param notes: quads for the provenance graph.
    :param anew: compute the closure from scratch even if nothing changes.
    :raises RefusedError: if validation refuses the result; nothing is changed.
    """
    tell = progress or (lambda stage, amount: None)
    lookups = LookedUp(store)
    tell("reason", 0)
    with watch.stage("reason"):
        prepared = prepare(store, state, engine, change, lookups=lookups, anew=anew, progress=progress)
    watch.move("reason", prepared.consequences.seconds)
    report = Report(())
    if shapes is not None:
        tell("validate", 0)
        with watch.stage("validate"):
            report = examine(store, state, prepared, shapes, lookups=lookups)
            refuse_violations(report, allow_inconsistent=allow_inconsistent)
    consequences = prepared.consequences
    if prepared.change or consequences.inferred or consequences.premises or notes:
        tell("write", 0)
        with watch.stage("write"), held_back():
            before, state = state, write(store, state, prepared, notes)
            engine.follow(before, state, prepared.change, consequences)
    return Committed(prepared, report, state)


def _touched(prepared: Prepared) -> Iterator[Subject]:
    """Give the nodes that a change or its consequences mention."""
    inferred = prepared.consequences.inferred
    triples: Iterable[Triple] = (
        *(q.triple for q in (*prepared.change.added, *prepared.change.removed)),
        *inferred.added,
        *inferred.removed,
    )
    for triple in triples:
        for term in (triple.subject, triple.object):
            if isinstance(term, Subject):
                yield term
