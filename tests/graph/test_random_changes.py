"""Whatever is loaded, updated and unloaded in whatever order, the graph is what a plain model says it is."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Triple

from kgtool import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.vocabulary import iri

NODES = [NamedNode(f"urn:x:{name}") for name in "abc"]
GRAPHS = [NamedNode(f"urn:x:g{number}") for number in range(3)]
PREDICATES = [NamedNode("urn:x:p"), NamedNode("urn:x:q"), NamedNode("urn:x:r"), iri("rdfs", "subPropertyOf")]
QUADS = st.builds(
    Quad,
    st.sampled_from([*NODES, *PREDICATES[:3]]),
    st.sampled_from(PREDICATES),
    st.sampled_from([*NODES, *PREDICATES[:3]]),
    st.sampled_from(GRAPHS),
)
SETS = st.frozensets(QUADS, max_size=5)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("load"), SETS),
        st.tuples(st.just("replace"), SETS),
        st.tuples(st.just("update"), st.tuples(SETS, SETS)),
        st.tuples(st.just("unload"), st.sampled_from(GRAPHS)),
    ),
    min_size=1,
    max_size=6,
)


def closure(triples: set[Triple]) -> set[Triple]:
    """Close under sub-properties, for the few rules that these graphs can fire (prp-spo1, scm-spo, scm-eqp2)."""
    below, same = PREDICATES[3], iri("owl", "equivalentProperty")
    closed = set(triples)
    while True:
        sub = [t for t in closed if t.predicate == below]
        new = {Triple(t.subject, s.object, t.object) for s in sub for t in closed if t.predicate == s.subject}
        new |= {Triple(s.subject, below, o.object) for s in sub for o in sub if s.object == o.subject}
        new |= {Triple(s.subject, same, s.object) for s in sub if Triple(s.object, below, s.subject) in closed}
        new |= {Triple(t.object, below, t.subject) for t in closed if t.predicate == same}
        new |= {Triple(t.subject, below, t.object) for t in closed if t.predicate == same}
        if new <= closed:
            return {t for t in closed if t.subject != t.object or t.predicate not in (below, same) or t in triples}
        closed |= new


def lines(quads: frozenset[Quad]) -> str:
    return "".join(f"{quad} .\n" for quad in quads)


def blocks(quads: frozenset[Quad]) -> str:
    return " ".join(f"GRAPH {q.graph_name} {{ {q.triple} }}" for q in quads)


def triples_of(kg: KnowledgeGraph, *, reasoning: bool) -> list[Triple]:
    rows = kg.query("SELECT ?s ?p ?o { ?s ?p ?o }", reasoning=reasoning).solutions()
    return [Triple(*row) for row in rows]  # type: ignore[arg-type]


def check(kg: KnowledgeGraph, model: set[Quad]) -> None:
    asserted = {quad.triple for quad in model}
    found = triples_of(kg, reasoning=False)
    assert len(found) == len(set(found))
    assert set(found) == asserted
    everything = triples_of(kg, reasoning=True)
    assert len(everything) == len(set(everything))
    assert set(everything) == closure(asserted)
    rows = kg.query("SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }").solutions()
    assert sorted(map(str, (Quad(*row) for row in rows))) == sorted(map(str, model))  # type: ignore[arg-type]


@settings(max_examples=25)
@given(STEPS)
def test_the_graph_follows_every_change(steps: list[tuple[str, object]]) -> None:
    follow(steps)


@pytest.mark.long
@settings(max_examples=300)
@given(STEPS)
def test_the_graph_follows_very_many_changes(steps: list[tuple[str, object]]) -> None:
    follow(steps)


def follow(steps: list[tuple[str, object]]) -> None:
    model: set[Quad] = set()
    with (
        tempfile.TemporaryDirectory() as folder,
        KnowledgeGraph.open(Path(folder) / "store", write=True, create=True) as kg,
    ):
        for kind, what in steps:
            if kind in ("load", "replace") and isinstance(what, frozenset):
                text = lines(what) or "# nothing\n"
                kg.load(
                    sources_of_bytes(text.encode(), name="x", graph="urn:x:g0", format="nquads"),
                    replace=kind == "replace",
                )
                if kind == "replace":
                    named = {quad.graph_name for quad in what} | {GRAPHS[0]}
                    model = {quad for quad in model if quad.graph_name not in named}
                model |= what
            elif kind == "update" and isinstance(what, tuple):
                added, removed = what
                kg.update(f"DELETE DATA {{ {blocks(removed)} }} ; INSERT DATA {{ {blocks(added)} }}")
                model = (model - removed) | added
            elif isinstance(what, NamedNode) and any(quad.graph_name == what for quad in model):
                kg.unload([what.value])
                model = {quad for quad in model if quad.graph_name != what}
            check(kg, model)
        before = sorted(map(str, triples_of(kg, reasoning=True)))
        if model:
            kg.reason()
            assert sorted(map(str, triples_of(kg, reasoning=True))) == before
