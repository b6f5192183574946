"""An empty store is filled by many batches, and holds all of them, or nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from kgtool.errors import StoreError
from kgtool.store import filling
from kgtool.store.oxigraph import OxigraphStore

G, H, P = NamedNode("urn:x:g"), NamedNode("urn:x:h"), NamedNode("urn:x:p")


def line(subject: object, value: object) -> bytes:
    return f"{subject} {P} {value} .\n".encode()


def numbered(first: int, last: int) -> list[tuple[bytes, Quad]]:
    things = [(NamedNode(f"urn:x:{n}"), Literal(f"_:{n} .\n")) for n in range(first, last)]
    return [(line(thing, value), Quad(thing, P, value, G)) for thing, value in things]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "_BATCH", 1000)
    monkeypatch.setattr(filling, "_LEAST", 100)
    monkeypatch.setattr(filling, "_SMALL", 300)


@pytest.mark.parametrize(
    ("expected", "size"),
    [(None, 1000), (0, 100), (150, 100), (1000, 500), (2000, 1000), (2001, 501), (3999, 1000), (5000, 834)],
)
def test_what_is_expected_is_cut_into_pairs(small_batches: None, expected: int | None, size: int) -> None:
    assert filling._size_of_batches(expected) == size


def test_blank_nodes_keep_their_names_across_batches_and_graphs(tmp_path: Path, small_batches: None) -> None:
    store = OxigraphStore(tmp_path / "quads")
    expected = set()
    with store.filling(5000) as filler:
        for n in range(200):
            node, thing = BlankNode(f"b{n % 7}"), NamedNode(f"urn:x:{n}")
            graph = (G, H)[n % 2]
            filler.add(line(node, Literal(n)) + line(thing, node) + line(thing, Literal("a _:b1 .")), graph)
            expected |= {
                Quad(node, P, Literal(n), graph),
                Quad(thing, P, node, graph),
                Quad(thing, P, Literal("a _:b1 ."), graph),
            }
            filler.add(f"{thing} {P} {node} .\n{node} {P} {thing} {H} .\n".encode(), None)
            expected |= {Quad(thing, P, node), Quad(node, P, thing, H)}
            if n % 50 == 0:
                filler.send()
        filler.finish()
    assert set(store.quads()) == expected


def test_files_go_in_whole_beside_what_else_is_added(tmp_path: Path, small_batches: None) -> None:
    store, node = OxigraphStore(tmp_path / "quads"), BlankNode("b1")
    pairs, others = numbered(0, 300), numbered(300, 340)
    named, plain = tmp_path / "named", tmp_path / "plain"
    named.write_bytes(b"".join(text for text, _ in pairs) + line(node, Literal("x")))
    plain.write_bytes(b"".join(text for text, _ in pairs) + line(NamedNode("urn:x:1"), node))
    (tmp_path / "none").touch()
    with store.filling() as filler:
        for file, graph in ((named, G), (plain, None), (tmp_path / "none", G)):
            filler.add_file(file, graph)
        for text, _ in others:
            filler.add(text, G)
        filler.finish()
    expected = {quad for _, quad in (*pairs, *others)} | {Quad(node, P, Literal("x"), G)}
    expected |= {Quad(quad.subject, P, quad.object) for _, quad in pairs} | {Quad(NamedNode("urn:x:1"), P, node)}
    assert set(store.quads()) == expected


def test_a_file_that_is_no_lines_or_is_gone_leaves_nothing(tmp_path: Path, small_batches: None) -> None:
    for text in (line(NamedNode("urn:x:a"), Literal(1)) * 90 + b"<urn:x:a> no\n", None):
        store, file = OxigraphStore(tmp_path / "quads"), tmp_path / "lines"
        file.write_bytes(text or b"")
        with store.filling() as filler:
            if text is None:
                file.write_bytes(b"".join(each for each, _ in numbered(0, 300)))
                for _ in range(2):
                    filler._workers.submit(time.sleep, 0.2)
                filler.add_file(file, G)
                file.unlink()
            else:
                filler.add_file(file, G)
            with pytest.raises((SyntaxError, StoreError)):
                filler.finish()
        assert list(store.quads()) == []
        store.close()


def test_what_is_filled_is_there_after_opening_anew(tmp_path: Path, small_batches: None) -> None:
    pairs = numbered(0, 300)
    store = OxigraphStore(tmp_path / "quads")
    with store.filling() as filler:
        for text, _ in pairs:
            filler.add(text, G)
        filler.finish()
    store.close()
    for read_only in (True, False):
        assert set(OxigraphStore(tmp_path / "quads", read_only=read_only).quads()) == {quad for _, quad in pairs}


def test_a_filling_that_does_not_finish_leaves_nothing(tmp_path: Path, small_batches: None) -> None:
    store = OxigraphStore(tmp_path / "quads")
    with store.filling() as filler:
        for text, _ in numbered(0, 300):
            filler.add(text, G)
    assert list(store.quads()) == []
    quad = Quad(NamedNode("urn:x:a"), P, Literal(1), G)
    store.apply([quad], [])
    store.close()
    assert list(OxigraphStore(tmp_path / "quads").quads()) == [quad]


def test_lines_that_are_none_leave_nothing(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path / "quads")
    with store.filling() as filler:
        filler.add(numbered(0, 1)[0][0], G)
        filler.send()
        filler.add(b"<urn:x:a> no\n", G)
        with pytest.raises(SyntaxError):
            filler.finish()
    assert list(store.quads()) == []


@pytest.mark.parametrize("read_only", [True, False])
def test_a_store_whose_filling_was_killed_is_empty(tmp_path: Path, small_batches: None, read_only: bool) -> None:
    folder = tmp_path / "quads"
    store = OxigraphStore(folder)
    filler = filling.Filling(store._store, folder)  # never closed, as in a process that was killed
    for text, _ in numbered(0, 300):
        filler.add(text, G)
    filler.send()
    filler._wait_for(len(filler._running))
    assert len(list(store.quads())) == 300
    store.close()
    del filler, store
    assert list(OxigraphStore(folder, read_only=read_only).quads()) == []
    assert list(OxigraphStore(folder).quads()) == []
    assert not filling.is_unfinished(folder)


def test_lines_as_oxigraph_writes_them_are_what_it_reads() -> None:
    text, quad = numbered(5, 6)[0]
    assert [each.triple for each in parse(text, RdfFormat.N_TRIPLES)] == [quad.triple]
