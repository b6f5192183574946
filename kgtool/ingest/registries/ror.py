"""Records of the Research Organization Registry: its dump of schema 2, and lines of the same with flat locations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kgtool.ingest.registries.answers import Numbered, numbered
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.json_records import json_records
from kgtool.ingest.registries.places import Place
from kgtool.ingest.registries.registry import Fault, Record, Registry, Setting, Survey
from kgtool.ingest.registries.ror_description import describe
from kgtool.ingest.registries.ror_fields import details, display_name, identifiers, objects, ror_key, texts
from kgtool.ingest.registries.schemes import is_sound
from kgtool.ingest.registries.statements import Statement, cleaned

#: In the archive of a release: the file of schema 2. Releases 1.45 to 1.74 have one of schema 1 as well, later ones no
#: other JSON; both have tables of the same.
_DUMP: Final = (r"schema_v2\.json$", r"\.jsonl?$")
_OLD: Final = "a record of schema 1: give the file of schema 2"
_PARENT: Final = "parent"
_NUMBER: Final = re.compile(r"\d{1,12}")


def read(source: Input) -> Iterator[Record | Fault]:
    """Give the records of a dump, a zip archive of one, a file of lines, or an answer of the API.

    :raises InputError: if it is no JSON.
    """
    for found in _records(source):
        if isinstance(found, Fault):
            yield found
            continue
        number, fields = found
        key = ror_key(fields.get("id"))
        if not key or not is_sound("ROR", key):
            yield Fault(number, f"{cleaned(str(fields.get('id')))[:60]!r} is no ROR identifier")
        elif not display_name(fields):
            old = "names" not in fields and "name" in fields
            yield Fault(number, _OLD if old else "a record without a name", key)
        else:
            yield Record(number, key, fields)


def _records(source: Input) -> Numbered:
    for found in json_records(source, prefer=_DUMP):
        items = None if isinstance(found, Fault) else found[1].get("items")
        if isinstance(items, list):
            yield from numbered(items)
        else:
            yield found


def survey(record: Record) -> Survey:
    """Say what others have to know of a record."""
    fields = record.fields
    above = (ror_key(link.get("id")) for link in objects(fields, "relationships") if link.get("type") == _PARENT)
    return Survey(
        name=display_name(fields),
        identifiers=(("ROR", record.key), *((scheme, value) for scheme, value in identifiers(fields))),
        places=tuple(place_of(location) for location in objects(fields, "locations")),
        above=tuple(key for key in above if key and key != record.key),
        kinds=(*texts(fields, "types"), f"status:{fields.get('status')}"),
    )


def place_of(location: Mapping[str, Any]) -> Place:
    """Give the place of a location, of either shape."""
    of = details(location)
    number = str(location.get("geonames_id", ""))
    return Place(
        city=cleaned(of.get("name")),
        country=cleaned(of.get("country_code")).upper(),
        subdivision=cleaned(of.get("country_subdivision_code", of.get("subdivision_code"))),
        latitude=_degrees(of.get("lat"), 90),
        longitude=_degrees(of.get("lng"), 180),
        geonames=number if _NUMBER.fullmatch(number) else "",
    )


def _degrees(value: object, most: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        return None
    return float(value)


def _described(record: Record, setting: Setting) -> Iterator[Statement | Fault]:
    return describe(record, setting.surveys.get(record.key) or survey(record), setting)


REGISTRY: Final = Registry("ror", read, survey, _described, sound=True)
