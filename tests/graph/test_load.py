"""Loading, replacing, unloading: all files with their consequences, or nothing; what is reported and noted."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from kgtool import ForbiddenError, KnowledgeGraph, MissingError, ParseError, RefusedError
from kgtool.ingest import sources_of_bytes
from tests.graph.conftest import turtle

Rows = Callable[..., list[tuple[str, ...]]]
E = "https://example.org/"


def exported(kg: KnowledgeGraph, **options: str) -> bytes:
    output = BytesIO()
    kg.export("nquads", output, **options)  # type: ignore[arg-type]
    return output.getvalue()


def test_a_load_reports_what_it_read_and_added(kg: KnowledgeGraph) -> None:
    report = kg.load(turtle(":p rdfs:subPropertyOf :q . :a :p :b . :a :p :b .", "urn:x:one"))
    assert (report.read, report.added, report.inferred) == (3, 2, 1)
    assert report.commit == kg.commit
    assert kg.load(turtle(":a :p :b .", "urn:x:one")).added == 0
    assert set(report.as_json()) >= {"read", "added", "inferred", "seconds", "commit"}
    assert set(report.seconds) >= {"read", "reason", "write", "total"}


def test_one_broken_file_keeps_all_out(kg: KnowledgeGraph) -> None:
    kg.load(turtle(":a :p :b .", "urn:x:one"))
    before, commit = kg.stats(), kg.commit
    with pytest.raises(ParseError):
        kg.load([*turtle(":c :p :d .", "urn:x:two"), *turtle(":e :p :f .\n:g :p ", "urn:x:three")])
    assert kg.stats() == before
    assert kg.commit == commit


def test_replace_swaps_the_content_of_the_graphs_that_the_files_name(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":a :p :b .", "urn:x:one"))
    kg.load(turtle(":a :p :c .", "urn:x:two"))
    trig = b"@prefix : <https://example.org/> . :a :p 1 . <urn:x:two> { :a :p 2 }"
    kg.load(sources_of_bytes(trig, name="body", graph="urn:x:three", format="trig"), replace=True)
    assert rows("SELECT ?g ?o { GRAPH ?g { :a :p ?o } }") == [
        ("urn:x:one", E + "b"),
        ("urn:x:three", "1"),
        ("urn:x:two", "2"),
    ]


def test_replacing_by_nothing_empties_the_graph(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":a :p :b .", "urn:x:one"))
    kg.load(turtle("", "urn:x:one"), replace=True)
    assert rows("SELECT ?g { GRAPH ?g { ?s ?p ?o } }") == []


def test_blank_nodes_of_two_files_stay_apart(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load([*turtle("_:x :p 1 .", "urn:x:one"), *turtle("_:x :p 2 .", "urn:x:two")])
    assert rows("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s :p ?o }") == [("2",)]


def test_unload_takes_all_graphs_or_none(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load([*turtle(":a :p 1 .", "urn:x:one"), *turtle(":a :p 2 .", "urn:x:two")])
    with pytest.raises(MissingError):
        kg.unload(["urn:x:one", "urn:x:none"])
    with pytest.raises(ForbiddenError):
        kg.unload(["urn:kgtool:inferred"])
    assert rows("SELECT (COUNT(*) AS ?n) { :a :p ?o }") == [("2",)]
    assert kg.unload(["urn:x:one", "urn:x:two"]).deleted == 2


def test_provenance_says_what_was_loaded(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":a :p 1, 2 .", "urn:x:one"))
    asked = """SELECT ?name ?n { GRAPH <urn:kgtool:provenance> {
        ?load <http://www.w3.org/ns/prov#generated> <urn:x:one> ; <http://purl.org/dc/terms/source> ?name ;
              <http://rdfs.org/ns/void#triples> ?n } }"""
    assert rows(asked) == [("urn:x:one", "2")]


def test_inconsistent_data_are_refused_unless_allowed(kg: KnowledgeGraph, rows: Rows) -> None:
    kg.load(turtle(":A owl:disjointWith :B . :a a :A .", "urn:x:one"))
    with pytest.raises(RefusedError, match="inconsistent"):
        kg.load(turtle(":a a :B .", "urn:x:two"))
    assert rows("SELECT ?g { GRAPH ?g { :a a :B } }") == []
    kg.load(turtle(":a a :B .", "urn:x:two"), allow_inconsistent=True)
    assert not kg.validate().conforms


def test_validate_with_files_changes_nothing(kg: KnowledgeGraph) -> None:
    kg.load(turtle(":A owl:disjointWith :B . :a a :A .", "urn:x:one"))
    before = exported(kg, only="all")
    assert not kg.validate(turtle(":a a :B .", "urn:x:two")).conforms
    assert kg.validate().conforms
    assert exported(kg, only="all") == before


def test_reasoning_anew_finds_what_was_there(kg: KnowledgeGraph) -> None:
    kg.load(turtle(":p rdfs:subPropertyOf :q . :a :p :b .", "urn:x:one"))
    before = exported(kg, only="inferred")
    report = kg.reason()
    assert (report.asserted, report.inferred, report.engine) == (2, 1, "datalog")
    assert exported(kg, only="inferred") == before
    assert kg.reason("none").inferred == 0
    assert exported(kg, only="inferred") == b""
    assert kg.reason("owlrl").inferred == 1


def test_the_engine_is_kept(tmp_path: Path) -> None:
    with KnowledgeGraph.open(tmp_path / "s", write=True, create=True, engine="none") as kg:
        kg.load(turtle(":p rdfs:subPropertyOf :q . :a :p :b .", "urn:x:one"))
    with KnowledgeGraph.open(tmp_path / "s", write=True) as kg:
        assert kg.stats()["engine"] == "none"
        assert kg.load(turtle(":a :p :c .", "urn:x:two")).inferred == 0


def test_a_streamed_load_is_like_any_other(tmp_path: Path) -> None:
    text = "".join(f":a :p {n} . " for n in range(300)) + ":a :p 7 . _:b :q '''x\ny'''@fr ."
    answers = []
    for name, first in (("alone", ""), ("after", ":z :z :z .")):
        with KnowledgeGraph.open(tmp_path / name, write=True, create=True, engine="none") as kg:
            if first:
                kg.load(turtle(first, "urn:x:first"))
            report = kg.load(turtle(text, "urn:x:one"))
            answers.append((report.read, report.added, exported(kg, graph="urn:x:one")))
    assert answers[0] == answers[1]
    assert answers[0][:2] == (302, 301)


def test_a_broken_streamed_load_leaves_no_store(tmp_path: Path) -> None:
    with (
        KnowledgeGraph.open(tmp_path / "s", write=True, create=True, engine="none") as kg,
        pytest.raises(ParseError),
    ):
        kg.load(turtle(":a :p 1 .\n" * 1000 + ":a :p ", "urn:x:one"))
    assert not (tmp_path / "s").exists()


def test_export_chooses_graph_and_kind(kg: KnowledgeGraph) -> None:
    kg.load(turtle(":p rdfs:subPropertyOf :q . :a :p :b .", "urn:x:one"))
    kg.load(turtle(":a :p :b .", "urn:x:two"))
    assert exported(kg).count(b"\n") == 3
    assert exported(kg, only="inferred").count(b"\n") == 1
    assert exported(kg, only="all").count(b"\n") == 4
    assert exported(kg, graph="urn:x:two").count(b"\n") == 1
    assert exported(kg, graph="urn:kgtool:provenance")
    for missing in ("urn:x:none", "urn:kgtool:meta"):
        with pytest.raises(MissingError):
            exported(kg, graph=missing)


def test_describe_gives_a_resource_with_its_blank_nodes_and_what_points_to_it(kg: KnowledgeGraph) -> None:
    kg.load(turtle(":p rdfs:subPropertyOf :q . :a :p [ :r 1 ] . :z :r :a . :y :r :z .", "urn:x:one"))
    triples = {str(t).replace(E, "") for t in kg.describe(E + "a")}
    assert len(triples) == 4
    assert "<z> <r> <a>" in triples
    assert kg.describe(E + "nobody") == []
