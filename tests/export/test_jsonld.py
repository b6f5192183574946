"""JSON-LD: compacted with the context given, nested for people, the same to every reader."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kgtool.errors import InputError
from tests.export.reading import exported, read, read_with_pyld, read_with_rdflib, same_as
from tests.strategies import literals

PREFIXES = {"x": "urn:x:", "xsd": "http://www.w3.org/2001/XMLSchema#", "geo": "http://example.org/geo#"}
HEAD = "@prefix x: <urn:x:> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n" + (
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)


def document(body: str, context: dict[str, object] | None = None) -> dict[str, Any]:
    """Give the JSON of a Turtle text, after three readers gave the same graph."""
    quads = list(parse((HEAD + body).encode(), format=RdfFormat.TURTLE))
    given = None if context is None else {"@context": context}
    data = exported(quads, "jsonld", prefixes=PREFIXES, context=given)
    graph = same_as(quads)
    assert same_as(read(data, "jsonld")) == graph
    assert same_as(read_with_pyld(data)) == graph
    assert same_as(read_with_rdflib(data, "jsonld")) == graph
    found: dict[str, Any] = json.loads(data)
    return found


def graph(body: str, context: dict[str, object] | None = None) -> list[Any]:
    """Give the nodes at the top."""
    nodes: list[Any] = document(body, context)["@graph"]
    return nodes


def test_terms_coercions_and_containers_are_those_of_the_context() -> None:
    context: dict[str, object] = {
        "x": "urn:x:",
        "xsd": PREFIXES["xsd"],
        "id": "@id",
        "type": "@type",
        "Person": "x:Person",
        "name": {"@id": "x:name", "@container": "@language"},
        "knows": {"@id": "x:knows", "@type": "@id"},
        "born": {"@id": "x:born", "@type": "xsd:gYear"},
        "wrote": {"@id": "x:wrote", "@type": "@id", "@container": "@list"},
        "unused": "x:unused",
    }
    body = """x:a a x:Person ; x:name "Anne"@fr, "Ann"@en ; x:knows x:b, x:c ;
        x:born "1990"^^xsd:gYear ; x:wrote (x:d x:e) ."""
    assert document(body, context) == {
        "@context": {name: value for name, value in context.items() if name != "unused"},
        "@graph": [
            {
                "id": "x:a",
                "type": "Person",
                "born": "1990",
                "knows": ["x:b", "x:c"],
                "name": {"en": "Ann", "fr": "Anne"},
                "wrote": ["x:d", "x:e"],
            }
        ],
    }


def test_values_that_a_coercion_does_not_fit_use_the_prefixed_name() -> None:
    context: dict[str, object] = {"x": "urn:x:", "born": {"@id": "x:born", "@type": "xsd:date"}, "xsd": PREFIXES["xsd"]}
    assert graph('x:a x:born "1990"^^xsd:gYear, "1990-01-02"^^xsd:date, x:b .', context) == [
        {
            "@id": "x:a",
            "born": "1990-01-02",
            "x:born": [{"@type": "xsd:gYear", "@value": "1990"}, {"@id": "x:b"}],
        }
    ]


def test_dependents_stand_inside_the_node_that_refers_to_them() -> None:
    body = """x:a x:identifier x:i1 ; x:address <urn:x:a/address> ; x:knows x:b, x:c .
    x:i1 x:value "1" . <urn:x:a/address> rdfs:label "Rue" . x:b rdfs:label "B" . x:c x:age 3 . x:d x:knows x:c ."""
    assert graph(body) == [
        {
            "@id": "x:a",
            "x:address": {"@id": "x:a/address", "http://www.w3.org/2000/01/rdf-schema#label": "Rue"},
            "x:identifier": {"@id": "x:i1", "x:value": "1"},
            "x:knows": [{"@id": "x:b"}, {"@id": "x:c"}],
        },
        {"@id": "x:b", "http://www.w3.org/2000/01/rdf-schema#label": "B"},
        {"@id": "x:c", "x:age": 3},
        {"@id": "x:d", "x:knows": {"@id": "x:c"}},
    ]


def test_a_reverse_term_of_the_context_gathers_what_points_at_a_node() -> None:
    context: dict[str, object] = {"x": "urn:x:", "memberships": {"@reverse": "x:member", "@container": "@set"}}
    body = """x:m1 x:member x:p ; x:in x:lab . [] x:member x:p ; x:in x:chu . x:p rdfs:label "P" .
    x:m2 x:member x:unknown . x:m3 x:member x:p, x:q . x:q rdfs:label "Q" . x:m4 x:member x:p . x:p x:main x:m4 ."""
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    assert graph(body, context) == [
        {"@id": "x:m2", "x:member": {"@id": "x:unknown"}},
        {"@id": "x:m3", "x:member": [{"@id": "x:p"}, {"@id": "x:q"}]},
        {
            "@id": "x:p",
            label: "P",
            "memberships": [{"@id": "x:m1", "x:in": {"@id": "x:lab"}}, {"x:in": {"@id": "x:chu"}}],
            "x:main": {"@id": "x:m4", "x:member": {"@id": "x:p"}},
        },
        {"@id": "x:q", label: "Q"},
    ]


def test_reverse_terms_that_go_round_end() -> None:
    context: dict[str, object] = {"x": "urn:x:", "from": {"@reverse": "x:p", "@type": "@id"}}
    assert graph("".join(f"x:n{number} x:p x:n{number + 1} ; x:q {number} ." for number in range(40)), context)
    assert graph("x:a x:p x:b . x:b x:q x:c . x:c x:q x:b .", context)


@pytest.mark.parametrize(
    "body",
    [
        "x:a x:p x:b . x:b x:p x:a .",
        "x:a x:p x:a .",
        "_:a x:p _:b . _:b x:p _:a .",
        "_:a x:p x:b . x:b x:p _:a .",
    ],
)
def test_cycles_end(body: str) -> None:
    assert graph(body)


def test_a_long_chain_does_not_nest_without_end() -> None:
    assert len(graph("".join(f"x:n{number} x:next x:n{number + 1} ." for number in range(500)))) > 20


def test_a_scheme_that_is_also_a_prefix_stays_a_scheme() -> None:
    found = document("x:a x:place <geo:50.6,3.1> ; x:kind <http://example.org/geo#Point> .")
    assert "geo" not in found["@context"]


def test_a_default_language_is_not_given_to_plain_strings() -> None:
    assert graph('x:a x:p "one", "un"@fr .', {"x": "urn:x:", "@language": "fr"}) == [
        {"@id": "x:a", "x:p": [{"@value": "one"}, {"@language": "fr", "@value": "un"}]}
    ]


@pytest.mark.parametrize(
    "definition",
    [
        {"@id": "x:p", "@container": "@index"},
        {"@id": "x:p", "@container": ["@graph", "@id"]},
        {"@id": "x:p", "@context": {"q": "x:r"}},
        {"@reverse": "x:p", "@index": "x:i"},
        {"@id": "x:p", "@type": "@json"},
        None,
    ],
)
def test_terms_that_would_say_more_are_left_unused(definition: object) -> None:
    assert graph("x:a x:p x:b .", {"x": "urn:x:", "p": definition}) == [{"@id": "x:a", "x:p": {"@id": "x:b"}}]


@pytest.mark.parametrize(
    "context", ["https://schema.org/", ["https://schema.org/"], {"@import": "https://schema.org/"}]
)
def test_a_context_elsewhere_is_refused(context: object) -> None:
    with pytest.raises(InputError, match="another document"):
        exported([], "jsonld", context={"@context": context})


def test_large_graphs_nest_blank_nodes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgtool.export.jsonld.NESTED_STATEMENTS", 2)
    assert graph("x:a x:p x:b, [ x:q 1 ] . x:b x:q 2 .") == [
        {"@id": "x:a", "x:p": [{"@id": "x:b"}, {"x:q": 1}]},
        {"@id": "x:b", "x:q": 2},
    ]


@given(literal=literals)
def test_native_values_lose_nothing(literal: Literal) -> None:
    quads = [Quad(NamedNode("urn:x:a"), NamedNode("urn:x:p"), literal)]
    assert same_as(read(exported(quads, "jsonld"), "jsonld")) == same_as(quads)


def test_an_empty_graph_is_a_document() -> None:
    assert json.loads(exported([], "jsonld")) == {"@context": {}, "@graph": []}
