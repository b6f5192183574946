"""Reading SPARQL texts: whatever comes in, an answer or an error of ours comes out, and tokens lose nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgtool import KgtoolError, KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.store.requests import read_query
from kgtool.store.tokens import tokens

WORDS = """
SELECT ASK CONSTRUCT DESCRIBE WHERE FROM NAMED GRAPH SERVICE PREFIX BASE INSERT DELETE DATA WITH USING CLEAR COPY MOVE
ADD DROP CREATE SILENT DEFAULT ALL TO FILTER OPTIONAL UNION MINUS VALUES BIND AS NOT EXISTS a { } ( ) [ ] . ; , * + ? !
| / ^ = < > && || ?s ?p ?o ?g $x _:b x:y : x: @fr ^^ 1 1.5 1e5 true <urn:x:a> <urn:kgtool:inferred> <relative> "text"
"""
PHRASES = [
    "<not closed",
    "'it''s'",
    '"""long "quoted" """',
    '"not closed',
    "# comment\n",
    "\\",
    "\u0000",
    "é",
    "{ ?s ?p ?o }",
    "SELECT * WHERE { ?s ?p ?o }",
    "INSERT DATA { <urn:x:a> <urn:x:b> 1 }",
]
PIECES = st.sampled_from([*WORDS.split(), *PHRASES])
TEXTS = st.one_of(st.lists(PIECES, max_size=12).map(" ".join), st.text(max_size=60))


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    path: Path = tmp_path_factory.mktemp("requests") / "store"
    with KnowledgeGraph.open(path, write=True, create=True, engine="none") as graph:
        graph.load(sources_of_bytes(b"<urn:x:a> <urn:x:b> 1 .", name="x", graph="urn:x:g", format="turtle"))
        yield graph


@given(TEXTS)
def test_tokens_stand_in_order_and_leave_out_only_space_and_comments(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert text[token.start : token.end] == token.text
        between = text[end : token.start]
        assert not between.strip() or between.lstrip().startswith("#")
        end = token.end
    rest = text[end:].lstrip()
    assert not rest or rest.startswith("#")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TEXTS)
def test_any_query_gives_an_answer_or_an_error_of_ours(kg: KnowledgeGraph, text: str) -> None:
    with suppress(KgtoolError):
        for _ in kg.query(text):
            pass


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TEXTS)
def test_any_update_is_done_or_gives_an_error_of_ours(kg: KnowledgeGraph, text: str) -> None:
    before, failed = kg.commit, True
    with suppress(KgtoolError):
        kg.update(text)
        failed = False
    assert not failed or kg.commit == before


@pytest.mark.parametrize(
    "text",
    [
        "SELECT" + " * " + "{" * 50_000,
        "SELECT ?x FROM <urn:x:g> " + "a." * 50_000,
        "FROM " + "x" * 100_000 + ":",
        "FROM '" + "\\'" * 50_000,
        'FROM """' + '"' * 1 + "a" * 100_000,
        "FROM _:" + "." * 100_000,
        "FROM #" + "#" * 100_000,
    ],
)
def test_reading_a_hostile_text_takes_linear_time(text: str) -> None:
    seen = sum(1 for _ in tokens(text))
    assert seen <= len(text)


def test_dataset_clauses_are_read_where_they_stand() -> None:
    text = """PREFIX x: <urn:x:> SELECT ?from FROM x:one # FROM x:no
        FROM NAMED <urn:x:two> WHERE { ?from x:FROM "FROM <urn:x:no>" { SELECT * { } } }"""
    request = read_query(text)
    assert [str(g) for g in request.default_graphs or ()] == ["<urn:x:one>"]
    assert [str(g) for g in request.named_graphs or ()] == ["<urn:x:two>"]
    assert request.star is None
