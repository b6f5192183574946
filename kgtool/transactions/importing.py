"""One import as one transaction: the records of a registry take the place of what its graph held."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kgtool.errors import InputError, RefusedError
from kgtool.export import export
from kgtool.ingest import Source
from kgtool.ingest.registries.blaming import records_that_state
from kgtool.ingest.registries.passes import Described, Wanted, describe, without
from kgtool.ingest.registries.registry import Fault, Origin, Record, Registry
from kgtool.ingest.registries.schemes import shapes_of_schemes
from kgtool.reasoning.engine import Engine
from kgtool.store import layout
from kgtool.store.change import QuadDelta, delta
from kgtool.transactions import commits, loading
from kgtool.transactions.anew import is_large
from kgtool.transactions.building import SHAPES
from kgtool.transactions.comparing import Compared, compare
from kgtool.transactions.import_reports import ImportReport, fault_text
from kgtool.transactions.opening import Opened
from kgtool.transactions.progress import Progress
from kgtool.transactions.provenance import of_load
from kgtool.transactions.reports import STAGES, Stopwatch
from kgtool.validate import Report
from kgtool.vocabulary import INFERRED, PREFIXES

#: Quads that differ, from which on it is asked whether the store is better made anew.
_MANY: Final = 20_000
#: How often records that validation refuses are left out and the rest is tried again.
_ROUNDS: Final = 8


@dataclass(frozen=True)
class Import:
    """What is to be imported.

    :param records: read once.
    :param origins: what was read; asked for when all is read.
    :param strict: whether anything that would be left out refuses the whole.
    """

    registry: Registry
    records: Iterable[Record | Fault]
    origins: Callable[[], Sequence[Origin]]
    wanted: Wanted
    strict: bool = False


def import_into(
    asked: Import,
    opened: Opened,
    state: layout.State,
    engine: Engine,
    *,
    allow_inconsistent: bool = False,
    anew: bool = False,
    progress: Progress | None = None,
) -> tuple[ImportReport, layout.State, Opened]:
    """Put the records of a registry in the place of what its graph holds, with their consequences, or change nothing.

    Records that validation refuses are left out and told of, unless the import is strict.

    :param anew: whether the store may be made anew, if the records are many beside what it holds.
    :returns: what was done, the state of the store after it, and the store.
    :raises InputError: if the input cannot be read, or has nothing of the region.
    :raises RefusedError: if validation refuses the result, or anything of a strict import.
    """
    watch = Stopwatch()
    with tempfile.TemporaryDirectory(prefix="import-", dir=opened.generation) as name:
        with watch.stage("read"):
            described = _described(asked, Path(name), progress)
        for _ in range(_ROUNDS):
            try:
                return _load(asked, described, opened, state, engine, watch, allow_inconsistent, anew, progress)
            except RefusedError as error:
                refused = {} if asked.strict else _blamed(error, described, asked.registry, Path(name))
                if not refused:
                    raise
                described = _left_out(described, refused, asked, Path(name))
        return _load(asked, described, opened, state, engine, watch, allow_inconsistent, anew, progress)


def import_to_file(asked: Import, output: BinaryIO, format: str, *, progress: Progress | None = None) -> ImportReport:
    """Write the records of a registry as a file: the same input gives the same bytes.

    :param format: a name of ``kgtool.export.FORMATS``; ``trig`` and ``nquads`` name the graph.
    :raises InputError: if the input cannot be read, or has nothing of the region.
    :raises RefusedError: of a strict import, if anything would be left out.
    """
    watch = Stopwatch()
    with tempfile.TemporaryDirectory(prefix="import-") as name:
        with watch.stage("read"):
            described = _described(asked, Path(name), progress)
        graph = NamedNode(asked.wanted.graph)
        quads = parse(path=str(described.file), format=RdfFormat.N_TRIPLES)
        named = (Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads)
        prefixes = {**PREFIXES, asked.registry.name: described.setting.base}
        if described.setting.region is not None and described.setting.region.folder:
            prefixes |= {"place": f"{described.setting.region.folder}place/"}
        with watch.stage("write"):
            written = export(named, format, output, prefixes=prefixes, spill=Path(name))
    return _report(asked, described, Compared(tuple(sorted(described.keys)), triples_added=written), watch)


def _described(asked: Import, folder: Path, progress: Progress | None) -> Described:
    described = describe(asked.registry, asked.records, asked.origins, asked.wanted, folder, progress=progress)
    faults = described.faults
    if asked.wanted.region is not None and described.read and not described.keys:
        raise InputError(
            f"none of the {described.read:,} records of {asked.registry.name} touches the region",
            hint="nothing was changed; ROR, for one, knows no departments, but subdivisions and towns",
        )
    if asked.strict and (faults.records or faults.parts):
        raise RefusedError(
            f"{faults.records:,} records and parts of {faults.parts:,} others cannot be taken as they are",
            report=_Listed(tuple(faults.kept)),
            hint="nothing was changed; correct the input, or leave --strict out to leave them out",
        )
    return described


@dataclass(frozen=True)
class _Listed:
    """Faults as the report of a refusal."""

    faults: tuple[Fault, ...]

    def as_text(self, language: str = "en") -> str:
        """Give a line for each of the first faults."""
        return "\n".join(map(fault_text, self.faults[:20]))

    def as_json(self) -> dict[str, object]:
        """Give all of them as JSON."""
        return {"faults": [fault.as_json() for fault in self.faults]}


def _load(
    asked: Import,
    described: Described,
    opened: Opened,
    state: layout.State,
    engine: Engine,
    watch: Stopwatch,
    allow_inconsistent: bool,
    anew: bool,
    progress: Progress | None,
) -> tuple[ImportReport, layout.State, Opened]:
    graph = NamedNode(asked.wanted.graph)
    source = Source(f"{asked.registry.name}: {_names(asked)}", graph, RdfFormat.N_TRIPLES, None, described.file)
    if next(iter(opened.store.quads(graph=graph)), None) is None:
        place = (opened, state, engine)
        # The ontology's own shapes: a store with others checks everything.
        ours = asked.registry.sound and opened.fresh and opened.brings
        checked = shapes_of_schemes() if ours else frozenset()
        brings = opened.brings and not state.commit
        loaded, after, opened = loading.load(
            [source], *place, allow_inconsistent=allow_inconsistent, checked=checked, anew=anew, progress=progress
        )
        added = layout.count(opened.store, graph) if brings else loaded.added
        compared = Compared(tuple(sorted(described.keys)), triples_added=added)
        for stage in STAGES:
            watch.add(stage, loaded.seconds[stage])
        report = _report(asked, described, compared, watch, loaded.inferred, after.name)
        return _without_forgotten(report, loaded.left_out, added, opened), after, opened
    if not described.read:
        raise RefusedError(
            f"there is no record in this input, and <{graph.value}> would be empty",
            report=_Listed(tuple(described.faults.kept)),
            hint=f"nothing was changed; check what was asked for, or empty the graph: kgtool unload {graph.value}",
        )
    with watch.stage("read"):
        compared = compare(source, opened.store, described.keys, described.setting.base, described.about)
        change: QuadDelta = delta(compared.new, compared.gone)
        change, forgotten = loading.keep_out(change, opened, opened.stop_list)
    if not change:
        inferred = layout.count(opened.store, INFERRED)
        return _report(asked, described, compared, watch, inferred, state.name), state, opened
    many = compared.triples_added + compared.triples_removed > _MANY
    if anew and many and is_large([source], opened, state, engine):
        loaded, after, opened = loading.load(
            [source],
            opened,
            state,
            engine,
            replace=True,
            allow_inconsistent=allow_inconsistent,
            anew=True,
            progress=progress,
        )
        for stage in STAGES:
            watch.add(stage, loaded.seconds[stage])
        return _report(asked, described, compared, watch, loaded.inferred, after.name), after, opened
    committed = commits.commit(
        opened.store,
        state,
        engine,
        change,
        watch,
        shapes=opened.ontology / SHAPES,
        notes=of_load([source], {source.name: compared.statements}, state.next_id or state.store_id, state.commit + 1),
        allow_inconsistent=allow_inconsistent,
        progress=progress,
    )
    inferred = layout.count(opened.store, INFERRED)
    report = _report(asked, described, compared, watch, inferred, committed.state.name)
    return _without_forgotten(report, forgotten, len(change.added), opened), committed.state, opened


def _without_forgotten(report: ImportReport, statements: int, added: int, opened: Opened) -> ImportReport:
    """Name nobody in a report who was kept out of the graph.

    :param statements: how many were kept out.
    :param added: how many came in.
    """
    if not statements:
        return report

    def there(iri: str) -> bool:
        return next(iter(opened.store.quads(NamedNode(iri), graph=NamedNode(report.graph))), None) is not None

    return replace(
        report,
        added=tuple(filter(there, report.added)),
        changed=tuple(filter(there, report.changed)),
        described=report.described - sum(not there(iri) for iri in (*report.added, *report.changed)),
        triples_added=added,
        forgotten=statements,
    )


def _names(asked: Import) -> str:
    return ", ".join(origin.name for origin in asked.origins())


def _blamed(error: RefusedError, described: Described, registry: Registry, folder: Path) -> dict[str, str]:
    """Say which records a refusal is about, and what is wrong with each; none if it is about anything else."""
    if not isinstance(error.report, Report):
        return {}
    found: dict[str, str] = {}
    others: dict[str, str] = {}
    base = described.setting.base
    for finding in error.report.findings:
        if finding.severity != "violation":
            continue
        focus = finding.focus.value if isinstance(finding.focus, NamedNode) else ""
        own = focus.removeprefix(base).partition("/")[0] if focus.startswith(base) else ""
        key = described.keys.get(focus) or described.keys.get(f"{base}{own}") or (own if own else None)
        if key is not None and key in described.setting.surveys:
            found.setdefault(key, finding.text("en"))
        else:
            others.setdefault(focus, finding.text("en"))
    stated = records_that_state(described, registry, others, folder) if others else {}
    if stated.keys() != others.keys():  # it is about something that no record says alone
        return {}
    for focus, keys in stated.items():
        for key in keys:
            found.setdefault(key, others[focus])
    return found


def _left_out(described: Described, refused: dict[str, str], asked: Import, folder: Path) -> Described:
    for key, why in refused.items():
        described.faults.add(Fault(described.setting.numbers.get(key), why, key))
    return without(described, asked.registry, refused.keys(), folder)


def _report(
    asked: Import,
    described: Described,
    compared: Compared,
    watch: Stopwatch,
    inferred: int | None = None,
    commit: str | None = None,
) -> ImportReport:
    return ImportReport(
        registry=asked.registry.name,
        graph=asked.wanted.graph,
        date=asked.wanted.date,
        read=described.read,
        described=len(described.keys),
        added=compared.added,
        removed=compared.removed,
        changed=compared.changed,
        triples_added=compared.triples_added,
        triples_removed=compared.triples_removed,
        inferred=inferred,
        commit=commit,
        faults=described.faults,
        seconds=watch.seconds(*STAGES),
    )
