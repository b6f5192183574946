"""The full record of HAL (``label_xml``, TEI): who signed from where, and what the structures are.

The flat fields of HAL's search do not say which structure an author named and which only stand above it; this does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree

from kgtool.errors import KgtoolError, ParseError
from kgtool.ingest.registries.describing import day_of
from kgtool.ingest.registries.places import Place, department_of
from kgtool.ingest.registries.statements import cleaned
from kgtool.ingest.xml_checks import xml_checked

_TEI: Final = "{http://www.tei-c.org/ns/1.0}"
_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"
_POSTCODE: Final = re.compile(r"(?<!\d)(\d{5})\s+([^\d,()]{2,60})")


@dataclass(frozen=True)
class Structure:
    """A structure of HAL.

    :param above: the structures that stand directly above it, each with the label of the link (``UMR 6249``).
    :param place: where its address lies, as far as that tells.
    """

    number: str
    kind: str
    valid: bool
    name: str
    acronym: str
    identifiers: tuple[tuple[str, str], ...]
    start: str | None
    end: str | None
    above: tuple[tuple[str, str], ...]
    place: Place
    url: str


@dataclass(frozen=True)
class Signature:
    """An author as signed.

    :param structures: numbers of the structures that the author named.
    """

    identifiers: tuple[tuple[str, str], ...]
    structures: tuple[str, ...]


@dataclass(frozen=True)
class FullRecord:
    """What the full record adds to the flat fields.

    :param exported: day on which HAL wrote it.
    :param signatures: in the order of the authors.
    :param domains: code of a domain of HAL to its label in English.
    """

    exported: str | None = None
    signatures: tuple[Signature, ...] = ()
    structures: Mapping[str, Structure] = field(default_factory=dict)
    domains: Mapping[str, str] = field(default_factory=dict)


def full_record(xml: str) -> FullRecord:
    """Read a full record.

    :raises ParseError: if it is no XML, is cut off, or has entities that refer to others.
    """
    content = xml.encode("utf-8", "replace")
    try:
        for _ in xml_checked(iter([content]), "label_xml"):
            pass
        root = ElementTree.fromstring(content)
    except KgtoolError as error:
        raise ParseError(error.what) from error
    except ElementTree.ParseError as error:  # what expat takes and ElementTree does not
        raise ParseError(str(error)) from error
    structures = {one.number: one for one in map(_structure, root.iter(f"{_TEI}org")) if one.number}
    written = next(root.iter(f"{_TEI}publicationStmt"), root).find(f"{_TEI}date")
    codes = [code for code in root.iter(f"{_TEI}classCode") if code.get("scheme") == "halDomain"]
    return FullRecord(
        day_of(written.get("when")) if written is not None else None,
        tuple(_signatures(root)),
        structures,
        {cleaned(code.get("n")): cleaned(code.text) for code in codes if cleaned(code.get("n"))},
    )


def _signatures(root: ElementTree.Element) -> Iterator[Signature]:
    statement = next(root.iter(f"{_TEI}titleStmt"), root)
    full = next((full for full in root.iter(f"{_TEI}biblFull")), None)
    if full is not None:
        statement = next(full.iter(f"{_TEI}titleStmt"), statement)
    for author in statement.findall(f"{_TEI}author"):
        numbers = (_number(link.get("ref", "")) for link in author.findall(f"{_TEI}affiliation"))
        yield Signature(_identifiers(author), tuple(dict.fromkeys(number for number in numbers if number)))


def _identifiers(element: ElementTree.Element) -> tuple[tuple[str, str], ...]:
    found = ((cleaned(one.get("type")).lower(), cleaned(one.text)) for one in element.findall(f"{_TEI}idno"))
    return tuple(dict.fromkeys(pair for pair in found if all(pair)))


def _structure(org: ElementTree.Element) -> Structure:
    names = org.findall(f"{_TEI}orgName")
    dates = {cleaned(date.get("type")): day_of(date.text) for date in org.findall(f"{_TEI}date")}
    links = [(_number(link.get("active", "")), link) for link in org.iter(f"{_TEI}relation")]
    direct = {number: cleaned(link.get("name")) for number, link in links if link.get("type") == "direct" and number}
    url = next((one.text for one in org.iter(f"{_TEI}ref") if one.get("type") == "url"), "")
    return Structure(
        _number(org.get(_ID, "")),
        cleaned(org.get("type")),
        org.get("status") == "VALID",
        next((cleaned(name.text) for name in names if name.get("type") is None), ""),
        next((cleaned(name.text) for name in names if name.get("type") == "acronym"), ""),
        _identifiers(org),
        dates.get("start"),
        dates.get("end"),
        tuple(direct.items()),
        _place(org),
        cleaned(url),
    )


def _place(org: ElementTree.Element) -> Place:
    """Read the place off an address, which HAL keeps as one line of text."""
    country = next((cleaned(one.get("key")) for one in org.iter(f"{_TEI}country")), "")
    line = next((cleaned(one.text) for one in org.iter(f"{_TEI}addrLine")), "")
    found = _POSTCODE.search(line) if country == "FR" else None
    if found is None:
        return Place(country=country)
    return Place(found[2].strip(" -"), country, department_of(found[1]))


def _number(reference: str) -> str:
    found = re.fullmatch(r"#?struct-(\d+)", reference)
    return found[1] if found else ""
