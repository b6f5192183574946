"""One change on its way into a store: its consequences, its validation, and the single transaction that writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, Triple

from kgtool.errors import RefusedError
from kgtool.reasoning.engine import Clash, Consequences, Engine
from kgtool.store.change import QuadDelta, TripleDelta
from kgtool.store.interface import QuadStore, Subject
from kgtool.store.layout import (
    State,
    asserted_change,
    asserted_quads,
    asserted_triples,
    effective,
    inferred_triples,
    physical,
    read_state,
)
from kgtool.transactions.interruption import held_back
from kgtool.transactions.loading import Progress
from kgtool.transactions.reports import NotFound, Stopwatch, UpdateReport
from kgtool.validate import Finding, Report, check_shapes


@dataclass(frozen=True)
class Prepared:
    """A change with its consequences, not yet written.

    :param change: the source quads that really change.
    :param asserted: the triples that become asserted, or lose their last source.
    """

    change: QuadDelta
    asserted: TripleDelta
    consequences: Consequences


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

    def __init__(self, store: QuadStore, state: State, change: QuadDelta, asserted: TripleDelta) -> None:
        self._store = store
        self._state = state
        self._change = change
        self._asserted = asserted

    def asserted(self) -> Iterator[Triple]:
        """Give each asserted triple once, as after the change."""
        removed = self._asserted.removed
        yield from (t for t in asserted_triples(self._store, self._state) if t not in removed)
        yield from self._asserted.added

    def quads(self) -> Iterator[Quad]:
        """Give the quads of the source graphs, as after the change."""
        removed = self._change.removed
        yield from (q for q in asserted_quads(self._store, self._state) if q not in removed)
        yield from self._change.added

    def inferred(self) -> Iterator[Triple]:
        """Give the inferred graph, as before the change."""
        return inferred_triples(self._store)


def prepare(store: QuadStore, state: State, engine: Engine, change: QuadDelta, *, anew: bool = False) -> Prepared:
    """Reduce a change to what it really changes, and compute its consequences.

    :param anew: ask the engine also when nothing changes, for the closure from scratch and its clashes.
    """
    change = effective(store, change)
    if not change and not anew:
        return Prepared(change, TripleDelta(), Consequences())
    asserted = asserted_change(store, change)
    facts = PendingFacts(store, state, change, asserted)
    return Prepared(change, asserted, engine.consequences(change, asserted, facts))


def closure_after(store: QuadStore, state: State, prepared: Prepared) -> Iterator[Triple]:
    """Give every triple, asserted or inferred, as after a change."""
    yield from PendingFacts(store, state, prepared.change, prepared.asserted).asserted()
    gone = prepared.consequences.inferred.removed
    yield from (t for t in inferred_triples(store) if t not in gone)
    yield from prepared.consequences.inferred.added


def examine(store: QuadStore, state: State, prepared: Prepared, shapes: Path, *, touched_only: bool = True) -> Report:
    """Validate a graph as it would be after a change: consistency, and the shapes on its closure.

    :param shapes: the shapes file; where it is absent, only consistency is looked at.
    :param touched_only: look only at the nodes that the change, or its consequences, mention.
    """
    report = Report(tuple(_finding(clash) for clash in prepared.consequences.clashes))
    if not shapes.is_file():
        return report
    focus = set(_touched(prepared)) if touched_only else None
    if focus == set():
        return report
    asserted = list(PendingFacts(store, state, prepared.change, prepared.asserted).asserted())
    found = check_shapes(closure_after(store, state, prepared), shapes, focus=focus, asserted=asserted)
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
        more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
        place = f"{first.focus}: " if first.focus is not None else ""
        raise RefusedError(
            f"{place}{first.message.get('en', '')}{more}", report=report, hint="nothing was changed; correct the data"
        )


def write(store: QuadStore, state: State, prepared: Prepared, provenance: Sequence[Quad]) -> State:
    """Write a change with its consequences in one transaction, and give the state after it."""
    added, removed = physical(
        store, state, prepared.change, prepared.asserted, prepared.consequences.inferred, provenance
    )
    store.apply(added, removed)
    return read_state(store)


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
    tell("reason", 0)
    with watch.stage("reason"):
        prepared = prepare(store, state, engine, change, anew=anew)
    report = Report(())
    if shapes is not None:
        tell("validate", 0)
        with watch.stage("validate"):
            report = examine(store, state, prepared, shapes)
            refuse_violations(report, allow_inconsistent=allow_inconsistent)
    if prepared.change or prepared.consequences.inferred or notes:
        tell("write", 0)
        with watch.stage("write"), held_back():
            state = write(store, state, prepared, notes)
    return Committed(prepared, report, state)


#: The name under which inconsistencies stand in a report.
CONSISTENCY = "owl2-rl-consistency"


def _finding(clash: Clash) -> Finding:
    return Finding(
        severity="violation",
        focus=None,
        path=None,
        value=None,
        message={"en": f"inconsistent: {clash.message}", "fr": f"incohérent : {clash.message}"},
        shape=None,
        rule=CONSISTENCY,
    )


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
