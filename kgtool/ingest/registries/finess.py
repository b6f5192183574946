"""Establishments of FINESS: the public extraction (``structureet`` lines, no column names), tables and JSON lines.

Their columns are called as in the extraction, or as in the reference file *t-finess*.

Two establishments at one address, or of one company, are two. Telephone numbers and street addresses are not taken.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kgtool.ingest.registries.csv_records import csv_records, csv_rows
from kgtool.ingest.registries.identifiers import identifier
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.json_records import json_records
from kgtool.ingest.registries.lambert93 import to_wgs84
from kgtool.ingest.registries.places import Place, department_of
from kgtool.ingest.registries.registry import Fault, Record, Registry, Setting, Survey, table_of
from kgtool.ingest.registries.schemes import bare, is_sound
from kgtool.ingest.registries.settling import settle
from kgtool.ingest.registries.statements import Statement, Term, cleaned, decimal, term, text, web_address, when

_DEPARTMENT: Final = re.compile(r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|9[78]\d")
_ROUTE: Final = re.compile(r"(\d{5})\s+(.+)")
#: Names of the columns in JSON lines end in the names of the extraction.
_LAST_WORD: Final = re.compile(r"(\w+)$")
_SIREN: Final = 9
#: In t-finess, which has both, those that own establishments (``EJ``) and these (``ET``).
_LEGAL_ENTITY: Final = "EJ"
_COORDINATES: Final = ("coordxet", "coordyet", "sourcecoordet")


def read(source: Input) -> Iterator[Record | Fault]:
    """Give the establishments of a file.

    :raises InputError: if it is none of these shapes.
    """
    head = next(source.blocks(prefer=(r"\.csv$",)), b"").removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] in (b"{", b"["):
        found = _of_json(source)
    else:
        found = _of_extraction(source) if _is_extraction(source) else _of_table(source)
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


def _is_extraction(source: Input) -> bool:
    """Tell whether one of the first lines is of a kind of the extraction: its own first line says only what it is."""
    first = (row[1][:1] for row in itertools.islice(csv_rows(source, ";"), 3) if not isinstance(row, Fault))
    return any(kind in (["structureet"], ["geolocalisation"]) for kind in first)


def _of_table(source: Input) -> Iterator[tuple[int, dict[str, Any]] | Fault]:
    """Give the rows of a table with a line of names.

    :raises InputError: if no column holds names of establishments.
    """
    for found in csv_records(source, ("rs",)):
        yield found if isinstance(found, Fault) else (found[0], _by_our_names(found[1]))


def _by_our_names(row: Mapping[str, Any]) -> dict[str, Any]:
    """Name the columns of *t-finess* as the extraction does; its line of postcode and town stands in two of them."""
    names = table_of("finess")["names"]
    if "nofinesset" in row or "finess" not in row:
        return dict(row)
    renamed = {names.get(name, name): value for name, value in row.items()}
    parts = (str(row.get(name) or "").strip() for name in ("adresse_code_postal", "adresse_lib_routage"))
    return {**renamed, "ligneacheminement": " ".join(parts)}


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
    return _by_our_names(plain)


def _of_extraction(source: Input) -> Iterator[tuple[int, dict[str, Any]] | Fault]:
    """Give the lines ``structureet``, each with its coordinates, which stand in other lines of the same file."""
    columns = table_of("finess")["columns"]
    located: dict[str, tuple[str, ...]] = {}
    for row in csv_rows(source, ";"):
        if not isinstance(row, Fault) and row[1][:1] == ["geolocalisation"]:
            fields = dict(zip(columns["geolocalisation"], row[1][1:], strict=False))
            located[fields.get("nofinesset", "")] = tuple(fields.get(name, "") for name in _COORDINATES)
    for row in csv_rows(source, ";"):
        if isinstance(row, Fault):
            yield row
            continue
        number, cells = row
        kind = cells[0] if cells else ""
        if kind == "structureet":
            if len(cells) - 1 < len(columns["structureet"]) - 3:
                yield Fault(number, f"this line has {len(cells)} fields, and lacks some of an establishment")
                continue
            fields = dict(zip(columns["structureet"], cells[1:], strict=False))
            fields |= dict(zip(_COORDINATES, located.get(fields["nofinesset"], ()), strict=False))
            yield number, fields
        elif kind not in ("finess", "geolocalisation", ""):
            yield Fault(number, f"a line of the kind {kind[:40]!r} is not known")


def _names(fields: Mapping[str, Any]) -> list[str]:
    """Give the names of an establishment, the long one first."""
    found = (cleaned(fields.get(name)) for name in ("rslongue", "rs", "othername"))
    return list(dict.fromkeys(name for name in found if name))


def _place(fields: Mapping[str, Any]) -> Place:
    """Give the place of an establishment: town and postcode stand on one line."""
    route = _ROUTE.match(cleaned(fields.get("ligneacheminement")))
    said = cleaned(str(fields.get("departement") or "")).upper().zfill(2)
    department = table_of("finess")["departments"].get(said, said)
    if not _DEPARTMENT.fullmatch(department):
        department = department_of(route.group(1)) if route else ""
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
    legal = cleaned(fields.get("type")).upper() == _LEGAL_ENTITY
    hospital = not legal and (not kind or kind.startswith(tuple(table["hospitals"]["begin"])))
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
    if cleaned(fields.get("etat")).lower() not in ("", table["status"]["open"]):
        for language, words in table["status"]["other"].items():
            yield me, term("kg:registryStatus"), text(words, language)
    yield from settle(me, _place(fields), setting)
    latitude, longitude = _point(fields)
    if latitude is not None and longitude is not None:
        yield me, term("geo:lat"), latitude
        yield me, term("geo:long"), longitude


def _point(fields: Mapping[str, Any]) -> tuple[Term | None, Term | None]:
    """Give latitude and longitude: as they stand, or from the grid of metropolitan France; no other grid is read."""
    if cleaned(fields.get("latitude")):
        found = [_degrees(fields.get("latitude"), 90), _degrees(fields.get("longitude"), 180)]
        return decimal(found[0]), decimal(found[1])
    grid = cleaned(fields.get("sourcecoordet")).upper()
    point = to_wgs84(cleaned(fields.get("coordxet")), cleaned(fields.get("coordyet"))) if "UTM" not in grid else None
    return (decimal(point[0]), decimal(point[1])) if point is not None else (None, None)


def _degrees(value: object, most: int) -> float | None:
    try:
        degrees = float(cleaned(value).replace(",", "."))
    except ValueError:
        return None
    return degrees if -most <= degrees <= most else None


REGISTRY: Final = Registry("finess", read, survey, describe, sound=True)
