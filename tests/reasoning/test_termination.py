"""Rules that make names out of names that they made are refused; those that only look alike are not."""

from __future__ import annotations

import pytest
from pyoxigraph import Triple

from kgtool import InputError, LimitError
from kgtool.reasoning.datalog_engine import DatalogEngine
from kgtool.reasoning.owl.axioms import Axioms
from kgtool.reasoning.program import program_of
from kgtool.reasoning.rulefiles import read_rule

from .worlds import closed, quads_of, written

HEADER = "# fr: une règle\n# en: a rule\nPREFIX : <urn:x:> PREFIX f: <https://w3id.org/kgtool/function#>\n"
MADE = 'BIND(IRI(CONCAT(STR(?x), "/made")) AS ?n)'


def programmed(texts: tuple[str, ...], axioms: str = "") -> None:
    rules = [read_rule(HEADER + text, f"rule-{number}", f"rule-{number}.rq") for number, text in enumerate(texts)]
    triples = [quad.triple for quad in quads_of(axioms)]
    program_of(Axioms((t.subject, t.predicate, t.object) for t in triples if isinstance(t, Triple)), rules)


ENDLESS = {
    "into its own class": ((f"CONSTRUCT {{ ?n a :C }} WHERE {{ ?x a :C {MADE} }}",), ""),
    "into any property": ((f"CONSTRUCT {{ ?n :p ?x }} WHERE {{ ?x ?any ?y {MADE} }}",), ""),
    "by a second rule": (
        (
            f"CONSTRUCT {{ ?n :of ?x }} WHERE {{ ?x a :C {MADE} }}",
            "CONSTRUCT { ?n a :C } WHERE { ?n :of ?x }",
        ),
        "",
    ),
    "by the axioms": (
        (f"CONSTRUCT {{ ?n :of ?x }} WHERE {{ ?x a :C {MADE} }}",),
        ":of rdfs:subPropertyOf :p . :p rdfs:domain :D . :D rdfs:subClassOf [ owl:unionOf ( :C :E ) ] ."
        " :D rdfs:subClassOf :C .",
    ),
    "by a chain": (
        (f"CONSTRUCT {{ ?n :of ?x }} WHERE {{ ?x :in ?y {MADE} }}",),
        ":in owl:propertyChainAxiom ( :of :of ) .",
    ),
    "as a text": (('CONSTRUCT { ?x :says ?w } WHERE { ?x :says ?v BIND(CONCAT(?v, "!") AS ?w) }',), ""),
    "as an encoded text": (("CONSTRUCT { ?x :says ?w } WHERE { ?x :says ?v BIND(ENCODE_FOR_URI(?v) AS ?w) }",), ""),
    "by choice": (
        ('CONSTRUCT { ?x :says ?w } WHERE { ?x :says ?v BIND(IF(?v = "a", CONCAT(?v, "!"), ?v) AS ?w) }',),
        "",
    ),
    "in two steps": (
        ("CONSTRUCT { ?n a :C } WHERE { ?x a :C BIND(CONCAT(STR(?x), '/') AS ?text) BIND(IRI(?text) AS ?n) }",),
        "",
    ),
}


@pytest.mark.parametrize("case", ENDLESS)
def test_what_would_never_end_is_refused(case: str) -> None:
    with pytest.raises(InputError, match=r"never end") as found:
        programmed(*ENDLESS[case])
    assert found.value.where is not None
    assert found.value.where.file == "rule-0.rq"


ENDING = {
    "from what sources assert": (f"CONSTRUCT {{ ?n a :C }} WHERE {{ ?x a :C . GRAPH ?g {{ ?x :p ?y }} {MADE} }}",),
    "into another class": (f"CONSTRUCT {{ ?n a :D }} WHERE {{ ?x a :C {MADE} }}",),
    "of parts that stay": (
        "CONSTRUCT { ?n a :Stay ; :person ?p ; :place ?q } WHERE { ?m a :Stay ; :person ?p ; :place ?o . ?o :below ?q"
        ' BIND(IRI(CONCAT("urn:x:stay/", ENCODE_FOR_URI(STR(?p)), "/", ENCODE_FOR_URI(STR(?q)))) AS ?n) }',
    ),
    "of values that are only chosen": (
        "CONSTRUCT { ?m :from ?day } WHERE { ?m :from ?a ; :since ?b BIND(IF(?a > ?b, ?a, ?b) AS ?day) }",
    ),
    "of values that come to an end": (
        "CONSTRUCT { ?m :from ?day } WHERE { ?m :from ?a BIND(f:firstDay(?a) AS ?day) }",
    ),
    "where the longer text only chooses": (
        "CONSTRUCT { ?x :says ?w } WHERE { ?x :says ?v ; :or ?u BIND(IF(CONCAT(?v, '!') = 'a!', ?u, ?v) AS ?w) }",
    ),
}


@pytest.mark.parametrize("case", ENDING)
def test_what_ends_is_not_refused(case: str) -> None:
    programmed(ENDING[case], ":below a owl:TransitiveProperty . :Stay rdfs:subClassOf :Thing .")


def test_parts_that_stay_are_combined_to_the_end() -> None:
    rule = read_rule(HEADER + ENDING["of parts that stay"][0], "stay", "stay.rq")
    found = closed(DatalogEngine((rule,)), ":s a :Stay ; :person :a ; :place :u . :u :below :v . :v :below :w .")
    places = {line.rpartition(" ")[2] for line in written(found.inferred.added) if "<place>" in line}
    assert places == {"<v>", "<w>"}


def test_names_that_equality_brings_back_end_by_their_length() -> None:
    made = f"CONSTRUCT {{ ?n :of ?x }} WHERE {{ ?x a :C BIND(IRI(CONCAT(STR(?x), '{'/made' * 60}')) AS ?n) }}"
    text = f":of a owl:InverseFunctionalProperty . :a a :C ; owl:sameAs <urn:x:a{'/made' * 60}> ."
    with pytest.raises(LimitError, match="a rule builds an IRI of"):
        closed(DatalogEngine((read_rule(HEADER + made, "made", "made.rq"),)), text)
