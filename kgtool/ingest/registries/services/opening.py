"""What a person names as the source of an import: files, identifiers or a query for a service, a mapped table."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import urlsplit

from kgtool.config import Settings
from kgtool.errors import InputError, Location, MissingError
from kgtool.ingest.registries import registry_named
from kgtool.ingest.registries.constructed import registry_of
from kgtool.ingest.registries.inputs import Input, inputs_of
from kgtool.ingest.registries.mapping import RowMapping, mapped
from kgtool.ingest.registries.registry import Fault, Origin, Record, Registry
from kgtool.ingest.registries.services import SERVICES, service_named
from kgtool.ingest.registries.services.visit import Asked, Service, Visit
from kgtool.ingest.web import Client, Clock, user_agent

#: Variables that a note names.
_SHOWN: Final = 20


@dataclass(frozen=True)
class Opened:
    """A source that can be read.

    :param records: read once.
    :param origins: what was read; asked for when all is read.
    :param date: day, month or year of its state, as far as its files' names tell; of a service, today.
    :param retrieved: the day on which a service was asked.
    """

    registry: Registry
    records: Iterable[Record | Fault]
    origins: Callable[[], Sequence[Origin]]
    date: str | None = None
    retrieved: str | None = None


@dataclass(frozen=True)
class Named:
    """What a person named.

    :param source: registry, ``table`` or ``sparql``.
    :param inputs: files, ``-``, or identifiers of records.
    :param query: text, or the name of a file that holds it.
    """

    source: str
    inputs: tuple[str, ...] = ()
    query: str | None = None
    url: str | None = None
    limit: int | None = None
    mapping: Path | None = None


@contextmanager
def opened_source(
    named: Named,
    settings: Settings,
    *,
    version: str,
    stdin: BinaryIO | None = None,
    progress: Callable[[str, int], None] | None = None,
    note: Callable[[str], None] = lambda words: None,
    clock: Clock | None = None,
) -> Iterator[Opened]:
    """Open a source.

    :param version: of kgtool, for the registries that are asked.
    :param clock: the time of the visit; None for the real one.
    :param note: told what a person should know: attempts of a visit that failed, pages that were at hand, variables of
        a mapping that are no column.
    :raises InputError: if there is no such source, or what is named does not go together.
    :raises MissingError: for a file that is not there.
    """
    source = named.source.lower()
    if (named.mapping is not None) != (source == "table"):
        hint = "kgtool import table FILE --mapping QUERY.rq"
        raise InputError("a table needs a mapping" if source == "table" else "only a table has a mapping", hint=hint)
    if named.query is not None and named.inputs:
        raise InputError("a query and inputs are two ways to name records", hint="give one of them")
    service = _service(source, named)
    if service is not None:
        agent, base = user_agent(version, settings.contact), named.url or service.base
        client = _client(base, service, settings, agent, note, clock or Clock())
        yield from _visited(source, named, service, client, settings.cache, progress)
    elif not named.inputs:
        raise InputError(f"nothing is named to import from {named.source}", hint="give a file, or -")
    else:
        registry = None if source == "table" else registry_named(source)
        with inputs_of(named.inputs, stdin) as files:
            yield _of_table(named, files, note) if registry is None else _of_files(registry, files, named.limit)


def _service(source: str, named: Named) -> Service | None:
    """Give the service that is to be asked; None if files are named.

    What looks like an identifier is one, unless there is a file of that name.
    """
    if source == "sparql" or named.query is not None or named.url is not None:
        if source == "table":
            raise InputError("a table is a file", hint="kgtool import table FILE --mapping QUERY.rq")
        registry_named(source) if source != "sparql" else None
        return service_named(source)
    if source not in SERVICES or not named.inputs:
        return None
    service = service_named(source)
    named_there = [service.is_identifier(one) and not Path(one).exists() for one in named.inputs]
    if any(named_there) and not all(named_there):
        raise InputError("files and identifiers are two ways to name records", hint="import them one after the other")
    return service if all(named_there) else None


def _client(
    base: str,
    service: Service,
    settings: Settings,
    agent: str,
    note: Callable[[str], None],
    clock: Clock,
) -> Client:
    secrets = service.secrets(settings, base) if base else None
    return Client(
        agent,
        secrets=secrets,
        key=service.key,
        note=note,
        clock=clock,
        locks=settings.cache / "hosts",
        proxy=settings.proxy,
    )


def _visited(
    source: str,
    named: Named,
    service: Service,
    client: Client,
    cache: Path,
    progress: Callable[[str, int], None] | None,
) -> Iterator[Opened]:
    base = named.url or service.base
    visit = Visit(client, Asked(_text_of(named.query), named.inputs, named.url, named.limit), cache, progress)
    registry = registry_named(source) if source != "sparql" else registry_of("sparql", urlsplit(base).netloc or "any")
    today = client.clock.wall().date().isoformat()
    try:
        yield Opened(registry, _to_the_end(service.records(visit, base), visit), visit.origins, today, today)
    finally:
        client.close()


def _to_the_end(records: Iterator[Record | Fault], visit: Visit) -> Iterator[Record | Fault]:
    yield from records
    visit.finish()


def _of_files(registry: Registry, files: Sequence[Input], limit: int | None) -> Opened:
    records = itertools.islice((record for file in files for record in registry.read(file)), limit)
    some = _some(records, files, registry.name)
    return Opened(registry, some, lambda: [file.origin() for file in files], _date(files))


def _some(found: Iterable[Record | Fault], files: Sequence[Input], name: str) -> Iterator[Record | Fault]:
    """Give records and faults as they come, if there is any record.

    A file that was not fetched, or that is of another registry, is no reason to empty a graph.

    :raises InputError: at the end, if there was none.
    """
    any_record, first = False, None
    for one in found:
        any_record = any_record or isinstance(one, Record)
        first = first or (one if isinstance(one, Fault) else None)
        yield one
    if not any_record:
        why = "there is nothing in it" if first is None else f"row {first.number or 1}: {first.what}"
        raise InputError(
            f"no record for {name} can be taken: {why}",
            where=Location(", ".join(file.name for file in files)),
            hint="nothing was changed; check that it is the right file, or remove the graph with kgtool unload",
        )


def _of_table(named: Named, files: Sequence[Input], note: Callable[[str], None]) -> Opened:
    assert named.mapping is not None
    mapping = RowMapping(_file_text(named.mapping), str(named.mapping))
    registry = registry_of("table", files[0].name)
    rows = itertools.islice((record for file in files for record in mapped(file, mapping)), named.limit)

    def records() -> Iterator[Record | Fault]:
        yield from _some(rows, files, registry.name)
        missing, there = mapping.unknown()
        if missing:
            shown = ", ".join(f"?{name}" for name in there[:_SHOWN]) + (", …" if len(there) > _SHOWN else "")
            note(f"no row has ?{', ?'.join(missing[:_SHOWN])}, which the mapping asks for; there are {shown}")

    def origins() -> list[Origin]:
        by = Input(str(named.mapping), named.mapping or Path()).origin()
        return [*(file.origin() for file in files), replace(by, query=mapping.text)]

    return Opened(registry, records(), origins, _date(files))


def _date(files: Sequence[Input]) -> str | None:
    """Give the state of the registry by the names of its files, if they agree."""
    dates = {file.date() for file in files}
    return dates.pop() if len(dates) == 1 else None


def _text_of(query: str | None) -> str | None:
    """Give a query: that of a file, where one of this name ends as files of queries do."""
    if query is not None and query.endswith((".rq", ".sparql", ".txt")):
        return _file_text(Path(query))
    return query


def _file_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise MissingError("there is no such file", where=Location(str(path))) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"this file cannot be read as text: {error}", where=Location(str(path))) from error
