"""HAL: documents with their authors, and the structures that these signed from on the day of publication.

What a document says of a person is true of the day it was published, so each signature is a membership of its own,
attested then. An author whom HAL has not told from others of the name (person number 0) is one of this document only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from kgtool.errors import ParseError
from kgtool.ingest.registries.answers import Numbered, answered, records_of
from kgtool.ingest.registries.describing import About, Said, day_of
from kgtool.ingest.registries.hal_fields import (
    FACET,
    Author,
    authors,
    named_structures,
    published_on,
    signed_from,
    texts,
    titles,
)
from kgtool.ingest.registries.hal_tei import FullRecord, Signature, Structure, full_record
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.places import Place
from kgtool.ingest.registries.registry import Fault, Record, Registry, Setting, Survey
from kgtool.ingest.registries.settling import settle
from kgtool.ingest.registries.statements import cleaned, term, text, web_address, when

#: Fields that a live query asks for.
FIELDS: Final = (
    "docid,halId_s,uri_s,docType_s,title_s,en_title_s,fr_title_s,en_keyword_s,fr_keyword_s,doiId_s,arxivId_s,pubmedId_s,"
    "publicationDate_s,producedDate_s,authQuality_s,authFirstName_s,authLastName_s,authFullName_s,"
    "authFullNameFormIDPersonIDIDHal_fs,authIdHasPrimaryStructure_fs,authIdHasStructure_fs,labStructId_i,journalId_i,"
    "journalTitle_s,journalIssn_s,journalEissn_s,journalPublisher_s,en_domainAllCodeLabel_fs,fr_domainAllCodeLabel_fs,label_xml"
)
_KEYWORD: Final = re.compile(r"([a-z]{2})_keyword_s")


def read(source: Input) -> Iterator[Record | Fault]:
    """Read documents of HAL: answers of its search, or documents one a line."""
    yield from records(answered(source, ("response", "docs")))


def records(documents: Numbered) -> Iterator[Record | Fault]:
    """Give the records of documents."""
    return records_of(documents, _record)


def _record(number: int, fields: dict[str, Any]) -> Record | Fault:
    key = cleaned(fields.get("halId_s"))
    return Record(number, key, fields) if key else Fault(number, "this document has no halId_s")


def survey(record: Record) -> Survey:
    """Tell what a document is called, and where those who signed it work."""
    full, _ = _full(_xml(record))
    places = tuple(dict.fromkeys(one.place for one in full.structures.values() if one.place != Place()))
    title = next((words for _, words in titles(record)), record.key)
    return Survey(title, (("HAL", record.key),), places, kinds=(cleaned(record.fields.get("docType_s")),))


def describe(record: Record, setting: Setting) -> Said:
    """Describe a document, its authors, where they signed from, and these structures."""
    about = About(setting, record, web_address(record.fields.get("uri_s")) or setting.entity(record.key))
    full, fault = _full(_xml(record))
    if fault:
        yield about.fault(f"the full record (label_xml) cannot be read: {fault}")
    yield from _document(about, full)
    published = published_on(record)
    if isinstance(published, Fault):
        yield published
        published = None
    named = dict(named_structures(record))
    signed = list(authors(record))
    if len(full.signatures) not in (0, len(signed)):
        yield about.fault(f"the full record has {len(full.signatures)} authors, the fields {len(signed)}")
    for author in signed:
        whole = len(full.signatures) == len(signed)
        signature = full.signatures[author.number - 1] if whole else None
        yield from _author(about, author, signature)
        structures = signature.structures if signature else signed_from(record, author)
        for structure in structures:
            if structure in full.structures or structure in named:
                path = (record.key, "author", str(author.number), "affiliation", structure)
                member, there = author.path(record.key), ("structure", structure)
                yield from about.membership(path, member, there, attested=published)
    for number, name in named.items():
        if number not in full.structures:
            yield from about.thing(("structure", number), [term("org:Organization")], name)
    for one in full.structures.values():
        yield from _structure(about, one, full)


def _document(about: About, full: FullRecord) -> Said:
    fields, table = about.record.fields, REGISTRY.table
    path, me = (about.record.key,), about.node((about.record.key,))
    kind = table["documents"].get(cleaned(fields.get("docType_s")), "schema:CreativeWork")
    given = titles(about.record)
    yield from about.thing(path, [term(kind)], "")
    for language, title in given:
        yield me, term("rdfs:label"), text(title, language)
    if not given:
        yield about.fault("this document has no title")
    yield from about.identifier(path, "HAL", about.record.key)
    for scheme, name in (("DOI", "doiId_s"), ("arXiv", "arxivId_s"), ("PubMed", "pubmedId_s")):
        value = cleaned(fields.get(name))
        if scheme == "DOI" and value and not re.search(r"10\.\d{4,9}/\S", value):
            yield about.fault(f"{value[:60]!r} is no DOI")
        else:
            yield from about.identifier(path, scheme, value)
    if (address := web_address(fields.get("uri_s"))) is not None:
        yield me, term("schema:url"), address
    yield from about.undated(fields.get("publicationDate_s"))
    if (day := when(day_of(fields.get("publicationDate_s")))) is not None:
        yield me, term("schema:datePublished"), day
    for name, values in fields.items():
        if found := _KEYWORD.fullmatch(name):
            for value in dict.fromkeys(map(cleaned, values if isinstance(values, list) else [])):
                if value:
                    yield me, term("schema:keywords"), text(value, found[1])
    yield from _journal(about)
    yield from _domains(about, full)


def _domains(about: About, full: FullRecord) -> Said:
    """Describe the domains and those above them: ``sdv.mhep`` is "Life Sciences/Human health and pathology"."""
    labels = [("en", pair) for pair in full.domains.items()]
    for language in ("en", "fr"):
        facets = texts(about.record, f"{language}_domainAllCodeLabel_fs")
        labels += [(language, (code, label)) for code, cut, label in (one.partition(FACET) for one in facets) if cut]
    for language, (code, label) in labels:
        yield about.node((about.record.key,)), term("dcterms:subject"), about.setting.node("domain", code)
        codes, names = code.split("."), label.split("/")
        for depth in range(1, len(codes) + 1):
            path = ("domain", ".".join(codes[:depth]))
            name = names[depth - 1] if len(names) == len(codes) else ""
            yield from about.thing(path, [term("kg:Theme")], name, language)
            yield about.node(path), term("skos:notation"), text(path[1])
            if depth > 1:
                yield about.node(path), term("skos:broader"), about.setting.node("domain", ".".join(codes[: depth - 1]))


def _journal(about: About) -> Said:
    fields = about.record.fields
    number, title = fields.get("journalId_i"), cleaned(fields.get("journalTitle_s"))
    if not isinstance(number, int) or not title:
        return
    path = ("journal", str(number))
    yield about.node((about.record.key,)), term("schema:isPartOf"), about.node(path)
    yield from about.thing(path, [term("schema:Periodical")], title)
    for name in ("journalIssn_s", "journalEissn_s"):
        if re.fullmatch(r"\d{4}-\d{3}[\dXx]", issn := cleaned(fields.get(name))):
            yield about.node(path), term("schema:issn"), text(issn.upper())


def _author(about: About, author: Author, signature: Signature | None) -> Said:
    path, table = author.path(about.record.key), REGISTRY.table
    me = about.node(path)
    role = table["roles"].get(author.role, "schema:contributor")
    yield about.node((about.record.key,)), term(role), me
    yield from about.thing(path, [term("kg:Researcher")], author.name)
    if author.given:
        yield me, term("foaf:givenName"), text(author.given)
    if author.family:
        yield me, term("foaf:familyName"), text(author.family)
    yield from about.identifier(path, "idHAL", author.id_hal)
    for scheme, value in signature.identifiers if signature else ():
        if (name := table["schemes"].get(scheme)) is not None:
            yield from about.identifier(path, name, value)


def _structure(about: About, one: Structure, full: FullRecord) -> Said:
    """Describe a structure: what stands above it is a supervision of the day on which HAL wrote the record."""
    path, table = ("structure", one.number), REGISTRY.table
    me = about.node(path)
    kind = table["structures"].get(one.kind, "org:Organization")
    yield from about.thing(path, [term(kind)], one.name or one.acronym)
    if one.acronym and one.name:
        yield me, term("skos:altLabel"), text(one.acronym)
    yield from about.identifier(path, "HAL structure", one.number)
    for scheme, value in one.identifiers:
        if (name := table["schemes"].get(scheme)) is not None:
            yield from about.identifier(path, name, value)
    if (address := web_address(one.url)) is not None:
        yield me, term("foaf:homepage"), address
    yield from settle(me, one.place, about.setting)
    for label in sorted({label for _, label in one.above if label}):
        yield me, term("skos:altLabel"), text(label)
    for number, _ in one.above:
        if number in full.structures:
            seen = full.exported if one.valid and full.structures[number].valid else None
            there = ("structure", number)
            if one.kind in table["supervised"]:
                below = (*path, "supervision", number)
                yield from about.supervision(below, path, there, end=one.end, attested=seen)
            else:
                yield from about.membership((*path, "membership", number), path, there, end=one.end, attested=seen)


def _xml(record: Record) -> str:
    """Give the text of the full record; none where there is none."""
    value = record.fields.get("label_xml")
    return value if isinstance(value, str) else ""


@lru_cache(maxsize=4)
def _full(xml: str) -> tuple[FullRecord, str]:
    """Read the full record, and say what is wrong with it."""
    if not xml:
        return FullRecord(), ""
    try:
        return full_record(xml), ""
    except ParseError as error:
        return FullRecord(), error.what


REGISTRY: Final = Registry("hal", read, survey, describe, repeats=True)
