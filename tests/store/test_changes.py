"""A change is written as it is, whatever its terms, as data or by a function for each term."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kgtool.store import oxigraph
from kgtool.store.oxigraph import OxigraphStore

P, XSD = NamedNode("urn:x:p"), "http://www.w3.org/2001/XMLSchema#"
VALUES = (
    NamedNode("urn:x:é"),
    BlankNode("b1"),
    Literal('a "b" \\ \n\t\r\u0001 \U0001f600 {}'),
    Literal("x", language="fr-be"),
    Literal("1", datatype=NamedNode(f"{XSD}integer")),
    Literal("?x } ; DROP ALL", datatype=NamedNode("urn:x:type")),
)
GRAPHS = (DefaultGraph(), NamedNode("urn:x:g"), BlankNode("g1"))
QUADS = [Quad(subject, P, v, g) for subject in (P, BlankNode("s1")) for v in VALUES for g in GRAPHS]


@pytest.mark.parametrize("few", [0, 1_000])
def test_quads_come_and_go_with_their_terms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(oxigraph, "_FEW", few)
    store = OxigraphStore(tmp_path / "quads")
    store.apply(QUADS[::2], ())
    assert set(store.quads()) == set(QUADS[::2])
    store.apply(QUADS[1::2], QUADS[::4])
    assert set(store.quads()) == set(QUADS) - set(QUADS[::4])
    store.apply((), QUADS)
    assert not list(store.quads())
