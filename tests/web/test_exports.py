"""The graph as a file over HTTP."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from kgtool.graph import KnowledgeGraph


@pytest.mark.parametrize("format", ["turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml"])
def test_an_export_is_what_the_graph_exports(region: FlaskClient, region_store: Path, format: str) -> None:
    answer = region.get(f"/export?format={format}")
    assert answer.status_code == 200, answer.get_data()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with KnowledgeGraph.open(region_store) as graph:
        output = io.BytesIO()
        graph.export(format, output)
    assert answer.data == output.getvalue()
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_part_of_the_graph_is_exported(region: FlaskClient) -> None:
    graph = "urn:kgtool:source:rnsr-2022.ttl"
    answer = region.get("/export", query_string={"graph": graph}, headers={"Accept": "application/n-quads"})
    assert answer.mimetype == "application/n-quads"
    assert {quad.graph_name.value for quad in parse(answer.data, RdfFormat.N_QUADS)} == {graph}  # type: ignore[union-attr]
    inferred = region.get("/export?format=ntriples&only=inferred").data
    assert inferred
    assert not set(inferred.splitlines()) & set(region.get("/export?format=ntriples").data.splitlines())


@pytest.mark.parametrize(
    ("query", "status"),
    [("format=pdf", 406), ("format=turtle&only=some", 400), ("format=turtle&graph=no%20iri", 400),
     ("format=turtle&graph=urn:absent", 404)],
)  # fmt: skip
def test_a_wrong_export_is_a_problem(region: FlaskClient, query: str, status: int) -> None:
    answer = region.get(f"/export?{query}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
