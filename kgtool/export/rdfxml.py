"""RDF/XML for people: sorted, typed node elements, blank nodes and lists of nodes written where they belong.

Source: RDF 1.1 XML Syntax, sections 5.1 and 7.2; Namespaces in XML 1.0; XML 1.0, production Char.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final
from xml.sax.saxutils import escape

from kgtool.errors import InputError, Location
from kgtool.export.names import is_ncname, local_part
from kgtool.export.nesting import Nesting, Pair
from kgtool.export.tokens import RDF, RDF_TYPE, is_blank, is_literal, literal_parts, subjects, unescape

_XML_NAMESPACES: Final = ("http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/")
_SYNTAX: Final = frozenset(
    f"{RDF}{name}"
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype"),
        *("Description", "li", "aboutEach", "aboutEachPrefix", "bagID"),
    )
)
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INDENT: Final = "  "


def write_rdfxml(
    rows: Iterable[str], nesting: Nesting, prefixes: Mapping[str, str], write: Callable[[str], None]
) -> tuple[str, int]:
    """Write the elements of an RDF/XML document, and give what stands before them, and the number of statements.

    :raises InputError: a predicate that no XML name stands for; a character that XML 1.0 cannot hold.
    """
    elements = _Elements(nesting, prefixes)
    count = 0
    for _, subject, pairs in subjects(rows):
        count += len(pairs)
        if subject not in nesting.inline:
            write("\n".join(elements.node(subject, pairs, _INDENT)) + "\n")
    write("</rdf:RDF>\n")
    return elements.head(), count


class _Elements:
    """Writes nodes as elements, and remembers the namespaces in use."""

    def __init__(self, nesting: Nesting, prefixes: Mapping[str, str]) -> None:
        self._nesting = nesting
        self._prefixes: dict[str, str] = {}
        for prefix, namespace in sorted(prefixes.items()):
            # "rdf" is rdf's alone, and names that begin with xml belong to XML.
            usable = is_ncname(prefix) and not prefix.lower().startswith("xml") and prefix != "rdf"
            if usable and namespace not in (*_XML_NAMESPACES, RDF, ""):
                self._prefixes.setdefault(namespace, prefix)
        self._taken = {*self._prefixes.values(), "rdf"}
        self._used = {RDF: "rdf"}
        self._names: dict[str, str | None] = {}

    def head(self) -> str:
        """Give the document's first lines, with the namespaces in use."""
        declared = sorted((prefix, namespace) for namespace, prefix in self._used.items())
        return '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{}>\n'.format(
            "".join(f'\n    xmlns:{prefix}="{_attribute(namespace)}"' for prefix, namespace in declared)
        )

    def node(self, subject: str, pairs: list[Pair], margin: str) -> list[str]:
        """Give the lines of a node element; its first type that can be a name is the name."""
        element, rest = "rdf:Description", pairs
        for pair in pairs:
            name = self._name(pair[1][1:-1]) if pair[0] == RDF_TYPE and pair[1][0] == "<" else None
            if name:
                element, rest = name, [other for other in pairs if other != pair]
                break
        if not is_blank(subject):
            start = f'{margin}<{element} rdf:about="{_attribute(subject[1:-1])}"'
        elif subject in self._nesting.inline or subject in self._nesting.unnamed:
            start = f"{margin}<{element}"
        else:
            start = f'{margin}<{element} rdf:nodeID="{subject[2:]}"'
        if not rest:
            return [f"{start}/>"]
        lines = [f"{start}>"]
        for predicate, value in sorted(rest, key=lambda pair: (pair[0] != RDF_TYPE, pair)):
            lines += self._property(subject, predicate, value, margin + _INDENT)
        return [*lines, f"{margin}</{element}>"]

    def _property(self, subject: str, predicate: str, value: str, margin: str) -> list[str]:
        name = self._name(predicate[1:-1])
        if name is None:
            raise InputError(
                f"RDF/XML cannot write the predicate {predicate}: it ends in no XML name",
                where=None if is_blank(subject) else Location(iri=subject[1:-1]),
                hint="choose another format",
            )
        if is_literal(value):
            return [f"{margin}<{name}{_text(subject, predicate, value)}</{name}>"]
        if value in self._nesting.lists:
            start = f'{margin}<{name} rdf:parseType="Collection">'
            inner = [line for member in self._nesting.lists[value] for line in self._member(member, margin + _INDENT)]
        elif value in self._nesting.inline:
            start = f"{margin}<{name}>"
            inner = self._member(value, margin + _INDENT)
        elif is_blank(value):
            return [f'{margin}<{name} rdf:nodeID="{value[2:]}"/>']
        else:
            return [f'{margin}<{name} rdf:resource="{_attribute(value[1:-1])}"/>']
        return [start, *inner, f"{margin}</{name}>"]

    def _member(self, value: str, margin: str) -> list[str]:
        pairs = self._nesting.described.get(value, []) if value in self._nesting.inline else []
        return self.node(value, pairs, margin)

    def _name(self, iri: str) -> str | None:
        """Give the qualified name of an element, and declare its namespace; None where there is none."""
        if iri not in self._names:
            self._names[iri] = self._find(iri)
        return self._names[iri]

    def _find(self, iri: str) -> str | None:
        if iri in _SYNTAX:
            return None
        local = local_part(iri)
        known = sorted(
            (namespace for namespace in (*self._prefixes, RDF) if iri.startswith(namespace)), key=len, reverse=True
        )
        for namespace in known:
            if is_ncname(iri[len(namespace) :]):
                self._used.setdefault(namespace, self._prefixes.get(namespace, "rdf"))
                return f"{self._used[namespace]}:{iri[len(namespace) :]}"
        while local:
            namespace = iri[: len(iri) - len(local)]
            if namespace and namespace not in _XML_NAMESPACES:
                if namespace not in self._used:
                    self._used[namespace] = self._free_prefix()
                return f"{self._used[namespace]}:{local}"
            local = local_part(local[1:])
        return None

    def _free_prefix(self) -> str:
        number = 1
        while f"ns{number}" in self._taken:
            number += 1
        self._taken.add(f"ns{number}")
        return f"ns{number}"


def _attribute(iri: str) -> str:
    return escape(iri, {'"': "&quot;"})


def _text(subject: str, predicate: str, token: str) -> str:
    escaped, language, datatype = literal_parts(token)
    text = unescape(escaped)
    bad = _NO_XML.search(text)
    if bad:
        shown = token if len(token) <= 80 else f"{token[:80]}…"
        raise InputError(
            f"RDF/XML cannot hold the character U+{ord(bad.group()):04X} of the literal {shown} of {predicate}",
            where=None if is_blank(subject) else Location(iri=subject[1:-1]),
            hint="choose another format",
        )
    if "--" in language:
        raise InputError(
            f"RDF/XML cannot hold the base direction of the literal {token[:80]} of {predicate}",
            where=None if is_blank(subject) else Location(iri=subject[1:-1]),
            hint="choose another format",
        )
    kind = f' xml:lang="{language}"' if language else f' rdf:datatype="{_attribute(datatype)}"' if datatype else ""
    # A bare carriage return would be read as a line feed.
    return f"{kind}>{escape(text, {chr(13): '&#13;'})}"
