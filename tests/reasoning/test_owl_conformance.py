"""The approved test cases of the W3C OWL 2 test suite for OWL 2 RL, through the command line, each in its own store.

Source: https://www.w3.org/2009/11/owl-test/ and https://www.w3.org/TR/owl2-conformance/, sections 3 and 4. A case may
be several tests at once. Premises are loaded with the documents that they import, as kgtool fetches none.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from kgtool.reasoning.owl.reader import owl_rules
from tests.forked import run_kgtool

from ..conftest import shared_folder

pytestmark = pytest.mark.shared

Case: TypeAlias = Mapping[str, Any]
Done: TypeAlias = subprocess.CompletedProcess[str]

#: Far above what any command of these tests needs; only a hang reaches it.
HANG = 240
#: Entailments that hold under a semantics that the suite names, and that no rule of tables 4 to 9 derives.
NOT_DERIVED = {
    "New-Feature-DisjointDataProperties-002": "No rule concludes owl:AllDifferent, or that individuals differ.",
    "New-Feature-DisjointObjectProperties-001": "No rule concludes that individuals differ.",
    "New-Feature-DisjointObjectProperties-002": "No rule concludes owl:AllDifferent, or that individuals differ.",
    "New-Feature-ObjectQCR-002": "No rule concludes that something is in a complement, or makes the class that is one.",
    "WebOnt-I4.6-005-Direct": "The conclusion is an annotation, which the direct semantics alone ignores.",
    "WebOnt-I5.8-008": "No rule intersects the ranges of a property, or knows which datatypes lie in which.",
    "WebOnt-differentFrom-001": "No rule turns owl:differentFrom round.",
    "WebOnt-equivalentClass-008-Direct": "As WebOnt-I4.6-005-Direct.",
    "chain2trans1": "No rule concludes owl:TransitiveProperty; what it would say of data follows by prp-spo2.",
    "owl2-rl-rules-ifp-differentFrom": "No rule concludes that individuals differ.",
}
#: Premises that the suite gives in functional-style syntax alone, by hand in Turtle.
TRANSLATED = {
    "string-integer-clash": """
        @prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        [] a owl:Ontology .
        :a a owl:NamedIndividual , [ a owl:Restriction ; owl:onProperty :hasAge ; owl:hasValue "aString"^^xsd:string ] .
        :hasAge a owl:DatatypeProperty ; rdfs:range xsd:integer .
    """,
}
#: How a contradiction names the rule that finds it.
RULE = re.compile("|".join(re.escape(f"({rule.name})") for rule in owl_rules() if not rule.head))


def cases() -> Iterator[Case]:
    for file in sorted((shared_folder() / "open-data" / "conformance").glob("owl2-rl-approved*.json")):
        yield from json.loads(file.read_text("utf-8"))


def for_each_case(kind: str) -> pytest.MarkDecorator:
    """Run a test for each case that is a test of a kind."""
    found = [pytest.param(case, id=case["id"]) for case in cases() if kind in case["types"]]
    return pytest.mark.parametrize("case", found or [pytest.param({"id": None}, id="no cases")])


@dataclass(frozen=True)
class Answers:
    """What the commands said: to the premise, to the graph once it is there, and to what may follow."""

    store: Path
    load: Done
    validate: Done
    follows: Done | None = None
    follows_not: Done | None = None


def answers_to(case: Case, folder: Path) -> Answers:
    """Run the commands of a case; none may end with a traceback."""
    folder.mkdir()

    def write(name: str, text: str) -> Path:
        path = folder / name
        path.write_text(text, "utf-8")
        return path

    def kgtool(*args: object) -> Done:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KGTOOL_")}
        words = ["--store", str(folder / "store"), *map(str, args)]
        told = run_kgtool(words, environment=kept, timeout=HANG)
        done = Done(words, told.returncode, told.stdout.decode(), told.stderr.decode())
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def entails(part: str) -> Done | None:
        return kgtool("entails", write(f"{part}.rdf", case[part])) if part in case else None

    imported = [write(f"imported-{number}.rdf", text) for number, (_, text) in enumerate(case.get("imports", ()))]
    if "rdfXmlPremiseOntology" in case:
        premise = write("premise.rdf", case["rdfXmlPremiseOntology"])
    else:
        premise = write("premise.ttl", TRANSLATED[case["id"]])
    return Answers(
        folder / "store",
        kgtool("load", premise, *imported),
        kgtool("validate"),
        entails("rdfXmlConclusionOntology"),
        entails("rdfXmlNonConclusionOntology"),
    )


@pytest.fixture(scope="module")
def under_way(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Answers]]]:
    """Let the cases run side by side, as each is a handful of processes; a test waits for its own."""
    folder = tmp_path_factory.mktemp("owl")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {case["id"]: pool.submit(answers_to, case, folder / str(n)) for n, case in enumerate(cases())}
        pool.shutdown(cancel_futures=True)


@pytest.fixture
def answers(case: Case, under_way: dict[str, Future[Answers]]) -> Answers:
    return under_way[case["id"]].result()


@for_each_case("ConsistencyTest")
def test_consistent(case: Case, answers: Answers) -> None:
    assert answers.load.returncode == 0, answers.load.stderr
    assert answers.validate.returncode == 0, answers.validate.stdout


@for_each_case("InconsistencyTest")
def test_inconsistent(case: Case, answers: Answers) -> None:
    """The premise is refused with the rule that finds it, and leaves nothing behind."""
    assert answers.load.returncode == 2
    assert RULE.search(answers.load.stderr), answers.load.stderr
    assert not answers.store.exists()
    assert answers.validate.returncode == 2


@for_each_case("PositiveEntailmentTest")
def test_entailed(case: Case, answers: Answers) -> None:
    assert answers.follows is not None
    expected = (1, "no") if case["id"] in NOT_DERIVED else (0, "yes")
    assert (answers.follows.returncode, answers.follows.stdout.split(";")[0].strip()) == expected, answers.follows


@for_each_case("NegativeEntailmentTest")
def test_not_entailed(case: Case, answers: Answers) -> None:
    assert answers.follows_not is not None
    assert (answers.follows_not.returncode, answers.follows_not.stdout.split(";")[0]) == (1, "no"), answers.follows_not


def test_every_case_is_run_and_every_exception_is_a_case(shared: Path) -> None:
    """A test of a kind that is unknown here would be left out in silence."""
    there = list(cases())
    kinds = {"ConsistencyTest", "InconsistencyTest", "PositiveEntailmentTest", "NegativeEntailmentTest"}
    assert {kind for case in there for kind in case["types"]} == kinds
    assert len({case["id"] for case in there}) == len(there) >= 30
    assert set(NOT_DERIVED) <= {case["id"] for case in there if "PositiveEntailmentTest" in case["types"]}
    assert set(TRANSLATED) == {case["id"] for case in there if "rdfXmlPremiseOntology" not in case}
    assert [reason for reason in NOT_DERIVED.values() if not reason.endswith(".")] == []
