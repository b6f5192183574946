"""The first engine: what it infers, what the contract leaves out, and the fixpoint with the rule files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from kgtool import LimitError, ParseError
from kgtool.reasoning.engine import Consequences
from kgtool.reasoning.engines import engine_named
from kgtool.reasoning.omitted import is_omitted
from kgtool.reasoning.rules import Rule, read_rules
from kgtool.store.change import QuadDelta, TripleDelta

HEADER = b"""
@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""


class Stated:
    """Facts that stand in one graph, with nothing inferred yet."""

    def __init__(self, text: str) -> None:
        graph = NamedNode("urn:x:g")
        parsed = parse(HEADER + text.encode(), RdfFormat.TURTLE)
        self._quads = [Quad(q.subject, q.predicate, q.object, graph) for q in parsed]

    def asserted(self) -> Iterable[Triple]:
        return {quad.triple for quad in self._quads}

    def quads(self) -> Iterable[Quad]:
        return self._quads

    def inferred(self) -> Iterable[Triple]:
        return ()


def close(text: str, *rules: str) -> Consequences:
    named = tuple(Rule(f"rule-{n}", rule, {"fr": "règle", "en": "rule"}) for n, rule in enumerate(rules))
    return engine_named("owlrl", named).consequences(QuadDelta(), TripleDelta(), Stated(text))


def inferred(text: str, *rules: str) -> set[str]:
    return {str(triple).replace("urn:x:", "") for triple in close(text, *rules).inferred.added}


def test_chains_inverses_and_classes() -> None:
    found = inferred(
        ":uncle owl:propertyChainAxiom (:parent :brother) . :child owl:inverseOf :parent ."
        ":Man rdfs:subClassOf :Person ."
        ":a :parent :b . :b :brother :c . :c a :Man ."
    )
    assert {"<a> <uncle> <c>", "<b> <child> <a>"} <= found
    assert "<c> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <Person>" in found


def test_equal_individuals_share_what_is_said() -> None:
    found = inferred(":a owl:sameAs :b . :b :p 1 . :c :q :a .")
    assert {'<a> <p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>', "<c> <q> <b>"} <= found
    assert "<b> <http://www.w3.org/2002/07/owl#sameAs> <a>" in found
    assert not any(t.split(" ")[0] == t.split(" ")[-1] and "sameAs" in t for t in found)


def test_nothing_that_the_contract_leaves_out() -> None:
    for text in (
        ":C a owl:Class . :p a owl:ObjectProperty . :q a owl:DatatypeProperty . :a a :C ; :p :b ; :q 1, 1.5, 'x' .",
        ":a :b :c .",
        ":p rdfs:range xsd:integer . :a :p 1 .",
    ):
        result = close(text).inferred.added
        assert not [t for t in result if is_omitted(t)]
    assert inferred(":a :b :c .") == set()


def test_what_is_left_out_still_counts_as_premise() -> None:
    assert "<a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <Top>" in inferred(
        "owl:Thing rdfs:subClassOf :Top . :C a owl:Class . :a a :C ."
    )


def test_literals_keep_their_form() -> None:
    found = inferred(':p rdfs:subPropertyOf :q . :a :p 1.50, "1E0"^^xsd:double, "x"@fr, "2022"^^xsd:gYear .')
    values = {t.split(" ", 2)[2] for t in found if t.startswith("<a> <q>")}
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert values == {f'"1.50"^^<{xsd}decimal>', f'"1E0"^^<{xsd}double>', '"x"@fr', f'"2022"^^<{xsd}gYear>'}


@pytest.mark.parametrize(
    "text",
    [
        ":A owl:disjointWith :B . :a a :A, :B .",
        ":a owl:sameAs :b . :a owl:differentFrom :b .",
        ":a owl:differentFrom :a .",
        ":a a owl:Nothing .",
        ":p a owl:AsymmetricProperty . :a :p :b . :b :p :a .",
        ":p a owl:IrreflexiveProperty . :a :p :a .",
    ],
)
def test_clashes_are_found(text: str) -> None:
    assert close(text).clashes


def test_rules_and_owl_feed_each_other() -> None:
    rule = "PREFIX : <urn:x:> CONSTRUCT { ?a :near ?c } WHERE { ?a :next ?b . ?b :next ?c }"
    found = inferred(
        ":step rdfs:subPropertyOf :next . :near rdfs:subPropertyOf :next . :a :step :b . :b :step :c . :c :step :d .",
        rule,
    )
    assert {"<a> <near> <c>", "<a> <near> <d>"} <= found


def test_negation_in_rules_looks_at_what_is_asserted() -> None:
    rule = (
        "PREFIX : <urn:x:> CONSTRUCT { ?a :alone true } WHERE "
        "{ ?a a :Thing FILTER NOT EXISTS { GRAPH ?g { ?a :friend ?b } } }"
    )
    found = inferred(":likes rdfs:subPropertyOf :friend . :a a :Thing ; :likes :b . :c a :Thing ; :friend :d .", rule)
    assert {t for t in found if "alone" in t} == {'<a> <alone> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>'}


def test_a_rule_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgtool.reasoning.owlrl_engine._MAX_ROUNDS", 20)
    rule = "PREFIX : <urn:x:> CONSTRUCT { ?a :next ?b } WHERE { ?x :next ?a BIND(IRI(CONCAT(STR(?a), 'x')) AS ?b) }"
    with pytest.raises(LimitError, match="20 rounds"):
        close(":a :next :b .", rule)


def test_a_list_in_a_circle_says_nothing() -> None:
    circle = ":p owl:propertyChainAxiom :l . :l rdf:first :q ; rdf:rest :l . :a :q :b . "
    assert inferred(circle + ":r rdfs:subPropertyOf :q . :c :r :d .") == {"<c> <q> <d>"}


GOOD = "# fr: voisin\n# en: neighbour\nCONSTRUCT { ?a <urn:x:n> ?b } WHERE { ?a <urn:x:p> ?b }\n"


def test_rule_files_are_read_with_their_labels(tmp_path: Path) -> None:
    (tmp_path / "near.rq").write_text(GOOD)
    [rule] = read_rules(tmp_path)
    assert (rule.name, rule.labels) == ("near", {"fr": "voisin", "en": "neighbour"})
    assert read_rules(tmp_path / "none") == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (GOOD.replace("# fr", "# de"), 1),
        ("# fr: a\n# en: b\nSELECT * WHERE { ?s ?p ?o }", 1),
        ("# fr: a\n# en: b\nCONSTRUCT { ?a ?b } WHERE { }", 3),
        (GOOD.replace("?a <urn:x:n> ?b }", "?a <urn:x:n> [] }"), 3),
        (GOOD.replace("?a <urn:x:n> ?b }", "_:new <urn:x:n> ?b }"), 3),
    ],
)
def test_wrong_rule_files_are_refused_with_their_place(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "wrong.rq").write_text(text)
    with pytest.raises(ParseError) as caught:
        read_rules(tmp_path)
    assert caught.value.where is not None
    assert (caught.value.where.file, caught.value.where.line) == (str(tmp_path / "wrong.rq"), line)


@pytest.mark.parametrize(
    "literal",
    [
        '""^^xsd:date',
        '"2020-02-31"^^xsd:date',
        '""^^xsd:dateTime',
        '""^^xsd:time',
        '"1.x"^^xsd:decimal',
        '""^^xsd:integer',
        '"x"^^xsd:hexBinary',
        '"maybe"^^xsd:boolean',
    ],
)
def test_a_literal_that_is_no_value_of_its_datatype_is_a_clash(
    literal: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    clashes = close(f":a :p {literal} . :p rdfs:subPropertyOf :q .").clashes
    assert [clash.message for clash in clashes if "dt-not-type" in clash.message]
    assert capfd.readouterr().err == ""
    assert caplog.records == []


@pytest.mark.parametrize(
    "literal",
    ['"INF"^^xsd:double', '"-INF"^^xsd:float', '"NaN"^^xsd:double', '"2022"^^xsd:gYear', '"x"^^xsd:token', "'y'"],
)
def test_a_literal_that_is_one_is_none(literal: str) -> None:
    assert close(f":a :p {literal} . :p rdfs:subPropertyOf :q .").clashes == ()
