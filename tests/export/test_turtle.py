"""Turtle and TriG read like something that a person wrote."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from tests.export.reading import exported, read, same_as

HEAD = """
@prefix ex: <http://example.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def turtle(body: str, **options: object) -> str:
    """Give the Turtle of a Turtle text."""
    quads = list(parse((HEAD + body).encode(), format=RdfFormat.TURTLE))
    data = exported(quads, "turtle", **options)
    assert same_as(read(data, "turtle")) == same_as(quads)
    return data.decode()


def test_types_first_then_predicates_in_order_and_lists_of_objects() -> None:
    assert turtle('ex:lille foaf:name "Lille"@fr, "Lille" ; a ex:City ; ex:b 1 .') == (
        "@prefix ex: <http://example.org/> .\n"
        "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
        "\n"
        "ex:lille\n"
        "    a ex:City ;\n"
        "    ex:b 1 ;\n"
        '    foaf:name "Lille",\n'
        '        "Lille"@fr .\n'
    )


def test_blank_nodes_stand_where_they_are_used_once() -> None:
    assert "ex:a\n    ex:p [\n        ex:q [\n            a ex:C\n        ]\n    ] .\n" in turtle(
        "ex:a ex:p [ ex:q [ a ex:C ] ] ."
    )


@pytest.mark.parametrize(
    ("body", "labelled"),
    [
        ("_:x ex:p 1 . ex:a ex:p _:x . ex:b ex:p _:x .", "_:c14n0\n    ex:p 1 ."),
        ("_:x ex:p _:x .", "_:c14n0\n    ex:p _:c14n0 ."),
        ("_:x ex:p _:y . _:y ex:q _:x .", "_:c14n0\n    ex:"),
    ],
    ids=["shared", "self", "cycle"],
)
def test_other_blank_nodes_keep_a_label(body: str, labelled: str) -> None:
    assert labelled in turtle(body)


def test_a_blank_node_that_nothing_refers_to_needs_no_label() -> None:
    assert turtle("[] ex:p ex:o .").endswith("\n[]\n    ex:p ex:o .\n")


def test_lists_stand_in_parentheses() -> None:
    assert 'ex:p ( 1 ( "a" ex:b ) () [] ) .' in turtle('ex:a ex:p ( 1 ( "a" ex:b ) () [] ) .')


@pytest.mark.parametrize(
    "body",
    [
        "ex:a ex:p _:l . ex:b ex:p _:l . _:l rdf:first 1 ; rdf:rest () .",
        "ex:a ex:p _:l . _:l rdf:first 1, 2 ; rdf:rest () .",
        "ex:a ex:p _:l . _:l a rdf:List ; rdf:first 1 ; rdf:rest () .",
        "ex:a ex:p _:l . _:l rdf:first 1 ; rdf:rest _:l .",
        "ex:a ex:p _:l . _:l rdf:first 1 .",
        "_:l rdf:first _:l ; rdf:rest () .",
        "ex:a ex:p _:l . _:l rdf:first 1 ; rdf:rest ex:more .",
    ],
    ids=["shared", "two firsts", "typed", "endless", "no rest", "holds itself", "other end"],
)
def test_what_is_no_list_is_written_out(body: str) -> None:
    assert "rdf:first" in turtle(body)


def test_a_list_of_ten_thousand_and_a_chain_of_ten_thousand_are_no_burden() -> None:
    members = " ".join(f"ex:m{number}" for number in range(10_000))
    assert "rdf:first" not in turtle(f"ex:a ex:p ( {members} ) .")
    chain = " ".join(f"_:b{number} ex:p _:b{number + 1} ; ex:n {number} ." for number in range(10_000))
    assert max(len(line) - len(line.lstrip()) for line in turtle(f"{chain} ex:a ex:p _:b0 .").splitlines()) < 80


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ('"-15"^^xsd:integer', " -15 "),
        ('"01"^^xsd:integer', '"01"^^xsd:integer'),
        ('"+5"^^xsd:integer', '"+5"^^xsd:integer'),
        ('"-0"^^xsd:integer', '"-0"^^xsd:integer'),
        ('"-50.1234567"^^xsd:decimal', " -50.1234567 "),
        ('"0.0000001"^^xsd:decimal', '"0.0000001"^^xsd:decimal'),
        ('".5"^^xsd:decimal', '".5"^^xsd:decimal'),
        ('"1.50"^^xsd:decimal', " 1.50 "),
        ('"1."^^xsd:decimal', '"1."^^xsd:decimal'),
        ('"true"^^xsd:boolean', " true "),
        ('"1"^^xsd:boolean', '"1"^^xsd:boolean'),
        ('"1.0E0"^^xsd:double', '"1.0E0"^^xsd:double'),
        ('"١"^^xsd:integer', '"١"^^xsd:integer'),
        ('"1\\n"^^xsd:integer', '"""1\n"""^^xsd:integer'),
    ],
)
def test_numbers_are_short_where_nothing_is_lost(written: str, short: str) -> None:
    assert short in turtle(f"ex:a ex:p {written} .")


@pytest.mark.parametrize("name", ["a.b", "a-b", "1a", "_a", "été", "a", ""])
def test_local_names_that_turtle_takes_are_short(name: str) -> None:
    text = exported([Quad(NamedNode("urn:x:s"), NamedNode(f"http://example.org/{name}"), Literal(""))], "turtle")
    assert f"ex:{name} " in text.decode()


@pytest.mark.parametrize("name", ["a.", ".a", "-a", "a/b", "a#b", "a(b)", "a'b", "a%20b", "a,b", "a:b"])
def test_other_local_names_keep_the_whole_iri(name: str) -> None:
    text = exported([Quad(NamedNode("urn:x:s"), NamedNode(f"http://example.org/{name}"), Literal(""))], "turtle")
    assert f"<http://example.org/{name}> " in text.decode()
    assert "@prefix ex:" not in text.decode()


def test_trig_writes_a_block_for_each_graph() -> None:
    data = b"""@prefix x: <urn:x:> .
    x:a x:p _:b . _:b x:p 1 . x:g { x:a x:p [] , _:c } x:h { _:c a _:c }"""
    text = exported(parse(data, format=RdfFormat.TRIG), "trig", prefixes={"x": "urn:x:"}).decode()
    assert re.sub(r"c14n\d", "shared", text) == (
        "@prefix x: <urn:x:> .\n"
        "\n"
        "x:a\n"
        "    x:p [\n"
        "        x:p 1\n"
        "    ] .\n"
        "\n"
        "x:g {\n"
        "    x:a\n"
        "        x:p _:shared,\n"
        "            [] .\n"
        "}\n"
        "\n"
        "x:h {\n"
        "    _:shared\n"
        "        a _:shared .\n"
        "}\n"
    )


def test_nothing_gives_nothing() -> None:
    assert [exported([], format) for format in ("turtle", "trig", "ntriples", "nquads")] == [b"", b"", b"", b""]
