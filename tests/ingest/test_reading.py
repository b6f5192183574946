"""Every format, packed or not, gives the same quads in the right graphs."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad

from kgtool.errors import ParseError
from kgtool.ingest import FORMATS, read_quads, sources_of_bytes, sources_of_files

from .documents import DOCUMENTS, EXTENSION, PACKERS

Read = Callable[..., list[Quad]]


def canonical(quads: list[Quad]) -> set[str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def expected(graph: str) -> set[str]:
    person = "<https://w3id.org/kgtool/id/region/agathe>"
    foaf = "http://xmlns.com/foaf/0.1/"
    return {
        f'{person} <{foaf}name> "Agathe Lefèvre"@fr <{graph}>',
        f"{person} <{foaf}based_near> _:c14n0 <{graph}>",
        f'_:c14n0 <{foaf}name> "Lille" <{graph}>',
        f'{person} <{foaf}age> "41"^^<http://www.w3.org/2001/XMLSchema#integer> <{graph}>',
    }


def test_every_format_has_a_document() -> None:
    assert set(FORMATS) == set(DOCUMENTS) == set(EXTENSION)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("packing", [None, *PACKERS])
def test_each_format_gives_the_graph_under_the_name_of_its_file(
    read_file: Read, format: str, packing: str | None
) -> None:
    name = f"people.{EXTENSION[format]}" + (f".{packing}" if packing else "")
    content = PACKERS[packing](DOCUMENTS[format]) if packing else DOCUMENTS[format]

    assert canonical(read_file(name, content)) == expected(f"urn:kgtool:source:{name}")


@pytest.mark.parametrize("format", FORMATS)
def test_a_utf8_byte_order_mark_is_accepted(read_file: Read, format: str) -> None:
    quads = read_file(f"people.{EXTENSION[format]}", b"\xef\xbb\xbf" + DOCUMENTS[format])

    assert len(quads) == 4


@pytest.mark.parametrize("packing", PACKERS)
def test_packed_data_without_the_extension_are_unpacked(read_file: Read, packing: str) -> None:
    assert len(read_file("people.ttl", PACKERS[packing](DOCUMENTS["turtle"]))) == 4


@pytest.mark.parametrize("packing", PACKERS)
def test_packed_standard_input_is_unpacked(packing: str) -> None:
    stdin = io.BytesIO(PACKERS[packing](DOCUMENTS["turtle"]))
    [source] = sources_of_files(["-"], format="turtle", stdin=stdin)

    assert canonical(list(read_quads(source))) == expected("urn:kgtool:source:stdin")


@pytest.mark.parametrize("packing", PACKERS)
def test_files_packed_one_after_another_are_read_to_the_end(read_file: Read, packing: str) -> None:
    parts = [f"<urn:a> <urn:b> {number} .\n".encode() for number in range(3)]
    packed = b"".join(PACKERS[packing](part) for part in parts)

    assert [quad.object.value for quad in read_file(f"a.ttl.{packing}", packed)] == ["0", "1", "2"]


def test_padding_of_xz_is_no_garbage(read_file: Read) -> None:
    packed = PACKERS["xz"](DOCUMENTS["ntriples"])

    assert len(read_file("a.nt.xz", packed + bytes(4) + packed + bytes(70_000))) == 8


def test_format_wins_over_the_extension(read_file: Read) -> None:
    assert len(read_file("people.rdf", DOCUMENTS["turtle"], format="turtle")) == 4


@pytest.mark.parametrize(
    ("format", "content"),
    [
        ("trig", b"<urn:s> <urn:p> 1 . GRAPH <urn:g> { <urn:s> <urn:p> 2 }"),
        ("nquads", b'<urn:s> <urn:p> "1" .\n<urn:s> <urn:p> "2" <urn:g> .'),
        ("jsonld", b'[{"@id":"urn:s","urn:p":1},{"@id":"urn:g","@graph":{"@id":"urn:s","urn:p":2}}]'),
    ],
)
def test_named_graphs_keep_their_names(format: str, content: bytes) -> None:
    [source] = sources_of_bytes(content, name="body", graph="urn:here", format=format)

    graphs = {quad.object.value: quad.graph_name.value for quad in read_quads(source)}
    assert graphs == {"1": "urn:here", "2": "urn:g"}


def test_source_and_default_graphs_may_be_named() -> None:
    content = b"<urn:s> <urn:p> 1 <urn:kgtool:default> .\n<urn:s> <urn:p> 1 <urn:kgtool:source:a.ttl> .".replace(
        b"1", b'"1"'
    )
    [source] = sources_of_bytes(content, name="body", graph="urn:here", format="nquads")

    assert {quad.graph_name.value for quad in read_quads(source)} == {"urn:kgtool:default", "urn:kgtool:source:a.ttl"}


def test_graphs_may_have_blank_names() -> None:
    [source] = sources_of_bytes(b"_:g { <urn:s> <urn:p> _:g }", name="body", graph="urn:here", format="trig")

    [quad] = read_quads(source)
    assert isinstance(quad.graph_name, BlankNode)
    assert quad.graph_name == quad.object


@pytest.mark.parametrize("format", FORMATS)
def test_two_readings_share_no_blank_node(format: str) -> None:
    def blank_nodes() -> set[BlankNode]:
        [source] = sources_of_bytes(DOCUMENTS[format], name="body", graph="urn:here", format=format)
        return {term for quad in read_quads(source) for term in quad if isinstance(term, BlankNode)}

    first, second = blank_nodes(), blank_nodes()
    assert len(first) == len(second) == 1
    assert not first & second


def test_a_base_resolves_relative_iris(read_file: Read) -> None:
    for name, content in {
        "a.ttl": b"<a> <urn:p> <b> .",
        "a.jsonld": b'{"@id":"a","urn:p":{"@id":"b"}}',
        "a.rdf": b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:"><rdf:Description'
        b' rdf:about="a"><u:p rdf:resource="b"/></rdf:Description></rdf:RDF>',
    }.items():
        [quad] = read_file(name, content, base="https://example.org/x/")
        assert (quad.subject.value, quad.object.value) == ("https://example.org/x/a", "https://example.org/x/b"), name


def test_literals_come_as_written() -> None:
    content = b'<urn:s> <urn:p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    [source] = sources_of_bytes(content, name="body", graph="urn:here", format="ntriples")

    assert [quad.object.value for quad in read_quads(source)] == ["01"]


@pytest.mark.parametrize("content", [b"", b" \n\t", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("format", ["turtle", "trig", "ntriples", "nquads"])
def test_an_empty_document_is_an_empty_graph_when_allowed(format: str, content: bytes) -> None:
    [source] = sources_of_bytes(content, name="body", graph="urn:here", format=format)

    assert list(read_quads(source, allow_empty=True)) == []


@pytest.mark.parametrize(
    ("format", "content"),
    [("turtle", b"# nothing yet\n"), ("jsonld", b"{}"), ("jsonld", b"[]")],
)
def test_a_document_that_says_nothing_is_an_empty_graph(format: str, content: bytes) -> None:
    [source] = sources_of_bytes(content, name="body", graph="urn:here", format=format)

    assert list(read_quads(source)) == []


def test_progress_counts_the_bytes_of_the_packed_file(read_file: Read) -> None:
    lines = b"".join(b"<urn:s> <urn:p> <urn:o%d> .\n" % number for number in range(20_000))
    packed = PACKERS["gz"](lines)
    seen: list[int] = []

    quads = read_file("many.nt.gz", packed, progress=seen.append)

    assert len(quads) == 20_000
    assert seen == sorted(seen)
    assert seen[-1] == len(packed)


def test_reading_starts_before_the_end_of_the_input() -> None:
    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.count = 0

        def read(self, size: int = -1) -> bytes:
            self.count += 1
            return b"<urn:s> <urn:p> <urn:o> .\n" * 100

    stream = Endless()
    [source] = sources_of_files(["-"], format="ntriples", stdin=stream)

    quads = read_quads(source)
    assert [next(quads).object.value for _ in range(1000)] == ["urn:o"] * 1000
    quads.close()


def test_what_stands_before_the_error_is_given_first() -> None:
    [source] = sources_of_bytes(b"<urn:a> <urn:b> 1 .\nbroken", name="body", graph="urn:g", format="turtle")
    quads = read_quads(source)

    assert next(quads).object.value == "1"
    with pytest.raises(ParseError):
        next(quads)
