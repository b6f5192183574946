"""What the ontology shows as an example is so in the region: each example follows from the data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.vocabulary import PREFIXES

from .conftest import BASE, ROOT

HEAD = f"@base <{BASE}> .\n" + "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


def _examples() -> list[tuple[str, str]]:
    store = Store()
    for file in sorted((ROOT / "ontology").glob("*.ttl")):
        store.load(path=str(file), format=RdfFormat.TURTLE)
    found = store.quads_for_pattern(None, NamedNode(PREFIXES["skos"] + "example"), None)
    return sorted(
        (quad.subject.value.removeprefix(PREFIXES["kg"]), quad.object.value)
        for quad in found
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    )


#: Of these the region has none: no source says when something ended.
WITHOUT_DATA = {"possibleUntil", "endsNoLaterThan"}
EXAMPLES = [(term, text) for term, text in _examples() if term not in WITHOUT_DATA]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    store: Path = tmp_path_factory.mktemp("region") / "store"
    KnowledgeGraph.build(store, None)
    with KnowledgeGraph.open(store) as graph:
        yield graph


@pytest.mark.parametrize(("term", "text"), EXAMPLES, ids=[term for term, _ in EXAMPLES])
def test_an_example_follows_from_the_data(region: KnowledgeGraph, term: str, text: str) -> None:
    source = sources_of_bytes((HEAD + text).encode(), name=term, graph="urn:x:example", format="turtle")
    answer = region.entails(source)
    assert answer.entailed, answer.missing


def test_an_example_that_is_not_so_is_found(region: KnowledgeGraph) -> None:
    text = HEAD + "<company/inbrain-pharma> kg:spinOffOf <unit/u1190> ."
    assert not region.entails(sources_of_bytes(text.encode(), name="x", graph="urn:x:x", format="turtle")).entailed
