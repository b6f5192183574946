"""Where else a thing is known: its identifiers, the links that linking found, and the places that it has."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext

from kgtool.ingest.registries.describing import links as patterns
from kgtool.link.entities.links import CANDIDATE, CHOSEN
from kgtool.link.entities.reviewed import ReviewedLink
from kgtool.link.entities.reviews import ACCEPTED, REJECTED
from kgtool.web.source import GraphSource
from kgtool.web.tables import is_link
from kgtool.web.workbench.entity.reading import MOST, Seen

#: The links of the last commit that was asked about, by the thing.
_READ: Final[dict[tuple[str, str], dict[str, list[ReviewedLink]]]] = {}


@dataclass(frozen=True)
class Identifier:
    """A register, the value there, and where that leads; ``iri``: the node that says it."""

    register: str
    value: str
    link: str | None
    iri: str | None


@dataclass(frozen=True)
class Place:
    """Coordinates, of the thing itself where there is no name."""

    id: str
    label: str
    latitude: float
    longitude: float


def identifiers(tables: Seen) -> list[Identifier]:
    """Give the identifiers of a thing, with where their registries describe it."""
    known = patterns()
    found = []
    for row in tables["identifiers"].by_name():
        register, value = row["register"].text, row["value"].text
        pattern = known.get(register)
        link = value if is_link(value) else pattern.replace("{}", value.replace(" ", "")) if pattern else None
        bare = value.rstrip("/").rpartition("/")[2] if is_link(value) else value
        found.append(
            Identifier(register, bare, link if link and is_link(link) else None, row["identifier"].text or None)
        )
    return found


def statuses() -> dict[str, str]:
    """Give what a page calls the state of a link."""
    return {
        CHOSEN: gettext("chosen, not reviewed yet"),
        CANDIDATE: gettext("a candidate, not reviewed yet"),
        ACCEPTED: gettext("accepted by a review"),
    }


def links_of(source: GraphSource, iri: str) -> list[ReviewedLink]:
    """Give the links of a thing with registries, less those that a review rejected, the surest first."""
    key = (source.commit, source.settings.base)
    known = _READ.get(key)
    if known is None:
        known = defaultdict(list)
        for each in source.graph.links(source.settings.base):
            known[each.link.subject].append(each)
        _READ.clear()
        _READ[key] = known
    found = [each for each in known.get(iri, ()) if each.status != REJECTED]
    return sorted(found, key=lambda each: (-each.link.confidence, each.link.object))[:MOST]


def places(iri: str, name: str, tables: Seen) -> list[Place]:
    """Give where a thing is: by its own coordinates, or by those of the places that it is in."""
    rows = list(tables["places"].by_name())
    own = [row for row in rows if row["own"].text == "true"]
    found = []
    for row in own or rows:
        try:
            latitude, longitude = float(row["latitude"].text), float(row["longitude"].text)
        except ValueError:
            continue
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            found.append(Place(row["place"].iri or iri, row["place"].text or name, latitude, longitude))
    return found
