"""What the service says of itself: the dataset, and the questions as examples."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from tests.questions.sample import QUESTIONS
from tests.web.conftest import TOKEN, Server


@pytest.mark.parametrize("path", ["/.well-known/void", "/sparql"])
def test_the_descriptions_list_the_questions_as_examples(sample: Server, path: str) -> None:
    answer = sample("GET", path, headers={"Accept": "text/turtle"})
    assert answer.status == 200
    said: dict[str, dict[str, list[str]]] = {}
    for quad in parse(answer.body, RdfFormat.TURTLE):
        name = quad.predicate.value.replace("#", "/").rpartition("/")[2]
        value = getattr(quad.object, "value", "")
        said.setdefault(str(getattr(quad.subject, "value", "")), {}).setdefault(name, []).append(value)
    for name in QUESTIONS:
        example = said[f"{sample.url}/ask/{name}"]
        assert "http://www.w3.org/ns/shacl#SPARQLExecutable" in example["type"]
        assert example["target"] == [f"{sample.url}/sparql"]
        assert len(example["title"]) == 2
        assert example["select"][0] in QUESTIONS[name]
    running = said[f"{sample.url}/ask/sizes"]["select"][0]
    assert sample.query(running).status == 200, "as it stands it is SPARQL, too"


def test_the_dataset_says_how_large_it_is_and_where_it_is_asked(sample: Server) -> None:
    answer = sample("GET", "/.well-known/void", headers={"Accept": "application/n-triples"})
    assert answer["Content-Type"] == "application/n-triples"
    dataset = f"{sample.url}/.well-known/void#dataset"
    void = "http://rdfs.org/ns/void#"
    facts = {
        (quad.predicate.value.removeprefix(void), getattr(quad.object, "value", ""))
        for quad in parse(answer.body, RdfFormat.N_TRIPLES)
        if getattr(quad.subject, "value", "") == dataset
    }
    count = json.loads(sample.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body)["results"]["bindings"][0]["n"][
        "value"
    ]
    assert ("triples", count) in facts
    assert ("sparqlEndpoint", f"{sample.url}/sparql") in facts
    dumps = [value for name, value in facts if name == "dataDump"]
    assert len(dumps) == 4
    for dump in dumps:
        assert sample("GET", dump.removeprefix(sample.url)).status == 200
    again = sample("GET", "/.well-known/void?format=ntriples", headers={"If-None-Match": answer["ETag"]})
    assert again.status == 304
    assert sample("GET", "/.well-known/void?format=csv").status == 406
    assert sample("GET", "/.well-known/void", headers={"Accept": "image/png"}).status == 406


def test_counts_follow_the_graph(small: Server) -> None:
    void = "http://rdfs.org/ns/void#"

    def sizes(path: str, of: str) -> dict[str, int]:
        """Give the number of triples by what a blank node stands for."""
        names: dict[str, str] = {}
        counts: dict[str, int] = {}
        for quad in parse(small("GET", path, headers={"Accept": "text/turtle"}).body, RdfFormat.TURTLE):
            if quad.predicate.value.endswith(of):
                names[str(quad.subject)] = str(getattr(quad.object, "value", ""))
            elif quad.predicate.value == f"{void}triples":
                counts[str(quad.subject)] = int(getattr(quad.object, "value", ""))
        return {name: counts[node] for node, name in names.items() if node in counts}

    assert sizes("/.well-known/void", "/source")["urn:g:one"] == 2
    before = sizes("/.well-known/void", "#property")["urn:q"]
    kind = {"Content-Type": "text/turtle", "Authorization": f"Bearer {TOKEN}".encode().decode("latin-1")}
    assert small("PUT", "/graphs?graph=urn:g:counted", "<urn:a> <urn:q> <urn:a>, <urn:c> .", kind).status == 201
    assert sizes("/.well-known/void", "/source")["urn:g:counted"] == 2
    assert sizes("/.well-known/void", "#property")["urn:q"] == before + 2
    assert small("DELETE", "/graphs?graph=urn:g:counted", headers=kind).status == 200
    assert "urn:g:counted" not in sizes("/.well-known/void", "/source")


def test_the_service_says_what_is_true(small: Server) -> None:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    said: dict[str, set[str]] = {}
    for quad in parse(small("GET", "/sparql").body, RdfFormat.TURTLE):
        said.setdefault(quad.predicate.value.removeprefix(sd), set()).add(str(getattr(quad.object, "value", "")))
    assert said["supportedLanguage"] == {f"{sd}SPARQL11Query", f"{sd}SPARQL11Update"}
    assert "http://www.w3.org/ns/formats/Turtle" in said["inputFormat"]
    assert "feature" not in said, "SERVICE reaches nothing here"


def test_a_resource_names_its_documents(own_store: Path, serve: Callable) -> None:
    with serve(own_store, KGTOOL_BASE="https://example.org/", KGTOOL_WRITE_TOKEN="t") as server:
        kind = {"Content-Type": "text/turtle", "Authorization": "Bearer t"}
        assert server("POST", "/graphs?default", "<https://example.org/ann> <urn:p> 1 .", kind).status == 201
        link = server("GET", "/id/ann", headers={"Accept": "text/turtle"})["Link"]
        addresses = [part.partition(">")[0] for part in link.split("<")[1:]]
        assert len(addresses) == 5
        for address in addresses:
            answer = server("GET", address)
            assert answer.status == 200
            assert link in answer["Link"]
