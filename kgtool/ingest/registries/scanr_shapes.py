"""How the generations of scanR's documents write one thing: labels, identifiers, dates, links to other documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from kgtool.ingest.registries.describing import About, Path, Said, day_of
from kgtool.ingest.registries.places import Place, department_of
from kgtool.ingest.registries.registry import table_of
from kgtool.ingest.registries.schemes import is_sound
from kgtool.ingest.registries.statements import Term, cleaned, term, text


def table() -> Mapping[str, Any]:
    """Give the table of scanR."""
    return table_of("scanr")


def listed(value: object) -> list[dict[str, Any]]:
    """Give the objects of a list; of what is no list, none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """Give the texts of a list, cleaned, each once; of what is no list, none."""
    found = map(cleaned, value) if isinstance(value, list) else ()
    return [one for one in dict.fromkeys(found) if one and len(one) <= 300]


def labels(value: object) -> list[tuple[str | None, str]]:
    """Give texts with their language: of a text, of an object of languages, of a list of either; each text once.

    >>> labels({"default": "Mortalité", "fr": "Mortalité"}), labels([{"default": "INTEROP"}]), labels("PF-CCB")
    ([('fr', 'Mortalité')], [(None, 'INTEROP')], [(None, 'PF-CCB')])
    """
    found: dict[str, str | None] = {}
    for one in value if isinstance(value, list) else [value]:
        pairs = one.items() if isinstance(one, dict) else [("default", one)]
        for language, words in pairs:
            if plain := cleaned(words):
                found[plain] = found.get(plain) or (language if language in ("fr", "en") else None)
    return [(language, words) for words, language in found.items()]


def reference(link: Mapping[str, Any]) -> str:
    """Give the key of the structure that a link names; none if it names none.

    >>> reference({"structure": {"id": "200815499S"}}), reference({"structure": "130005457"}), reference({"label": "x"})
    ('200815499S', '130005457', '')
    """
    there = link.get("structure", link.get("id"))
    if isinstance(there, dict):
        there = there.get("id")
    key = cleaned(there)
    return key if len(key) <= 300 and not is_person(key) else ""


def linked(link: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what a link says of the structure that it names: the search service has a copy of that beside its key.

    >>> linked({"structure": "130005457", "label": None, "denormalized": {"label": {"fr": "Toulouse"}}})["label"]
    {'fr': 'Toulouse'}
    """
    copies = (link.get(name) for name in ("denormalized", "structure"))
    copy = next((one for one in copies if isinstance(one, dict)), {})
    return {**copy, "label": copy.get("label") or link.get("label")}


def is_person(key: str) -> bool:
    """Tell whether a key is a person's: scanR knows people by their IdRef, and nothing else by it.

    >>> is_person("idref122796527"), is_person("200815499S")
    (True, False)
    """
    return key.startswith("idref")


def person(value: object) -> str:
    """Give the key of a person that a link names; none if it names none."""
    key = cleaned(value)
    return key if is_person(key) and len(key) <= 300 else ""


def dated(link: Mapping[str, Any]) -> tuple[str | int | None, str | None]:
    """Give start and end of a link, as far as it has them."""
    start = next((day for name in ("startDate", "fromDate", "date") if (day := day_of(link.get(name)))), None)
    year = link.get("year")
    return start or (year if isinstance(year, int) and 0 < year < 10_000 else None), day_of(link.get("endDate"))


def role_of(words: object) -> Term | None:
    """Give kgtool's role for scanR's words; None for words that have none."""
    found = table()["roles"].get(cleaned(words).lower())
    return term(found) if found else None


def runs(years: list[int]) -> Iterator[tuple[int, int]]:
    """Give the first and last of each unbroken run of years: between two runs nobody saw anything.

    >>> list(runs([2015, 2016, 2017, 2020]))
    [(2015, 2017), (2020, 2020)]
    """
    for _, run in groupby(enumerate(years), lambda pair: pair[1] - pair[0]):
        found = [year for _, year in run]
        yield found[0], found[-1]


def places(fields: Mapping[str, Any]) -> tuple[Place, ...]:
    """Give where the addresses of a structure lie."""
    given = fields.get("address") or fields.get("addresses")
    found = []
    for one in listed(given if isinstance(given, list) else [given]):
        code = cleaned(one.get("citycode")) or cleaned(one.get("postcode"))
        country = {"france": "FR", "": ""}.get(cleaned(one.get("country")).lower(), "--")
        gps = one.get("gps") if isinstance(one.get("gps"), dict) else {}
        north, east = (gps or {}).get("lat"), (gps or {}).get("lon")
        exact = isinstance(north, int | float) and isinstance(east, int | float)
        found.append(
            Place(
                cleaned(one.get("city")),
                country,
                department_of(code) if country != "--" else "",
                latitude=float(north) if exact and north is not None else None,
                longitude=float(east) if exact and east is not None else None,
            )
        )
    return tuple(found)


def structure_kinds(key: str, fields: Mapping[str, Any]) -> list[Term]:
    """Give the classes of a structure by what scanR says it is, or else by its number."""
    said = fields.get("kind")
    words = [cleaned(one).lower() for one in (said if isinstance(said, list) else [])]
    words.append(cleaned(fields.get("levelLabel")).lower())
    found = sorted({table()["kinds"][word] for word in words if word in table()["kinds"]})
    if not found and len(key) == 10 and is_sound("RNSR", key):
        found = ["kg:ResearchUnit"]
    return [term(name) for name in found or ["org:Organization"]]


def described_structure(about: About, key: str, fields: Mapping[str, Any]) -> Said:
    """Describe a structure as far as a link to it does: its kind, its name, and what its key is an identifier of."""
    path: Path = (key,)
    kinds, names = structure_kinds(key, fields), labels(fields.get("label"))
    yield from about.thing(path, kinds, "")
    for language, name in names:
        yield about.node(path), term("rdfs:label"), text(name, language)
    for scheme, form in (("RNSR", len(key) == 10), ("SIREN", len(key) == 9), ("GRID", key.startswith("grid."))):
        if form and is_sound(scheme, key):
            yield from about.identifier(path, scheme, key)


def external(about: About, path: Path, fields: Mapping[str, Any]) -> Said:
    """Give a thing the identifiers that other registries have for it."""
    given = fields.get("externalIds")
    pairs = (
        list(given.items()) if isinstance(given, dict) else [(one.get("type"), one.get("id")) for one in listed(given)]
    )
    if not any(cleaned(name).lower() == "orcid" for name, _ in pairs):
        pairs.append(("orcid", fields.get("orcid")))
    for name, value in dict.fromkeys((cleaned(name).lower(), cleaned(value)) for name, value in pairs):
        scheme = table()["schemes"].get(name)
        if scheme is not None and value and value.lower() != "null":
            if scheme == "idHAL" and value.isdigit():  # a number of another list of HAL
                continue
            yield from about.identifier(path, scheme, value)
