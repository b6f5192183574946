"""From the records of a registry to a file of triples, in two passes: what each is, then what it says.

The first pass learns which records there are, which of them a region keeps, and which are entities known already; the
records wait in a file meanwhile. The second describes them. Nothing is held but a few words for each record.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Final

from kgtool.errors import InputError
from kgtool.ingest.registries.known import Known
from kgtool.ingest.registries.places import Region
from kgtool.ingest.registries.registry import Fault, Origin, Record, Registry, Setting, Survey, described_graph
from kgtool.ingest.registries.statements import Statement, when
from kgtool.vocabulary import ID_BASE

#: Faults kept with their words; the rest is only counted.
KEPT: Final = 10_000
#: Characters that a key may have: it becomes part of an IRI, and stands in messages.
_KEY: Final = 300


@dataclass(frozen=True)
class Wanted:
    """What an import is asked to be.

    :param graph: IRI of the graph.
    :param base: IRI that the resources begin with, before the registry's name.
    :param date: day, month or year of the registry's state; None if unknown.
    :param retrieved: day on which the input was fetched, if that is known and is to stand in the graph.
    """

    graph: str
    base: str = ID_BASE
    region: Region | None = None
    date: str | None = None
    known: Known = field(default_factory=Known)
    retrieved: str | None = None


@dataclass
class Faults:
    """What was left out: all of it counted, the first of it kept."""

    kept: list[Fault] = field(default_factory=list)
    records: int = 0
    parts: int = 0

    def add(self, fault: Fault) -> None:
        """Take note of one."""
        if fault.part:
            self.parts += 1
        else:
            self.records += 1
        if len(self.kept) < KEPT:
            self.kept.append(fault)


@dataclass(frozen=True)
class Described:
    """A registry's records as a file of N-Triples.

    :param read: records that were read, those outside the region included.
    :param head: the lines that describe the graph itself.
    :param keys: IRI of the resource of each record that is described, to its key.
    """

    file: Path
    read: int
    setting: Setting
    head: tuple[str, ...]
    keys: dict[str, str]
    faults: Faults

    @property
    def about(self) -> frozenset[str]:
        """The subjects of what describes the graph itself, as terms."""
        return frozenset(line[: line.index(" ")] for line in self.head)


class Spool:
    """Records that wait in a file, with what was learnt of each."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.surveys: dict[str, Survey] = {}
        self.first: dict[str, int] = {}
        self.read = 0

    def fill(self, registry: Registry, records: Iterable[Record | Fault], faults: Faults, tell: Tell) -> None:
        """Take records to the end; one whose key came before is left out."""
        with self._file.open("wb") as output:
            for record in records:
                if isinstance(record, Fault):
                    faults.add(record)
                    continue
                self.read += 1
                if not self.read % 1000:
                    tell(self.read)
                if not record.key or len(record.key) > _KEY:
                    faults.add(Fault(record.number, f"no identifier of {registry.name} for this record"))
                elif (before := self.first.get(record.key)) is not None:
                    faults.add(Fault(record.number, f"the same record stands at {before}", record.key))
                else:
                    self.first[record.key] = record.number
                    self.surveys[record.key] = registry.survey(record)
                    pickle.dump((record.number, record.key, dict(record.fields)), output, pickle.HIGHEST_PROTOCOL)

    def records(self, keys: Container[str]) -> Iterator[Record]:
        """Give the records of these keys again."""
        with self._file.open("rb") as waiting:
            while (found := _next(waiting)) is not None:
                if found.key in keys:
                    yield found


Tell = Callable[[int], None]


def describe(
    registry: Registry,
    records: Iterable[Record | Fault],
    origins: Callable[[], Sequence[Origin]],
    wanted: Wanted,
    folder: Path,
    *,
    progress: Callable[[str, int], None] | None = None,
) -> Described:
    """Describe the records of a registry in a file of N-Triples.

    :param origins: what was read; asked for when all is read.
    :param folder: where files may be made; they stay as long as it.
    :raises InputError: if the input cannot be read at all.
    """
    tell = progress or (lambda stage, amount: None)
    _check_dates(wanted)
    if wanted.region is not None and not registry.places:
        raise InputError(
            f"{registry.name} says of nothing where it lies, so that no region can be kept",
            hint="leave --region out; choose what is asked for in the query or the mapping",
        )
    faults, spool = Faults(), Spool(folder / "records")
    spool.fill(registry, records, faults, lambda amount: tell(f"read {registry.name}", amount))
    kept = _kept(spool.surveys, wanted.region)
    base = f"{wanted.base}{registry.name}/"
    entities = _entities(spool.surveys, kept, wanted.known)
    named = [(entity, spool.surveys[key].named) for key, entity in entities.items()]
    setting = Setting(
        base,
        when(wanted.date) if wanted.date else None,
        wanted.region,
        {key: survey for key, survey in spool.surveys.items() if key in kept},
        entities,
        wanted.known.learning(named),
        spool.first,
    )
    graph = described_graph(
        registry,
        wanted.graph,
        origins(),
        base=base,
        date=wanted.date,
        region=wanted.region,
        retrieved=wanted.retrieved,
    )
    head = tuple(f"{s} {p} {o} .\n" for s, p, o in graph)
    file = folder / "described.nt"
    done = _write(registry, spool.records(kept), setting, head, file, faults, lambda n: tell("describe", n))
    keys = {setting.entity(key)[1:-1]: key for key in done}
    return Described(file, spool.read, setting, head, keys, faults)


def _check_dates(wanted: Wanted) -> None:
    """Check what was given as dates.

    :raises InputError: for what is none.
    """
    if wanted.date and when(wanted.date) is None:
        raise InputError(f"{wanted.date!r} is no date", hint="give a day, a month or a year: 2026-11-23, 2026-11, 2026")
    day = when(wanted.retrieved) if wanted.retrieved else None
    if wanted.retrieved and (day is None or not day.endswith("#date>")):
        raise InputError(f"{wanted.retrieved!r} is no day", hint="give a day: 2026-11-23")


def without(described: Described, registry: Registry, keys: Container[str], folder: Path) -> Described:
    """Describe again without some records, which are left out of everything.

    :param keys: records, by key.
    :param folder: the folder that they were described in.
    """
    surveys = {key: survey for key, survey in described.setting.surveys.items() if key not in keys}
    setting = replace(described.setting, surveys=surveys)
    records = Spool(folder / "records").records(surveys.keys())
    _write(registry, records, setting, described.head, described.file, Faults(), lambda n: None)
    return replace(described, setting=setting, keys={i: key for i, key in described.keys.items() if key not in keys})


def _write(
    registry: Registry,
    records: Iterable[Record],
    setting: Setting,
    head: Iterable[str],
    file: Path,
    faults: Faults,
    tell: Tell,
) -> list[str]:
    """Write what records say, and give the keys of those described."""
    done = []
    lately = _Lately()
    with file.open("w", encoding="utf-8", newline="\n") as output:
        output.writelines(head)
        for record in records:
            lines = []
            for said in registry.describe(record, setting):
                if isinstance(said, Fault):
                    faults.add(said)
                elif not (registry.repeats and lately.holds(said)):
                    lines.append("%s %s %s .\n" % said)  # noqa: UP031  - there are millions, and nothing is quicker
            output.writelines(lines)
            done.append(record.key)
            if not len(done) % 1000:
                tell(len(done))
    return done


class _Lately:
    """Knows the statements of late: what many records say alike is written once in a while, and not each time."""

    _MOST: Final = 200_000

    def __init__(self) -> None:
        self._now: set[Statement] = set()
        self._before: set[Statement] = set()

    def holds(self, statement: Statement) -> bool:
        """Tell whether a statement came lately, and take note of it."""
        if statement in self._now:
            return True
        if len(self._now) >= self._MOST:
            self._now, self._before = set(), self._now
        self._now.add(statement)
        return statement in self._before


def _kept(surveys: dict[str, Survey], region: Region | None) -> set[str]:
    """Say which records a region keeps: those that lie in it, and those that these name as being above them."""
    if region is None:
        return set(surveys)
    inside = {key for key, survey in surveys.items() if any(map(region.holds, survey.places))}
    return inside | {above for key in inside for above in surveys[key].above if above in surveys}


def _entities(surveys: dict[str, Survey], kept: set[str], known: Known) -> dict[str, str]:
    """Say which records are an entity known already: one that two records would be is neither."""
    named = {key: surveys[key].iri for key in kept if surveys[key].iri}
    if not known.holders:
        return named
    found = {key: entity for key in surveys if (entity := known.find(surveys[key].identifiers)) is not None}
    counts = Counter(found.values())
    return named | {key: entity for key, entity in found.items() if counts[entity] == 1 and key in kept}


def _next(waiting: IO[bytes]) -> Record | None:
    try:
        return Record(*pickle.load(waiting))
    except EOFError:
        return None
