"""What an entity's page calls the terms that the graph itself does not name: those of the standard vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from kgtool.vocabulary import PREFIXES
from kgtool.web.tables import shortened
from kgtool.web.views import Cell

#: What changes the direction of the text that follows; left open in a label it would turn what stands beside it.
_TURNING: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def plain(text: str) -> str:
    """Give a text without the characters that turn the direction of what follows.

    >>> plain("\u202eab")
    'ab'
    """
    return text.translate(_TURNING)


@cache
def _standard() -> Mapping[str, LazyString]:
    names = {
        "rdfs:label": lazy_gettext("name"),
        "skos:prefLabel": lazy_gettext("preferred name"),
        "skos:altLabel": lazy_gettext("other name"),
        "skos:notation": lazy_gettext("code"),
        "foaf:name": lazy_gettext("full name"),
        "schema:name": lazy_gettext("name"),
        "schema:alternateName": lazy_gettext("other name"),
        "foaf:givenName": lazy_gettext("given name"),
        "foaf:familyName": lazy_gettext("family name"),
        "dcterms:title": lazy_gettext("title"),
        "schema:identifier": lazy_gettext("identifier"),
        "dcterms:identifier": lazy_gettext("number"),
        "dcterms:description": lazy_gettext("description"),
        "schema:description": lazy_gettext("description"),
        "skos:definition": lazy_gettext("definition"),
        "skos:example": lazy_gettext("example"),
        "skos:broader": lazy_gettext("broader theme"),
        "skos:narrower": lazy_gettext("narrower theme"),
        "skos:inScheme": lazy_gettext("in the scheme"),
        "skos:topConceptOf": lazy_gettext("top concept of"),
        "skos:exactMatch": lazy_gettext("exactly matches"),
        "skos:closeMatch": lazy_gettext("nearly matches"),
        "schema:sameAs": lazy_gettext("the same elsewhere"),
        "owl:sameAs": lazy_gettext("is the same as"),
        "rdfs:seeAlso": lazy_gettext("see also"),
        "rdfs:comment": lazy_gettext("remark"),
        "foaf:homepage": lazy_gettext("home page"),
        "foaf:page": lazy_gettext("page about it"),
        "schema:url": lazy_gettext("web page"),
        "schema:foundingDate": lazy_gettext("founded"),
        "schema:dissolutionDate": lazy_gettext("dissolved"),
        "schema:startDate": lazy_gettext("start"),
        "schema:endDate": lazy_gettext("end"),
        "schema:founder": lazy_gettext("founder"),
        "schema:location": lazy_gettext("place"),
        "schema:containedInPlace": lazy_gettext("lies in"),
        "schema:about": lazy_gettext("is about"),
        "geo:lat": lazy_gettext("latitude"),
        "geo:long": lazy_gettext("longitude"),
        "org:role": lazy_gettext("role"),
        "org:member": lazy_gettext("member"),
        "org:organization": lazy_gettext("organisation"),
        "org:memberOf": lazy_gettext("member of"),
        "org:hasMember": lazy_gettext("has the member"),
        "org:subOrganizationOf": lazy_gettext("part of"),
        "org:hasSubOrganization": lazy_gettext("has the part"),
        "org:unitOf": lazy_gettext("unit of"),
        "org:hasUnit": lazy_gettext("has the unit"),
        "org:linkedTo": lazy_gettext("linked to"),
        "org:originalOrganization": lazy_gettext("original organisation"),
        "org:resultingOrganization": lazy_gettext("resulting organisation"),
        "org:resultedFrom": lazy_gettext("resulted from"),
        "org:changedBy": lazy_gettext("changed by"),
        "frapo:isFundedBy": lazy_gettext("funded by"),
        "dcterms:subject": lazy_gettext("subject"),
        "dcterms:source": lazy_gettext("source"),
        "dcterms:license": lazy_gettext("licence"),
        "dcterms:issued": lazy_gettext("issued"),
        "prov:wasGeneratedBy": lazy_gettext("came of"),
        "prov:wasDerivedFrom": lazy_gettext("derived from"),
        "schema:Organization": lazy_gettext("Organisation"),
        "foaf:Person": lazy_gettext("Person"),
        "schema:PropertyValue": lazy_gettext("Identifier"),
        "schema:Dataset": lazy_gettext("Dataset"),
        "skos:Concept": lazy_gettext("Concept"),
        "prov:Activity": lazy_gettext("Activity"),
        "org:ChangeEvent": lazy_gettext("Reorganisation"),
        "org:Role": lazy_gettext("Role"),
        "schema:City": lazy_gettext("City"),
    }
    return {
        PREFIXES[prefix] + name: text for (prefix, name), text in ((each.split(":"), names[each]) for each in names)
    }


def named(cell: Cell) -> Cell:
    """Give a term with the name that people know it by, where the graph has none for it."""
    known = _standard().get(cell.iri or "") if is_bare(cell) else None
    return Cell(str(known), None, cell.iri) if known is not None else cell


def is_bare(cell: Cell) -> bool:
    """Tell whether the graph does not name a term, which then goes by its IRI."""
    return cell.iri is not None and cell.text == shortened(cell.iri)
