"""A broken file is an error that names the file, the line and the column, and says what to do."""

from __future__ import annotations

import pytest

from kgtool.errors import ForbiddenError, InputError
from kgtool.ingest import read_quads, sources_of_files

from .broken import Read, error_of, place
from .documents import DOCUMENTS, EXTENSION, RDFXML, TURTLE

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:u:"'


@pytest.mark.parametrize(
    ("name", "content", "line", "column"),
    [
        ("a.ttl", "<urn:a> <urn:b> 1 .\n<urn:a> <urn:b> foo:c .", 2, 17),
        ("a.ttl", '<urn:a> <urn:b> "é" .\n<urn:a>\n  <urn:b> "x"@abcdefghijkl .', 3, 15),
        ("a.trig", "<urn:g> {\n <urn:a> <urn:b> }", 2, 18),
        ("a.nt", "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> <http://a b> .", 2, 17),
        ("a.nt", '<urn:a> <urn:b> "c"', 1, 20),
        ("a.nq", "<urn:a> <urn:b> <urn:c> <urn:d> <urn:e> .", 1, 33),
        ("a.jsonld", '{"@id": "urn:a",\n "urn:p": y}', 2, 11),
        ("a.jsonld", '{"@id": "urn:a",\n "urn:p": 1', 2, 12),
        ("a.rdf", f"<rdf:RDF {RDF}>\n  <rdf:Description>\n</rdf:RDF>", 3, 3),
        ("a.rdf", f'<rdf:RDF {RDF}>\n  <rdf:Description rdf:about="http://a b"/>\n</rdf:RDF>', 2, 3),
        ("a.rdf", f"<rdf:RDF {RDF}>\n  <rdf:li/><u:a/>\n  <x:y/>\n</rdf:RDF>", 2, 3),
    ],
)
def test_a_syntax_error_has_line_and_column(read_file: Read, name: str, content: str, line: int, column: int) -> None:
    assert place(error_of(read_file, name, content)) == (line, column)


@pytest.mark.parametrize("format", [name for name in DOCUMENTS if name not in ("ntriples", "nquads")])
def test_a_file_cut_off_anywhere_near_its_end_is_an_error(read_file: Read, format: str) -> None:
    whole = DOCUMENTS[format].rstrip()
    for cut in range(1, 12):
        error_of(read_file, f"a.{EXTENSION[format]}", whole[:-cut])


def test_a_cut_off_rdfxml_file_says_so(read_file: Read) -> None:
    error = error_of(read_file, "a.rdf", RDFXML[: RDFXML.index("<foaf:age")])

    assert "too early" in error.what
    assert place(error)[0] == RDFXML[: RDFXML.index("<foaf:age")].count("\n") + 1


@pytest.mark.parametrize("content", ["[1, 2, 3]", '"abc"', "1", "null", "[[true], []]", '["{}"]'])
def test_json_without_an_object_says_nothing(read_file: Read, content: str) -> None:
    assert "no object" in error_of(read_file, "a.jsonld", content).what


@pytest.mark.parametrize("format", DOCUMENTS)
@pytest.mark.parametrize("content", [b"", b" \n\t\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_error(read_file: Read, format: str, content: bytes) -> None:
    assert "empty" in error_of(read_file, f"a.{EXTENSION[format]}", content).what


@pytest.mark.parametrize(
    ("extension", "content", "advice"),
    [
        ("rdf", "turtle", "Turtle: --format turtle"),
        ("jsonld", "turtle", "Turtle: --format turtle"),
        ("nt", "turtle", "Turtle: --format turtle"),
        ("ttl", "rdfxml", "RDF/XML: --format rdfxml"),
        ("nt", "rdfxml", "RDF/XML: --format rdfxml"),
        ("json", "rdfxml", "RDF/XML: --format rdfxml"),
        ("owl", "jsonld", "JSON-LD: --format jsonld"),
        ("ttl", "jsonld", "JSON-LD: --format jsonld"),
        ("nq", "jsonld", "JSON-LD: --format jsonld"),
        ("rdf", "ntriples", "N-Triples: --format ntriples"),
        ("jsonld", "ntriples", "N-Triples: --format ntriples"),
    ],
)
def test_the_wrong_extension_is_named(read_file: Read, extension: str, content: str, advice: str) -> None:
    error = error_of(read_file, f"a.{extension}", DOCUMENTS[content])

    assert advice in (error.hint or "")
    assert place(error)[0] is not None


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("a.ttl", "@prefix u: <urn:> .\nu:g { u:a u:b u:c }", "--format trig"),
        ("a.ttl", "GRAPH <urn:g> { <urn:a> <urn:b> <urn:c> }", "--format trig"),
        ("a.nt", "<urn:a> <urn:b> <urn:c> <urn:g> .", "--format nquads"),
        ("a.ttl", "<urn:a> <urn:b> <urn:c> <urn:g> .", "--format nquads"),
        ("a.rdf", "<!DOCTYPE html>\n<html><body><br></body></html>", "HTML"),
        ("a.ttl", "<html><body></body></html>", "HTML"),
        ("a.owl", '<?xml version="1.0"?>\n<Ontology xmlns="http://www.w3.org/2002/07/owl#" x></Ontology>', "OWL/XML"),
        ("a.owl", "Prefix(:=<urn:a>)\nOntology(<urn:o>)", "functional"),
    ],
)
def test_what_is_of_another_kind_is_named(read_file: Read, name: str, content: str, advice: str) -> None:
    assert advice in (error_of(read_file, name, content).hint or "")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("format", DOCUMENTS)
def test_utf16_and_utf32_are_named(read_file: Read, format: str, encoding: str) -> None:
    error = error_of(read_file, f"a.{EXTENSION[format]}", DOCUMENTS[format].decode().encode(encoding))

    assert f"iconv -f {encoding.upper()}" in (error.hint or "")
    assert place(error) == (1, 1)


@pytest.mark.parametrize("format", DOCUMENTS)
def test_utf16_without_a_mark_is_an_error(read_file: Read, format: str) -> None:
    error_of(read_file, f"a.{EXTENSION[format]}", DOCUMENTS[format].decode().encode("utf-16-le"))


@pytest.mark.parametrize("format", DOCUMENTS)
def test_latin1_is_an_error_at_its_first_byte(read_file: Read, format: str) -> None:
    text = DOCUMENTS[format].decode()
    before = text[: text.index("è")]

    error = error_of(read_file, f"a.{EXTENSION[format]}", text.encode("latin-1"))

    line, column = place(error)
    assert line == before.count("\n") + 1
    assert column is not None
    assert abs(column - (len(before) - before.rfind("\n"))) <= 1
    assert "Latin-1" in (error.hint or "")


def test_rdfxml_that_declares_latin1(read_file: Read) -> None:
    text = RDFXML.replace("UTF-8", "ISO-8859-1")

    error = error_of(read_file, "a.rdf", text.encode("latin-1"))
    assert "iconv -f ISO-8859-1" in (error.hint or "")


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.ttl", "# top\n<a> <urn:b> 1 .", 2),
        ("a.trig", "\n\n<urn:g> { <urn:a> <b> 1 }", 3),
        ("a.nt", "<urn:a> <urn:b> <c> .", 1),
        ("a.nq", "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> <urn:c> <g> .", 2),
        ("a.jsonld", '{\n "@id": "a",\n "urn:p": 1}', 2),
        ("a.jsonld", '{"@id": "urn:a",\n "urn:p":\n {"@id": "b"}}', 3),
        ("a.jsonld", '{"@id": "urn:a",\n "@type": "T"}', 2),
        ("a.rdf", f'<rdf:RDF {RDF}>\n\n<rdf:Description rdf:about="a"/></rdf:RDF>', 3),
        ("a.rdf", f'<rdf:RDF {RDF}>\n<rdf:Description>\n<u:p rdf:resource="#b"/></rdf:Description></rdf:RDF>', 3),
        ("a.rdf", f'<rdf:RDF {RDF}>\n<rdf:Description rdf:ID="b"/></rdf:RDF>', 2),
    ],
)
def test_a_relative_iri_without_a_base_is_an_error(read_file: Read, name: str, content: str, line: int) -> None:
    error = error_of(read_file, name, content)

    assert "relative IRI" in error.what
    assert place(error)[0] == line


def test_a_base_that_is_none(read_file: Read) -> None:
    assert "absolute IRI" in error_of(read_file, "a.ttl", TURTLE, base="not absolute").what


@pytest.mark.parametrize(
    "context",
    ['"https://schema.org/"', '[{}, "http://localhost:1/context.jsonld"]', '{"@version": 1.1, "@import": "urn:x"}'],
)
def test_a_context_elsewhere_is_refused(read_file: Read, context: str) -> None:
    error = error_of(read_file, "a.jsonld", f'{{\n"@context": {context},\n"@id": "urn:a", "urn:p": 1}}')

    assert "nothing is fetched" in error.what
    assert place(error)[0] == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttl", "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> ."),
        ("a.ttl", "<< <urn:a> <urn:b> <urn:c> >> <urn:d> 1 ."),
        ("a.ttl", "<urn:a> <urn:b> <urn:c> {| <urn:d> 1 |} ."),
        ("a.ttl", "<urn:a> <urn:b> <urn:c> ~ <urn:r> ."),
        ("a.trig", "<urn:g> { <urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> }"),
        ("a.nt", "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> ."),
        ("a.nq", "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> <urn:g> ."),
        (
            "a.rdf",
            f'<rdf:RDF {RDF} rdf:version="1.2"><rdf:Description><u:p rdf:parseType="Triple"><rdf:Description>'
            "<u:q>1</u:q></rdf:Description></u:p></rdf:Description></rdf:RDF>",
        ),
    ],
)
def test_triples_in_triples_are_refused(read_file: Read, name: str, content: str) -> None:
    assert "RDF 1.2" in error_of(read_file, name, content).what


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttl", '<urn:a> <urn:b> "x"@ar--rtl .'),
        ("a.nq", '<urn:a> <urn:b> "x"@ar--rtl <urn:g> .'),
        ("a.jsonld", '{"urn:p": {"@value": "x", "@language": "ar", "@direction": "rtl"}}'),
    ],
)
def test_base_directions_are_refused(read_file: Read, name: str, content: str) -> None:
    error = error_of(read_file, name, content)
    assert "direction" in error.what
    assert place(error)[0] == 1


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.trig", "\n<urn:kgtool:inferred> { <urn:a> <urn:b> 1 }", 2),
        ("a.nq", "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> <urn:c> <urn:kgtool:provenance> .", 2),
        ("a.jsonld", '{"@id": "urn:kgtool:meta", "@graph": {"@id": "urn:a", "urn:p": 1}}', 1),
        ("a.trig", "@prefix k: <urn:kgtool:> .\nk:new { <urn:a> <urn:b> 1 }", None),
    ],
)
def test_a_reserved_graph_is_forbidden(read_file: Read, name: str, content: str, line: int | None) -> None:
    error = error_of(read_file, name, content)

    assert isinstance(error, ForbiddenError)
    assert place(error)[0] == line
    assert "urn:kgtool:" in str(error)


def test_a_file_that_goes_away_between_naming_and_reading(tmp_path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(TURTLE)
    [source] = sources_of_files([str(path)])
    path.unlink()

    with pytest.raises(InputError, match="no such file"):
        next(read_quads(source))


def test_a_stream_that_breaks() -> None:
    class Broken:
        def read(self, size: int = -1) -> bytes:
            raise OSError(5, "Input/output error")

    [source] = sources_of_files(["-"], format="turtle", stdin=Broken())
    with pytest.raises(InputError, match="Input/output error"):
        next(read_quads(source))


def test_messages_hold_no_control_characters(read_file: Read) -> None:
    error = error_of(read_file, "a.ttl", b"<urn:a> \x1b[31m\x07 1 .")

    assert str(error).isprintable()
