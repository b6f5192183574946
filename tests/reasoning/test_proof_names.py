"""How explanations name terms."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from kgtool.reasoning.proofs.naming import Names
from kgtool.vocabulary import iri

from .known_labels import Known, x


def name_of(node: Any, names: Known, language: str, *others: Any) -> str:
    piece = Names([node, *others], (), names, language).of(node)
    return piece if isinstance(piece, str) else piece.text


@pytest.mark.parametrize(
    ("node", "language", "expected"),
    [
        (x("labelled"), "fr", "étiquette"),
        (x("labelled"), "en", "label"),
        (x("german"), "fr", "Etikett"),
        (x("luc-buee-2022"), "en", "membership luc-buee-2022"),
        (x("luc-buee-2022"), "fr", "appartenance luc-buee-2022"),
        (x("record"), "en", "ORCID record record"),
        (x("link/2015-01-01"), "en", "membership A"),
        (x("f3a9c0b2d1"), "fr", "appartenance A"),
        (x("f3a9c0b2d2"), "fr", "urn:x:f3a9c0b2d2"),
        (x("nothing%20known"), "en", "nothing known"),
        (iri("org", "subOrganizationOf"), "fr", "fait partie de"),
        (iri("org", "transitiveSubOrganizationOf"), "en", "is part of"),
        (iri("dcterms", "bibliographicCitation"), "fr", "bibliographic citation"),
        (NamedNode("https://ror.org/02vjkv261"), "en", "https://ror.org/02vjkv261"),
        (NamedNode("urn:kgtool:default"), "en", "updates by hand"),
        (NamedNode("urn:kgtool:source:a/b.ttl"), "en", "a/b.ttl"),
        (x("escape"), "en", r"red\x1b[31m\nline\u202e"),
        (BlankNode("b7"), "en", "unnamed A"),
        (Literal("Lille"), "en", "“Lille”"),
        (Literal("Lille", language="fr"), "fr", "« Lille »"),
        (Literal("Lille", language="fr"), "en", "“Lille” (fr)"),
        (Literal("a\x07b"), "en", r"“a\x07b”"),
        (Literal(12), "fr", "12"),
        (Literal("2024", datatype=iri("xsd", "gYear")), "fr", "2024"),
        (Literal("2024-02", datatype=iri("xsd", "gYearMonth")), "fr", "février 2024"),
        (Literal("2024-02-01", datatype=iri("xsd", "date")), "fr", "1er février 2024"),
        (Literal("2024-02-01Z", datatype=iri("xsd", "date")), "en", "1 February 2024 UTC"),
        (Literal("2024-02-01T09:30:00", datatype=iri("xsd", "dateTime")), "en", "1 February 2024 09:30"),
        (Literal("2024-13-01", datatype=iri("xsd", "date")), "en", "2024-13-01"),
        (Literal("soon", datatype=iri("xsd", "date")), "en", "soon"),
    ],
)
def test_a_name(node: Any, language: str, expected: str) -> None:
    names = {
        "labelled": {"en": "label", "fr": "étiquette"},
        "german": {"de": "Etikett"},
        "Membership": {"en": "Membership", "fr": "Appartenance"},
        "Record": {"en": "ORCID record", "fr": "Notice ORCID"},
        "escape": {"en": "red\x1b[31m\nline\u202e"},
    }
    kinds = dict.fromkeys(("luc-buee-2022", "link/2015-01-01", "f3a9c0b2d1"), "Membership") | {"record": "Record"}
    assert name_of(node, Known(names, kinds), language) == expected


def test_two_things_of_one_name_are_told_apart() -> None:
    known = Known({"person": {"": "Lille"}, "city": {"": "Lille"}, "other": {"": "Roubaix"}})
    things = [x("person"), x("city"), x("other")]
    classes = [iri("org", "Organization"), iri("schema", "Organization")]
    assert [name_of(thing, known, "en", *things) for thing in things] == [
        "Lille <urn:x:person>", "Lille <urn:x:city>", "Roubaix",
    ]  # fmt: skip
    assert [name_of(kind, known, "fr", *classes) for kind in classes] == [
        "Organisation (org:Organization)", "Organisation (schema:Organization)",
    ]  # fmt: skip


def test_blank_nodes_are_told_apart_by_letters() -> None:
    nodes = [BlankNode(f"b{number}") for number in range(27)]
    assert [name_of(node, Known(), "en", *nodes) for node in nodes[:2]] == ["unnamed A", "unnamed A"]
    names = Names(nodes, (), Known(), "fr")
    assert [names.of(node) for node in (nodes[1], nodes[26])] == ["sans nom B", "sans nom AA"]
