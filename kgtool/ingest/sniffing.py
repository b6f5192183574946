"""What a text looks like, to say so when it is not what its name promises."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import RdfFormat

from kgtool.ingest.formats import format_name

_IRI: Final = rb"<[^<>\"{}|^`\\\s]*>"
_SUBJECT: Final = rb"(?:" + _IRI + rb"|_:\S+)"
_OBJECT: Final = rb"(?:" + _IRI + rb"|_:\S+|\"(?:[^\"\\\n]|\\.)*\"\S*)"
_STATEMENT: Final = _SUBJECT + rb"\s+" + _IRI + rb"\s+" + _OBJECT
_COMMENTS: Final = re.compile(rb"(?:\s+|#[^\n]*\n)*")

#: In this order: the first that matches at the start, after comments, is what the text looks like.
_LOOKS: Final[tuple[tuple[str, re.Pattern[bytes]], ...]] = (
    ("an HTML page", re.compile(rb"<!doctype\s+html|<html", re.I)),
    ("OWL/XML", re.compile(rb"(?:<\?xml[^>]*>\s*)?<(?:owl:)?Ontology[\s>]")),
    ("OWL functional syntax", re.compile(rb"(?:Prefix|Ontology)\s*\(")),
    ("rdfxml", re.compile(rb"<\?xml\b|<!DOCTYPE\s|<!--|<[A-Za-z][\w.-]*:RDF\b|<rdf:")),
    ("jsonld", re.compile(rb"\{\s*(?:\"|\})|\[\s*[\[{\]\"]")),
    ("nquads", re.compile(_STATEMENT + rb"\s+" + _SUBJECT + rb"\s*\.")),
    (
        "trig",
        re.compile(rb"(?:(?:@prefix|@base|PREFIX|BASE)\s[^\n]*\s+|#[^\n]*\n)*(?:GRAPH\s|[^\s{}\"]+\s*\{|\{)", re.I),
    ),
    ("ntriples", re.compile(_STATEMENT + rb"\s*\.")),
    (
        "turtle",
        re.compile(rb"(?:@prefix|@base|PREFIX|BASE)\s|[\w-]*:[\w-]*\s+(?:a|[\w-]*:\S+|<)|" + _IRI + rb"\s", re.I),
    ),
)


def looks_like(head: bytes) -> str | None:
    """Name what the beginning of a text looks like: a format of ``FORMATS``, or a kind of file that is not RDF.

    >>> looks_like(b"# people\\n@prefix org: <http://www.w3.org/ns/org#> .")
    'turtle'
    >>> looks_like(b"<!DOCTYPE html><html>"), looks_like(b"name;age")
    ('an HTML page', None)
    """
    start = _COMMENTS.match(head[:4096])
    text = head[start.end() if start else 0 : 4096]
    return next((name for name, pattern in _LOOKS if pattern.match(text)), None)


def advice_on_format(head: bytes, format: RdfFormat) -> str | None:
    """Say which other format a text looks like, if any.

    >>> advice_on_format(b"@prefix a: <urn:a> .", RdfFormat.RDF_XML)
    'this looks like Turtle: --format turtle'
    """
    look = looks_like(head)
    expected = format_name(format)
    # Turtle holds N-Triples, and so do TriG and N-Quads: an error in one of them is no sign of another.
    if look is None or look == expected or (look == "ntriples" and expected in ("turtle", "trig", "nquads")):
        return None
    if look in ("turtle", "nquads") and expected in {"turtle": ("trig",), "nquads": ("trig",)}[look]:
        return None
    titles = {
        "turtle": "Turtle",
        "trig": "TriG",
        "ntriples": "N-Triples",
        "nquads": "N-Quads",
        "jsonld": "JSON-LD",
        "rdfxml": "RDF/XML",
    }
    if look in titles:
        return f"this looks like {titles[look]}: --format {look}"
    return f"this looks like {look}, which is not RDF that kgtool reads; save it as RDF/XML or Turtle"
