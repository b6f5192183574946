"""Every good document of the W3C Turtle and TriG suites comes back from every format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from pyoxigraph import Literal, Quad, RdfFormat, parse

from kgtool.errors import InputError
from kgtool.export import FORMATS
from tests.export.reading import exported, merge, read, same_as

BASE = "http://example.org/base/"


def documents(shared: Path) -> Iterator[tuple[str, list[Quad]]]:
    for folder, ending, kind in (("rdf-turtle", "ttl", RdfFormat.TURTLE), ("rdf-trig", "trig", RdfFormat.TRIG)):
        for path in sorted((shared / "w3c" / "rdf" / folder).glob(f"*.{ending}")):
            if "bad" not in path.name and "eval-bad" not in path.name:
                try:
                    yield path.name, list(parse(path.read_bytes(), format=kind, base_iri=BASE))
                except SyntaxError:
                    continue


@pytest.mark.shared
@pytest.mark.parametrize("format", sorted(set(FORMATS) - {"rdfxml"}))
def test_w3c_documents_come_back(shared: Path, format: str) -> None:
    names = []
    for name, quads in documents(shared):
        expected = quads if format in ("trig", "nquads") else merge(quads)
        assert same_as(read(exported(quads, format), format)) == same_as(expected), name
        names.append(name)
    assert len(names) > 300


@pytest.mark.shared
def test_w3c_documents_come_back_from_rdfxml_where_xml_can_hold_them(shared: Path) -> None:
    names = []
    for name, quads in documents(shared):
        if all(fits_xml(quad) for quad in quads):
            assert same_as(read(exported(quads, "rdfxml"), "rdfxml")) == same_as(merge(quads)), name
            names.append(name)
        else:
            with pytest.raises(InputError, match="RDF/XML cannot"):
                exported(quads, "rdfxml")
    assert len(names) > 250


def fits_xml(quad: Quad) -> bool:
    """Ask the standard library's XML reader whether the predicate ends in a name, and whether it takes the text."""
    predicate = quad.predicate.value
    text = escape(quad.object.value) if isinstance(quad.object, Literal) else ""
    ends = [predicate[start:] for start in range(1, len(predicate))]
    return any(is_xml(f'<p:{end} xmlns:p="urn:x:"/>') for end in ends) and is_xml(f"<a>{text}</a>")


def is_xml(text: str) -> bool:
    try:
        ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return False
    return True
