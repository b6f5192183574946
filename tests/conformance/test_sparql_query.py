"""The W3C SPARQL 1.1 query suite: evaluation, result formats, syntax."""

from __future__ import annotations

import re

import pytest

from kgtool.errors import QueryError

from .adapter import Adapter, Dataset
from .expected import RESULT_FORMATS, read_expected, read_results
from .manifest import Case
from .suites import QUERY_EVALUATION, QUERY_NEGATIVE, QUERY_POSITIVE

pytestmark = pytest.mark.shared


def datasets(case: Case, text: str) -> list[Dataset]:
    """Give the ways to ask for the dataset of a test.

    The store's default graph holds what every source graph says. A test whose default graph has to be apart from
    the named ones, or that has no named ones and looks for some, names its dataset, as the protocol does.
    """
    default_graphs = tuple(document.iri for document in case.data)
    named = Dataset(default_graphs, tuple(document.iri for document in case.named))
    if re.search(r"\bFROM\b", text):
        return [Dataset()]
    if case.named or re.search(r"\bGRAPH\b", text):
        return [named]
    return [Dataset(), Dataset(reasoning=False), *([named] if default_graphs else [])]


@pytest.mark.suite("query", QUERY_EVALUATION)
def test_evaluation(case: Case, adapter: Adapter) -> None:
    assert case.result is not None
    adapter.hold(sorted({*case.data, *case.named}, key=lambda document: document.iri))
    text = case.action.path.read_text(encoding="utf-8")
    # Behind the last brace stands the outermost ORDER BY, which makes the order of rows part of the answer.
    ordered = "order by" in text.rpartition("}")[2].lower()
    expected = read_expected(case.result)
    as_csv = case.result.path.suffix == ".csv"
    wanted = expected.lines(ordered=ordered)
    ways = datasets(case, text)
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


@pytest.mark.suite("query", QUERY_POSITIVE)
def test_positive_syntax(case: Case, adapter: Adapter) -> None:
    adapter.query(case.action.path.read_text(encoding="utf-8"), case.action.iri, Dataset())


@pytest.mark.suite("query", QUERY_NEGATIVE)
def test_negative_syntax(case: Case, adapter: Adapter) -> None:
    with pytest.raises(QueryError):
        adapter.query(case.action.path.read_text(encoding="utf-8"), case.action.iri, Dataset())
