"""One import as one transaction: the records of a registry take the place of what its graph held."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kgtool.errors import RefusedError
from kgtool.export import export
from kgtool.ingest import Source
from kgtool.ingest.registries.blaming import records_that_state
from kgtool.ingest.registries.passes import Described, Faults, Wanted, describe, without
from kgtool.ingest.registries.registry import Fault, Origin, Record, Registry
from kgtool.ingest.registries.schemes import shapes_of_schemes
from kgtool.reasoning.engine import Engine
from kgtool.store import layout
from kgtool.store.change import QuadDelta, delta
from kgtool.transactions import commits, loading
from kgtool.transactions.building import SHAPES
from kgtool.transactions.comparing import Compared, compare
from kgtool.transactions.opening import Opened
from kgtool.transactions.progress import Progress
from kgtool.transactions.provenance import of_load
from kgtool.transactions.reports import STAGES, Stopwatch
from kgtool.validate import Report
from kgtool.vocabulary import INFERRED, PREFIXES

#: How often records that validation refuses are left out and the rest is tried again.
_ROUNDS: Final = 8
#: Entities that a report names, of each kind of change.
NAMED: Final = 1000


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


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    :param read: records read, those outside the region included.
    :param described: records that are in the graph now.
    :param added: entities that were not in the graph before, by IRI; ``removed`` and ``changed`` likewise.
    :param triples_added: triples new to the graph.
    :param inferred: size of the inferred graph now; None where nothing is inferred (``-o``).
    """

    registry: str
    graph: str
    date: str | None
    read: int
    described: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    triples_added: int
    triples_removed: int
    inferred: int | None
    commit: str | None
    faults: Faults = field(default_factory=Faults)
    seconds: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Give the report as JSON; of the entities, and of what was left out, the first are named and all counted."""
        named = {"added": self.added, "removed": self.removed, "changed": self.changed}
        return {
            "source": self.registry,
            "graph": self.graph,
            "date": self.date,
            "read": self.read,
            "described": self.described,
            "entities": {name: len(iris) for name, iris in named.items()},
            **{name: list(iris[:NAMED]) for name, iris in named.items()},
            "triples": {"added": self.triples_added, "removed": self.triples_removed},
            "inferred": self.inferred,
            "leftOut": {"records": self.faults.records, "parts": self.faults.parts},
            "faults": [fault.as_json() for fault in self.faults.kept],
            "commit": self.commit,
            "seconds": self.seconds,
        }


def import_into(
    asked: Import,
    opened: Opened,
    state: layout.State,
    engine: Engine,
    *,
    allow_inconsistent: bool = False,
    progress: Progress | None = None,
) -> tuple[ImportReport, layout.State]:
    """Put the records of a registry in the place of what its graph holds, with their consequences, or change nothing.

    Records that validation refuses are left out and told of, unless the import is strict.

    :returns: what was done, and the state of the store after it.
    :raises InputError: if the input cannot be read.
    :raises RefusedError: if validation refuses the result, or anything of a strict import.
    """
    watch = Stopwatch()
    with tempfile.TemporaryDirectory(prefix="import-", dir=opened.generation) as name:
        with watch.stage("read"):
            described = _described(asked, Path(name), progress)
        for _ in range(_ROUNDS):
            try:
                return _load(asked, described, opened, state, engine, watch, allow_inconsistent, progress)
            except RefusedError as error:
                refused = {} if asked.strict else _blamed(error, described, asked.registry, Path(name))
                if not refused:
                    raise
                described = _left_out(described, refused, asked, Path(name))
        return _load(asked, described, opened, state, engine, watch, allow_inconsistent, progress)


def import_to_file(asked: Import, output: BinaryIO, format: str, *, progress: Progress | None = None) -> ImportReport:
    """Write the records of a registry as a file: the same input gives the same bytes.

    :param format: a name of ``kgtool.export.FORMATS``; ``trig`` and ``nquads`` name the graph.
    :raises InputError: if the input cannot be read.
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


def fault_text(fault: Fault) -> str:
    """Write a fault for a person.

    >>> fault_text(Fault(7, "'x' is no ROR identifier"))
    "row 7: 'x' is no ROR identifier; left out"
    """
    place = ", ".join(filter(None, (f"row {fault.number}" if fault.number else "", fault.key)))
    return f"{place or 'input'}: {fault.what}; {'that part is ' if fault.part else ''}left out"


def _load(
    asked: Import,
    described: Described,
    opened: Opened,
    state: layout.State,
    engine: Engine,
    watch: Stopwatch,
    allow_inconsistent: bool,
    progress: Progress | None,
) -> tuple[ImportReport, layout.State]:
    graph = NamedNode(asked.wanted.graph)
    source = Source(f"{asked.registry.name}: {_names(asked)}", graph, RdfFormat.N_TRIPLES, None, described.file)
    if next(iter(opened.store.quads(graph=graph)), None) is None:
        place = (opened, state, engine)
        # The ontology's own shapes: a store with others checks everything.
        ours = asked.registry.sound and opened.fresh and opened.brings
        checked = shapes_of_schemes() if ours else frozenset()
        loaded, after = loading.load(
            [source], *place, allow_inconsistent=allow_inconsistent, checked=checked, progress=progress
        )
        added = loaded.added if not opened.brings or state.commit else layout.count(opened.store, graph)
        compared = Compared(tuple(sorted(described.keys)), triples_added=added)
        for stage in STAGES:
            watch.add(stage, loaded.seconds[stage])
        return _report(asked, described, compared, watch, loaded.inferred, after.name), after
    with watch.stage("read"):
        compared = compare(source, opened.store, described.keys, described.setting.base, described.about)
        change: QuadDelta = delta(compared.new, compared.gone)
    if not change:
        return _report(asked, described, compared, watch, layout.count(opened.store, INFERRED), state.name), state
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
    return _report(asked, described, compared, watch, inferred, committed.state.name), committed.state


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
