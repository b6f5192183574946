"""The language of rule files: what ``ontology/rules/README.md`` allows, so that they can become plain rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDFS, URIRef, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kgtool.vocabulary import PREFIXES

from .sources import RULE_FILES

KG = PREFIXES["kg"]
rule_file = pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)

#: Operators of the SPARQL algebra, as rdflib names them, that a WHERE may be made of.
PATTERNS = {"Project", "BGP", "Join", "Graph", "Filter", "Extend"}
EXPRESSIONS = {"RelationalExpression", "ConditionalAndExpression", "ConditionalOrExpression", "Builtin_NOTEXISTS"}
NEGATED = {"GroupGraphPatternSub", "GraphGraphPattern", "TriplesBlock"}


def complaints(text: str) -> list[str]:
    """List what a rule holds beyond the language of rules."""
    query = prepareQuery(text).algebra
    found = [] if query.name == "ConstructQuery" else [f"no CONSTRUCT: {query.name}"]
    for node in parts(query.p):
        if node.name not in PATTERNS | EXPRESSIONS | NEGATED:
            found.append(f"outside the language: {node.name}")
        if node.name == "BGP" and not all(isinstance(p, URIRef | Variable) for _, p, _ in node.triples):
            found.append("a path")
        if node.name in ("Graph", "GraphGraphPattern") and not isinstance(node.term, Variable):
            found.append(f"a graph by name: {node.term}")
        if node.name == "Builtin_NOTEXISTS":
            found += negation_complaints(node)
    return found


def negation_complaints(negation: CompValue) -> list[str]:
    """List what a NOT EXISTS looks at beyond asserted triples and the class hierarchy, which the axioms settle."""
    # Read as a plain mapping: on an expression of rdflib, an attribute is an evaluation.
    outside = [part for part in dict(negation)["graph"].part if part.name != "GraphGraphPattern"]
    if any(part.name != "TriplesBlock" for part in outside):
        return ["a negated pattern that is neither triples nor a graph"]
    predicates = {predicate for part in outside for triples in part.triples for predicate in triples[1::3]}
    return [f"negation over what follows: {predicate}" for predicate in predicates - {RDFS.subClassOf}]


def parts(node: object) -> Iterator[CompValue]:
    """Walk a parsed query, outermost operator first."""
    if isinstance(node, CompValue):
        yield node
        for key, value in node.items():
            if key != "_vars":
                yield from parts(value)
    elif isinstance(node, list | tuple):
        for item in node:
            yield from parts(item)


def test_there_are_rules() -> None:
    assert {"affiliated-with-membership", "employed-by", "supervised-by", "involves"} <= {p.stem for p in RULE_FILES}


@rule_file
def test_a_rule_keeps_to_the_language(path: Path) -> None:
    assert complaints(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("?a kg:p+ ?b", "a path"),
        ("?a kg:p ?b OPTIONAL { ?b kg:q ?c }", "LeftJoin"),
        ("{ ?a kg:p ?b } UNION { ?b kg:p ?a }", "Union"),
        ("?a kg:p ?b MINUS { ?b kg:q ?a }", "Minus"),
        ("{ SELECT ?a ?b WHERE { ?a kg:p ?b } }", "ToMultiSet"),
        ("{ SELECT ?a (COUNT(*) AS ?b) WHERE { ?a kg:p ?c } GROUP BY ?a }", "ToMultiSet"),
        ("?a kg:p ?b FILTER EXISTS { GRAPH ?g { ?b kg:q ?a } }", "Builtin_EXISTS"),
        ("?a kg:p ?b FILTER NOT EXISTS { ?b kg:q ?a }", "negation over what follows"),
        ("?a kg:p ?b FILTER NOT EXISTS { GRAPH ?g { ?b kg:q ?c } ?c kg:q ?a }", "negation over what follows"),
        ("?a kg:p ?b FILTER NOT EXISTS { GRAPH <urn:kgtool:inferred> { ?b kg:q ?a } }", "a graph by name"),
    ],
)
def test_the_check_sees_what_is_outside(body: str, complaint: str) -> None:
    found = complaints(f"PREFIX kg: <{KG}> CONSTRUCT {{ ?a kg:r ?b }} WHERE {{ {body} }}")
    assert any(complaint in line for line in found)


@rule_file
def test_a_rule_says_what_it_means(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"# fr: \S.{10,}", lines[0])
    assert re.fullmatch(r"# en: \S.{10,}", lines[1])
    assert sum(line.startswith("# ") for line in lines) >= 3
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", path.stem)


def test_no_two_rules_say_the_same() -> None:
    for line in (0, 1):
        labels = [path.read_text(encoding="utf-8").splitlines()[line] for path in RULE_FILES]
        assert len(labels) == len(set(labels))


@rule_file
def test_the_store_reads_a_rule_as_one_construct(path: Path) -> None:
    assert isinstance(ox.Store().query(path.read_text(encoding="utf-8")), ox.QueryTriples)


@rule_file
def test_a_rule_concludes_about_things_not_about_terms(path: Path) -> None:
    for subject, predicate, object_ in prepareQuery(path.read_text(encoding="utf-8")).algebra.template:
        assert isinstance(subject, Variable)
        assert isinstance(object_, Variable)
        assert predicate.startswith(KG)
