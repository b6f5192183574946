"""Checks on the bytes of RDF/XML, before the parser sees them: well-formedness to the end, entities, nesting.

The RDF/XML parser takes a document that is cut off for a complete one, and expands entities inside entities without
bound. Expat, which reads along, does neither, and says where an error stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from pyoxigraph import RdfFormat

from kgtool.errors import LimitError, Location, ParseError
from kgtool.ingest.sniffing import advice_on_format
from kgtool.ingest.text_checks import LATIN1_ADVICE, MAX_DEPTH, MAX_TOKEN

#: Longest replacement text of an entity, in characters; those that abbreviate namespaces hold an IRI.
MAX_ENTITY: Final = 1024
_REFERENCE: Final = re.compile(r"&(?!#)|%")
_ENCODING: Final = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def xml_checked(blocks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Pass the blocks of an XML text on.

    :raises ParseError: where it is not well-formed or not in UTF-8, and for entities that refer to others or to files.
    :raises LimitError: for nesting above :data:`kgtool.ingest.text_checks.MAX_DEPTH` and tokens above 16 MiB.
    """
    reader = _XmlReader(name)
    for block in blocks:
        reader.read(block)
        yield block
    reader.finish()


class _XmlReader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._depth = 0
        self._since_tag = 0
        self._head = b""
        self._parsed = 0
        self._parser = expat.ParserCreate("UTF-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._entity

    def read(self, block: bytes) -> None:
        if not self._head:
            self._head = block
            declared = _ENCODING.match(block)
            encoding = declared[1].decode("ascii") if declared else "UTF-8"
            if encoding.upper() not in ("UTF-8", "UTF8", "US-ASCII", "ASCII"):
                raise ParseError(
                    f"the encoding is {encoding}; only UTF-8 is read",
                    where=Location(self._name, 1, 1),
                    hint=f"convert it (iconv -f {encoding} -t UTF-8) and change its first line",
                )
        end = block.rfind(b">")
        self._since_tag = self._since_tag + len(block) if end < 0 else len(block) - end - 1
        if self._since_tag > MAX_TOKEN:
            raise LimitError(f"more than {MAX_TOKEN >> 20} MiB without the end of a tag", where=self._here())
        self._parse(block, final=False)

    def finish(self) -> None:
        self._parse(b"", final=True)

    def _parse(self, block: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(block, final)
        except expat.ExpatError as error:
            fact = expat.ErrorString(error.code) or "not well-formed"
            hint = advice_on_format(self._head, RdfFormat.RDF_XML)
            at = self._parser.ErrorByteIndex - self._parsed
            if 0 <= at < len(block) and block[at] >= 0x80:
                fact, hint = "invalid UTF-8", LATIN1_ADVICE
            elif final:
                fact, hint = f"the document ends too early ({fact})", "the file is cut off: fetch or write it again"
            where = Location(self._name, error.lineno, error.offset + 1)
            raise ParseError(f"XML: {fact}", where=where, hint=hint) from error
        self._parsed += len(block)

    def _here(self) -> Location:
        return Location(self._name, self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise LimitError(
                f"more than {MAX_DEPTH} elements inside one another", where=self._here(), hint="flatten the document"
            )

    def _end(self, tag: str) -> None:
        self._depth -= 1

    def _entity(
        self,
        entity: str,
        is_parameter: bool,
        value: str | None,
        base: str | None,
        system: str | None,
        public: str | None,
        notation: str | None,
    ) -> None:
        if is_parameter or value is None:
            fact = f"the entity {entity} stands for another file or a part of the DTD"
        elif _REFERENCE.search(value):
            fact = f"the entity {entity} refers to other entities"
        elif len(value) > MAX_ENTITY:
            fact = f"the entity {entity} is longer than {MAX_ENTITY} characters"
        else:
            return
        raise ParseError(fact, where=self._here(), hint="write out what it stands for")
