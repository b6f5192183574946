"""OpenAlex: works, authors, institutions and topics, from answers of its API and lines of its snapshot.

OpenAlex matches affiliations by machine. What it says of an author's institutions is kept as what a work was signed
from on its day, or as years in which it saw them together; both name OpenAlex as their source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final

from kgtool.ingest.registries.answers import Numbered, answered, records_of
from kgtool.ingest.registries.describing import About, Path, Said, day_of
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.places import Place, department_of
from kgtool.ingest.registries.registry import Fault, Record, Registry, Setting, Survey
from kgtool.ingest.registries.settling import settle
from kgtool.ingest.registries.statements import Term, cleaned, decimal, term, text, web_address, when
from kgtool.ingest.web.json_pages import at

_MOST_AUTHORS: Final = 3000
_POSTCODE: Final = re.compile(r"(?<!\d)(?:F-?)?\d{5}(?!\d)")
_LABEL: Final = term("rdfs:label")


def read(source: Input) -> Iterator[Record | Fault]:
    """Read entities of OpenAlex: answers of its API, one entity, or entities one a line."""
    yield from records(answered(source, ("results",)))


def records(entities: Numbered) -> Iterator[Record | Fault]:
    """Give the records of entities."""
    return records_of(entities, _record)


def _record(number: int, fields: dict[str, Any]) -> Record | Fault:
    key = _key(fields.get("id"))
    if key and key[0] in REGISTRY.table["letters"]:
        return Record(number, key, fields)
    said = cleaned(fields.get("id"))[:60]
    return Fault(number, f"{said!r} is no work, author, institution or topic" if said else "it has no id")


def survey(record: Record) -> Survey:
    """Tell what an entity is called, and where it lies: a work where its authors' institutions are."""
    fields = record.fields
    identifiers = [("OpenAlex", record.key)]
    for scheme, name in (("ROR", "ror"), ("ORCID", "orcid"), ("DOI", "doi")):
        if value := cleaned(fields.get(name)):
            identifiers.append((scheme, value))
    above = [_key(one.get("id")) for one in _listed(fields.get("associated_institutions")) if _is_parent(one)]
    institutions = _listed(fields.get("last_known_institutions"))
    for authorship in _listed(fields.get("authorships")):
        institutions += _listed(authorship.get("institutions"))
    above += [_key(one.get("id")) for one in institutions]
    place = _place(fields)
    places = (place,) if place != Place() else _signed_from(fields)
    kinds = (REGISTRY.table["letters"][record.key[0]], cleaned(fields.get("type")))
    name = cleaned(fields.get("display_name")) or record.key
    return Survey(name, tuple(identifiers), places, tuple(dict.fromkeys(key for key in above if key)), kinds)


def describe(record: Record, setting: Setting) -> Said:
    """Describe a work, an author, an institution or a topic."""
    source = web_address(record.fields.get("id")) or setting.entity(record.key)
    about = About(setting, record, source)
    match record.key[0]:
        case "W":
            yield from _work(about)
        case "A":
            yield from _author(about)
        case "I":
            yield from _institution(about, record.key, record.fields)
        case _:
            yield from _topic(about, record.key, record.fields)


def _work(about: About) -> Said:
    fields, path = about.record.fields, (about.record.key,)
    me = about.node(path)
    kind = REGISTRY.table["works"].get(cleaned(fields.get("type")), "schema:CreativeWork")
    language = cleaned(fields.get("language")) or None
    yield from about.thing(path, [term(kind)], fields.get("title") or fields.get("display_name"), language)
    yield from about.identifier(path, "OpenAlex", about.record.key)
    yield from about.identifier(path, "DOI", fields.get("doi"))
    if pubmed := cleaned(at(fields, "ids", "pmid")):
        yield from about.identifier(path, "PubMed", pubmed.rstrip("/").rpartition("/")[2])
    yield from about.undated(fields.get("publication_date"))
    published = day_of(fields.get("publication_date")) or fields.get("publication_year")
    if (day := when(published)) is not None:
        yield me, term("schema:datePublished"), day
    if fields.get("is_retracted") is True:
        yield me, term("schema:creativeWorkStatus"), text("retracted", "en")
    journal = at(fields, "primary_location", "source")
    if isinstance(journal, dict) and (key := _key(journal.get("id"))) and cleaned(journal.get("display_name")):
        yield me, term("schema:isPartOf"), about.node((key,))
        kinds = [term("schema:Periodical" if journal.get("type") == "journal" else "schema:CreativeWork")]
        yield from about.thing((key,), kinds, journal.get("display_name"))
        for issn in dict.fromkeys(map(cleaned, _texts(journal.get("issn")))):
            yield about.node((key,)), term("schema:issn"), text(issn)
    authorships = _listed(fields.get("authorships"))
    if len(authorships) > _MOST_AUTHORS:
        yield about.fault(f"{len(authorships)} authors: those after the {_MOST_AUTHORS}th are left out")
    for number, authorship in enumerate(authorships[:_MOST_AUTHORS], 1):
        yield from _authorship(about, number, authorship, published if when(published) is not None else None)
    topics = _listed(fields.get("topics")) or _listed([fields.get("primary_topic")])
    for topic in topics:
        if key := _key(topic.get("id")):
            yield me, term("dcterms:subject"), about.node((key,))
            yield from _topic(about, key, topic)


def _authorship(about: About, number: int, authorship: Mapping[str, Any], published: object) -> Said:
    """Describe an author of a work; one that OpenAlex did not identify is of this work only."""
    author = authorship.get("author")
    author = author if isinstance(author, dict) else {}
    key = _key(author.get("id"))
    here = (about.record.key, "author", str(number))
    path: Path = (key,) if key else here
    name = cleaned(author.get("display_name")) or cleaned(authorship.get("raw_author_name"))
    if not name:
        return
    me = about.node(path)
    yield about.node((about.record.key,)), term("schema:author"), me
    yield from about.thing(path, [term("kg:Researcher")], name)
    if (printed := cleaned(authorship.get("raw_author_name"))) and printed != name:
        yield me, term("skos:altLabel"), text(printed)
    yield from about.identifier(path, "OpenAlex", key)
    yield from about.identifier(path, "ORCID", author.get("orcid"))
    for institution in _listed(authorship.get("institutions")):
        if there := _key(institution.get("id")):
            yield from _institution(about, there, institution)
            yield from about.membership((*here, "affiliation", there), path, (there,), attested=published)


def _author(about: About) -> Said:
    fields, path = about.record.fields, (about.record.key,)
    me = about.node(path)
    yield from about.thing(path, [term("kg:Researcher")], fields.get("display_name"))
    for name in dict.fromkeys(map(cleaned, _texts(fields.get("display_name_alternatives")))):
        if name and name != cleaned(fields.get("display_name")):
            yield me, term("skos:altLabel"), text(name)
    yield from about.identifier(path, "OpenAlex", about.record.key)
    yield from about.identifier(path, "ORCID", fields.get("orcid"))
    for affiliation in _listed(fields.get("affiliations")):
        institution = affiliation.get("institution")
        if not isinstance(institution, dict) or not (there := _key(institution.get("id"))):
            continue
        yield from _institution(about, there, institution)
        years = affiliation.get("years")
        seen = sorted({year for year in years if isinstance(year, int)}) if isinstance(years, list) else []
        for first, last in _runs(seen):
            node = (about.record.key, "affiliation", there, str(first))
            yield from about.membership(node, path, (there,), attested=first)
            if last != first and (day := when(last)) is not None:
                yield about.setting.node(*node), term("kg:attestedOn"), day
    for topic in _listed(fields.get("topics")):
        if key := _key(topic.get("id")):
            yield me, term("kg:hasTheme"), about.node((key,))
            yield from _topic(about, key, topic)


def _institution(about: About, key: str, fields: Mapping[str, Any]) -> Said:
    path, me = (key,), about.node((key,))
    kind = REGISTRY.table["institutions"].get(cleaned(fields.get("type")), "org:Organization")
    yield from about.thing(path, [term(kind)], fields.get("display_name"))
    yield from about.identifier(path, "OpenAlex", key)
    yield from about.identifier(path, "ROR", fields.get("ror"))
    if key != about.record.key:
        return
    yield from about.identifier(path, "Wikidata", at(fields, "ids", "wikidata"))
    for name in ("display_name_acronyms", "display_name_alternatives"):
        for other in dict.fromkeys(map(cleaned, _texts(fields.get(name)))):
            if other:
                yield me, term("skos:altLabel"), text(other)
    for language in ("fr", "en"):
        if name_there := cleaned(at(fields, "international", "display_name", language)):
            yield me, _LABEL, text(name_there, language)
    if (address := web_address(fields.get("homepage_url"))) is not None:
        yield me, term("foaf:homepage"), address
    yield from _located(about, me, fields)
    for parent in filter(_is_parent, _listed(fields.get("associated_institutions"))):
        if there := _key(parent.get("id")):
            yield from _institution(about, there, parent)
            node = (key, "membership", there)
            seen = day_of(fields.get("updated_date")) or about.seen_on
            yield from about.membership(node, path, (there,), attested=seen)


def _located(about: About, me: Term, fields: Mapping[str, Any]) -> Said:
    yield from settle(me, _place(fields), about.setting)
    latitude, longitude = (decimal(at(fields, "geo", name)) for name in ("latitude", "longitude"))
    if latitude and longitude:
        yield me, term("geo:lat"), latitude
        yield me, term("geo:long"), longitude


def _topic(about: About, key: str, fields: Mapping[str, Any]) -> Said:
    """Describe a topic, and the subfield, field and domain above it."""
    path, me = (key,), about.node((key,))
    yield from about.thing(path, [term("kg:Theme")], fields.get("display_name"), "en")
    if key[0] == "T":
        yield from about.identifier(path, "OpenAlex", key)
    for level in ("subfield", "field", "domain"):
        above = fields.get(level)
        if isinstance(above, dict) and (name := cleaned(above.get("display_name"))):
            number = str(above.get("id")).rpartition("/")[2]
            yield me, term("skos:broader"), about.setting.node(level, number)
            me = about.setting.node(level, number)
            yield from about.thing((level, number), [term("kg:Theme")], name, "en")


def _runs(years: list[int]) -> Iterator[tuple[int, int]]:
    """Give the first and last of each unbroken run of years: between two runs nobody saw anything.

    >>> list(_runs([2015, 2016, 2017, 2020]))
    [(2015, 2017), (2020, 2020)]
    """
    for _, run in groupby(enumerate(years), lambda pair: pair[1] - pair[0]):
        found = [year for _, year in run]
        yield found[0], found[-1]


def _place(fields: Mapping[str, Any]) -> Place:
    geo = fields.get("geo")
    geo = geo if isinstance(geo, dict) else {}
    latitude, longitude = (geo.get(name) for name in ("latitude", "longitude"))
    exact = isinstance(latitude, int | float) and isinstance(longitude, int | float)
    return Place(
        city=cleaned(geo.get("city")),
        country=cleaned(geo.get("country_code") or fields.get("country_code")),
        latitude=float(latitude) if exact and latitude is not None else None,
        longitude=float(longitude) if exact and longitude is not None else None,
    )


def _signed_from(fields: Mapping[str, Any]) -> tuple[Place, ...]:
    """Give the places that the affiliations of a work name, as printed: OpenAlex has none of its own for a work.

    Each part between commas may be a town; a French postcode tells the department.
    """
    found: dict[Place, None] = {}
    for authorship in _listed(fields.get("authorships")):
        if authorship.get("countries") != ["FR"]:
            continue
        for string in map(cleaned, _texts(authorship.get("raw_affiliation_strings"))):
            for part in string[:2000].split(","):
                code = _POSTCODE.search(part)
                name = _POSTCODE.sub("", part).strip(" .-")
                found[Place(name, "FR", department_of(code[0].lstrip("F-")) if code else "")] = None
    return tuple(found)


def _is_parent(institution: Mapping[str, Any]) -> bool:
    return institution.get("relationship") == "parent"


def _key(value: object) -> str:
    """Give the identifier at the end of an OpenAlex address: ``W2023271753``."""
    last = cleaned(value).rstrip("/").rpartition("/")[2]
    return last if last[:1].isalpha() and last[1:].isdigit() and last.isascii() else ""


def _listed(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


REGISTRY: Final = Registry("openalex", read, survey, describe, repeats=True)
