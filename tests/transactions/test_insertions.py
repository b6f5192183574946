"""Insertions that go to the store as one commit are what they would be one by one, or they do not go together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes

SCHEMA = b"""
<urn:p> <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> <urn:q> .
<urn:there> <urn:r> 1 .
"""


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True) as graph:
        graph.load(sources_of_bytes(SCHEMA, name="schema", graph="urn:g:schema", format="turtle"))
        yield graph


def test_plain_insertions_are_one_commit_with_a_report_each(graph: KnowledgeGraph) -> None:
    before = int(graph.commit.rpartition("-")[2])
    texts = [f"INSERT DATA {{ <urn:n{n}> <urn:r> {n} }}" for n in range(5)]
    texts.append("PREFIX x: <urn:> INSERT DATA { GRAPH x:g { x:a x:r 1, 2 } }; INSERT DATA { x:a x:r 3 }")
    texts.append("INSERT DATA { GRAPH <urn:g:schema> { <urn:there> <urn:r> 1 } }")
    reports = graph.insert_all(texts)
    assert reports is not None
    assert [report.added for report in reports] == [1, 1, 1, 1, 1, 3, 0]
    assert {report.commit for report in reports} == {graph.commit}
    assert int(graph.commit.rpartition("-")[2]) == before + 1
    assert graph.query("ASK { <urn:n3> <urn:r> 3 . <urn:a> <urn:r> 2, 3 }").answer


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:b> <urn:p> 1 }",  # something follows
        "INSERT DATA { <urn:a> <urn:r> 2 }",  # of the same node as the other
        "INSERT DATA { <urn:b> <urn:r> <urn:a> }",
        "DELETE DATA { <urn:b> <urn:r> 1 }",
        "INSERT { <urn:b> <urn:r> 1 } WHERE {}",
        "INSERT DATA { <urn:b> <urn:r> ",
        "INSERT DATA { GRAPH <urn:kgtool:inferred> { <urn:b> <urn:r> 1 } }",
    ],
)
def test_others_do_not_go_together_and_change_nothing(graph: KnowledgeGraph, text: str) -> None:
    before = graph.commit
    assert graph.insert_all(["INSERT DATA { <urn:a> <urn:r> 1 }", text]) is None
    assert graph.commit == before
    assert not graph.query("ASK { <urn:a> ?p ?o }").answer


TRIPLES = st.tuples(st.sampled_from("abcd"), st.sampled_from("pqr"), st.sampled_from(["1", "2", "<urn:a>", "<urn:e>"]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.lists(TRIPLES, min_size=1, max_size=3), min_size=2, max_size=4))
def test_together_they_are_what_they_are_one_by_one(
    parts: list[list[tuple[str, str, str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    texts = [f"INSERT DATA {{ {' '.join(f'<urn:{s}> <urn:{p}> {o} .' for s, p, o in part)} }}" for part in parts]
    told, held = [], []
    for together in (True, False):
        place = tmp_path_factory.mktemp("one") / "store"
        with KnowledgeGraph.open(place, write=True, create=True) as graph:
            graph.load(sources_of_bytes(SCHEMA, name="schema", graph="urn:g:schema", format="turtle"))
            reports = graph.insert_all(texts) if together else [graph.update(text) for text in texts]
            if reports is None:
                return
            told.append([(r.added, r.deleted, r.inferred, r.no_longer_inferred) for r in reports])
            held.append(sorted(map(str, graph.query("SELECT * { ?s ?p ?o }").solutions())))
    assert told[0] == told[1]
    assert held[0] == held[1]
