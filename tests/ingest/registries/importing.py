"""Imports as the tests make them: text to a file, a file to triples or to a store."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from kgtool.graph import KnowledgeGraph
from kgtool.ingest.registries import registry_named
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.known import Known
from kgtool.ingest.registries.passes import Described, Wanted, describe
from kgtool.ingest.registries.places import region_named
from kgtool.transactions.import_reports import ImportReport
from kgtool.transactions.importing import Import

GRAPH = "urn:kgtool:source:test"
ID = "https://w3id.org/kgtool/id/"


def ror(key: str, name: str = "Somewhere", **more: object) -> dict[str, object]:
    """Give a ROR record of schema 2."""
    return {
        "id": f"https://ror.org/{key}",
        "status": "active",
        "names": [{"value": name, "lang": "fr", "types": ["label", "ror_display"]}],
        "types": ["education"],
        "locations": [],
        "external_ids": [],
        "links": [],
        "relationships": [],
        **more,
    }


def packed(data: bytes, name: str = "v2-ror-data_schema_v2.json") -> bytes:
    """Pack a release of ROR with a larger file of its older schema."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("v1-ror-data.json", b"[" + b" " * 9_000_000 + b"]")
        archive.writestr(name, data)
    return output.getvalue()


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def asked(registry: str, file: Path, *, strict: bool = False, **wanted: object) -> Import:
    """Give an import of a file, as the command makes it."""
    chosen, source = registry_named(registry), Input(file.name, file)
    if isinstance(region := wanted.get("region"), str):
        wanted["region"] = region_named(region)
    return Import(
        chosen,
        chosen.read(source),
        lambda: [source.origin()],
        Wanted(graph=GRAPH, **wanted),  # type: ignore[arg-type]
        strict,
    )


@dataclass(frozen=True)
class Made:
    """What an import described, in memory."""

    described: Described
    quads: tuple[Quad, ...]

    @property
    def faults(self) -> list[tuple[int | None, str]]:
        return [(fault.number, fault.what) for fault in self.described.faults.kept]

    @property
    def keys(self) -> set[str]:
        return set(self.described.keys.values())

    def values(self, subject: str, predicate: str) -> set[str]:
        """Give the values of a property whose name ends so."""
        return {
            getattr(quad.object, "value", "")
            for quad in self.quads
            if getattr(quad.subject, "value", "") == subject and quad.predicate.value.endswith(predicate)
        }

    def subjects(self, kind: str) -> set[str]:
        """Give the resources of a class whose name ends so."""
        return {
            getattr(quad.subject, "value", "")
            for quad in self.quads
            if quad.predicate.value.endswith("#type") and getattr(quad.object, "value", "").endswith(kind)
        }


def made(registry: str, content: bytes, folder: Path, name: str = "input", **wanted: object) -> Made:
    """Describe what a file holds, and read the triples back with the checks that a load makes."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(content)
    work = folder / "work"
    work.mkdir(exist_ok=True)
    request = asked(registry, file, **wanted)
    described = describe(request.registry, request.records, request.origins, request.wanted, work)
    return Made(described, tuple(parse(path=str(described.file), format=RdfFormat.N_TRIPLES)))


def imported(store: Path, registry: str, content: bytes, *, strict: bool = False, **wanted: object) -> ImportReport:
    """Import a file into a store, which is made with the ontology if it is not there."""
    file = store.with_name("input")
    file.write_bytes(content)
    with KnowledgeGraph.open(store, write=True, create=True, ontology=not store.exists()) as kg:
        return kg.import_records(asked(registry, file, strict=strict, **wanted))


def rows(store: Path, query: str, *, reasoning: bool = True) -> list[tuple[str, ...]]:
    """Ask a store, and give the values of the solutions, sorted."""
    with KnowledgeGraph.open(store) as kg:
        found = kg.query(query, reasoning=reasoning).solutions()
        return sorted(tuple(getattr(term, "value", "") for term in row) for row in found)


def known(paths: Sequence[Path]) -> Known:
    from kgtool.ingest.registries.known import known_in

    return known_in(paths)
