"""Records that are triples already: what a mapping made of a row, or an endpoint's answer says of a subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.places import slug
from kgtool.ingest.registries.registry import Fault, Record, Registry, Setting, Survey
from kgtool.ingest.registries.statements import Statement, Term, cleaned, exact, typed
from kgtool.reasoning.owl.lexical import is_well_formed

#: Begins what stands for a blank node until the setting is known: no N-Triples term begins so.
_NODE: Final = "!"
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"


def record_of(number: int, key: str, triples: Iterable[Quad | Triple]) -> Record | Fault:
    """Make a record of triples; a fault if there is none.

    Blank nodes become nodes below the record, numbered as they come: the same triples give the same names.
    """
    nodes: dict[str, str] = {}
    statements: list[tuple[str, str, str]] = []
    faults: list[str] = []
    for triple in triples:
        if isinstance(triple.object, Literal) and not is_well_formed(triple.object):
            datatype = triple.object.datatype.value.removeprefix(_XSD)
            faults.append(f"{cleaned(triple.object.value)[:60]!r} is no {datatype} ({triple.predicate.value})")
            continue
        subject, value = (_written(one, nodes) for one in (triple.subject, triple.object))
        if not subject or not value:
            return Fault(number, "a triple about a triple, which kgtool does not keep", key)
        statements.append((subject, f"<{triple.predicate.value}>", value))
    if not statements:
        return Fault(number, "no triple comes of this record: what the mapping asks for is not in it", key)
    return Record(number, key, {"triples": list(dict.fromkeys(statements)), "faults": faults})


def _written(one: object, nodes: dict[str, str]) -> str:
    match one:
        case NamedNode():
            return f"<{one.value}>"
        case BlankNode():
            return nodes.setdefault(one.value, f"{_NODE}{len(nodes) + 1}")
        case Literal() if one.language:
            return f"{exact(one.value)}@{one.language}"
        case Literal() if one.datatype.value == _STRING:
            return exact(one.value)
        case Literal() if one.datatype.value.startswith(_XSD):
            return typed(cleaned(one.value).replace("\\", "\\\\").replace('"', '\\"'), one.datatype.value[len(_XSD) :])
        case Literal():
            return f"{exact(one.value)}^^<{one.datatype.value}>"
        case _:
            return ""


def registry_of(kind: str, name: str) -> Registry:
    """Give the registry of one table or endpoint.

    >>> registry_of("table", "Équipes 2026.csv").name
    'table/equipes-2026-csv'
    """
    return Registry(f"{kind}/{slug(PurePath(name).name) or 'stdin'}", _read, _survey, _describe, places=False)


def _read(source: Input) -> Iterator[Record | Fault]:
    raise NotImplementedError("its records come from a mapping or an endpoint")


def _survey(record: Record) -> Survey:
    first = next((subject for subject, _, _ in record.fields["triples"] if subject.startswith("<")), "")
    return Survey(record.key, iri=first[1:-1])


def _describe(record: Record, setting: Setting) -> Iterator[Statement | Fault]:
    def named(written: str) -> Term:
        return setting.node(record.key, "node", written[1:]) if written.startswith(_NODE) else written

    for what in record.fields["faults"]:
        yield Fault(record.number, what, record.key, part=True)
    for subject, predicate, value in record.fields["triples"]:
        yield named(subject), predicate, named(value)
