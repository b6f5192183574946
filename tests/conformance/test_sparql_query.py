"""The W3C SPARQL 1.1 query suite: evaluation, result formats, syntax."""

from __future__ import annotations

import re
from functools import cache

import pytest
from pyoxigraph import BlankNode, parse

from kgtool.errors import QueryError

from .adapter import Adapter, Dataset
from .expected import RESULT_FORMATS, read_expected, read_results
from .manifest import Case, Document
from .suites import QUERY_EVALUATION, QUERY_NEGATIVE, QUERY_POSITIVE

pytestmark = pytest.mark.shared


def datasets(case: Case) -> list[Dataset]:
    """Give the ways to ask for the dataset of a test.

    The store's default graph holds what every source graph says. A test whose default graph has to be apart from
    the named ones, or that has no named ones and looks for some, names its dataset, as the protocol does.
    """
    text = case.action.path.read_text(encoding="utf-8")
    default_graphs = tuple(document.iri for document in case.data)
    named = Dataset(default_graphs, tuple(document.iri for document in case.named))
    if re.search(r"\bFROM\b", text):
        return [Dataset()]
    if case.named or re.search(r"\bGRAPH\b", text):
        return [named]
    return [Dataset(), Dataset(reasoning=False), *([named] if default_graphs else [])]


def can_overlap(case: Case) -> bool:
    """Whether loading the data once more, into another graph, must change nothing.

    Blank nodes of two files are never the same; and a query that looks into named graphs sees the second one.
    """
    text = case.action.path.read_text(encoding="utf-8")
    return (
        bool(case.data)
        and not case.named
        and not re.search(r"\b(GRAPH|FROM)\b", text)
        and all(map(_is_ground, case.data))
    )


@cache
def _is_ground(document: Document) -> bool:
    quads = parse(path=document.path, base_iri=document.iri)
    return not any(isinstance(term, BlankNode) for quad in quads for term in (quad.subject, quad.object))


def check(case: Case, adapter: Adapter, ways: list[Dataset]) -> None:
    """Compare the answer to the query of a test with what is expected: as terms in each of the ways, and serialised."""
    assert case.result is not None
    text = case.action.path.read_text(encoding="utf-8")
    # Behind the last brace stands the outermost ORDER BY, which makes the order of rows part of the answer.
    ordered = "order by" in text.rpartition("}")[2].lower()
    expected = read_expected(case.result)
    as_csv = case.result.path.suffix == ".csv"
    wanted = expected.lines(ordered=ordered)
    for way in ways:
        answer = adapter.query(text, case.action.iri, way)
        assert (answer.plain() if as_csv else answer).lines(ordered=ordered) == wanted, way
    if expected.graph is not None:
        return
    for format in RESULT_FORMATS.values() if expected.is_table else ("xml", "json"):
        answer = read_results(adapter.serialize(text, case.action.iri, ways[0], format), format)
        plain = as_csv or format == "csv"
        lines = (answer.plain() if plain else answer).lines(ordered=ordered)
        assert lines == (expected.plain().lines(ordered=ordered) if plain else wanted), format


@pytest.mark.suite("query", QUERY_EVALUATION)
def test_evaluation(case: Case, adapter: Adapter) -> None:
    adapter.hold(sorted({*case.data, *case.named}, key=lambda document: document.iri))
    check(case, adapter, datasets(case))


@pytest.mark.suite("query", QUERY_EVALUATION, only=can_overlap)
def test_evaluation_where_two_sources_say_the_same(case: Case, adapter: Adapter) -> None:
    both = [*case.data, *(Document(document.path, document.iri + "#again") for document in case.data)]
    adapter.hold(both)
    check(case, adapter, [Dataset(), Dataset(reasoning=False), Dataset(tuple(document.iri for document in both))])


@pytest.mark.suite("query", QUERY_POSITIVE)
def test_positive_syntax(case: Case, adapter: Adapter) -> None:
    adapter.query(case.action.path.read_text(encoding="utf-8"), case.action.iri, Dataset())


@pytest.mark.suite("query", QUERY_NEGATIVE)
def test_negative_syntax(case: Case, adapter: Adapter) -> None:
    with pytest.raises(QueryError):
        adapter.query(case.action.path.read_text(encoding="utf-8"), case.action.iri, Dataset())
