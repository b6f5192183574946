"""What every engine infers, and what the contract leaves out; rule files and OWL together."""

from __future__ import annotations

import pytest

from kgtool import InputError, LimitError
from kgtool.reasoning.engine import Consequences, Engine
from kgtool.reasoning.engines import engine_named
from kgtool.reasoning.omitted import is_omitted
from kgtool.reasoning.rulefiles import read_rule

from .worlds import closed, written

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
engines = pytest.mark.parametrize("name", ["datalog", "owlrl"])


def engine(name: str, *rules: str) -> Engine:
    header = "# fr: une règle\n# en: a rule\n"
    return engine_named(name, [read_rule(header + rule, f"rule-{n}", f"{n}.rq") for n, rule in enumerate(rules)])


def close(name: str, text: str, *rules: str) -> Consequences:
    return closed(engine(name, *rules), text)


def inferred(name: str, text: str, *rules: str) -> set[str]:
    return written(close(name, text, *rules).inferred.added)


@engines
def test_chains_inverses_and_classes(name: str) -> None:
    found = inferred(
        name,
        ":uncle owl:propertyChainAxiom (:parent :brother) . :child owl:inverseOf :parent ."
        ":Man rdfs:subClassOf :Person ."
        ":a :parent :b . :b :brother :c . :c a :Man .",
    )
    assert {"<a> <uncle> <c>", "<b> <child> <a>"} <= found
    assert f"<c> {TYPE} <Person>" in found


@engines
def test_equal_individuals_share_what_is_said(name: str) -> None:
    found = inferred(name, ":a owl:sameAs :b . :b :p 1 . :c :q :a .")
    assert {'<a> <p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>', "<c> <q> <b>"} <= found
    assert "<b> <http://www.w3.org/2002/07/owl#sameAs> <a>" in found
    assert not any(t.split(" ")[0] == t.split(" ")[-1] and "sameAs" in t for t in found)


@engines
def test_nothing_that_the_contract_leaves_out(name: str) -> None:
    for text in (
        ":C a owl:Class . :p a owl:ObjectProperty . :q a owl:DatatypeProperty . :a a :C ; :p :b ; :q 1, 1.5, 'x' .",
        ":a :b :c .",
        ":p rdfs:range xsd:integer . :a :p 1 .",
    ):
        assert not [t for t in close(name, text).inferred.added if is_omitted(t)]
    assert inferred(name, ":a :b :c .") == set()


@engines
def test_what_is_left_out_still_counts_as_premise(name: str) -> None:
    assert f"<a> {TYPE} <Top>" in inferred(name, "owl:Thing rdfs:subClassOf :Top . :C a owl:Class . :a a :C .")


@engines
def test_classes_that_need_each_other_in_turn(name: str) -> None:
    text = """
        :Chair owl:equivalentClass [ owl:intersectionOf (:Person [ owl:onProperty :head ; owl:someValuesFrom :Unit ]) ].
        :Chair rdfs:subClassOf :Member . :Lab rdfs:subClassOf :Unit . :head rdfs:domain :Worker .
        :Worker rdfs:subClassOf :Person . :Office owl:equivalentClass [ owl:intersectionOf (:Led :Unit) ] .
        :Led owl:equivalentClass [ owl:onProperty :ledBy ; owl:someValuesFrom :Member ] . :ledBy owl:inverseOf :head .
        :a :head :b . :b a :Lab . :c :head :d .
    """
    found = inferred(name, text)
    assert {f"<a> {TYPE} <{kind}>" for kind in ("Chair", "Member", "Person", "Worker")} <= found
    assert {f"<b> {TYPE} <{kind}>" for kind in ("Unit", "Led", "Office")} <= found
    assert not {f"<c> {TYPE} <Chair>", f"<d> {TYPE} <Led>"} & found


@engines
def test_a_datatype_is_a_thing_where_types_are_looked_at(name: str) -> None:
    found = inferred(name, "rdf:type rdfs:range :Kind . :a :p 1 .")
    assert f"<http://www.w3.org/2001/XMLSchema#integer> {TYPE} <Kind>" in found


@engines
def test_literals_keep_the_form_of_the_store(name: str) -> None:
    found = inferred(name, ':p rdfs:subPropertyOf :q . :a :p 1.50, "1E0"^^xsd:double, "x"@fr, "2022"^^xsd:gYear .')
    values = {t.split(" ", 2)[2] for t in found if t.startswith("<a> <q>")}
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert values == {f'"1.5"^^<{xsd}decimal>', f'"1"^^<{xsd}double>', '"x"@fr', f'"2022"^^<{xsd}gYear>'}


@engines
@pytest.mark.parametrize(
    "text",
    [
        ":A owl:disjointWith :B . :a a :A, :B .",
        ":a owl:sameAs :b . :a owl:differentFrom :b .",
        ":a owl:differentFrom :a .",
        ":a a owl:Nothing .",
        ":p a owl:AsymmetricProperty . :a :p :b . :b :p :a .",
        ":p a owl:IrreflexiveProperty . :a :p :a .",
        "[] a owl:AllDifferent ; owl:members (:a :b :c) . :b owl:sameAs :c .",
        "[] a owl:AllDisjointProperties ; owl:members (:p :q) . :a :p :b ; :q :b .",
    ],
)
def test_clashes_are_found(name: str, text: str) -> None:
    assert close(name, text).clashes


@engines
def test_a_key_needs_all_its_properties_to_agree(name: str) -> None:
    text = ":C owl:hasKey (:p :q) . :a a :C ; :p 1 ; :q 2 . :b a :C ; :p 1 ; :q 2 . :c a :C ; :p 1 ; :q 3 . "
    found = inferred(name, text)
    assert "<a> <http://www.w3.org/2002/07/owl#sameAs> <b>" in found
    assert not any("<c>" in triple for triple in found if "sameAs" in triple)


@engines
def test_rules_and_owl_feed_each_other(name: str) -> None:
    rule = "PREFIX : <urn:x:> CONSTRUCT { ?a :near ?c } WHERE { ?a :next ?b . ?b :next ?c }"
    found = inferred(
        name,
        ":step rdfs:subPropertyOf :next . :near rdfs:subPropertyOf :next . :a :step :b . :b :step :c . :c :step :d .",
        rule,
    )
    assert {"<a> <near> <c>", "<a> <near> <d>"} <= found


@engines
def test_negation_in_rules_looks_at_what_is_asserted(name: str) -> None:
    rule = (
        "PREFIX : <urn:x:> CONSTRUCT { ?a :alone true } WHERE "
        "{ ?a a :Thing FILTER NOT EXISTS { GRAPH ?g { ?a :friend ?b } } }"
    )
    text = ":likes rdfs:subPropertyOf :friend . :a a :Thing ; :likes :b . :c a :Thing ; :friend :d ."
    found = inferred(name, text, rule)
    assert {t for t in found if "alone" in t} == {'<a> <alone> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>'}


ENDLESS = "PREFIX : <urn:x:> CONSTRUCT { ?a :next ?b } WHERE { ?x :next ?a BIND(IRI(CONCAT(STR(?a), 'x')) AS ?b) }"


def test_a_rule_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgtool.reasoning.owlrl_engine._MAX_ROUNDS", 20)
    with pytest.raises(LimitError, match="20 rounds"):
        close("owlrl", ":a :next :b .", ENDLESS)
    with pytest.raises(InputError, match="would never end"):
        close("datalog", ":a :next :b .", ENDLESS)


@engines
def test_a_list_in_a_circle_says_nothing(name: str) -> None:
    circle = ":p owl:propertyChainAxiom :l . :l rdf:first :q ; rdf:rest :l . :a :q :b . "
    assert inferred(name, circle + ":r rdfs:subPropertyOf :q . :c :r :d .") == {"<c> <q> <d>"}


@engines
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
    name: str, literal: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    clashes = close(name, f":a :p {literal} . :p rdfs:subPropertyOf :q .").clashes
    assert [clash for clash in clashes if "dt-not-type" in clash.text()]
    assert capfd.readouterr().err == ""
    assert caplog.records == []


@engines
@pytest.mark.parametrize(
    "literal",
    ['"INF"^^xsd:double', '"-INF"^^xsd:float', '"NaN"^^xsd:double', '"2022"^^xsd:gYear', '"x"^^xsd:token', "'y'"],
)
def test_a_literal_that_is_one_is_none(name: str, literal: str) -> None:
    assert close(name, f":a :p {literal} . :p rdfs:subPropertyOf :q .").clashes == ()
