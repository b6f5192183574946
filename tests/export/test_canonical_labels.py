"""Blank nodes get the labels of RDFC-1.0."""

from __future__ import annotations

from hypothesis import given
from pyoxigraph import BlankNode, NamedNode, Quad

from kgtool.export.canonical import canonical
from kgtool.export.canonical_work import blank_nodes
from tests.export.reading import exported, same_as
from tests.strategies import datasets

KNOWS = NamedNode("http://xmlns.com/foaf/0.1/knows")


@given(quads=datasets)
def test_other_quads_have_no_say_in_the_labels(quads: list[Quad]) -> None:
    assert exported(quads, "nquads").decode() == same_as(quads)


def test_nodes_that_look_alike_are_labelled() -> None:
    ring = [Quad(BlankNode(f"n{number}"), KNOWS, BlankNode(f"n{(number + 1) % 5}")) for number in range(5)]
    labels = {node.value for quad in canonical(ring, seconds=60) for node in blank_nodes(quad)}
    assert labels == {f"c14n{number}" for number in range(5)}


def test_many_alike_but_unrelated_nodes_are_no_burden() -> None:
    quads = [Quad(BlankNode(f"a{number}"), KNOWS, BlankNode(f"b{number}")) for number in range(2000)]
    assert exported(quads, "turtle").count(b"foaf:knows []") == 2000
