"""A store's integrity: what is asserted must be readable, what is derived must be true; the latter is repaired."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from kgtool.errors import StoreDamagedError, StoreError
from kgtool.reasoning.columns.copy import ColumnarCopy
from kgtool.reasoning.columns.verifying import are_true, last_commit
from kgtool.reasoning.datalog_engine import DEFAULT_MEMORY
from kgtool.reasoning.engine import Engine
from kgtool.reasoning.engines import engine_named
from kgtool.reasoning.rulefiles import read_rules
from kgtool.store import layout
from kgtool.store.archive import check_seal, is_sealed
from kgtool.store.change import QuadDelta, TripleDelta, delta
from kgtool.store.filling import is_unfinished
from kgtool.store.folder import FORMAT, StoreFolder, no_space
from kgtool.store.formats import upgrade
from kgtool.store.integrity import (
    dropped_by_recovery,
    notes_difference,
    read_everything,
    true_state,
    union_difference,
)
from kgtool.store.interface import GraphName, QuadStore
from kgtool.store.layout import UNION, State
from kgtool.store.oxigraph import OxigraphStore
from kgtool.transactions.commits import prepare
from kgtool.transactions.interruption import held_back
from kgtool.transactions.opening import open_to_read
from kgtool.transactions.progress import Progress
from kgtool.transactions.rewriting import is_marked, rewrite
from kgtool.vocabulary import INFERRED

_RESTORE: Final = "restore a backup: kgtool restore DIR; or build it again"


@dataclass(frozen=True)
class Finding:
    """Something derived, or left behind, that was not as it has to be.

    :param part: ``leftovers``, ``notes``, ``union``, ``inferred``, ``premises``, ``columns`` or ``format``.
    :param count: how many files, quads or triples.
    """

    part: str
    what: str
    count: int
    repaired: bool

    def as_json(self) -> dict[str, object]:
        """Give it as JSON."""
        return {"part": self.part, "what": self.what, "count": self.count, "repaired": self.repaired}


@dataclass(frozen=True)
class CheckReport:
    """What a check found, in a store all of which can be read.

    :param commit: the last commit; where something was repaired, that of the repair.
    :param quads: all quads, the derived ones and the store's notes included.
    :param beside: whether another process uses the store, or it is a sealed backup, so that nothing was repaired.
    """

    commit: str
    format: int
    quads: int
    beside: bool
    findings: tuple[Finding, ...]

    @property
    def in_order(self) -> bool:
        """Tell whether the store is as it has to be now."""
        return all(finding.repaired for finding in self.findings)

    def as_json(self) -> dict[str, object]:
        """Give the report as JSON, with ``inOrder``, and ``repairs`` for whether the check could repair."""
        return {
            "inOrder": self.in_order,
            "commit": self.commit,
            "format": self.format,
            "quads": self.quads,
            "repairs": not self.beside,
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True)
class _Differences:
    """How what is derived differs from what it has to be.

    :param state: the state as it has to be.
    """

    state: State
    notes: QuadDelta
    union: TripleDelta
    inferred: TripleDelta
    premises: QuadDelta

    def findings(self, *, repaired: bool) -> list[Finding]:
        """Say what differs."""
        parts: dict[str, tuple[str, TripleDelta | QuadDelta]] = {
            "notes": ("the store's notes of itself", self.notes),
            "union": ("asserted triples, each once", self.union),
            "inferred": ("what follows", self.inferred),
            "premises": ("premises that are not shown", self.premises),
        }
        return [
            Finding(
                part,
                f"{name}: {len(change.added)} missing, {len(change.removed)} too many",
                len(change.added) + len(change.removed),
                repaired,
            )
            for part, (name, change) in parts.items()
            if change
        ]


def check(
    path: Path, *, upgrading: bool = False, memory: int = DEFAULT_MEMORY, progress: Progress | None = None
) -> CheckReport:
    """Verify a store, and repair what is derived; beside other processes, and of a backup, only verify.

    :param upgrading: bring a store of an older format to today's first.
    :param memory: MB that a closure from scratch may take before it spills.
    :raises MissingError: if there is no store.
    :raises StoreDamagedError: if something cannot be read, or was lost, that is not derived.
    :raises StoreVersionError: if the store is of another format.
    :raises StoreError: if what is to be repaired cannot be written.
    """
    folder = StoreFolder(path)
    _need_store(folder)
    tell = progress or (lambda stage, amount: None)
    if is_sealed(folder.generation()):
        tell("read", 0)
        check_seal(folder.generation())
        return _beside(path, memory, tell)
    try:
        lock = folder.lock(exclusive=True)
    except StoreError:  # in use, or not ours to write to
        if upgrading:
            raise
        return _beside(path, memory, tell)
    with lock, no_space(path):
        findings = []
        if upgrading and (before := upgrade(folder)) is not None:
            findings.append(Finding("format", f"upgraded from {before}", 1, True))
        return _alone(folder, memory, findings, tell)


def _need_store(folder: StoreFolder) -> None:
    """See that a store is there.

    :raises StoreDamagedError: if only a part of one is.
    """
    if not folder.exists() and any((folder.path / "generations").glob("*")):
        raise StoreDamagedError(f"the store in {folder.path} lacks its file CURRENT", hint=_RESTORE)


def _beside(path: Path, memory: int, tell: Progress) -> CheckReport:
    """Verify a store that others use, as of its last commit; its columns are theirs."""
    with closing(open_to_read(path, memory=memory)) as opened:
        tell("read", 0)
        quads = read_everything(opened.store, path)
        found = _differences(opened.store, opened.engine, tell)
    return CheckReport(found.state.name, FORMAT, quads, True, tuple(found.findings(repaired=False)))


def _alone(folder: StoreFolder, memory: int, findings: list[Finding], tell: Progress) -> CheckReport:
    """Verify and repair a store that nobody else uses."""
    engine_name = str(folder.notes()["engine"])
    generation = folder.generation()
    if is_marked(generation):
        rewrite(folder)
        generation = folder.generation()
        findings.append(Finding("leftovers", "erased, and still in the store's files", 1, True))
    columns = generation / "columns"
    left = folder.sweep()
    if is_unfinished(generation / "quads"):
        OxigraphStore(generation / "quads").close()  # empties what a killed first load began
        left += 1
    if left:
        findings.append(Finding("leftovers", "left by processes that were killed", left, True))
    engine = engine_named(engine_name, read_rules(generation / "ontology" / "rules"), folder=None, memory=memory)
    tell("read", 0)
    with closing(OxigraphStore(generation / "quads", read_only=True)) as store:
        quads = read_everything(store, folder.path)
        state = layout.read_state(store)
        noted = last_commit(columns, memory)
        _refuse_losses(folder.path, generation, state, noted)
        found = _differences(store, engine, tell)
        tell("columns", 0)
        columns_true = are_true(columns, noted, store, state, memory)
    different = found.findings(repaired=True)
    if different:
        tell("repair", 0)
        state = _repair(generation, found)
    if not columns_true:
        findings.append(Finding("columns", "not those of the last commit; made again when needed", 1, True))
    if different or not columns_true:
        ColumnarCopy(columns, memory).discard()
    return CheckReport(state.name, FORMAT, quads, False, (*findings, *different))


def _refuse_losses(path: Path, generation: Path, state: State, noted: str | None) -> None:
    """See that the store holds every commit that it acknowledged, as far as anything beside it tells.

    RocksDB opens a log that is damaged, or gone, without a word: the store is then as it was some commits ago.

    :param noted: the last commit of which the columns know.
    :raises StoreDamagedError: if it lost some.
    """
    if noted == state.name:
        return
    if noted is not None:
        store_id, _, number = noted.rpartition("-")
        if number.isdigit() and (not state.commit or (store_id == state.store_id and int(number) > state.commit)):
            held = f"is at commit {state.name}" if state.commit else "knows of no commit"
            raise StoreDamagedError(f"the store in {path} {held}, but it had come to {noted}", hint=_RESTORE)
    dropped = dropped_by_recovery(generation)
    if dropped is not None:
        raise StoreDamagedError(f"the store in {path} is damaged: its log {dropped}", hint=_RESTORE)


def _differences(store: QuadStore, engine: Engine, tell: Progress) -> _Differences:
    """Compare what is derived with what it has to be."""
    state = layout.read_state(store)
    true = true_state(store, state)
    tell("union", 0)
    notes, union = notes_difference(store, true), union_difference(store, true)
    tell("reason", 0)
    # Not by way of the union, which may be wrong.
    found = prepare(store, replace(state, union=None), engine.elsewhere(), delta(), anew=True, progress=tell)
    return _Differences(true, notes, union, found.consequences.inferred, found.consequences.premises)


def _repair(generation: Path, found: _Differences) -> State:
    """Make what is derived true, in one transaction; give the state after it."""
    before = found.state
    after = replace(before, commit=before.commit + 1, store_id=before.next_id or before.store_id, next_id=None)
    with closing(OxigraphStore(generation / "quads")) as store, held_back():
        notes = notes_difference(store, after)
        added = [*notes.added, *found.premises.added]
        removed = [*notes.removed, *found.premises.removed]
        graphs: tuple[tuple[GraphName, TripleDelta], ...] = ((UNION, found.union), (INFERRED, found.inferred))
        for graph, change in graphs:
            added += (Quad(t.subject, t.predicate, t.object, graph) for t in change.added)
            removed += (Quad(t.subject, t.predicate, t.object, graph) for t in change.removed)
        store.apply(added, removed)
    return after
