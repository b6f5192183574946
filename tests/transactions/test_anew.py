"""A load that is large beside the store makes it anew, and ends as a change of it would."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from kgtool import KnowledgeGraph, RefusedError
from kgtool.errors import InputError
from kgtool.ingest import sources_of_files
from kgtool.transactions import anew
from kgtool.transactions.reports import LoadReport

from ..validate.packaged import HEAD
from .test_streaming import everything
from .test_streaming_with_shapes import PEOPLE

FIRST = 'x:p a kg:Researcher ; foaf:name "P" . x:i rdfs:seeAlso [ rdfs:label "kept" ] . x:u kg:supervisedBy x:i .'
PROVENANCE = """PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX dcterms: <http://purl.org/dc/terms/>
    SELECT ?g ?s WHERE { GRAPH <urn:kgtool:provenance> { ?n prov:generated ?g ; dcterms:source ?s } }"""


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every load for a large one."""
    monkeypatch.setattr(anew, "SMALLEST", 0)
    monkeypatch.setattr(anew, "_BYTES_A_QUAD", 1)


def loaded(place: Path, *texts: str, graph: str = "urn:x:second", replace: bool = False) -> tuple[LoadReport, bytes]:
    """Load into a store that holds something."""
    place.mkdir(exist_ok=True)
    (place / "first.ttl").write_text(HEAD + FIRST)
    (place / "second.ttl").write_text(HEAD + "".join(texts))
    fresh = not (place / "store").exists()
    with KnowledgeGraph.open(place / "store", write=True, create=True, ontology=fresh) as kg:
        if fresh:
            kg.load(sources_of_files([str(place / "first.ttl")]))
        second = sources_of_files([str(place / "second.ttl")], graph=graph)
        report = kg.load(second, replace=replace)
        return dataclasses.replace(report, seconds={}, commit="", warnings=0), everything(kg)


@pytest.mark.parametrize("graph", ["urn:x:second", "urn:kgtool:source:first.ttl"])
@pytest.mark.parametrize("replace", [False, True])
def test_it_ends_as_a_change_does(tmp_path: Path, graph: str, replace: bool) -> None:
    expected = loaded(tmp_path / "change", PEOPLE, graph=graph, replace=replace)
    before = (tmp_path / "change" / "store" / "CURRENT").read_text()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(anew, "SMALLEST", 0)
        patched.setattr(anew, "_BYTES_A_QUAD", 1)
        found = loaded(tmp_path / "anew", PEOPLE, graph=graph, replace=replace)
        loaded(tmp_path / "change", PEOPLE, graph=graph, replace=replace)
    assert (tmp_path / "change" / "store" / "CURRENT").read_text() != before, "nothing was made anew"
    assert found == expected
    for place in ("anew", "change"):
        assert KnowledgeGraph.check(tmp_path / place / "store").findings == ()


@pytest.mark.usefixtures("always")
def test_commits_go_on_and_what_was_loaded_is_still_told(tmp_path: Path) -> None:
    loaded(tmp_path, PEOPLE)
    with KnowledgeGraph.open(tmp_path / "store", write=True) as kg:
        assert kg.commit.endswith("-2")
        told = {(graph.value, source.value) for graph, source in kg.query(PROVENANCE).solutions()}
        assert {("urn:x:second", str(tmp_path / "second.ttl"))} < told
        assert not any(name == "" for _, name in told)
        kg.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
        assert kg.commit.endswith("-3")
        assert [path.name for path in (tmp_path / "store" / "generations").iterdir()] == [
            (tmp_path / "store" / "CURRENT").read_text().strip()
        ]


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize(
    ("text", "error"),
    [('x:m a kg:Membership ; schema:startDate "2020-02-30"^^xsd:date .', RefusedError), ("x:p a .", InputError)],
)
def test_what_is_refused_leaves_the_store_as_it_was(tmp_path: Path, text: str, error: type[Exception]) -> None:
    _, before = loaded(tmp_path, "")
    current = (tmp_path / "store" / "CURRENT").read_text()
    with pytest.raises(error):
        loaded(tmp_path, text)
    assert (tmp_path / "store" / "CURRENT").read_text() == current
    with KnowledgeGraph.open(tmp_path / "store", write=True) as kg:
        assert everything(kg) == before
        kg.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")


@pytest.mark.usefixtures("always")
def test_the_same_object_goes_on(tmp_path: Path) -> None:
    """Who holds the graph asks and changes what was made anew; who reads beside sees it."""
    (tmp_path / "first.ttl").write_text(HEAD + FIRST)
    (tmp_path / "second.ttl").write_text(HEAD + PEOPLE)
    loaded(tmp_path, "")
    with KnowledgeGraph.open(tmp_path / "store", write=True) as kg:
        kg.load(sources_of_files([str(tmp_path / "first.ttl")], graph="urn:x:third"))
        assert "urn:x:third" in kg.source_names()
        with KnowledgeGraph.open(tmp_path / "store") as reader:
            assert reader.commit == kg.commit
            assert "urn:x:third" in reader.source_names()
        kg.unload(["urn:x:third"])
        assert "urn:x:third" not in kg.source_names()
