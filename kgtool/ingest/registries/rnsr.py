"""Rows of the national directory of research structures (RNSR): one for each structure, several things in a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kgtool.ingest.registries.csv_records import csv_records
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.known import ADDRESS
from kgtool.ingest.registries.places import Place, department_of, slug
from kgtool.ingest.registries.registry import Fault, Record, Registry, Survey
from kgtool.ingest.registries.rnsr_description import describe, listed, supervisors
from kgtool.ingest.registries.schemes import bare, is_sound
from kgtool.ingest.registries.statements import cleaned

_NEEDED: Final = ("numero_national_de_structure", "libelle")
#: Some rows have a whole name in the place of the acronym.
_ACRONYM: Final = 40


def read(source: Input) -> Iterator[Record | Fault]:
    """Give the rows of a file that have a number and a name.

    :raises InputError: if it has no such columns.
    """
    for found in csv_records(source, _NEEDED):
        if isinstance(found, Fault):
            yield found
            continue
        number, cells = found
        key = cleaned(cells["numero_national_de_structure"]).upper()
        if not is_sound("RNSR", key):
            yield Fault(number, f"{key[:40]!r} is no RNSR number")
        elif not cleaned(cells["libelle"]):
            yield Fault(number, "a structure without a name", key)
        else:
            yield Record(number, bare("RNSR", key).upper(), cells)


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
