"""The parts of a ROR record, whichever of its shapes it has, and whatever is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kgtool.ingest.registries.registry import table_of
from kgtool.ingest.registries.statements import cleaned

_ADDRESS: Final = re.compile(r"(?:https?://)?(?:www\.)?ror\.org/", re.IGNORECASE)


def ror_key(value: object) -> str:
    """Give the nine characters of a ROR identifier, of its address or bare; none for what is no text.

    >>> ror_key("https://ror.org/02PPYFA04"), ror_key(7)
    ('02ppyfa04', '')
    """
    return _ADDRESS.sub("", value.strip()).lower() if isinstance(value, str) else ""


def objects(fields: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Give the objects of a list, without what is none."""
    found = fields.get(name)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def texts(fields: Mapping[str, Any], name: str) -> list[str]:
    """Give the texts of a list, without what is none."""
    found = fields.get(name)
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def display_name(fields: Mapping[str, Any]) -> str:
    """Give the name that ROR shows; none if there is none."""
    names = objects(fields, "names")
    shown = [name for name in names if "ror_display" in texts(name, "types")]
    return next((found for name in (*shown, *names) if (found := cleaned(name.get("value")))), "")


def identifiers(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give a record's identifiers in other registries, those of the table, the preferred ones first."""
    schemes = table_of("ror")["schemes"]
    for kind, of in external(fields):
        found: list[object] = [*texts(of, "all")] or [of.get("all")]
        for value in dict.fromkeys(map(cleaned, [of.get("preferred"), *found])):
            if kind in schemes and value:
                yield schemes[kind], value


def external(fields: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the kinds of external identifiers: a list of objects with their type, or an object by type."""
    found = fields.get("external_ids")
    if isinstance(found, dict):
        yield from ((kind.lower(), of) for kind, of in found.items() if isinstance(of, dict))
    for of in objects(fields, "external_ids"):
        yield cleaned(of.get("type")).lower(), of


def links(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give kind and address of a record's web pages, of either shape."""
    found = fields.get("links")
    if isinstance(found, dict):
        yield from found.items()
    for of in objects(fields, "links"):
        yield cleaned(of.get("type")), of.get("value")


def details(location: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what GeoNames says of a location, of either shape."""
    found = location.get("geonames_details")
    return found if isinstance(found, dict) else location


def coordinates(location: Mapping[str, Any]) -> str:
    """Write the coordinates of a location as they stand; none if it has none."""
    found = [details(location).get(name) for name in ("lat", "lng")]
    return ", ".join(str(one)[:20] for one in found) if any(one is not None for one in found) else ""
