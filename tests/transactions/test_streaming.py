"""A first load goes in one pass, and ends as any other load does: the same quads, or none."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from kgtool import KgtoolError, KnowledgeGraph, RefusedError
from kgtool.ingest import Source, sources_of_bytes, sources_of_files
from kgtool.reasoning.engines import engine_named
from kgtool.store.layout import read_state
from kgtool.transactions import streaming
from kgtool.transactions.streaming import may_stream

PREFIXES = """
@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
ONTOLOGY = ":uncle owl:propertyChainAxiom ( :parent :brother ) . :parent rdfs:domain :Child ; a owl:ObjectProperty ."
FAMILY = ":a :parent :b . :b :brother :c . _:x :parent :b ; :age '07'^^xsd:integer . [] :parent [ :brother :d ] ."
TWO_GRAPHS = "<urn:x:g> { :a :parent :b . :b :brother :c } <urn:x:h> { :a :parent :b . :e :parent :b }"


def given(text: str, name: str, format: str = "turtle") -> list[tuple[str, str, str]]:
    return [(text, name, format)]


def read_anew(files: Sequence[tuple[str, str, str]]) -> list[Source]:
    """Give sources, each of which can be read once."""
    return [
        source
        for text, name, format in files
        for source in sources_of_bytes((PREFIXES + text).encode(), name=name, graph=f"urn:x:{name}", format=format)
    ]


LOADS: dict[str, list[tuple[str, str, str]]] = {
    "one file": given(ONTOLOGY + FAMILY, "all"),
    "axioms apart": [*given(FAMILY, "family"), *given(ONTOLOGY, "ontology")],
    "named graphs, with a triple in two of them": [*given(TWO_GRAPHS, "two", "trig"), *given(ONTOLOGY, "ontology")],
    "the same file twice": [*given(ONTOLOGY + FAMILY, "one"), *given(ONTOLOGY + ":a :parent :b .", "other")],
    "equal things": given(ONTOLOGY + FAMILY + ":a owl:sameAs :aa . :c owl:sameAs :cc .", "equal"),
    "nothing that means anything": given(":a :p :b, 'x'@FR, '1.50'^^xsd:decimal, '2020-01-01Z'^^xsd:date .", "plain"),
    "nothing at all": given("", "empty"),
}


def everything(kg: KnowledgeGraph) -> bytes:
    output = io.BytesIO()
    kg.export("nquads", output, only="all")
    return output.getvalue()


def loaded(path: Path, files: Sequence[tuple[str, str, str]], *, first: bool) -> bytes:
    """Load sources into an empty store, or into one that was filled and emptied before."""
    with KnowledgeGraph.open(path, write=True, create=True) as kg:
        if not first:
            kg.load(read_anew(given(":something :else 1 .", "before")))
            kg.unload(["urn:x:before"])
        sources = read_anew(files)
        streams = may_stream(sources, read_state(kg._store), kg._engine, path / "absent")
        assert streams == first
        report = kg.load(sources)
        assert report.inferred == kg.stats()["inferred"]
        return everything(kg)


@pytest.mark.parametrize("name", LOADS)
def test_a_first_load_ends_as_any_other(tmp_path: Path, name: str) -> None:
    first, later = (loaded(tmp_path / str(first), LOADS[name], first=first) for first in (True, False))
    assert first == later


@pytest.mark.parametrize("name", LOADS)
def test_what_was_streamed_is_closed(tmp_path: Path, name: str) -> None:
    loaded(tmp_path / "store", LOADS[name], first=True)
    with KnowledgeGraph.open(tmp_path / "store", write=True) as kg:
        before = kg.commit, everything(kg)
        kg.reason()
        assert (kg.commit, everything(kg)) == before


BROKEN = {
    "not Turtle": [*given(ONTOLOGY, "ontology"), *given(":a :parent", "broken")],
    "not Turtle after much of it": given("".join(f":s{n} :p {n} .\n" for n in range(20_000)) + ":a :p", "broken"),
    "a contradiction": given(":p owl:propertyDisjointWith :q . :a :p :b ; :q :b .", "clash"),
    "a reserved graph": [*given(FAMILY, "family"), *given("<urn:kgtool:inferred> { :a :p :b }", "odd", "trig")],
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_first_load_that_fails_leaves_nothing(tmp_path: Path, name: str) -> None:
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True) as kg:
        with pytest.raises(KgtoolError):
            kg.load(read_anew(BROKEN[name]))
        assert everything(kg) == b""
        kg.load(read_anew(LOADS["one file"]))
        assert everything(kg) == loaded(tmp_path / "other", LOADS["one file"], first=True)


def test_a_contradiction_may_be_taken(tmp_path: Path) -> None:
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True) as kg:
        with pytest.raises(RefusedError, match="prp-pdw"):
            kg.load(read_anew(BROKEN["a contradiction"]))
        assert kg.load(read_anew(BROKEN["a contradiction"]), allow_inconsistent=True).added == 3
        assert [step.rule for step in kg.explain_clashes()] == ["prp-pdw"]


def test_few_data_with_shapes_and_other_engines_take_the_other_way(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text("")
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True) as kg:
        state = read_state(kg._store)
    sources = read_anew(LOADS["one file"])
    assert may_stream(sources, state, engine_named("datalog", ()), tmp_path / "absent")
    assert not may_stream(sources, state, engine_named("datalog", ()), shapes)
    large = tmp_path / "large.nt"
    large.write_bytes(b"#" * streaming.LARGE)
    assert may_stream([*sources, *sources_of_files([str(large)])], state, engine_named("datalog", ()), shapes)
    assert not may_stream(sources_of_files([str(large)]), state, engine_named("none", ()), shapes)
    assert not may_stream(sources, state, engine_named("owlrl", ()), tmp_path / "absent")
    assert not may_stream([*sources, *sources], state, engine_named("none", ()), tmp_path / "absent")


def test_blank_nodes_have_the_same_names_in_store_and_columns(tmp_path: Path) -> None:
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True) as kg:
        kg.load(read_anew(given(":p rdfs:domain :D . _:x :p _:y .", "blank")))
        kg.load(read_anew(given(":D rdfs:subClassOf :E .", "more")))  # an axiom: closed anew, from the columns
        later = everything(kg)
    with KnowledgeGraph.open(tmp_path / "other", write=True, create=True) as kg:
        kg.load(
            read_anew([*given(":p rdfs:domain :D . _:x :p _:y .", "blank"), *given(":D rdfs:subClassOf :E .", "more")])
        )
        assert everything(kg) == later
        assert later.count(b"<urn:x:E>") == 3


FAULTS = {
    "a relative IRI": b"<a> <urn:x:p> <urn:x:b> .",
    "an IRI with two fragments": b"<urn:x:a#b#c> <urn:x:p> <urn:x:b> .",
    "a port that is none": b"<urn:x:a> <http://x.org:port/> <urn:x:b> .",
    "a datatype that is no IRI": b'<urn:x:a> <urn:x:p> "1"^^<integer> .',
    "a language that is none": b'<urn:x:a> <urn:x:p> "1"@abcdefghi .',
    "a base direction": b'<urn:x:a> <urn:x:p> "1"@en--ltr .',
    "a triple term": b"<urn:x:a> <urn:x:p> <<( <urn:x:a> <urn:x:p> <urn:x:b> )>> .",
    "delimiters as numbers": b"<urn:x:a> <urn:x:p> <urn:x:b\\u003E\\u0020.\\u000A<urn:x:c> .",
    "no dot": b"<urn:x:a> <urn:x:p> <urn:x:b>",
    "a second-rate line end": b"<urn:x:a> <urn:x:p> <urn:x:b> . <urn:x:a> <urn:x:p> .",
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_was_trusted_in_vain_is_refused_as_what_was_checked(tmp_path: Path, name: str) -> None:
    good = "".join(f"<urn:x:{n}> <urn:x:p> <urn:x:b> .\n" for n in range(200)).encode()
    errors = []
    for packed in (False, True):
        file = tmp_path / "faulty.nt"
        file.write_bytes(good + FAULTS[name] + b"\n")
        sources = sources_of_files([str(file)])
        if packed:  # bytes that can be read once are never trusted
            sources = [dataclasses.replace(sources[0], path=None, stream=io.BytesIO(file.read_bytes()))]
        with KnowledgeGraph.open(tmp_path / str(packed), write=True, create=True) as kg:
            with pytest.raises(KgtoolError) as caught:
                kg.load(sources)
            errors.append(str(caught.value))
            assert everything(kg) == b""
    assert errors[0] == errors[1]
    assert "201" in errors[0] or "202" in errors[0]


def test_unusual_terms_that_are_valid_are_taken_as_they_are(tmp_path: Path) -> None:
    text = (
        '<urn:x:a> <http://é.example/p> "ça_:va .\\n <urn:x:b> ."@fr-FR .\n'
        '<http://u@x.org:8080/a;b=c?q=%20/?#f/?> <urn:x:p> "x"@sr-Latn-RS .\n'
        '<http://[::1]/> <urn:x:p> "x"^^<urn:x:type> .\n'
        '_:b1 <urn:x:p> "caf\\u00E9" .\n'
    )
    file = tmp_path / "fine.nt"
    results = []
    for number, end in enumerate(("", '<urn:x:a> <urn:x:p> "\\u0041" .\n')):
        file.write_text(text + end)
        with KnowledgeGraph.open(tmp_path / str(number), write=True, create=True) as kg:
            kg.load(sources_of_files([str(file)], graph="urn:x:g"))
            results.append(set(everything(kg).splitlines()))
    assert len(results[0]) == 4
    assert results[0] < results[1]
    assert len(results[1]) == 5
