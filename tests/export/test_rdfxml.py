"""RDF/XML: readable, and a refusal that names what it cannot hold."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from kgtool.errors import InputError
from tests.export.reading import exported, read, read_with_rdflib, same_as

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SUBJECT = NamedNode("urn:x:s")


def test_typed_nodes_with_what_belongs_to_them() -> None:
    text = b"""@prefix x: <urn:x:> .
    x:p1 a x:Person, x:Author ; x:name "Zo\xc3\xa9 & Cie"@fr ; x:address [ a x:Address ; x:town x:lille ] ;
        x:wrote ( x:b1 [ x:title "T" ] ) ; x:born 1990 ."""
    quads = list(parse(text, format=RdfFormat.TURTLE))
    assert exported(quads, "rdfxml", prefixes={"x": "urn:x:", "y": "urn:y:"}).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<rdf:RDF\n"
        f'    xmlns:rdf="{RDF}"\n'
        '    xmlns:x="urn:x:">\n'
        '  <x:Author rdf:about="urn:x:p1">\n'
        '    <rdf:type rdf:resource="urn:x:Person"/>\n'
        "    <x:address>\n"
        "      <x:Address>\n"
        '        <x:town rdf:resource="urn:x:lille"/>\n'
        "      </x:Address>\n"
        "    </x:address>\n"
        '    <x:born rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">1990</x:born>\n'
        '    <x:name xml:lang="fr">Zoé &amp; Cie</x:name>\n'
        '    <x:wrote rdf:parseType="Collection">\n'
        '      <rdf:Description rdf:about="urn:x:b1"/>\n'
        "      <rdf:Description>\n"
        "        <x:title>T</x:title>\n"
        "      </rdf:Description>\n"
        "    </x:wrote>\n"
        "  </x:Author>\n"
        "</rdf:RDF>\n"
    )


@pytest.mark.parametrize(
    "predicate",
    ["http://example.org/", "http://example.org/2024", "urn:x:a%20", "http://example.org/(a)", f"{RDF}li", f"{RDF}ID"],
)
def test_a_predicate_without_a_name_is_refused_by_its_name(predicate: str) -> None:
    with pytest.raises(InputError) as caught:
        exported([Quad(SUBJECT, NamedNode(predicate), Literal("x"))], "rdfxml")
    assert f"<{predicate}>" in caught.value.what
    assert caught.value.where is not None
    assert caught.value.where.iri == "urn:x:s"


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_a_character_that_xml_has_not_is_refused_with_its_literal(character: str) -> None:
    quad = Quad(SUBJECT, NamedNode("urn:x:note"), Literal(f"one{character}two"))
    with pytest.raises(InputError, match=rf'U\+{ord(character):04X} of the literal "one.*two" of <urn:x:note>'):
        exported([quad], "rdfxml")


def test_nothing_reaches_the_output_of_a_refused_export(tmp_path: object) -> None:
    import io

    from kgtool.export import export

    output = io.BytesIO()
    good = [Quad(NamedNode(f"urn:x:{number}"), NamedNode("urn:x:p"), Literal("x")) for number in range(50)]
    with pytest.raises(InputError):
        export([*good, Quad(SUBJECT, NamedNode("urn:x:9"), Literal("x"))], "rdfxml", output, prefixes={})
    assert output.getvalue() == b""


@pytest.mark.parametrize(
    "predicate",
    [
        "http://www.w3.org/XML/1998/namespacelang",
        "http://www.w3.org/2000/xmlns/foo",
        "http://example.org/a.b-c",
        "http://example.org/2024a",
        "http://example.org/été",
        "http://example.org/?a=b&c=d",
        "urn:x:a.",
        f"{RDF}type",
        f"{RDF}_12",
        f"{RDF}unknown",
    ],
)
def test_other_predicates_are_written(predicate: str) -> None:
    quads = [Quad(SUBJECT, NamedNode(predicate), Literal(" a\r\nb\t ")), Quad(SUBJECT, NamedNode(predicate), SUBJECT)]
    data = exported(quads, "rdfxml", prefixes={"xml": "urn:x:", "rdf": "urn:y:", "": "http://example.org/"})
    assert same_as(read(data, "rdfxml")) == same_as(quads)
    assert same_as(read_with_rdflib(data, "rdfxml")) == same_as(quads)


@pytest.mark.parametrize("kind", [f"{RDF}Description", f"{RDF}li", f"{RDF}RDF", "urn:x:1", "http://example.org/"])
def test_a_type_that_is_no_element_name_stands_inside(kind: str) -> None:
    quads = [Quad(BlankNode(), NamedNode(f"{RDF}type"), NamedNode(kind))]
    data = exported(quads, "rdfxml")
    assert b"<rdf:Description>" in data
    assert same_as(read(data, "rdfxml")) == same_as(quads)


def test_an_empty_graph_is_a_document() -> None:
    assert read(exported([], "rdfxml"), "rdfxml") == []
