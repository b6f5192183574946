"""Where a record lies, and the regions that an import may keep to: regions are data, in ``ontology/regions.toml``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from kgtool.errors import InputError, Location
from kgtool.resources import packaged
from kgtool.vocabulary import ID_BASE

_SLUG: Final = re.compile(r"[^a-z0-9]+")
#: What the postal service adds to the name of a town: "LILLE CEDEX 9", "LILLECEDEX", "Paris 13".
_CEDEX: Final = re.compile(r"\s*cedex.*$|\s+\d+(er|e)?$", re.IGNORECASE)
#: Names of towns that are remembered: records lie in the same few thousand.
_TOWNS: Final = 1 << 14
#: The island, where a postcode does not tell in which of its two departments: that of a large receiver (CEDEX).
_CORSICA: Final = "20"
_CORSICAN: Final = {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}
_DEPARTMENT: Final = re.compile(r"(?:97\d|98\d|2[AB]|\d\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record says that something lies; every part may be missing.

    :param city: name of the town.
    :param country: two letters (ISO 3166-1).
    :param department: number of the French department.
    :param subdivision: code of the first-level subdivision, as the source writes it (``HDF``, ``FR-HDF``, ``32``).
    :param latitude: WGS 84, with ``longitude``.
    :param geonames: number of the town at GeoNames.
    """

    city: str = ""
    country: str = ""
    department: str = ""
    subdivision: str = ""
    latitude: float | None = None
    longitude: float | None = None
    geonames: str = ""


@dataclass(frozen=True)
class Region:
    """What ``--region`` keeps to.

    :param name: as it was asked for.
    :param titles: language to label.
    :param folder: IRI that its places begin with; None for a region that has no name.
    :param departments: numbers of French departments.
    :param subdivisions: codes of the region, each with its country: ``FR-HDF``.
    :param cities: slug to name of towns, which count where a source says neither department nor subdivision.
    :param also: slug of another spelling to slug.
    :param whole: another country's code that registries give to all of the region.
    :param elsewhere: slugs of towns that rows with a postcode of the region name, and that lie elsewhere.
    :param box: least and greatest latitude and longitude, between which such a town must lie if it has coordinates.
    """

    name: str
    titles: Mapping[str, str] = field(default_factory=dict)
    folder: str | None = None
    departments: frozenset[str] = frozenset()
    subdivisions: frozenset[str] = frozenset()
    cities: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    country: str = "FR"
    whole: str = ""
    box: tuple[float, float, float, float] | None = None

    def label(self, language: str) -> str:
        """Give the region's name in a language."""
        return self.titles.get(language, self.name)

    def holds(self, place: Place) -> bool:
        """Tell whether a place lies in the region; the most exact thing that a source says of it decides."""
        if place.country and place.country != self.country:
            return place.country == self.whole
        if place.department and self.departments:
            either = place.department == _CORSICA and self.departments.issuperset(_CORSICAN.values())
            return either or place.department in self.departments
        if place.subdivision and self.subdivisions:
            written = place.subdivision.upper()
            return (written if "-" in written else f"{self.country}-{written}") in self.subdivisions
        return self._slug(place) in self.cities and self._within(place)

    def place(self, place: Place) -> str | None:
        """Give the IRI of a town of the region, the same whatever the source; None for a town elsewhere."""
        name = self._slug(place)
        there = self.folder and name and name not in self.elsewhere and self.holds(place)
        return f"{self.folder}place/{name}" if there else None

    def spelled(self, place: Place) -> str | None:
        """Give the name of a town as the region writes it; None where it is not listed."""
        return self.cities.get(self._slug(place))

    def _slug(self, place: Place) -> str:
        name = slug(town(place.city))
        return self.also.get(name, name)

    def _within(self, place: Place) -> bool:
        if self.box is None or place.latitude is None or place.longitude is None:
            return True
        south, north, west, east = self.box
        return south <= place.latitude <= north and west <= place.longitude <= east


@lru_cache(maxsize=_TOWNS)
def town(name: str) -> str:
    """Give the name of a town without what the postal service adds.

    >>> town("VILLENEUVE D'ASCQ CEDEX 1"), town("LILLECEDEX"), town("Paris 13")
    ("VILLENEUVE D'ASCQ", 'LILLE', 'Paris')
    """
    return _CEDEX.sub("", name).strip()


@lru_cache(maxsize=_TOWNS)
def slug(name: str) -> str:
    """Give a name in lower-case ASCII letters, digits and hyphens.

    >>> slug("Villeneuve-d'Ascq"), slug("BÉTHUNE"), slug("ST QUENTIN")
    ('villeneuve-d-ascq', 'bethune', 'saint-quentin')
    """
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE")).encode("ascii", "ignore").decode()
    words = [_SHORT.get(word, word) for word in _SLUG.split(plain.lower()) if word]
    return "-".join(words)


_SHORT: Final = {"st": "saint", "ste": "sainte"}


def department_of(postcode: str) -> str:
    """Give the department of a French postcode or commune code; none for what is no such code.

    Postcodes of Corsica are older than its two departments, and tell them apart but for large receivers.

    >>> department_of("59000"), department_of("20090"), department_of("97400"), department_of("V")
    ('59', '2A', '974', '')
    >>> department_of("2B033"), department_of("20200"), department_of("20303")
    ('2B', '2B', '20')
    """
    code = postcode.strip()
    found = _DEPARTMENT.match(code)
    if found is None or len(code) < 4:
        return ""
    return _CORSICAN.get(code[:3], found.group().upper())


def region_named(asked: str, *, base: str = ID_BASE) -> Region:
    """Find a region: a name of ``ontology/regions.toml``, or ``departments:59,62``, ``nuts:FRE``, ``city:Lille``.

    :param base: IRI that resources begin with.
    :raises InputError: for what is none of these, naming those that there are.
    """
    kind, colon, values = asked.partition(":")
    listed = [value.strip() for value in values.split(",") if value.strip()]
    regions = _regions()
    match kind.strip().lower(), listed:
        case ("departments" | "department", [_, *_]):
            departments = frozenset(value.upper().zfill(2) for value in listed)
            if _CORSICA in departments:
                departments = departments - {_CORSICA} | set(_CORSICAN.values())
            for name, facts in regions.items():
                if departments == frozenset(facts["departments"]):
                    return _region(name, facts, base)
            return Region(asked, departments=departments)
        case ("city" | "cities", [_, *_]):
            return Region(asked, cities={slug(town(value)): value for value in listed})
        case ("nuts", [code]):
            for name, facts in regions.items():
                if code.upper() in facts["nuts"]:
                    return _region(name, facts, base)
                if code.upper() in facts.get("parts", {}):
                    return Region(asked, departments=frozenset(facts.get("parts", {})[code.upper()]))
        case (name, []) if not colon and slug(name) in regions:
            return _region(slug(name), regions[slug(name)], base)
    raise InputError(
        f"{asked!r} is no region that is known",
        hint=f"give one of {', '.join(sorted(regions))}, or departments:59,62, nuts:FRE, city:Lille",
    )


def _region(name: str, facts: Mapping[str, Any], base: str) -> Region:
    return Region(
        name,
        titles=facts["title"],
        folder=f"{base}{name}/",
        departments=frozenset(facts["departments"]),
        subdivisions=frozenset(facts["subdivisions"]),
        cities={slug(city): city for city in facts.get("cities", ())},
        also={slug(spelling): slug(city) for spelling, city in facts.get("also", {}).items()},
        elsewhere=frozenset(map(slug, facts.get("elsewhere", ()))),
        country=facts["country"],
        whole=facts.get("whole", ""),
        box=tuple(facts["box"]) if "box" in facts else None,
    )


def _regions() -> dict[str, Any]:
    file = packaged("ontology") / "regions.toml"
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"the regions cannot be read: {error}", where=Location(str(file))) from error
