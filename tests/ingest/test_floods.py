"""Inputs made to exhaust memory, time or stack end early, in bounded memory."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard
from pyoxigraph import Quad

from kgtool.errors import KgtoolError, LimitError, ParseError
from kgtool.ingest import read_quads, sources_of_bytes, sources_of_files
from kgtool.ingest.text_checks import MAX_DEPTH, MAX_TOKEN

from .documents import EXTENSION, RDFXML
from .small_stack import read_on_small_stack

Read = Callable[..., list[Quad]]

GIGABYTE = 1 << 30
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:u:"'


class Flood(io.RawIOBase):
    """A start, then one byte string over and over: a gigabyte in all. Counts what was asked of it."""

    def __init__(self, start: bytes, filling: bytes) -> None:
        self._next = start
        self._filling = filling * ((1 << 16) // len(filling))
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        if self.given >= GIGABYTE:
            return b""
        data = self._next or self._filling
        self._next = data[size:] if 0 <= size < len(data) else b""
        data = data[:size] if size >= 0 else data
        self.given += len(data)
        return data


def floods() -> Iterator[object]:
    """Give each filling for each format; what a parser of lines takes longest for is as that of Turtle."""
    for filling in (b" ", b"\n", b"\0", b"x", b"#", b"<", b"\xff"):
        for format in ("turtle", "nquads", "jsonld", "rdfxml"):
            marks = [pytest.mark.long] if (filling, format) == (b"x", "nquads") else []
            yield pytest.param(filling, format, marks=marks)


@pytest.mark.parametrize(("filling", "format"), list(floods()))
def test_a_gigabyte_of_nothing_is_given_up_early(format: str, filling: bytes) -> None:
    flood = Flood(b"", filling)
    [source] = sources_of_files(["-"], format=format, stdin=flood)

    with pytest.raises(KgtoolError):
        list(read_quads(source))
    assert flood.given < 2 * MAX_TOKEN


@pytest.mark.parametrize(
    ("format", "start"),
    [
        ("turtle", b'<urn:a> <urn:b> "'),
        ("turtle", b'<urn:a> <urn:b> """'),
        ("turtle", b"<urn:a> <urn:"),
        ("trig", b"<urn:g> { <urn:a> <urn:b> '"),
        ("ntriples", b'<urn:a> <urn:b> "'),
        ("nquads", b"_:"),
        ("jsonld", b'{"@id": "urn:a", "urn:p": "'),
        ("rdfxml", f"<rdf:RDF {RDF}><rdf:Description><u:p>".encode()),
        ("rdfxml", f'<rdf:RDF {RDF}><rdf:Description u:p="'.encode()),
        ("rdfxml", f"<rdf:RDF {RDF}><!-- ".encode()),
    ],
)
def test_a_token_without_end_is_a_limit(format: str, start: bytes) -> None:
    flood = Flood(start, b"x")
    [source] = sources_of_files(["-"], format=format, stdin=flood)

    with pytest.raises(LimitError, match="16 MiB"):
        list(read_quads(source))
    assert flood.given < 4 * MAX_TOKEN


@pytest.mark.parametrize("extension", ["gz", "zst"])
def test_a_bomb_stops_at_the_bytes_allowed(read_file: Read, extension: str) -> None:
    line = b"<urn:s> <urn:p> <urn:o> .\n"
    content = line * (3_000_000 // len(line))
    packed = gzip.compress(content) if extension == "gz" else zstandard.compress(content)

    assert len(read_file(f"a.nt.{extension}", packed, max_bytes=len(content))) == 3_000_000 // len(line)
    with pytest.raises(LimitError, match="after decompression"):
        read_file(f"a.nt.{extension}", packed, max_bytes=len(content) - 1)


def test_a_gigabyte_of_spaces_in_a_few_kilobytes(read_file: Read) -> None:
    pieces = zstandard.ZstdCompressor(level=1).compressobj()
    packed = b"".join(pieces.compress(b" " * (1 << 20)) for _ in range(1024)) + pieces.flush()
    assert len(packed) < 200_000

    with pytest.raises(LimitError, match="white space"):
        read_file("a.ttl.zst", packed)


def billion_laughs(levels: int = 10) -> str:
    lines = ['<!ENTITY l0 "ha">'] + [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels)]
    doctype = "<!DOCTYPE rdf:RDF [" + "\n".join(lines) + "]>"
    return f"{doctype}<rdf:RDF {RDF}><rdf:Description><u:p>&l{levels - 1};</u:p></rdf:Description></rdf:RDF>"


@pytest.mark.parametrize(
    ("document", "fact"),
    [
        (billion_laughs(), "refers to other entities"),
        (f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><rdf:RDF {RDF}>&x;</rdf:RDF>', "another file"),
        (f'<!DOCTYPE a [<!ENTITY % x "y">]><rdf:RDF {RDF}/>', "part of the DTD"),
        (f'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://localhost/">%x;]><rdf:RDF {RDF}/>', "part of the DTD"),
        (f'<!DOCTYPE a [<!ENTITY x "{"y" * 2000}">]><rdf:RDF {RDF}>&x;</rdf:RDF>', "longer than"),
    ],
)
def test_entities_that_grow_or_reach_out_are_refused(read_file: Read, document: str, fact: str) -> None:
    with pytest.raises(ParseError, match=fact) as caught:
        read_file("a.rdf", document.encode())
    assert caught.value.where is not None
    assert caught.value.where.line is not None


def test_entities_that_abbreviate_namespaces_are_read(read_file: Read) -> None:
    assert "<!ENTITY" in RDFXML
    assert len(read_file("a.owl", RDFXML.encode())) == 4


def test_a_document_type_without_entities_is_read(read_file: Read) -> None:
    document = f'<?xml version="1.0"?><!DOCTYPE rdf:RDF><rdf:RDF {RDF}><rdf:Description u:p="1"/></rdf:RDF>'
    assert len(read_file("a.rdf", document.encode())) == 1


#: Format, what opens a level, the middle, what closes it.
NESTINGS = {
    "json-objects": ("jsonld", '{"urn:p":', "1", "}"),
    "json-lists": ("jsonld", '{"urn:p":{"@list":[', "1", "]}}"),
    "json-arrays": ("jsonld", "[", "{}", "]"),
    "json-graphs": ("jsonld", '{"@graph":', "{}", "}"),
    "json-contexts": ("jsonld", '{"@context":{"a":{"@id":"urn:x","@context":', "{}", "}}}"),
    "turtle-nodes": ("turtle", "[<urn:p> ", "1", "]"),
    "turtle-lists": ("turtle", "(", "1", ")"),
    "turtle-triple-terms": ("turtle", "<<(<urn:a> <urn:p> ", "1", ")>>"),
    "turtle-triple-terms-with-comments": ("turtle", "<<( #)>>\n<urn:a> <urn:p> ", "1", ")>>"),
    "turtle-reified": ("turtle", "<<<urn:a> <urn:p> ", "1", ">>"),
    "ntriples-triple-terms": ("ntriples", "<<(<urn:a> <urn:p> ", "<urn:c>", ")>>"),
    "nquads-triple-terms": ("nquads", "<<(<urn:a> <urn:p> ", "<urn:c>", ")>>"),
    "xml-nodes": ("rdfxml", "<rdf:Description><u:p>", "", "</u:p></rdf:Description>"),
    "xml-triples": ("rdfxml", '<rdf:Description><u:p rdf:parseType="Triple">', "", "</u:p></rdf:Description>"),
    "xml-collections": ("rdfxml", '<rdf:Description><u:p rdf:parseType="Collection">', "", "</u:p></rdf:Description>"),
}


def nested(nesting: str, levels: int) -> bytes:
    format, opening, middle, closing = NESTINGS[nesting]
    text = opening * levels + middle + closing * levels
    if format == "rdfxml":
        return f'<rdf:RDF {RDF} rdf:version="1.2">{text}</rdf:RDF>'.encode()
    return text.encode() if format == "jsonld" else f"<urn:a> <urn:p> <urn:o> .\n<urn:a> <urn:p> {text} .".encode()


@pytest.mark.parametrize("nesting", NESTINGS)
def test_nesting_never_ends_the_process_not_even_on_a_small_stack(nesting: str, tmp_path: Path) -> None:
    for levels in (MAX_DEPTH // 4, MAX_DEPTH // 2, MAX_DEPTH - 3, 100_000):
        code, answer = read_on_small_stack(nested(nesting, levels), NESTINGS[nesting][0], tmp_path)
        assert code == 0, levels
        assert answer.isdigit() or answer in ("LimitError", "ParseError"), (levels, answer)


@pytest.mark.parametrize("nesting", ["json-objects", "xml-nodes", "ntriples-triple-terms"])
def test_deep_nesting_is_a_limit(nesting: str) -> None:
    format = NESTINGS[nesting][0]
    [source] = sources_of_bytes(nested(nesting, 10 * MAX_DEPTH), name="body", graph="urn:g", format=format)

    with pytest.raises(LimitError, match="inside one another"):
        list(read_quads(source))


def brackets_in_strings() -> Iterator[str]:
    yield "[" * 1000
    yield '\\"[{' * 1000
    yield "\\\\" * 70_001 + "[" * 1000
    yield "[" * 70_000 + '\\"' * 70_000


@pytest.mark.parametrize("text", list(brackets_in_strings()))
def test_brackets_in_json_strings_are_no_nesting(text: str) -> None:
    [source] = sources_of_bytes(
        f'{{"@id":"urn:s","urn:p":["{text}",{{"@value":"x"}}]}}'.encode(), name="body", graph="urn:g", format="jsonld"
    )
    assert sum(1 for _ in read_quads(source)) == 2


def test_a_large_flat_json_document_is_no_nesting() -> None:
    items = ",".join(f'{{"@id":"urn:s{number}","urn:p":[1,[2]]}}' for number in range(20_000))
    [source] = sources_of_bytes(f"[{items}]".encode(), name="body", graph="urn:g", format="jsonld")

    assert sum(1 for _ in read_quads(source)) == 40_000


@pytest.mark.parametrize("format", ["turtle", "trig", "rdfxml"])
def test_lists_and_nodes_may_nest_as_deep_as_people_write(format: str) -> None:
    nesting = {"turtle": "turtle-nodes", "trig": "turtle-lists", "rdfxml": "xml-nodes"}[format]
    [source] = sources_of_bytes(nested(nesting, 90), name=f"a.{EXTENSION[format]}", graph="urn:g", format=format)

    assert sum(1 for _ in read_quads(source)) > 89
