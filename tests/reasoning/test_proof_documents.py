"""Explanations as JSON and as RDF, whatever the proofs are."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from kgtool.export import export
from kgtool.reasoning.language import Fact
from kgtool.reasoning.proofs import Explanation, Origin, Said, Step
from kgtool.reasoning.proofs.as_json import contradictions_document, explanation_document
from kgtool.reasoning.proofs.prov import contradiction_quads, explanation_quads
from kgtool.reasoning.proofs.text import as_text, explanation_blocks
from kgtool.vocabulary import PREFIXES

from .json_schema import Schema
from .known_labels import Known, x
from .told import BORN, DAYS, FAMILY, UNCLE, Told

SCHEMA = Schema(Path(__file__).resolve().parents[2] / "docs" / "explanation.schema.json")
CLASH = ":A owl:disjointWith :B . :p rdfs:domain :B . :ada a :A ; :p :ben ."
TOLD: dict[str, tuple[Told, str]] = {
    "chain": (Told(UNCLE), ":ada :uncle :carl ."),
    "said": (Told(UNCLE, ":ada :uncle :carl ."), ":ada :uncle :carl ."),
    "file": (Told(DAYS, rule=BORN), ":ada :elder :ben ."),
    "missing": (Told(UNCLE), ":ada :uncle :ada ."),
    "denying": (Told(DAYS, ":ada :adoptedBy :carl .", rule=BORN), ":ada :elder :ben ."),
    "something": (Told(":p rdfs:domain :C ."), ":ada a :C ."),
    "literal": (Told(':ada :says "hé"@fr . :says rdfs:subPropertyOf :tells .'), ':ada :tells "hé"@fr .'),
}


def uri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def triple(subject: str, predicate: str, value: str) -> dict[str, Any]:
    return {"subject": uri(subject), "predicate": uri(predicate), "object": uri(value)}


@pytest.mark.parametrize(("told", "question"), TOLD.values(), ids=TOLD)
def test_the_json_is_as_its_schema_says(told: Told, question: str) -> None:
    document = explanation_document(told.explained(question, limit=3))
    assert SCHEMA.errors(json.loads(json.dumps(document))) == []


def test_the_json_of_contradictions_is_as_its_schema_says() -> None:
    document = contradictions_document(Told(CLASH).clashing())
    assert SCHEMA.errors(json.loads(json.dumps(document))) == []
    assert document["consistent"] is False
    assert [step["rule"]["name"] for step in document["contradictions"]] == ["cax-dw"]
    assert SCHEMA.errors(contradictions_document([])) == []
    assert contradictions_document([])["consistent"] is True


def test_the_schema_refuses_what_it_does_not_describe() -> None:
    right = explanation_document(TOLD["chain"][0].explained(TOLD["chain"][1]))
    assert SCHEMA.errors(right) == []
    assert SCHEMA.errors({**right, "more": 1})
    assert SCHEMA.errors({name: value for name, value in right.items() if name != "holds"})
    assert SCHEMA.errors({**right, "proofs": [{**right["proofs"][0], "size": 0}]})


def test_a_proof_as_json() -> None:
    document = explanation_document(TOLD["chain"][0].explained(TOLD["chain"][1]))
    (proof,) = document["proofs"]
    assert document["triple"] == proof["triple"] == triple("urn:x:ada", "urn:x:uncle", "urn:x:carl")
    assert (document["holds"], document["said"], document["missing"]) == (True, [], [])
    assert (proof["step"], proof["size"], proof["depth"]) == (1, 4, 1)
    assert proof["rule"]["name"] == "prp-spo2"
    assert proof["rule"]["source"] == "OWL 2 Profiles, table 5"
    assert proof["rule"]["labels"].keys() == {"en", "fr"}
    assert [term["value"] for term in proof["lists"][0]["members"]] == ["urn:x:parent", "urn:x:brother"]
    axiom, parent, brother = proof["premises"]
    assert axiom["triple"]["object"] == proof["lists"][0]["head"]
    assert parent["triple"] == triple("urn:x:ada", "urn:x:parent", "urn:x:ben")
    assert brother["triple"] == triple("urn:x:ben", "urn:x:brother", "urn:x:carl")
    assert parent["said"] == [{"graph": uri(FAMILY.value), "source": "a file", "when": "2026-02-01T10:00:00Z"}]


def test_what_is_missing_as_json() -> None:
    document = explanation_document(TOLD["something"][0].explained(TOLD["something"][1]))
    assert document["holds"] is False
    (miss,) = document["missing"]
    assert miss["missing"] == [
        {"subject": uri("urn:x:ada"), "predicate": uri("urn:x:p"), "object": {"type": "variable", "value": "y"}}
    ]


def test_what_nobody_says_as_json() -> None:
    document = explanation_document(TOLD["file"][0].explained(TOLD["file"][1]))
    (((pattern,),),) = [proof["denied"] for proof in document["proofs"]]
    assert pattern["predicate"] == uri("urn:x:adoptedBy")
    assert pattern["object"]["type"] == "variable"


def turtle(quads: Any) -> bytes:
    output = io.BytesIO()
    export(quads, "turtle", output, prefixes=PREFIXES)
    return output.getvalue()


def graph_of(data: bytes) -> Store:
    store = Store()
    store.load(data, RdfFormat.TURTLE)
    return store


def select(store: Store, text: str) -> set[tuple[str, ...]]:
    prefixes = "".join(f"PREFIX {prefix}: <{namespace}> " for prefix, namespace in PREFIXES.items())
    rows: Any = store.query(f"{prefixes} PREFIX : <urn:x:> {text}")
    return {tuple(term.value for term in row) for row in rows}


def test_a_proof_as_prov() -> None:
    store = graph_of(turtle(explanation_quads(TOLD["chain"][0].explained(TOLD["chain"][1]))))
    spoken = "rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o"
    made = select(store, f"SELECT ?s ?p ?o {{ ?step a prov:Activity ; prov:generated [ a rdf:Statement ; {spoken} ] }}")
    assert made == {("urn:x:ada", "urn:x:uncle", "urn:x:carl")}
    used = f"?step prov:used [ {spoken} ; prov:hadPrimarySource ?source ] FILTER(!isBlank(?o))"
    assert select(store, f"SELECT ?s ?p ?o ?source {{ {used} }}") == {
        ("urn:x:ada", "urn:x:parent", "urn:x:ben", FAMILY.value),
        ("urn:x:ben", "urn:x:brother", "urn:x:carl", FAMILY.value),
    }
    chain = "?axiom rdf:object ?list . ?list rdf:first ?one ; rdf:rest [ rdf:first ?two ; rdf:rest () ]"
    assert select(store, f"SELECT ?one ?two {{ {chain} }}") == {("urn:x:parent", "urn:x:brother")}
    plan = "?step prov:qualifiedAssociation [ prov:hadPlan [ a prov:Plan ; rdfs:label ?label ] ]"
    labels = select(store, f"SELECT ?label (LANG(?label) AS ?tag) {{ {plan} }}")
    assert {tag for _, tag in labels} == {"en", "fr"}
    assert not select(store, "SELECT ?x { :ada :uncle ?x }"), "what is explained is not asserted"


def test_the_same_proof_gives_the_same_bytes() -> None:
    told, question = TOLD["file"]
    again = Told(DAYS, rule=BORN)
    assert turtle(explanation_quads(told.explained(question))) == turtle(explanation_quads(again.explained(question)))


def test_what_does_not_hold_as_prov_is_a_statement_of_nobody() -> None:
    store = graph_of(turtle(explanation_quads(TOLD["missing"][0].explained(TOLD["missing"][1]))))
    assert select(store, "SELECT ?o { ?statement rdf:subject :ada ; rdf:object ?o }") == {("urn:x:ada",)}
    assert not select(store, "SELECT ?x { { ?x a prov:Activity } UNION { ?y prov:hadPrimarySource ?x } }")


def test_a_contradiction_as_prov_generates_nothing() -> None:
    store = graph_of(turtle(contradiction_quads(Told(CLASH).clashing())))
    found = "?step prov:qualifiedAssociation/prov:hadPlan ?rule FILTER NOT EXISTS { ?step prov:generated ?any }"
    assert select(store, f"SELECT ?rule {{ {found} }}") == {("urn:kgtool:rule:cax-dw",)}


def test_literals_stand_in_every_place_of_a_statement() -> None:
    """A fact of generalised RDF, as OWL's rules may need it for a premise."""
    fact: Fact = (Literal(1), NamedNode("urn:x:p"), Literal("é\n\x00", language="fr"))
    step = Step(fact, "rule", {"en": "Rule"}, "test")
    assert graph_of(turtle(explanation_quads(Explanation(fact, (), (step,)))))
    assert SCHEMA.errors(explanation_document(Explanation(fact, (), (step,)))) == []


def tower(height: int, *, shared: bool) -> Explanation:
    """A proof of so many steps, one on the other; with ``shared`` each is used twice by the next."""
    step: Step | Said = Said((x("c0"), x("p"), x("o")), (Origin(FAMILY),))
    for level in range(1, height + 1):
        premises: tuple[Step | Said, ...] = (step,)
        if shared:
            side: Fact = (x(f"d{level}"), x("p"), x("o"))
            premises = (step, Step(side, "aside", {"en": "Aside"}, "test", (step,)))
        step = Step((x(f"c{level}"), x("p"), x("o")), "up", {"en": "Up"}, "test", premises)
    assert isinstance(step, Step)
    return Explanation(step.fact, (), (step,))


@pytest.mark.parametrize("explanation", [tower(3000, shared=False), tower(300, shared=True)], ids=["deep", "shared"])
def test_proofs_of_any_depth_and_with_any_sharing_are_told(explanation: Explanation) -> None:
    """Written out as a tree, the second one would have 2³⁰⁰ leaves."""
    document = explanation_document(explanation)
    again = json.loads(json.dumps(document))
    assert SCHEMA.errors(again) == []
    steps, waiting = [], [*again["proofs"], *again["continued"]]
    while waiting:
        node = waiting.pop()
        if "step" in node:
            steps.append(node["step"])
            waiting += node["premises"]
    assert sorted(steps) == list(range(1, len(steps) + 1)), "each step is given once"
    lines = as_text(explanation_blocks(explanation, Known({}), "en")).splitlines()
    assert lines[2] == f"It follows in {len(steps)} steps:"
    assert len(lines) < 10 * len(steps)
    assert graph_of(turtle(explanation_quads(explanation)))


def test_sizes_and_depths_of_what_is_shared() -> None:
    (proof,) = explanation_document(tower(2, shared=True))["proofs"]
    # c2 from c1 and d2; d2 from c1; c1 from c0 and d1; d1 from c0.
    assert (proof["size"], proof["depth"]) == (10, 4)
    (proof,) = explanation_document(tower(100, shared=True))["proofs"]
    # A tower is twice the one below it and two more, and the lowest is a leaf: s(n) = 2 s(n - 1) + 2, s(0) = 1.
    assert proof["size"] == 3 * 2**100 - 2
