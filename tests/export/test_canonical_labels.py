"""Blank nodes get the labels of RDFC-1.0, or the export ends in time and says why."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from pyoxigraph import BlankNode, NamedNode, Quad

from kgtool.errors import LimitError
from kgtool.export import FORMATS, export
from kgtool.export.canonical import blank_nodes, canonical
from tests.export.reading import PREFIXES_USED, exported, same_as
from tests.strategies import datasets

KNOWS = NamedNode("http://xmlns.com/foaf/0.1/knows")


def complete_graph(size: int) -> list[Quad]:
    """Everybody knows everybody else: no node can be told from another, so that RDFC-1.0 tries every order."""
    nodes = [BlankNode(f"n{number}") for number in range(size)]
    return [Quad(one, KNOWS, other) for one in nodes for other in nodes if one != other]


@given(quads=datasets)
def test_other_quads_have_no_say_in_the_labels(quads: list[Quad]) -> None:
    assert exported(quads, "nquads").decode() == same_as(quads)


def test_nodes_that_look_alike_are_labelled_in_a_child() -> None:
    ring = [Quad(BlankNode(f"n{number}"), KNOWS, BlankNode(f"n{(number + 1) % 5}")) for number in range(5)]
    labels = {node.value for quad in canonical(ring, seconds=60) for node in blank_nodes(quad)}
    assert labels == {f"c14n{number}" for number in range(5)}


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_a_graph_that_needs_too_much_work_ends_in_a_limit(format: str) -> None:
    output = io.BytesIO()
    with pytest.raises(LimitError, match=r"12 blank nodes took more than 0\.5 s") as caught:
        export(complete_graph(12), format, output, prefixes=PREFIXES_USED, canonical_seconds=0.5)
    assert caught.value.exit_code == 3
    assert caught.value.hint
    assert output.getvalue() == b""


def test_many_alike_but_unrelated_nodes_are_no_burden() -> None:
    quads = [Quad(BlankNode(f"a{number}"), KNOWS, BlankNode(f"b{number}")) for number in range(2000)]
    assert exported(quads, "turtle").count(b"foaf:knows []") == 2000
