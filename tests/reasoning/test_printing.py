"""Rules in print: as somebody would write them by hand, and each unlike any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.reasoning.language import Rule
from kgtool.reasoning.language.printing import rule_text
from kgtool.reasoning.owl.reader import owl_rules
from kgtool.reasoning.rulefiles import read_rule, read_rules
from kgtool.vocabulary import PREFIXES

RULES = read_rules(Path(__file__).resolve().parent.parent.parent / "ontology" / "rules")
DECLARED = "".join(f"PREFIX {prefix}: <{name}>\n" for prefix, name in PREFIXES.items())


def written(text: str, directive: str = "") -> Rule:
    labels = f"# fr: voisin\n# en: neighbour\n{directive}\n"
    return read_rule(f"{labels}{DECLARED}PREFIX f: <https://w3id.org/kgtool/function#> {text}", "near", "near.rq")


def body(text: str) -> str:
    """Print what a rule holds besides one triple."""
    said = rule_text(written(f"CONSTRUCT {{ ?a kg:r ?b }} WHERE {{ ?a kg:p ?b . {text} }}"))
    flat = " ".join(line.strip() for line in said.splitlines())
    assert flat.startswith("?a kg:r ?b :- ?a kg:p ?b, ")
    return flat.removeprefix("?a kg:r ?b :- ?a kg:p ?b, ").removesuffix(".")


def test_no_two_rules_print_alike() -> None:
    texts = [rule_text(rule) for rule in (*owl_rules(), *RULES)]
    assert len(texts) == 78 + len(RULES)
    assert len(set(texts)) == len(texts)
    assert texts == [rule_text(rule) for rule in (*owl_rules(), *RULES)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cax-sco", "?x rdf:type ?d :- ?c rdfs:subClassOf ?d, ?x rdf:type ?c."),
        ("cls-nothing2", "false :- ?x rdf:type owl:Nothing."),
        ("cls-maxc1", "false :- ?c owl:maxCardinality 0, ?c owl:onProperty ?p, ?x rdf:type ?c, ?x ?p ?y."),
        ("cls-uni", "?x rdf:type ?c :- ?c owl:unionOf ?l, ?x rdf:type ?d, member(?l, ?d)."),
        ("prp-spo2", "?x ?p ?y :- ?p owl:propertyChainAxiom ?l, chain(?l, ?x, ?y)."),
        ("cls-int1", "?x rdf:type ?c :- ?c owl:intersectionOf ?l, each(?l, ?d) { ?x rdf:type ?d }."),
        (
            "prp-key",
            "?x owl:sameAs ?y :-\n  ?c owl:hasKey ?l,\n  ?x rdf:type ?c,\n  ?y rdf:type ?c,\n"
            "  each(?l, ?p; ?z) { ?x ?p ?z . ?y ?p ?z }.",
        ),
        (
            "prp-adp",
            "false :-\n  ?a rdf:type owl:AllDisjointProperties,\n  ?a owl:members ?l,\n  ?x ?p ?y,\n  ?x ?q ?y,\n"
            "  pair(?l, ?p, ?q).",
        ),
        ("scm-eqc1", "?c rdfs:subClassOf ?d , ?d rdfs:subClassOf ?c :- ?c owl:equivalentClass ?d."),
        ("cls-thing", "owl:Thing rdf:type owl:Class."),
        ("dt-eq", "literals(dt-eq)."),
        (
            "affiliated-with",
            "?person kg:affiliatedWith ?organization :-\n  ?affiliation kg:person ?person,\n"
            "  ?affiliation kg:institution ?organization.",
        ),
    ],
)
def test_a_rule_reads_as_if_written_by_hand(name: str, text: str) -> None:
    (rule,) = (rule for rule in (*owl_rules(), *RULES) if rule.name == name)
    assert rule_text(rule) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("GRAPH ?g { ?a kg:q ?c }", "asserted(?a kg:q ?c)"),
        ("GRAPH ?g { ?a kg:q ?c, 1 }", "asserted(?a kg:q ?c in ?g), asserted(?a kg:q 1 in ?g)"),
        ("GRAPH <urn:x:g> { ?a kg:q ?c }", "asserted(?a kg:q ?c in <urn:x:g>)"),
        ("GRAPH ?g { ?a kg:q ?c } FILTER(?g != ?a)", "asserted(?a kg:q ?c in ?g), ?g != ?a"),
        (
            "GRAPH ?g { ?a kg:q ?c } FILTER NOT EXISTS { GRAPH ?g { ?c kg:q ?a } }",
            "asserted(?a kg:q ?c in ?g), not(asserted(?c kg:q ?a in ?g))",
        ),
        (
            '?a kg:q true, -1, "x"@fr, "a\\"b", "2020"^^xsd:gYear, <urn:x:c>',
            '?a kg:q true, ?a kg:q -1, ?a kg:q "x"@fr, ?a kg:q "a\\"b", ?a kg:q "2020"^^xsd:gYear, ?a kg:q <urn:x:c>',
        ),
        ("FILTER((?a = 1 || ?b = 2) && !(?a < ?b))", "(?a = 1 || ?b = 2) && !(?a < ?b)"),
        ("FILTER(?a = 1 || ?b = 2 && !BOUND(?b))", "?a = 1 || ?b = 2 && !BOUND(?b)"),
        ("FILTER((?a = ?b) = (?b != ?a))", "(?a = ?b) = (?b != ?a)"),
        (
            'BIND(IRI(CONCAT(STR(?a), "/x")) AS ?n) FILTER(xsd:date(?b) > f:lastDay(?a))',
            '?n := IRI(CONCAT(STR(?a), "/x")), xsd:date(?b) > <https://w3id.org/kgtool/function#lastDay>(?a)',
        ),
        (
            "OPTIONAL { GRAPH ?g { ?a kg:q ?c } FILTER(?c > 1) } OPTIONAL { ?a kg:s ?d ; kg:t ?e }",
            "optionally(asserted(?a kg:q ?c), ?c > 1), optionally(?a kg:s ?d, ?a kg:t ?e)",
        ),
        (
            "{ SELECT ?a (MIN(?t) AS ?v) (COUNT(?d) AS ?w) "
            "{ GRAPH ?g { ?a kg:q ?d } BIND(STR(?d) AS ?t) FILTER(?d > 1) } GROUP BY ?a }",
            "?v := min(?t), ?w := count(?d) by ?a { asserted(?a kg:q ?d), ?t := STR(?d), ?d > 1 }",
        ),
        (
            "OPTIONAL { SELECT ?a ?b (MAX(?d) AS ?v) { GRAPH ?g { ?a kg:q ?d . ?d kg:q ?b } } GROUP BY ?a ?b }",
            "optionally(?v := max(?d) by ?a, ?b { asserted(?a kg:q ?d in ?g), asserted(?d kg:q ?b in ?g) })",
        ),
    ],
)
def test_each_part_of_a_body_is_written(text: str, said: str) -> None:
    assert body(text) == said


def test_the_widest_are_written_last() -> None:
    rule = written(
        "CONSTRUCT { ?n kg:a ?a ; kg:from ?b ; kg:until ?c } WHERE { ?a kg:p ?b ; kg:q ?c BIND(IRI(STR(?a)) AS ?n) }",
        "# widest: ?n by ?a over ?b - ?c unbounded, ?c - ?b empty",
    )
    assert rule_text(rule) == (
        "?n kg:a ?a , ?n kg:from ?b , ?n kg:until ?c :-\n  ?a kg:p ?b,\n  ?a kg:q ?c,\n  ?n := IRI(STR(?a)),\n"
        "  widest ?n by ?a over ?b - ?c unbounded, ?c - ?b empty."
    )


def test_prefixes_are_those_asked_for() -> None:
    rule = written("CONSTRUCT { ?a kg:r ?b } WHERE { ?a <urn:x:p> ?b . ?b <urn:x:p/q> ?a }")
    assert rule_text(rule, {"": "urn:x:"}) == (
        "?a <https://w3id.org/kgtool/ontology#r> ?b :- ?a :p ?b, ?b <urn:x:p/q> ?a."
    )
