"""The index of names: as new as its graph after any change, whoever made it and however that ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.link.reconciliation import filling
from kgtool.link.reconciliation.answering import Reconciler
from kgtool.link.reconciliation.asked import Condition, Query, Value
from kgtool.link.reconciliation.index import Index
from kgtool.link.reconciliation.suggesting import suggested
from kgtool.link.reconciliation.words import likeness, words

PREFIXES = """
@prefix : <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
DATA = """
:Lab a owl:Class ; rdfs:label "Laboratory"@en .
:SmallLab rdfs:subClassOf :Lab ; rdfs:label "Small laboratory"@en .
:one a :SmallLab ; rdfs:label "Laboratory of Everything"@en , "Laboratoire de tout"@fr ; skos:altLabel "LET" ;
  schema:identifier [ schema:propertyID "RNSR" ; schema:value "200012345A" ] ; schema:sameAs <https://r.example/1> .
:two a :Lab ; rdfs:label "Laboratory of Nothing"@en .
:copy a :Lab ; rdfs:label "Laboratory of Everything"@en ; schema:sameAs :one .
"""


def load(store: Path, text: str, graph: str = "urn:g:labs") -> None:
    with KnowledgeGraph.open(store, write=True, create=True) as opened:
        sources = sources_of_bytes((PREFIXES + text).encode(), name="labs", graph=graph, format="turtle")
        opened.load(sources, replace=True)


def query(text: str, *types: str) -> Query:
    return Query((Condition("name", (Value(text),)),), types)


def best(reconciler: Reconciler, text: str, *types: str) -> list[str]:
    (found,) = reconciler.answer([query(text, *types)])
    return [each.thing.iri.rpartition("/")[2] for each in found.candidates]


def certain(reconciler: Reconciler, text: str) -> list[str]:
    (found,) = reconciler.answer([query(text)])
    return [each.thing.iri.rpartition("/")[2] for each in found.candidates if each.match]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    load(tmp_path / "store", DATA)
    return tmp_path / "store"


def dump(index: Index) -> list[set[tuple[object, ...]]]:
    """Everything that answers are made from, without the numbers of things."""
    run = index.connection.execute
    numbers = dict(run("SELECT id, iri FROM thing"))
    names = {(numbers[t], *rest) for t, *rest in run("SELECT thing, place, text, language, words, key FROM name")}
    postings = {(word, numbers[thing]) for word, thing in run("SELECT word, thing FROM posting")}
    identifiers = {(numbers[t], *rest) for t, *rest in run("SELECT thing, bare, register, shown FROM identifier")}
    counts = set(run("SELECT word, things FROM word"))
    things = set(run("SELECT iri, types, size FROM thing"))
    return [names, postings, identifiers, counts, things, {(index.commit.partition("-")[2], index.size)}]


def fresh(store: Path, file: Path) -> list[set[tuple[object, ...]]]:
    with KnowledgeGraph.open(store) as graph:
        index = Index(file)
        filling.refresh(index, graph)
        return dump(index)


def test_a_graph_that_marks_no_classes_offers_what_has_a_name(store: Path, tmp_path: Path) -> None:
    with KnowledgeGraph.open(store) as graph:
        reconciler = Reconciler(graph, Index(tmp_path / "names"))
        assert best(reconciler, "Laboratory of Everything", "https://example.org/Lab")[:2] == ["one", "copy"]
        assert best(reconciler, "Laboratoire de tout", "Small laboratory") == ["one"]
        assert best(reconciler, "LET")[0] == "one"
        assert "Lab" not in best(reconciler, "Laboratory")
        assert [thing.iri for thing in suggested(reconciler, "laboratory of not")] == ["https://example.org/two"]


def test_two_nodes_of_one_thing_do_not_stand_in_each_others_way(store: Path, tmp_path: Path) -> None:
    with KnowledgeGraph.open(store) as graph:
        (found,) = Reconciler(graph, Index(tmp_path / "names")).answer([query("Laboratory of Everything")])
    assert [(each.thing.iri[-3:], each.match) for each in found.candidates[:2]] == [("one", True), ("opy", False)]
    load(store, DATA.replace("schema:sameAs :one", 'skos:note "another one"'))
    with KnowledgeGraph.open(store) as graph:
        (found,) = Reconciler(graph, Index(tmp_path / "names")).answer([query("Laboratory of Everything")])
    assert [each.match for each in found.candidates[:2]] == [False, False]


def test_a_change_of_the_graph_is_a_change_of_the_index(store: Path, tmp_path: Path) -> None:
    index = Index(tmp_path / "names")
    with KnowledgeGraph.open(store) as graph:
        before = Reconciler(graph, index)
        assert certain(before, "Institute of Anything") == []
    load(store, DATA.replace("Laboratory of Nothing", "Institute of Anything").replace('"LET"', '"LDT"'))
    with KnowledgeGraph.open(store) as graph:
        after = Reconciler(graph, index)
        assert certain(after, "Institute of Anything") == ["two"]
        assert certain(after, "Laboratory of Nothing") == []
        assert dump(index) == fresh(store, tmp_path / "other")
    load(store, ":two a :Lab ; rdfs:label 'Alone' .")
    with KnowledgeGraph.open(store) as graph:
        assert best(Reconciler(graph, index), "Laboratory of Everything") == []
    assert dump(index) == fresh(store, tmp_path / "third")


def test_who_is_ended_in_the_middle_leaves_an_index_that_is_made_whole(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index(tmp_path / "names")
    monkeypatch.setattr(filling, "_PART", 1)
    count: Callable[..., None] = filling._count
    calls = []

    def dying(*given: object) -> None:
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        count(*given)

    monkeypatch.setattr(filling, "_count", dying)
    with KnowledgeGraph.open(store) as graph, pytest.raises(KeyboardInterrupt):
        Reconciler(graph, index)
    index.close()
    monkeypatch.setattr(filling, "_count", count)
    again = Index(tmp_path / "names")
    assert again.commit == ""
    with KnowledgeGraph.open(store) as graph:
        assert best(Reconciler(graph, again), "Laboratory of Everything")[0] == "one"
    assert dump(again) == fresh(store, tmp_path / "other")


_WORDS = st.text(st.characters(codec="utf-8"), max_size=30)


@settings(max_examples=50)
@given(_WORDS, _WORDS)
def test_likeness_is_a_share_and_the_same_both_ways_for_the_same_words(one: str, other: str) -> None:
    asked, held = words(one), words(other)
    assert 0.0 <= likeness(asked, held) <= 1.0
    assert likeness(asked, asked) == (1.0 if asked else 0.0)
    assert (likeness(asked, held) > 0.97) == (
        bool(asked) and (sorted(asked) == sorted(held) or "".join(asked) == "".join(held))
    )


@pytest.mark.parametrize(
    ("asked", "better", "worse"),
    [
        ("Universty of Oxfrod", "University of Oxford", "University of Oregon"),
        ("UMR 8199", "UMR8199", "UMR 8198"),
        ("F. Pattou", "François Pattou", "Paul Pattou"),
        ("Univ. Lille", "Université de Lille", "Université de Lorraine"),
        ("Pattou F", "Pattou François", "Patton Frank"),
        ("Saint-Omer", "Saint Omer", "Saint-Ouen"),
        ("Cœur", "coeur", "cour"),
        ("CHU Lille", "CHU de Lille", "CIC Lille"),
        ("centre hospitalier universitaire d'Amiens", "CHU d'Amiens", "Centre Hospitalier Universitaire de Lille"),
    ],
)
def test_names_are_as_alike_as_people_find(asked: str, better: str, worse: str) -> None:
    assert likeness(words(asked), words(better)) > likeness(words(asked), words(worse))


def test_nodes_that_are_the_same_as_others_are_not_the_same_as_one_another(tmp_path: Path) -> None:
    """The addresses of all nodes begin alike, with a digit in the host; only what names a thing identifies it."""
    base = "https://w3id.org/kgtool/id/"
    load(
        tmp_path / "store",
        f""":Lab a owl:Class . :a a :Lab ; rdfs:label "Laboratory"@en ; owl:sameAs <{base}here/a> .
        :b a :Lab ; rdfs:label "Laboratory"@en ; owl:sameAs <{base}here/b> .
        <{base}rnsr/201523884A> a :Lab ; rdfs:label "Mathematics"@en ;
            schema:identifier [ schema:propertyID "RNSR" ; schema:value "201523884A" ] .
        <{base}rnsr/201523884A/team/algebra> a :Lab ; rdfs:label "Algebra"@en .""",
    )
    with KnowledgeGraph.open(tmp_path / "store") as graph:
        reconciler = Reconciler(graph, Index(tmp_path / "names"))
        assert sorted(best(reconciler, "Laboratory")) == ["a", "b"]
        assert certain(reconciler, "Laboratory") == []
        for path, found in (("rnsr/201523884A/team/algebra", "algebra"), ("rnsr/201523884A", "201523884A")):
            assert best(reconciler, base + path)[0] == found
            assert certain(reconciler, base + path) == [found]
        assert best(reconciler, f"{base}here/c") == []


@pytest.mark.parametrize(
    ("text", "found"), [("Lilel", ["lille"]), ("iLlle", ["lille"]), ("Lilles", ["lille"]), ("Arras", [])]
)
def test_one_wrong_letter_of_five_is_a_misspelling(tmp_path: Path, text: str, found: list[str]) -> None:
    load(tmp_path / "store", ':City a owl:Class . :lille a :City ; rdfs:label "Lille"@fr .')
    with KnowledgeGraph.open(tmp_path / "store") as graph:
        assert best(Reconciler(graph, Index(tmp_path / "names")), text) == found
