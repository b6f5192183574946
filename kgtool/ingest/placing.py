"""Where in a file a node is spoken of: the parser forgets it, people who mend the file need it.

The text is searched, not parsed: what is found is the likely line, and nothing is said where nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from pyoxigraph import RdfFormat

_PREFIX: Final = re.compile(r"(?:@prefix|PREFIX)\s+([\w.-]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_BASE: Final = re.compile(r"(?:@base|BASE)\s*<([^<>\s]*)>", re.IGNORECASE)
_JSON_PREFIX: Final = re.compile(r'"([\w.-]+)"\s*:\s*"([^"\s]*[/#:])"')
_XML_PREFIX: Final = re.compile(r'xmlns:([\w.-]+)\s*=\s*["\']([^"\']*)["\']')
#: Lines below that of a node in which its properties are looked for, and those of the text that are looked at.
_BELOW: Final = 40
_MOST_LINES: Final = 500_000
_TEXTS: Final = (RdfFormat.TURTLE, RdfFormat.TRIG)


class Places:
    """The lines of a file of RDF.

    :param text: the file.
    :param base: what relative IRIs are resolved against, if the text does not say.

    >>> places = Places("@prefix x: <urn:x:> .\\nx:a x:p 1 ;\\n  x:q 2 .\\nx:b x:p 2 .\\n", RdfFormat.TURTLE)
    >>> places.line_of("urn:x:a"), places.line_of("urn:x:a", "urn:x:q"), places.line_of("urn:x:b", value="2")
    (2, 3, 4)
    >>> places.line_of("urn:x:c") is None
    True
    """

    def __init__(self, text: str, format: RdfFormat, base: str | None = None) -> None:
        self.lines = text.split("\n", _MOST_LINES)[:_MOST_LINES]
        self._format = format
        head = text[:200_000]
        pattern = {RdfFormat.JSON_LD: _JSON_PREFIX, RdfFormat.RDF_XML: _XML_PREFIX}.get(format, _PREFIX)
        self._prefixes = [(prefix, namespace) for prefix, namespace in pattern.findall(head) if namespace]
        self._bases = _BASE.findall(head) if format in _TEXTS else []
        self._bases += [folder for each in (*self._bases, *([base] if base else [])) if (folder := _folder(each))]

    def line_of(self, node: str, path: str | None = None, value: str | None = None) -> int | None:
        """Give the line, from 1, that speaks of a node: that of a property or a value of it, where it can be found.

        :param node: an IRI.
        :param path: the IRI of a property.
        :param value: the text of a value.
        """
        start = self._subject(node)
        if start is None:
            return None
        wanted = [each for each in ((value or "")[:200], *self._spellings(path or "")) if each]
        for number, line in enumerate(islice(self.lines, start, start + _BELOW), start):
            if any(_stands_in(each, line) for each in wanted):
                return number + 1
            if number > start and self._ends(line):
                break
        return start + 1

    def excerpt(self, line: int, around: int = 1, width: int = 240) -> list[tuple[int, str]]:
        """Give a line, with its number, among those around it."""
        first, last = max(1, line - around), min(len(self.lines), line + around)
        return [(number, self.lines[number - 1].rstrip("\r")[:width]) for number in range(first, last + 1)]

    def _subject(self, node: str) -> int | None:
        """Give the line, from 0, where a node is said something of, else the first that names it."""
        spellings = list(self._spellings(node))
        named: int | None = None
        for number, line in enumerate(self.lines):
            for each in spellings:
                if _stands_in(each, line):
                    if self._begins(line, each):
                        return number
                    named = number if named is None else named
        return named

    def _begins(self, line: str, spelling: str) -> bool:
        if self._format == RdfFormat.JSON_LD:
            return '"@id"' in line or '"id"' in line
        if self._format == RdfFormat.RDF_XML:
            return "about" in line or "rdf:ID" in line
        said = line.lstrip()
        return said.startswith(spelling) and _is_whole(spelling, said, 0)

    def _ends(self, line: str) -> bool:
        if self._format in _TEXTS:
            return line.rstrip().endswith(".")
        if self._format == RdfFormat.JSON_LD:
            return line.strip() in ("}", "},")
        if self._format == RdfFormat.RDF_XML:
            return line.strip().startswith("</") and "about" not in line
        return True

    def _spellings(self, iri: str) -> Iterator[str]:
        """Give the ways in which a file may write an IRI, the whole one first."""
        if not iri:
            return
        quotes: Sequence[tuple[str, str]] = (("<", ">"),)
        if self._format in (RdfFormat.JSON_LD, RdfFormat.RDF_XML):
            quotes = (('"', '"'), ("'", "'"))
        for opening, closing in quotes:
            yield f"{opening}{iri}{closing}"
            for base in self._bases:
                if iri.startswith(base):
                    yield f"{opening}{iri.removeprefix(base)}{closing}"
        for prefix, namespace in self._prefixes:
            rest = iri.removeprefix(namespace)
            if rest != iri:
                yield f'"{prefix}:{rest}"' if self._format == RdfFormat.JSON_LD else f"{prefix}:{rest}"


def _folder(base: str) -> str:
    """Give what an IRI begins with that is written relative to a base (RFC 3986, 5.2.3).

    >>> _folder("https://example.org/a/b.ttl"), _folder("urn:kgtool:source:a.ttl")
    ('https://example.org/a/', 'urn:')
    """
    return base[: base.rfind("/") + 1] or base[: base.find(":") + 1]


def _stands_in(spelling: str, line: str) -> bool:
    """Tell whether a line holds a text, not as a part of a longer name."""
    at = line.find(spelling)
    while at >= 0:
        if _is_whole(spelling, line, at):
            return True
        at = line.find(spelling, at + 1)
    return False


def _is_whole(spelling: str, line: str, at: int) -> bool:
    after = line[at + len(spelling) : at + len(spelling) + 1]
    return spelling[-1] in "\"'>" or not (after.isalnum() or after in ("_", "-"))
