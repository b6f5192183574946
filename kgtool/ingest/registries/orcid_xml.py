"""The XML of ORCID's public data file, as the API's JSON has it: one reading of what either says.

The schema is https://github.com/ORCID/orcid-model (record-3.0). Elements of the JSON are named as those of the XML
without namespace; text becomes ``{"value": …}`` where the JSON has it so.
"""

from __future__ import annotations

import lzma
import tarfile
import zlib
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree

from kgtool.errors import LimitError, Location, ParseError
from kgtool.ingest.registries.inputs import BLOCK, Input
from kgtool.ingest.registries.registry import Fault
from kgtool.ingest.xml_checks import xml_checked

#: Bytes of one person's record; the largest of the data file have a tenth of it.
RECORD: Final = 1 << 25
#: Elements of which a record may have several, and the list that the JSON has for them.
_SEVERAL: Final = frozenset(
    {"external-identifier", "other-name", "external-id", "group", "work-summary", "affiliation-group"}
)
#: Elements whose text is in the JSON as a plain text.
_PLAIN: Final = frozenset(
    {
        "path", "uri", "name", "city", "region", "country", "role-title", "department-name", "type", "content",
        "external-id-type", "external-id-value", "external-id-relationship",
        "disambiguated-organization-identifier", "disambiguation-source",
    }
)  # fmt: skip

#: What reading a damaged archive may raise.
_DAMAGE: Final = (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError)


def _is_archive(source: Input) -> bool:
    try:
        return tarfile.is_tarfile(source.path)
    except _DAMAGE:
        return False  # packed data that are cut off: who unpacks them says so


def is_xml(source: Input) -> bool:
    """Tell whether a file begins as XML does, or is an archive (tar) of files."""
    if _is_archive(source):
        return True
    head = next(iter(source.blocks(prefer=(r"\.xml$",))), b"")
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def xml_records(source: Input) -> Iterator[tuple[int, dict[str, Any]] | Fault]:
    """Give the records of a file, or of each file of XML in an archive, read as a stream; one that is none is told."""
    if not _is_archive(source):
        yield _numbered(1, source.name, source.blocks(prefer=(r"\.xml$",)))
        return
    number = 0
    try:
        with tarfile.open(source.path, "r|*") as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(".xml"):
                    number += 1
                    stream = archive.extractfile(member)
                    assert stream is not None
                    yield _numbered(number, member.name, iter(lambda s=stream: s.read(BLOCK), b""))  # type: ignore[misc]
    except _DAMAGE as error:
        yield Fault(number + 1, f"the archive cannot be read any further: {error}")


def _numbered(number: int, name: str, blocks: Iterator[bytes]) -> tuple[int, dict[str, Any]] | Fault:
    try:
        return number, record_of_xml(blocks, name)
    except (ParseError, LimitError) as error:
        return Fault(number, f"this record cannot be read: {error}")


def record_of_xml(blocks: Iterator[bytes], name: str) -> dict[str, Any]:
    """Read the XML of one record.

    :raises ParseError: if it is none, is cut off, is too large, or has entities that refer to others.
    :raises LimitError: for nesting without end.
    """
    content = bytearray()
    for block in xml_checked(blocks, name):
        content += block
        if len(content) > RECORD:
            raise ParseError(f"a record of more than {RECORD >> 20} MiB", where=Location(name))
    try:
        root = ElementTree.fromstring(bytes(content))
    except ElementTree.ParseError as error:
        raise ParseError(str(error), where=Location(name)) from error
    value = _value(root)
    return value if isinstance(value, dict) else {}


def _value(element: ElementTree.Element) -> Any:
    name = _local(element.tag)
    children = list(element)
    if not children:
        words = (element.text or "").strip()
        return words if name in _PLAIN else {"value": words}
    found: dict[str, Any] = {_local(key): value for key, value in element.attrib.items()}
    for child in children:
        key, value = _local(child.tag), _value(child)
        if key.endswith("-summary") and _local(element.tag) == "affiliation-group":
            entry = value if isinstance(value, dict) else {}
            found.setdefault("summaries", []).append({key: entry})
        elif key in _SEVERAL:
            found.setdefault(key, []).append(value)
        else:
            found[key] = value
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
