"""What a registry is to kgtool: how its records are read, what is asked of each, and how one becomes triples.

A registry module defines one :class:`Registry` named ``REGISTRY``. Its facts (titles, licence, which of its types is
which class) stand in ``ontology/registries/NAME.toml``; the module holds what a table cannot say.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from kgtool.errors import InputError, Location
from kgtool.ingest.registries.known import Known
from kgtool.ingest.registries.places import Place, Region
from kgtool.ingest.registries.statements import Statement, Term, iri, segment, text, when
from kgtool.resources import packaged

#: Folder of the ontology that holds a table for each registry.
TABLES: Final = "registries"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a registry as it was read.

    :param number: line, row, or place in an answer, from 1: where a person finds it.
    :param key: what the registry calls it; its resource is the base of the registry followed by this.
    :param fields: what it says, in the registry's own names.
    """

    number: int
    key: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """What was left out, and why.

    :param number: line or row, from 1; None where it is of no record.
    :param what: what is wrong, with its values.
    :param key: the record, if that much is known.
    :param part: whether only a part of the record was left out.
    """

    number: int | None
    what: str
    key: str | None = None
    part: bool = False

    def as_json(self) -> dict[str, object]:
        """Give the fault as JSON: ``{"row", "record", "what", "leftOut": "record" or "part"}``."""
        return {
            "row": self.number,
            "record": self.key,
            "what": self.what,
            "leftOut": "part" if self.part else "record",
        }


@dataclass(frozen=True, slots=True)
class Survey:
    """What others have to know of a record before any is described.

    :param name: what a person calls it.
    :param identifiers: (scheme, value), the registry's own first; by these an entity that is known already is found.
    :param places: where it lies.
    :param above: keys of the records that it names as parents or supervisors, which a region keeps with it.
    :param kinds: what the registry says it is, in the registry's words.
    :param iri: its resource, where the source names that itself and not by a key below its base.
    :param named: what it names that is no record (its supervisors): each name, with the identifiers beside it.
    """

    name: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    places: tuple[Place, ...] = ()
    above: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    iri: str = ""
    named: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()


@dataclass(frozen=True)
class Setting:
    """What a record is described in: names, dates, and what is known of other records.

    :param base: IRI that the resources of the registry begin with.
    :param seen_on: when the registry stated what it states: a term of :func:`statements.when`, None if unknown.
    :param region: what the import is about; None for everything.
    :param surveys: the records that are described, by key.
    :param entities: records that are an entity known already, by key, to its IRI.
    :param known: the entities known already, for what is no record (the institutions of a directory of units).
    :param numbers: where each record stands in the input.
    """

    base: str
    seen_on: Term | None = None
    region: Region | None = None
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    entities: Mapping[str, str] = field(default_factory=dict)
    known: Known = field(default_factory=Known)
    numbers: Mapping[str, int] = field(default_factory=dict)

    def entity(self, key: str) -> Term:
        """Give the resource of a record, described here or not."""
        known = self.entities.get(key)
        return f"<{known}>" if known is not None else f"<{self.base}{segment(key)}>"

    def label(self, key: str) -> Term:
        """Give the property for the name of a record: an entity known already has a label, and gets another name."""
        return _OTHER_NAME if key in self.entities else _LABEL

    def node(self, *path: str) -> Term:
        """Give a node of this registry: below a record, or of a kind of its own (``place``, ``institution``).

        >>> Setting("urn:x:rnsr/").node("200711923J", "director", "1")
        '<urn:x:rnsr/200711923J/director/1>'
        """
        return f"<{self.base}{'/'.join(map(segment, path))}>"


@dataclass(frozen=True)
class Registry:
    """A source of records.

    :param name: as the command line takes it; also the end of its graph's name. One of several sources of a kind (a
        table, an endpoint) is called ``table/staff``.
    :param read: from an input to records and faults, in order; bounded in memory whatever comes.
    :param survey: what others have to know of a record.
    :param describe: the triples of a record, and what of it was left out.
    :param repeats: whether records say the same of things that several of them name (the structures of authors).
    :param sound: whether all identifiers and links to registries are checked when they are read, by the rules of the
        shapes (:func:`~kgtool.ingest.registries.identifiers.identifier`): a first load need not check them again then.
    :param places: whether records can say where something lies, so that a region may be kept.
    """

    name: str
    read: Callable[[Any], Iterator[Record | Fault]]
    survey: Callable[[Record], Survey]
    describe: Callable[[Record, Setting], Iterable[Statement | Fault]]
    repeats: bool = False
    sound: bool = False
    places: bool = True

    @property
    def table(self) -> Mapping[str, Any]:
        """The registry's table: ``title``, ``home``, ``licence``, ``rights``, and what the module looks up in it."""
        return table_of(self.name.partition("/")[0])


@cache
def table_of(name: str) -> Mapping[str, Any]:
    """Read the table of a registry, ``ontology/registries/NAME.toml``.

    :raises InputError: if it cannot be read.
    """
    file = packaged("ontology") / TABLES / f"{name}.toml"
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"this table of a registry cannot be read: {error}", where=Location(str(file))) from error


@dataclass(frozen=True)
class Origin:
    """What was read: a file, or an answer of a service.

    :param name: as a person knows it: the file's name, the address asked.
    :param iri: its IRI; for a file, that of its bytes (``ni:``, RFC 6920).
    :param sha256: of its bytes, in hexadecimal; None where they were not kept.
    :param size: bytes.
    :param query: what was asked of a service.
    """

    name: str
    iri: str
    sha256: str | None = None
    size: int | None = None
    query: str | None = None


def described_graph(
    registry: Registry,
    graph: str,
    origins: Sequence[Origin],
    *,
    base: str,
    date: str | None,
    region: Region | None,
    retrieved: str | None = None,
) -> Iterator[Statement]:
    """Describe the graph of an import: what it is, what it was made of, of which day, under which licence.

    Nothing here depends on when the import runs, so that the same input gives the same graph.

    :param date: day, month or year of the registry's state.
    :param retrieved: the day on which the input was fetched, if that is known.
    """
    table, me, reading = registry.table, iri(graph), f"<{base}reading>"
    yield me, _TYPE, f"<{_PROV}Entity>"
    yield me, _TYPE, "<http://www.w3.org/ns/dcat#Dataset>"
    for language, title in table["title"].items():
        about = f" ({region.label(language)})" if region is not None else ""
        yield me, f"<{_DCTERMS}title>", text(title + about, language)
        words = {"fr": "Lecture : ", "en": "Reading: "}.get(language, "")
        yield reading, _LABEL, text(words + title, language)
    yield me, f"<{_PROV}wasGeneratedBy>", reading
    yield me, f"<{_DCTERMS}publisher>", iri(table["home"])
    if table.get("licence"):
        yield me, f"<{_DCTERMS}license>", iri(table["licence"])
    for language, rights in table.get("rights", {}).items():
        yield me, f"<{_DCTERMS}rights>", text(rights, language)
    if date is not None and (day := when(date)) is not None:
        yield me, f"<{_DCTERMS}issued>", day
    yield reading, _TYPE, f"<{_PROV}Activity>"
    if retrieved is not None:
        yield reading, f"<{_PROV}endedAtTime>", f'"{retrieved}T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    for origin in origins:
        node = iri(origin.iri)
        yield me, f"<{_PROV}wasDerivedFrom>", node
        yield reading, f"<{_PROV}used>", node
        yield node, _TYPE, f"<{_PROV}Entity>"
        yield node, _LABEL, text(origin.name)
        if origin.sha256 is not None:
            yield node, "<https://schema.org/sha256>", text(origin.sha256)
        if origin.size is not None:
            yield node, "<http://www.w3.org/ns/dcat#byteSize>", f'"{origin.size}"^^<{_XSD}integer>'
        if origin.query is not None:
            yield node, f"<{_DCTERMS}description>", text(origin.query)


_PROV: Final = "http://www.w3.org/ns/prov#"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL: Final = "<http://www.w3.org/2000/01/rdf-schema#label>"
_OTHER_NAME: Final = "<http://www.w3.org/2004/02/skos/core#altLabel>"
