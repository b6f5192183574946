"""Registries read in tests: a file's records described as triples, and the graph that they make."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from kgtool.ingest.registries import registry_named
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.registry import Fault, Record, Registry, Setting
from kgtool.ingest.registries.statements import when
from kgtool.vocabulary import ID_BASE, PREFIXES


@dataclass
class Read:
    """What came of an input: records, faults of records and of parts, and the graph."""

    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    graph: Store = field(default_factory=Store)

    def ask(self, pattern: str) -> bool:
        """Tell whether a pattern is in the graph."""
        return bool(self.graph.query(f"{prologue()} ASK {{ {pattern} }}"))

    def rows(self, query: str) -> list[tuple[str, ...]]:
        """Give the rows of a SELECT, each value as text, sorted."""
        found = self.graph.query(f"{prologue()} {query}")
        return sorted(tuple(_text(value) for value in row) for row in found)  # type: ignore[union-attr]

    def said(self) -> list[str]:
        return [fault.what for fault in self.faults]


def _text(value: object) -> str:
    return value.value if isinstance(value, NamedNode | Literal) else ""


def prologue() -> str:
    prefixes = {**PREFIXES, "": ID_BASE, "id": ID_BASE}
    return " ".join(f"PREFIX {name}: <{iri}>" for name, iri in prefixes.items())


def read(name: str, *files: Path, date: str | None = None) -> Read:
    """Read files as a registry's, and describe all of it."""
    registry = registry_named(name)
    return described(registry, (found for file in files for found in registry.read(Input(str(file), file))), date)


def described(registry: Registry, found: Iterable[Record | Fault], date: str | None = None) -> Read:
    """Describe records."""
    read = Read()
    for one in found:
        (read.faults if isinstance(one, Fault) else read.records).append(one)  # type: ignore[attr-defined]
    setting = Setting(
        f"{ID_BASE}{registry.name}/",
        when(date) if date else None,
        surveys={record.key: registry.survey(record) for record in read.records},
    )
    lines = []
    for record in read.records:
        for statement in registry.describe(record, setting):
            if isinstance(statement, Fault):
                read.faults.append(statement)
            else:
                lines.append(" ".join(statement) + " .")
    read.graph.extend(parse("\n".join(lines), format=RdfFormat.N_TRIPLES))
    return read


def written(folder: Path, value: Any, name: str = "in.json") -> Path:
    """Write JSON to a file."""
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def every_file(folder: Path) -> Iterator[Path]:
    """Give the files of a folder in order."""
    yield from sorted(path for path in folder.iterdir() if path.is_file())
