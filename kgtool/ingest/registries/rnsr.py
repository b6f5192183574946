"""Rows of the national directory of research structures (RNSR): one for each structure, several things in a cell.

The portal that publishes it gives tables whose lists are parted by semicolons or, where nobody asked it for these, by
commas; and JSON with real lists. All are made one here: cells of text, their lists parted by semicolons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from kgtool.ingest.registries.answers import answered
from kgtool.ingest.registries.csv_records import column_name, csv_records
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.known import ADDRESS
from kgtool.ingest.registries.places import Place, department_of, slug
from kgtool.ingest.registries.registry import Fault, Record, Registry, Survey, table_of
from kgtool.ingest.registries.rnsr_description import describe, listed, supervisors
from kgtool.ingest.registries.schemes import bare, is_sound
from kgtool.ingest.registries.statements import cleaned

_PARTING: Final = re.compile("[;,]")
#: A comma that parts two things of a list; one before a blank is part of a name.
_LISTED: Final = re.compile(r",(?!\s)")
_NEEDED: Final = ("numero_national_de_structure", "libelle")
#: Some rows have a whole name in the place of the acronym.
_ACRONYM: Final = 40


def read(source: Input) -> Iterator[Record | Fault]:
    """Give the rows of a file that have a number and a name.

    :raises InputError: if it has no such columns.
    """
    head = next(iter(source.blocks(prefer=(r"\.csv$",))), b"").removeprefix(b"\xef\xbb\xbf").lstrip()
    for found in _of_json(source) if head[:1] in (b"{", b"[") else _of_table(source):
        if isinstance(found, Fault):
            yield found
            continue
        number, cells = found
        key = cleaned(cells.get("numero_national_de_structure")).upper()
        if not is_sound("RNSR", key):
            yield Fault(number, f"{key[:40]!r} is no RNSR number")
        elif not cleaned(cells.get("libelle")):
            yield Fault(number, "a structure without a name", key)
        else:
            yield Record(number, bare("RNSR", key).upper(), cells)


def _of_table(source: Input) -> Iterator[tuple[int, dict[str, str]] | Fault]:
    """Give the rows of a table.

    :raises InputError: if it lacks a column that is needed.
    """
    commas = _parts_lists_by_commas(source)
    lists = table_of("rnsr")["lists"]["columns"]
    for found in csv_records(source, _NEEDED):
        if commas and not isinstance(found, Fault):
            for column in lists:
                if column in found[1]:
                    found[1][column] = ";".join(_LISTED.split(found[1][column].replace(";", ",")))
        yield found


def _parts_lists_by_commas(source: Input) -> bool:
    """Tell by the first list of codes, which hold no punctuation, what parts the lists of a table."""
    codes = table_of("rnsr")["lists"]["codes"]
    for found in csv_records(source, _NEEDED):
        for cell in map(found[1].get, codes) if not isinstance(found, Fault) else ():
            if cell and (mark := _PARTING.search(cell)) is not None:
                return mark[0] == ","
    return False


def _of_json(source: Input) -> Iterator[tuple[int, dict[str, str]] | Fault]:
    """Give the rows of an answer of the portal, or of its export in JSON, as the cells of its tables."""
    for found in answered(source, ("results",), ("records",)):
        if isinstance(found, Fault):
            yield found
            continue
        number, fields = found
        inner = fields.get("fields")
        row = inner if isinstance(inner, dict) else fields
        yield number, {column_name(name): _cell(value) for name, value in row.items()}


def _cell(value: object) -> str:
    """Write a value of JSON as a cell.

    >>> _cell(["CNRS", "a; b", None, 7]), _cell(None)
    ('CNRS;a, b;;7', '')
    """
    match value:
        case str():
            return value
        case list():
            return ";".join(_cell(one).replace(";", ",") for one in value if not isinstance(one, list | dict))
        case int() | float() if not isinstance(value, bool):
            return repr(value)[:40] if isinstance(value, float) or abs(value) < 10**18 else ""
        case _:
            return ""


def survey(record: Record) -> Survey:
    """Say what others have to know of a row."""
    cells = record.fields
    address = cleaned(cells.get("fiche_rnsr"))
    return Survey(
        name=_short_name(cells),
        identifiers=(("RNSR", record.key), *([(ADDRESS, address)] if address else [])),
        places=(place_of(cells),),
        above=tuple(key for key in map(str.upper, listed(cells, "numero_de_structure_parent")) if key),
        named=tuple(supervisors(cells)),
        kinds=(slug(cells.get("type_de_structure", "")),),
    )


def _short_name(cells: Mapping[str, str]) -> str:
    """Give what nodes call the structure: its acronym, where that is one, or else its name."""
    acronym = cleaned(cells.get("sigle"))
    return acronym if acronym and len(acronym) <= _ACRONYM else cleaned(cells["libelle"])


def place_of(cells: Mapping[str, str]) -> Place:
    """Give the place of a row: its town, and the department of its postcode."""
    return Place(
        city=cleaned(cells.get("commune")), country="FR", department=department_of(cells.get("code_postal", ""))
    )


REGISTRY: Final = Registry(
    "rnsr", read, survey, lambda record, setting: describe(record, setting, place_of), sound=True
)
