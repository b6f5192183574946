"""What the service says of itself: the dataset, and the questions as examples."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import RdfFormat, parse

from tests.questions.sample import QUESTIONS
from tests.web.conftest import Server


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
