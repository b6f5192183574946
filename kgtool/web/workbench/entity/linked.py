"""What a page says to programs: schema.org in JSON-LD, for search engines."""

from __future__ import annotations

from collections.abc import Sequence

from kgtool.web.tables import is_link
from kgtool.web.workbench.entity.affiliations import Affiliations
from kgtool.web.workbench.entity.elsewhere import Identifier, Place
from kgtool.web.workbench.entity.facts import Group
from kgtool.web.workbench.entity.head import Head, schema_types
from kgtool.web.workbench.entity.reading import Seen, ending
from kgtool.web.workbench.entity.relations import Relations

#: What schema.org calls the relation to those at the other end of a node.
_RELATED = {
    "supervisedUnit": "parentOrganization",
    "organization": "member",
    "participant": "memberOf",
    "project": "participant",
    "member": "memberOf",
}
#: Terms of the graph that say what schema.org says by these.
_WEB = {"homepage": "url", "url": "url", "sameAs": "sameAs", "exactMatch": "sameAs"}


def document(
    iri: str,
    tables: Seen,
    top: Head,
    groups: dict[str, Group],
    related: Sequence[Relations],
    affiliations: Affiliations | None,
    identifiers: Sequence[Identifier],
    places: Sequence[Place],
) -> dict[str, object]:
    """Say of a thing in schema.org's terms what the page shows."""
    types = schema_types(tables)
    found: dict[str, object] = {"@context": "https://schema.org", "@id": iri, "@type": types}
    found["name"] = top.name.text
    if top.others:
        found["alternateName"] = [each.text for each in top.others]
    if top.description:
        found["description"] = top.description.text
    if identifiers:
        found["identifier"] = [
            {"@type": "PropertyValue", "propertyID": each.register, "value": each.value} for each in identifiers
        ]
    web = {"url": _web(groups, "url"), "sameAs": _web(groups, "sameAs")}
    found |= {name: addresses for name, addresses in web.items() if addresses}
    for each in related:
        name = _RELATED.get(each.key)
        others = [{"@id": row.other.iri, "name": row.other.text} for row in each.rows if row.other.iri]
        if name and others:
            known = found.setdefault(name, [])
            assert isinstance(known, list)
            known += [other for other in others if other not in known]
    if affiliations:
        with_ = {each.main.iri: each.main.text for each in affiliations.rows if each.main.iri}
        found["affiliation"] = [{"@id": other, "name": name} for other, name in with_.items()]
    if places:
        found["location"] = [
            {
                "@type": "Place",
                "name": each.label,
                "geo": {"@type": "GeoCoordinates", "latitude": each.latitude, "longitude": each.longitude},
            }
            for each in places
        ]
    return found


def _web(groups: dict[str, Group], name: str) -> list[str]:
    facts = groups["elsewhere"].facts if "elsewhere" in groups else ()
    addresses = (
        value.cell.iri or value.cell.text
        for fact in facts
        if _WEB.get(ending(fact.name.iri or "")) == name
        for value in fact.values
    )
    return sorted({each for each in addresses if is_link(each)})
