"""The same graph gives the same bytes: whatever the order, the labels, the repetitions, the room on disk."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kgtool.export import FORMATS
from tests.export.reading import READ_AS, exported, merge
from tests.strategies import datasets, xml_graphs

ALL_FORMATS = pytest.mark.parametrize("format", sorted(FORMATS))


def renamed(quads: list[Quad], prefix: str) -> list[Quad]:
    """Give the same graph under other blank node labels."""

    def term(node: object) -> object:
        return BlankNode(f"{prefix}{node.value[::-1]}") if isinstance(node, BlankNode) else node

    return [Quad(term(q.subject), q.predicate, term(q.object), term(q.graph_name)) for q in quads]


def test_every_format_is_read_back() -> None:
    assert set(READ_AS) == set(FORMATS)


@ALL_FORMATS
@given(data=st.data())
def test_order_labels_and_repetitions_do_not_matter(format: str, data: st.DataObject) -> None:
    quads = data.draw(xml_graphs if format == "rdfxml" else datasets)
    other = data.draw(st.permutations(renamed(quads, "z") + renamed(quads[::2], "z")))
    assert exported(other, format) == exported(quads, format)


@ALL_FORMATS
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_sorting_on_disk_does_not_matter(format: str, data: st.DataObject, tmp_path: Path) -> None:
    quads = data.draw(xml_graphs if format == "rdfxml" else datasets)
    assert exported(quads, format, spill=tmp_path, run_rows=2) == exported(quads, format)
    assert list(tmp_path.iterdir()) == []


@ALL_FORMATS
def test_many_runs_merge_into_one(format: str, tmp_path: Path) -> None:
    quads = [
        Quad(NamedNode(f"http://example.org/s{n % 97}"), NamedNode("urn:x:p"), Literal(f"é {n}")) for n in range(1500)
    ]
    random.Random(7).shuffle(quads)
    assert exported(quads + quads[:500], format, spill=tmp_path, run_rows=10) == exported(quads, format)


@given(quads=datasets)
def test_merge_formats_write_each_triple_once(quads: list[Quad]) -> None:
    lines = exported(quads, "ntriples").decode().split("\n")[:-1]
    assert len(lines) == len(set(lines))
    assert exported(merge(quads), "ntriples") == exported(quads, "ntriples")


@given(quads=datasets)
def test_lines_are_sorted_by_code_point(quads: list[Quad]) -> None:
    lines = exported(quads, "nquads").split(b"\n")[:-1]
    assert lines == sorted(set(lines))


def test_prefixes_in_another_order_change_nothing() -> None:
    quads = [Quad(NamedNode("urn:x:a"), NamedNode("urn:x:a/b"), NamedNode("urn:y:c"))]
    prefixes = {"y": "urn:y:", "x": "urn:x:", "xx": "urn:x:", "xa": "urn:x:a/"}
    for format in ("turtle", "jsonld", "rdfxml"):
        other = exported(quads, format, prefixes=dict(reversed(prefixes.items())))
        assert other == exported(quads, format, prefixes=prefixes)
