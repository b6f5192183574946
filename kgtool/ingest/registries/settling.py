"""Where an entity lies, as triples: a town of the region under its one name, others under the registry's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgtool.ingest.registries.places import Place, slug, town
from kgtool.ingest.registries.registry import Setting
from kgtool.ingest.registries.statements import Statement, Term, decimal, term, text

_LOCATED: Final = term("kg:locatedIn")
_TYPE: Final = term("rdf:type")
_CITY: Final = term("kg:City")
_LABEL: Final = term("rdfs:label")
_WITHIN: Final = term("schema:containedInPlace")


def settle(entity: Term, place: Place, setting: Setting) -> Iterator[Statement]:
    """Give the triples of a place where an entity lies; a place without a town says nothing.

    Two entities in one town, or at one address, have nothing more in common than the town.
    """
    name = town(place.city)
    if not slug(name) and not place.geonames:
        return
    known = setting.region.place(place) if setting.region is not None else None
    written = _written(name)
    if known is not None and setting.region is not None:
        written = setting.region.spelled(place) or written
        node = f"<{known}>"
        yield node, _WITHIN, f"<{setting.region.folder}region/{setting.region.name}>"
    else:
        told = (place.country, place.department, slug(name))
        node = setting.node("place", place.geonames or "-".join(filter(None, told)))
    yield entity, _LOCATED, node
    yield node, _TYPE, _CITY
    for language in ("fr", "en"):
        yield node, _LABEL, text(written, language)
    if place.geonames:
        yield node, term("schema:sameAs"), f"<https://sws.geonames.org/{place.geonames}/>"
    latitude, longitude = decimal(place.latitude), decimal(place.longitude)
    if place.geonames and latitude is not None and longitude is not None:
        yield node, term("geo:lat"), latitude
        yield node, term("geo:long"), longitude


def _written(name: str) -> str:
    """Write the name of a town that a source writes in capitals with capitals where they belong.

    >>> _written("BOULOGNE SUR MER"), _written("Lens")
    ('Boulogne Sur Mer', 'Lens')
    """
    return name if name != name.upper() else name.title()
