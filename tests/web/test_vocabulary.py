"""``/query/vocabulary``: what an editor suggests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.vocabulary import PREFIXES
from kgtool.web.workbench import vocabulary
from tests.web.conftest import Server

KG = PREFIXES["kg"]


def by_iri(terms: list[dict[str, object]]) -> dict[object, dict[str, object]]:
    return {term["iri"]: term for term in terms}


def test_the_region_s_words_come_with_labels_and_counts(region: FlaskClient) -> None:
    answer = region.get("/query/vocabulary?lang=fr")
    found = json.loads(answer.data)
    assert {each["prefix"]: each["namespace"] for each in found["prefixes"]} == PREFIXES
    classes, properties = by_iri(found["classes"]), by_iri(found["properties"])
    assert classes[f"{KG}University"]["label"] == "Université"
    counted = region.get(
        "/sparql", query_string={"query": f"SELECT (COUNT(*) AS ?n) {{ ?x a <{KG}University> }}", "format": "csv"}
    )
    assert classes[f"{KG}University"]["things"] == int(counted.data.decode().split()[1])
    assert properties[f"{KG}affiliatedWith"]["triples"] > 0
    assert [term["things"] for term in found["classes"]] == sorted(
        (c["things"] for c in found["classes"]), reverse=True
    )
    of_class = {found["properties"][place]["iri"]: share for place, share in found["ofClasses"][f"{KG}University"]}
    assert of_class[f"{PREFIXES['rdfs']}label"] == 100
    assert f"{KG}possibleFrom" not in of_class
    english = json.loads(region.get("/query/vocabulary?lang=en").data)
    assert by_iri(english["classes"])[f"{KG}University"]["label"] == "University"
    again = region.get("/query/vocabulary?lang=fr", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "Accept-Language" in answer.headers["Vary"]


def test_without_time_for_classes_the_graph_s_own_counts_come(
    region: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary, "_SECONDS", 1e-6)
    monkeypatch.setattr(vocabulary, "_MOST_OF_CLASS", 99)  # which nothing kept answers
    found = json.loads(region.get("/query/vocabulary").data)
    assert found["ofClasses"] == {}
    assert found["classes"]
    assert found["properties"]


def test_a_graph_of_plain_rdf_has_prefixes_of_its_own(tmp_path: Path, serve: Callable) -> None:
    data = tmp_path / "plain.ttl"
    data.write_text(
        "@prefix c: <http://example.org/onto/cats.owl#> . @prefix d: <http://example.com/cats/> .\n"
        'c:tom a c:Cat ; c:name "Tom" ; d:owner c:tom ; <urn:p> "<b>" .',
        "utf-8",
    )
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True) as graph:
        graph.load(sources_of_bytes(data.read_bytes(), name="plain.ttl", graph="urn:g", format="turtle"))
    with serve(tmp_path / "store") as server:
        found = json.loads(server("GET", "/query/vocabulary").body)
    own = {each["prefix"]: each["namespace"] for each in found["prefixes"] if each["prefix"] not in PREFIXES}
    assert own == {"cats": "http://example.org/onto/cats.owl#", "cats2": "http://example.com/cats/"}
    assert found["classes"] == [{"iri": "http://example.org/onto/cats.owl#Cat", "things": 1}]
    assert {term["iri"] for term in found["properties"]} >= {"urn:p", "http://example.com/cats/owner"}


def test_an_empty_graph_has_no_words(tmp_path: Path, serve: Callable) -> None:
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True) as graph:
        graph.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
        graph.update("DELETE DATA { <urn:a> <urn:b> <urn:c> }")
    with serve(tmp_path / "store") as server:
        found = json.loads(server("GET", "/query/vocabulary").body)
    assert (found["classes"], found["properties"], found["ofClasses"]) == ([], [], {})
    assert len(found["prefixes"]) == len(PREFIXES)


def test_a_language_that_there_is_not_is_refused(small: Server) -> None:
    assert small("GET", "/query/vocabulary?lang=de").status == 400
