"""Establishments of FINESS: the public extraction (``structureet`` lines, no column names), or JSON lines of the same.

Two establishments at one address, or of one company, are two. Telephone numbers and street addresses are not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kgtool.errors import InputError, Location
from kgtool.ingest.registries.csv_records import csv_rows
from kgtool.ingest.registries.identifiers import identifier
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.json_records import json_records
from kgtool.ingest.registries.lambert93 import to_wgs84
from kgtool.ingest.registries.places import Place, department_of
from kgtool.ingest.registries.registry import Fault, Record, Registry, Setting, Survey, table_of
from kgtool.ingest.registries.schemes import bare, is_sound
from kgtool.ingest.registries.settling import settle
from kgtool.ingest.registries.statements import Statement, cleaned, decimal, term, text, web_address, when

_ROUTE: Final = re.compile(r"(\d{5})\s+(.+)")
#: Names of the columns in JSON lines end in the names of the extraction.
_LAST_WORD: Final = re.compile(r"(\w+)$")
_SIREN: Final = 9


def read(source: Input) -> Iterator[Record | Fault]:
    """Give the establishments of a file.

    :raises InputError: if it is neither of the two shapes.
    """
    head = next(source.blocks(prefer=r"\.csv$"), b"").removeprefix(b"\xef\xbb\xbf").lstrip()
    found = _of_json(source) if head[:1] in (b"{", b"[") else _of_extraction(source)
    seen: dict[str, int] = {}
    for item in found:
        if isinstance(item, Fault):
            yield item
            continue
        number, fields = item
        key = cleaned(str(fields.get("nofinesset") or "")).upper().zfill(_SIREN)
        if not is_sound("FINESS", key):
            yield Fault(number, f"{key[:40]!r} is no FINESS number")
        elif not _names(fields):
            yield Fault(number, "an establishment without a name", key)
        else:
            said = hash(tuple(sorted((name, str(value)) for name, value in fields.items())))
            if key not in seen or seen[key] != said:  # a row that stands twice is one
                yield Record(number, bare("FINESS", key).upper(), fields)
            seen[key] = said


def _of_json(source: Input) -> Iterator[tuple[int, dict[str, Any]] | Fault]:
    """Give the rows of JSON lines: one for each establishment, with what another register calls the only one."""
    for found in json_records(source):
        if isinstance(found, Fault):
            yield found
            continue
        number, fields = found
        inner = fields.get("rows")
        rows = inner if isinstance(inner, list) else [fields]
        named = [_plain_columns(row) for row in rows if isinstance(row, dict)]
        establishments = [row for row in named if row.get("nofinesset")]
        others = [row for row in named if not row.get("nofinesset")]
        if not establishments:
            yield Fault(number, "no establishment with a FINESS number")
        for row in establishments:
            alone = others[0] if len(establishments) == 1 and len(others) == 1 else {}
            yield number, {**row, "othername": alone.get("dataesr_name"), "website": alone.get("dataesr_website")}


def _plain_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a row by the names of the extraction, numbers as texts: a spreadsheet made 26010004500012.0 of a SIRET."""
    plain = {}
    for column, value in row.items():
        found = _LAST_WORD.search(column)
        whole = isinstance(value, float) and value == value and abs(value) < 1e15 and value.is_integer()
        written = str(int(value)) if whole else str(value) if isinstance(value, int | float) else value
        plain[found.group(1) if found else column] = written
    if isinstance(plain.get("siret"), str):
        plain["siret"] = plain["siret"].zfill(14)
    return plain


def _of_extraction(source: Input) -> Iterator[tuple[int, dict[str, Any]] | Fault]:
    """Give the lines ``structureet``, each with its coordinates, which stand in other lines of the same file."""
    columns = table_of("finess")["columns"]
    located: dict[str, tuple[str, str, str]] = {}
    known = 0
    for row in csv_rows(source, ";"):
        if not isinstance(row, Fault) and row[1][:1] == ["geolocalisation"]:
            fields = dict(zip(columns["geolocalisation"], row[1][1:], strict=False))
            located[fields.get("nofinesset", "")] = tuple(
                fields.get(name, "") for name in ("coordxet", "coordyet", "sourcecoordet")
            )
    for row in csv_rows(source, ";"):
        if isinstance(row, Fault):
            yield row
            continue
        number, cells = row
        kind = cells[0] if cells else ""
        if kind == "structureet":
            known += 1
            if len(cells) - 1 < len(columns["structureet"]) - 3:
                yield Fault(number, f"this line has {len(cells)} fields, and lacks some of an establishment")
                continue
            fields = dict(zip(columns["structureet"], cells[1:], strict=False))
            fields |= dict(zip(("x", "y", "grid"), located.get(fields["nofinesset"], ()), strict=False))
            yield number, fields
        elif kind not in ("finess", "geolocalisation", ""):
            if not known and number == 1:
                raise InputError(
                    "this is neither the public extraction of FINESS nor JSON lines",
                    where=Location(source.name, 1),
                    hint="give etalab-cs1100502-stock-….csv as it was published",
                )
            yield Fault(number, f"a line of the kind {kind[:40]!r} is not known")


def _names(fields: Mapping[str, Any]) -> list[str]:
    """Give the names of an establishment, the long one first."""
    found = (cleaned(fields.get(name)) for name in ("rslongue", "rs", "othername"))
    return list(dict.fromkeys(name for name in found if name))


def _place(fields: Mapping[str, Any]) -> Place:
    """Give the place of an establishment: town and postcode stand on one line."""
    route = _ROUTE.match(cleaned(fields.get("ligneacheminement")))
    department = department_of(route.group(1)) if route else cleaned(fields.get("departement")).upper()
    return Place(city=route.group(2) if route else "", country="FR", department=department)


def _siret(fields: Mapping[str, Any]) -> str:
    value = cleaned(fields.get("siret"))
    return value if value.strip("0") else ""


def survey(record: Record) -> Survey:
    """Say what others have to know of an establishment."""
    siret = _siret(record.fields)
    return Survey(
        name=_names(record.fields)[0],
        identifiers=(("FINESS", record.key), *([("SIRET", siret)] if siret else [])),
        places=(_place(record.fields),),
        kinds=(cleaned(record.fields.get("categagretab")),),
    )


def describe(record: Record, setting: Setting) -> Iterator[Statement | Fault]:
    """Give the triples of an establishment, and what of it was left out."""
    fields, me, table = record.fields, setting.entity(record.key), table_of("finess")
    kind = cleaned(fields.get("categagretab"))
    hospital = not kind or kind.startswith(tuple(table["hospitals"]["begin"]))
    yield me, term("rdf:type"), term(table["hospitals"]["class"] if hospital else "org:Organization")
    first, *others = _names(fields)
    yield me, setting.label(record.key), text(first, "fr")
    for name in others:
        yield me, term("skos:altLabel"), text(name, "fr")
    yield from identifier(me, setting.node(record.key, "finess"), "FINESS", record.key, f"FINESS, {record.key}", record)
    if siret := _siret(fields):
        yield from identifier(me, setting.node(record.key, "siret"), "SIRET", siret, f"FINESS, {record.key}", record)
    if (page := web_address(fields.get("website"))) is not None:
        yield me, term("foaf:homepage"), page
    opened = cleaned(fields.get("dateouv"))
    if opened and (day := when(opened)) is not None:
        yield me, term("schema:foundingDate"), day
    elif opened:
        yield Fault(record.number, f"{opened[:20]!r} is no day", record.key, True)
    yield from settle(me, _place(fields), setting)
    if "lambert" in cleaned(fields.get("grid")).lower() or fields.get("x"):
        point = to_wgs84(cleaned(fields.get("x")), cleaned(fields.get("y")))
        if point is not None:
            yield me, term("geo:lat"), decimal(point[0]) or ""
            yield me, term("geo:long"), decimal(point[1]) or ""


REGISTRY: Final = Registry("finess", read, survey, describe, sound=True)
