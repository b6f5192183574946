"""The W3C RDF 1.1 suites (N-Triples, N-Quads, Turtle, TriG) through `load`, read back by a query."""

from __future__ import annotations

import pytest

from kgtool.errors import ParseError

from .adapter import Adapter
from .comparison import graph_lines
from .expected import read_expected
from .manifest import Case
from .suites import RDF_EVALUATION, RDF_NEGATIVE, RDF_POSITIVE

pytestmark = pytest.mark.shared


@pytest.mark.suite("rdf", RDF_EVALUATION)
def test_evaluation(case: Case, adapter: Adapter) -> None:
    assert case.result is not None
    adapter.hold([case.action])
    expected = read_expected(case.result).graph
    assert expected is not None
    assert graph_lines(adapter.quads(case.action)) == graph_lines(expected)


@pytest.mark.suite("rdf", RDF_POSITIVE)
def test_positive_syntax(case: Case, adapter: Adapter) -> None:
    adapter.load([case.action])


@pytest.mark.suite("rdf", RDF_NEGATIVE)
def test_negative_syntax(case: Case, adapter: Adapter) -> None:
    before = adapter.commit
    with pytest.raises(ParseError):
        adapter.load([case.action])
    assert adapter.commit == before
