"""How a query is evaluated: its patterns by themselves, for whoever has the token and at the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kgtool.cli.answers import print_plan
from kgtool.errors import QueryError
from kgtool.graph import KnowledgeGraph
from kgtool.web.plans import PARTS, PlanTask, evaluate_plan
from tests.web.conftest import ROOT, TOKEN, environment

NUMBERS = """PREFIX : <urn:>
SELECT * WHERE {
  ?s :number ?n ; :text|:number ?t .
  GRAPH ?g { ?s :p* ?o FILTER(?o > 3) }
  OPTIONAL { ?s a ?c }
  FILTER NOT EXISTS { ?s :q ?q ; :p 1 }
}"""


@pytest.fixture
def plan(small_store: Path) -> Any:
    with KnowledgeGraph.open(small_store) as graph:

        def told(text: str, **more: Any) -> dict[str, Any]:
            parts = [json.loads(evaluate_plan(graph, PlanTask(text, part, **more))) for part in PARTS]
            return {name: value for part in parts for name, value in part.items()}

        yield told


def test_each_pattern_is_run_by_itself(plan: Callable[..., dict[str, Any]]) -> None:
    told = plan(NUMBERS)
    rows = {(row["pattern"], row.get("graph")): row["rows"] for row in told["patterns"]}
    assert rows[("?s <urn:number> ?n .", None)] == 1000
    assert rows[("?s <urn:text>|<urn:number> ?t .", None)] == 2000
    assert rows[("?s <urn:q> ?q .", None)] == 1
    assert rows[('?s <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .', None)] == 0
    assert rows[("?s <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ?c .", None)] == 2
    assert rows[("?s <urn:p>* ?o .", "?g")] > 3
    assert all(row["complete"] and row["seconds"] >= 0 for row in told["patterns"])
    assert told["whole"] == {"kind": "select", "rows": 0, "complete": True, "seconds": told["whole"]["seconds"]}
    assert "(LeftJoin" in told["algebra"]
    assert "?s <urn:number> ?n ." in told["algebra"]


def test_the_query_is_shown_as_it_is_put_to_the_store(plan: Callable[..., dict[str, Any]]) -> None:
    told = plan("SELECT * { GRAPH ?b { ?s ?p ?a FILTER(?b != <urn:kgtool:none>) } }")["dataset"]
    assert told["rewritten"] is True
    assert told["text"].startswith("SELECT ?b ?s ?p ?a {")
    assert "FILTER(?b NOT IN (<urn:kgtool:provenance>, <urn:kgtool:inferred>))" in told["text"]
    assert told["merged"] is False
    assert "urn:g:one" in told["namedGraphs"]
    assert "urn:kgtool:inferred" in told["defaultGraphs"]
    off = plan("ASK {}", reasoning=False)
    assert "urn:kgtool:inferred" not in off["dataset"]["defaultGraphs"]
    assert (off["dataset"]["rewritten"], off["whole"]["answer"]) == (False, True)


def test_patterns_see_the_graphs_of_the_query(plan: Callable[..., dict[str, Any]]) -> None:
    merged = plan("SELECT ?s FROM <urn:g:one> FROM <urn:g:two> { ?s <urn:p> ?o }")
    assert merged["dataset"]["merged"] is True
    assert merged["dataset"]["defaultGraphs"] == ["urn:g:one", "urn:g:two"]
    assert [row["rows"] for row in merged["patterns"]] == [2]
    one = plan("SELECT ?s { ?s ?p ?o }", default_graphs=("urn:g:one",))
    assert [row["rows"] for row in one["patterns"]] == [2]
    assert one["whole"]["rows"] == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("SELECT * { ?s ?p ?o . LATERAL { SELECT * { ?o ?q ?r } LIMIT 1 } }", "rdflib"),
        ("ASK " + "{" * 100 + "}" * 100, "levels"),
        ("SELECT (" + "(" * 50 + "1" + ")" * 50 + " AS ?x) {}", "nested"),
    ],
)
def test_what_rdflib_cannot_read_is_told_with_the_rest(
    plan: Callable[..., dict[str, Any]], text: str, why: str
) -> None:
    told = plan(text)
    assert why in told["note"]
    assert told["patterns"] is None
    assert told["whole"]["complete"] is True
    assert told["dataset"]["text"]


def test_a_run_is_stopped_at_its_time(plan: Callable[..., dict[str, Any]]) -> None:
    told = plan("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", seconds=0.2)
    assert told["whole"]["complete"] is False
    assert told["whole"]["rows"] > 0


def test_a_wrong_text_is_an_error(plan: Callable[..., dict[str, Any]]) -> None:
    with pytest.raises(QueryError):
        plan("SELECT nothing")


def test_the_command_prints_a_plan(small_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "SELECT * { ?s <urn:number> ?n }"
    done = subprocess.run(
        [sys.executable, "-m", "kgtool", "--store", str(small_store), "query", text, "--plan", "--json"],
        env=environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [row["rows"] for row in json.loads(done.stdout)["patterns"]] == [1000]
    with KnowledgeGraph.open(small_store) as graph:
        assert print_plan(graph, text, reasoning=True, as_json=False) == 0
    prose = capsys.readouterr().out
    assert "1000 rows" in prose
    assert "?s <urn:number> ?n ." in prose


def test_who_has_the_token_gets_a_plan_over_http(small: Any) -> None:
    path = "/sparql/plan?query=SELECT%20*%20%7B%20%3Fs%20%3Curn:number%3E%20%3Fn%20%7D"
    authorization = {"Authorization": "Bearer " + TOKEN.encode().decode("latin-1")}
    assert small("GET", path).status == 401
    answer = small("GET", path, headers=authorization)
    told = json.loads(answer.body)
    assert (answer.status, told["whole"]["rows"], told["patterns"][0]["rows"]) == (200, 1000, 1000)
    assert told["commit"]
    runaway = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    headers = {**authorization, "Content-Type": "application/sparql-query"}
    answer = small("POST", "/sparql/plan?timeout=1", runaway, headers)
    assert answer.status == 200, answer.body
    told = json.loads(answer.body)
    assert told["whole"]["outcome"] == "Out of time"
    assert len(told["patterns"]) == 3
    assert small("POST", "/sparql/plan", "SELECT nothing", headers).status == 400
