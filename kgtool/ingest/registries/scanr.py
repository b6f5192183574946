"""scanR: structures and persons; what they made (publications, projects) is in :mod:`scanr_outputs`.

Three generations of its documents are read: the first backend's files, its second model, and the search service of
today. They differ in how a label, an identifier or a link is written, not in what is said: :mod:`scanr_shapes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kgtool.ingest.registries.answers import Numbered, answered, records_of
from kgtool.ingest.registries.describing import About, Said
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.places import Place
from kgtool.ingest.registries.registry import Fault, Record, Registry, Setting, Survey
from kgtool.ingest.registries.scanr_outputs import project, publication
from kgtool.ingest.registries.scanr_shapes import (
    dated,
    described_structure,
    external,
    is_person,
    labels,
    linked,
    listed,
    person,
    places,
    reference,
    role_of,
    runs,
    table,
    texts,
)
from kgtool.ingest.registries.settling import settle
from kgtool.ingest.registries.statements import cleaned, decimal, term, text, web_address, when


def read(source: Input) -> Iterator[Record | Fault]:
    """Read documents of scanR: answers of its search service, arrays, or documents one a line."""
    yield from records(answered(source, ("hits", "hits")))


def records(documents: Numbered) -> Iterator[Record | Fault]:
    """Give the records of documents, or of hits that hold them."""
    return records_of(documents, _record)


def _record(number: int, fields: dict[str, Any]) -> Record | Fault:
    inner = fields.get("_source")
    fields = inner if isinstance(inner, dict) else fields
    key = cleaned(fields.get("id"))
    if not key or len(key) > 300:
        return Fault(number, "this document has no id")
    if not (kind := kind_of(fields)):
        return Fault(number, "this is no structure, person, project or publication of scanR", key)
    if (kind == "person") != is_person(key):
        return Fault(number, f"a {kind} of scanR is not known by such a key", key)
    return Record(number, key, fields)


def kind_of(fields: dict[str, Any]) -> str:
    """Tell what a document is about by the fields that only it has; none if by none.

    >>> kind_of({"title": {}}), kind_of({"lastName": "Muller"}), kind_of({"label": {}, "participants": []})
    ('publication', 'person', 'project')
    """
    if "title" in fields:
        return "publication"
    if "lastName" in fields or "fullName" in fields:
        return "person"
    if "label" in fields:
        return "project" if fields.keys() & {"participants", "call", "budgetFinanced", "signatureDate"} else "structure"
    return ""


def survey(record: Record) -> Survey:
    """Tell what a document is called, where it lies, and what it leads to."""
    fields, kind = record.fields, kind_of(dict(record.fields))
    names = labels(fields.get("label") or fields.get("title") or fields.get("fullName"))
    lies: tuple[Place, ...] = places(fields)
    above = [reference(one) for one in listed(fields.get("institutions")) + listed(fields.get("parents"))]
    for affiliation in listed(fields.get("affiliations")):
        above.append(reference(affiliation))
        inner = affiliation.get("structure")
        lies += places(inner if isinstance(inner, dict) else affiliation)
    above += [reference(one) for one in listed(fields.get("participants"))]
    name = next((words for _, words in names), record.key)
    return Survey(name, (("scanR", record.key),), lies, tuple(dict.fromkeys(key for key in above if key)), (kind,))


def describe(record: Record, setting: Setting) -> Said:
    """Describe a structure, a person, a project or a publication."""
    home = web_address(f"{table()['home']}{_PAGES[kind_of(dict(record.fields))]}/{record.key}")
    about = About(setting, record, home or setting.entity(record.key))
    match kind_of(dict(record.fields)):
        case "publication":
            yield from publication(about)
        case "project":
            yield from project(about)
        case "person":
            yield from _person(about)
        case _:
            yield from _structure(about)


def _person(about: About) -> Said:
    fields, path = about.record.fields, (about.record.key,)
    me = about.node(path)
    given, family = cleaned(fields.get("firstName")), cleaned(fields.get("lastName"))
    whole = f"{given} {family}".strip() or cleaned(fields.get("fullName"))
    yield from about.thing(path, [term("kg:Researcher")], whole)
    if given and family:
        yield me, term("foaf:givenName"), text(given)
        yield me, term("foaf:familyName"), text(family)
    yield from external(about, path, fields)
    for number, affiliation in enumerate(listed(fields.get("affiliations")), 1):
        there = reference(affiliation)
        if not there:
            continue
        yield from described_structure(about, there, linked(affiliation))
        node = (about.record.key, "affiliation", str(number))
        years = sorted({int(year) for year in _years(affiliation)})
        if not years:  # a directory says when it began
            start, end = dated(affiliation)
            seen = about.seen_on if end is None else None
            yield from about.membership(node, path, (there,), start=start, end=end, attested=seen)
        for first, last in runs(years):  # publications say on which years the person signed from there
            once = (*node, str(first))
            yield from about.membership(once, path, (there,), attested=first)
            if last != first and (day := when(last)) is not None:
                yield about.setting.node(*once), term("kg:attestedOn"), day


def _years(affiliation: dict[str, Any]) -> Iterator[str]:
    for source in listed(affiliation.get("sources")):
        if (year := str(source.get("year", ""))).isdigit() and len(year) == 4:
            yield year


def _structure(about: About) -> Said:
    fields, path = about.record.fields, (about.record.key,)
    me = about.node(path)
    yield from described_structure(about, about.record.key, fields)
    yield from external(about, path, fields)
    for language, acronym in labels(fields.get("acronym")):
        yield me, term("skos:altLabel"), text(acronym, language)
    for alias in texts(fields.get("alias")):
        if alias:
            yield me, term("skos:altLabel"), text(alias)
    if (founded := when(fields.get("creationYear"))) is not None:
        yield me, term("schema:foundingDate"), founded
    for link in listed(fields.get("links")):
        if link.get("type") == "main" and (address := web_address(link.get("url"))) is not None:
            yield me, term("foaf:homepage"), address
    yield from _located(about)
    for number, one in enumerate(listed(fields.get("institutions")), 1):
        if there := reference(one):
            yield from described_structure(about, there, linked(one))
            start, end = dated(one)
            seen = None if end else about.seen_on
            role = role_of(one.get("relationType") or one.get("type"))
            node = (about.record.key, "supervision", there, str(number))
            yield from about.supervision(node, path, (there,), role=role, start=start, end=end, attested=seen)
    for one in listed(fields.get("parents") or fields.get("parent")):
        if (there := reference(one)) and there != about.record.key:
            yield from described_structure(about, there, linked(one))
            start, end = dated(one)
            below = (about.record.key, "parent", there)
            seen = None if end else about.seen_on
            yield from about.supervision(below, path, (there,), start=start, end=end, attested=seen)
    yield from _leaders(about)


def _leaders(about: About) -> Said:
    """Describe who heads a structure: the name and the function, which the directory publishes, and nothing else."""
    for number, leader in enumerate(listed(about.record.fields.get("leaders")), 1):
        given = cleaned(leader.get("firstName") or leader.get("firstname"))
        family = cleaned(leader.get("lastName") or leader.get("lastname"))
        if not family:
            continue
        known = person(leader.get("person"))
        who = (known,) if known else (about.record.key, "leader", str(number))
        yield from about.thing(who, [term("foaf:Person")], f"{given} {family}".strip())
        words = leader.get("role") or leader.get("title")
        start, end = dated(leader)
        node = (about.record.key, "leadership", str(number))
        seen = None if end else about.seen_on
        role, there = role_of(words), (about.record.key,)
        yield from about.membership(node, who, there, role=role, words=words, start=start, end=end, attested=seen)


def _located(about: About) -> Said:
    me = about.node((about.record.key,))
    for place in places(about.record.fields):
        yield from settle(me, place, about.setting)
    first = next((place for place in places(about.record.fields) if place.latitude is not None), None)
    if first is not None and (north := decimal(first.latitude)) and (east := decimal(first.longitude)):
        yield me, term("geo:lat"), north
        yield me, term("geo:long"), east


#: Folders of scanR's pages.
_PAGES: Final = {
    "publication": "publications",
    "person": "authors",
    "project": "projects",
    "structure": "organizations",
}

REGISTRY: Final = Registry("scanr", read, survey, describe, repeats=True)
