"""What goes with a person, on any graph: compared with a slow and plain reading of the same rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from kgtool.resources import packaged
from kgtool.transactions.forgetting.erasing import Erasure
from kgtool.transactions.forgetting.rules import rules_of
from kgtool.transactions.forgetting.statements import Statements
from kgtool.vocabulary import iri

PERSON = NamedNode("urn:person:1")
MEMBER, IDENTIFIER = iri("org", "member"), iri("schema", "identifier")
NODES = [PERSON, *(NamedNode(f"urn:n:{c}") for c in "abcd"), *(BlankNode(c) for c in "wxyz")]
PREDICATES = [MEMBER, IDENTIFIER, NamedNode("urn:p")]
GRAPHS = [NamedNode("urn:g:1"), NamedNode("urn:g:2"), PERSON]
quads = st.sets(
    st.builds(
        Quad,
        st.sampled_from(NODES),
        st.sampled_from(PREDICATES),
        st.sampled_from([*NODES, Literal("text")]),
        st.sampled_from(GRAPHS),
    ),
    max_size=25,
)


class InMemory:
    """Quads as a store gives them."""

    def __init__(self, quads: set[Quad]) -> None:
        self._store = Store()
        self._store.extend(quads)

    def quads(
        self, subject: object = None, predicate: object = None, object_: object = None, graph: object = None
    ) -> Iterator[Quad]:
        """Give those that match."""
        return self._store.quads_for_pattern(subject, predicate, object_, graph)  # type: ignore[arg-type]


def gone_by_the_rules(quads: set[Quad]) -> set[object]:
    """Give the nodes that go: the person; who has a member, and only gone ones; what hangs by gone nodes alone."""
    gone: set[object] = {PERSON}
    while True:
        more = {
            s
            for s in {q.subject for q in quads}
            if (members := {q.object for q in quads if (q.subject, q.predicate) == (s, MEMBER)}) and members <= gone
        }
        hangs = {
            q.object
            for q in quads
            if q.subject in gone
            and (isinstance(q.object, BlankNode) or (q.predicate == IDENTIFIER and isinstance(q.object, NamedNode)))
        }
        while True:
            kept = {n for n in hangs if {q.subject for q in quads if q.object == n} <= gone | hangs}
            if kept == hangs:
                break
            hangs = kept
        if (more | hangs) <= gone:
            return gone
        gone |= more | hangs


@given(quads, st.data())
def test_what_goes_is_what_the_rules_say(quads: set[Quad], data: st.DataObject) -> None:
    coming = {quad for quad in quads if data.draw(st.booleans())}
    rules = rules_of(packaged("ontology"))
    erasure = Erasure([PERSON], Statements(InMemory(quads - coming), coming), rules)
    gone = gone_by_the_rules(quads)
    assert erasure.gone == gone
    left = quads - erasure.removed
    assert not [quad for quad in left if PERSON in tuple(quad)]
    assert left == {q for q in quads if q.subject not in gone and q.object not in gone and q.graph_name not in gone}
    assert erasure.added == set()


@given(st.lists(st.sampled_from([PERSON, *NODES[1:5]]), max_size=6), st.booleans())
def test_a_list_keeps_its_other_members_in_their_order(members: list[NamedNode], named: bool) -> None:
    first, rest, nil = (iri("rdf", name) for name in ("first", "rest", "nil"))
    graph, owner = NamedNode("urn:g:1"), NamedNode("urn:article")
    cells = [NamedNode(f"urn:cell:{n}") if named else BlankNode(f"c{n}") for n in range(len(members))]
    ends = [*cells, nil]
    quads = {Quad(owner, NamedNode("urn:authors"), ends[0], graph)}
    for number, member in enumerate(members):
        quads |= {Quad(cells[number], first, member, graph), Quad(cells[number], rest, ends[number + 1], graph)}
    erasure = Erasure([PERSON], Statements(InMemory(quads)), rules_of(packaged("ontology")))
    left = (quads - erasure.removed) | (erasure.added - erasure.removed)
    found = []
    (cell,) = (q.object for q in left if q.subject == owner)
    while cell != nil:
        found += [q.object for q in left if (q.subject, q.predicate) == (cell, first)]
        (cell,) = (q.object for q in left if (q.subject, q.predicate) == (cell, rest))
    assert found == [member for member in members if member != PERSON]
    assert len(left) == 1 + 2 * len(found)


def test_rules_of_a_store_win_over_the_packaged_ones(tmp_path: Path) -> None:
    (tmp_path / "erasure.ttl").write_text("<urn:holds> a <https://w3id.org/kgtool/ontology#SubjectGoesToo> .")
    quads = {Quad(NODES[1], NamedNode("urn:holds"), PERSON, GRAPHS[0]), Quad(NODES[2], MEMBER, PERSON, GRAPHS[0])}
    assert Erasure([PERSON], Statements(InMemory(quads)), rules_of(tmp_path)).gone == {PERSON, NODES[1]}
    assert Erasure([PERSON], Statements(InMemory(quads)), rules_of(tmp_path / "none")).gone == {PERSON, NODES[2]}
