"""ORCID: a person's record from the public API (JSON, version 3) or the public data file (XML of the same version).

A record is what the person made public of their own will. Of it are read the name, identifiers, and the employments,
education and works with their dates; not the biography, addresses, countries, keywords, awards, or who funded what.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from kgtool.ingest.registries.answers import Numbered, answered, records_of
from kgtool.ingest.registries.describing import About, Path, Said, written
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.orcid_xml import is_xml, xml_records
from kgtool.ingest.registries.places import Place, slug
from kgtool.ingest.registries.registry import Fault, Record, Registry, Setting, Survey
from kgtool.ingest.registries.schemes import is_sound
from kgtool.ingest.registries.settling import settle
from kgtool.ingest.registries.statements import Statement, cleaned, iri, term, text, web_address, when
from kgtool.ingest.web.json_pages import at

_MOST: Final = 5000


def read(source: Input) -> Iterator[Record | Fault]:
    """Read records: JSON of the API (one, an array, or one a line), the XML of one, or an archive of the data file."""
    yield from records(xml_records(source) if is_xml(source) else answered(source, ("records",)))


def records(entries: Numbered) -> Iterator[Record | Fault]:
    """Give the records of what the API gives for a person."""
    return records_of(entries, _record)


def _record(number: int, fields: dict[str, Any]) -> Record | Fault:
    key = cleaned(at(fields, "orcid-identifier", "path") or at(fields, "orcid-identifier", "uri"))
    if not key:
        return Fault(number, "this is no record of ORCID: it has no orcid-identifier")
    if not is_sound("ORCID", key):
        return Fault(number, f"{key[:60]!r} is no ORCID")
    return Record(number, written("ORCID", key), fields)


def survey(record: Record) -> Survey:
    """Tell who a record is of, and where the organisations of the person are."""
    places = tuple(dict.fromkeys(_place(one.get("organization")) for _, one in _entries(record.fields)))
    return Survey(_name(record.fields) or record.key, (("ORCID", record.key),), places, kinds=("person",))


def describe(record: Record, setting: Setting) -> Said:
    """Describe a person, their times at organisations, and their works."""
    about = About(setting, record, iri(f"https://orcid.org/{record.key}"))
    fields, path = record.fields, (record.key,)
    me, name = about.node(path), _name(fields)
    works = list(_works(fields))
    # ORCID is also for librarians and managers of research: who has works does research, of others it says nothing.
    yield from about.thing(path, [term("kg:Researcher" if works else "foaf:Person")], name or record.key)
    if not name:
        yield about.fault("the name is not public")
    for own, said in (("foaf:givenName", "given-names"), ("foaf:familyName", "family-name")):
        if name and (words := cleaned(at(fields, "person", "name", said, "value"))):
            yield me, term(own), text(words)
    for other in _listed(at(fields, "person", "other-names", "other-name")):
        if words := cleaned(other.get("content")):
            yield me, term("skos:altLabel"), text(words)
    yield from about.identifier(path, "ORCID", record.key)
    for one in _listed(at(fields, "person", "external-identifiers", "external-identifier")):
        scheme = REGISTRY.table["schemes"].get(cleaned(one.get("external-id-type")).lower())
        if scheme is not None and one.get("external-id-relationship", "self") in ("self", "SELF"):
            yield from about.identifier(path, scheme, one.get("external-id-value"))
    for section, entry in _entries(fields):
        yield from _time_at(about, section, entry)
    if len(works) > _MOST:
        yield about.fault(f"{len(works)} works: those after the {_MOST}th are left out")
    for work in works[:_MOST]:
        yield from _work(about, work)


def _time_at(about: About, section: str, entry: Mapping[str, Any]) -> Said:
    """Describe an employment, or another time at an organisation, with the dates that the person gave to it."""
    kind, organization = REGISTRY.table["sections"][section], entry.get("organization")
    number = str(entry.get("put-code") or "")
    name = cleaned(organization.get("name")) if isinstance(organization, dict) else ""
    if not isinstance(organization, dict) or not name or not number.isdigit():
        yield about.fault(f"an entry of {section} has no organisation or no number (put-code)")
        return
    there = yield from _organization(about, organization, name)
    node, role = (about.record.key, section, number), cleaned(entry.get("role-title"))
    start, end = (_date(entry.get(which)) for which in ("start-date", "end-date"))
    seen = None if end else _modified(entry)
    me = (about.record.key,)
    yield from about.membership(
        node, me, there, kind=term(kind), words=role, start=start, end=end, attested=seen if start else None
    )
    if department := cleaned(entry.get("department-name")):
        yield about.setting.node(*node), term("schema:department"), text(department)


def _organization(about: About, organization: Mapping[str, Any], name: str) -> Generator[Statement | Fault, None, Path]:
    """Describe an organisation, and return its path: by its number in a registry, or else by name and town."""
    disambiguated = organization.get("disambiguated-organization")
    disambiguated = disambiguated if isinstance(disambiguated, dict) else {}
    source = cleaned(disambiguated.get("disambiguation-source")).lower()
    scheme = REGISTRY.table["organisations"].get(source)
    value = cleaned(disambiguated.get("disambiguated-organization-identifier"))
    place = _place(organization)
    path: Path = ("organisation", "-".join(filter(None, (slug(name)[:80], slug(place.city), place.country.lower()))))
    if scheme is not None and value and is_sound(scheme, value):
        plain = written(scheme, value)
        path = ("organisation", f"{scheme.lower()}-{slug(plain.rpartition('/')[2])}")
    yield from about.thing(path, [term("org:Organization")], name)
    if scheme is not None:
        yield from about.identifier(path, scheme, value)
    yield from settle(about.node(path), place, about.setting)
    return path


def _work(about: About, work: Mapping[str, Any]) -> Said:
    number, title = str(work.get("put-code") or ""), cleaned(at(work, "title", "title", "value"))
    if not number.isdigit() or not title:
        yield about.fault("a work has no title or no number (put-code)")
        return
    path: Path = (about.record.key, "work", number)
    me = about.node(path)
    kind = REGISTRY.table["works"].get(cleaned(work.get("type")).lower().replace("_", "-"), "schema:CreativeWork")
    yield from about.thing(path, [term(kind)], title)
    yield me, term("schema:author"), about.node((about.record.key,))
    if (day := when(_date(work.get("publication-date")))) is not None:
        yield me, term("schema:datePublished"), day
    if (address := web_address(at(work, "url", "value"))) is not None:
        yield me, term("schema:url"), address
    for one in _listed(at(work, "external-ids", "external-id")):
        scheme = REGISTRY.table["schemes"].get(cleaned(one.get("external-id-type")).lower())
        if scheme is not None and cleaned(one.get("external-id-relationship")).lower() in ("self", ""):
            yield from about.identifier(path, scheme, one.get("external-id-value"))


def _entries(fields: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the entries of the sections that are read; the API groups them, and so does the data file."""
    activities = fields.get("activities-summary")
    for section, kind in REGISTRY.table["sections"].items():
        for group in _listed(at(activities, f"{section}s", "affiliation-group")) if kind else ():
            for summary in _listed(group.get("summaries")):
                entry = summary.get(f"{section}-summary")
                if isinstance(entry, dict) and _is_public(entry):
                    yield section, entry


def _works(fields: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give one entry of each group of works that ORCID holds for the same: the one that the person prefers."""
    for group in _listed(at(fields, "activities-summary", "works", "group")):
        summaries = _listed(group.get("work-summary"))
        if summaries:
            yield max(summaries, key=lambda one: _rank(one.get("display-index")))


def _rank(value: object) -> int:
    shown = str(value)
    return int(shown) if shown.isdigit() and len(shown) < 10 else 0


def _name(fields: Mapping[str, Any]) -> str:
    name = at(fields, "person", "name")
    if not _is_public(name):
        return ""
    credit = cleaned(at(name, "credit-name", "value"))
    given, family = (cleaned(at(name, which, "value")) for which in ("given-names", "family-name"))
    return f"{given} {family}".strip() if family else credit or given


def _date(value: object) -> str | None:
    """Give a date of ORCID as far as it goes: ``{"year": {"value": "2019"}, "month": {"value": "03"}, "day": null}``.

    >>> _date({"year": {"value": "2019"}, "month": {"value": "03"}, "day": None})
    '2019-03'
    """
    parts = [cleaned(str(at(value, part, "value") or "")) for part in ("year", "month", "day")]
    known = parts[: next((place for place, part in enumerate(parts) if not part), 3)]
    found = "-".join(part.zfill(2) for part in known)
    return found or None


def _modified(entry: Mapping[str, Any]) -> str | None:
    """Give the day on which the person last changed an entry: on that day what goes on was said to go on."""
    milliseconds = at(entry, "last-modified-date", "value")
    if isinstance(milliseconds, str):
        return milliseconds[:10]
    if isinstance(milliseconds, int) and 0 < milliseconds < 2**43:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).date().isoformat()
    return None


def _place(organization: object) -> Place:
    address = at(organization, "address")
    return Place(cleaned(at(address, "city")), cleaned(at(address, "country")).upper()[:2])


def _listed(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict) and _is_public(one)] if isinstance(value, list) else []


def _is_public(value: object) -> bool:
    """Tell whether all may see a part of a record: members and the persons themselves are given more."""
    return cleaned(at(value, "visibility") or "public").lower() == "public"


REGISTRY: Final = Registry("orcid", read, survey, describe)
