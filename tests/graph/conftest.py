"""Small graphs to change and to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kgtool import KnowledgeGraph
from kgtool.ingest import Source, sources_of_bytes

PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def turtle(text: str, graph: str) -> list[Source]:
    """Give Turtle with the usual prefixes as a source."""
    return sources_of_bytes((PREFIXES + text).encode(), name=graph, graph=graph, format="turtle")


@pytest.fixture
def kg(tmp_path: Path) -> Iterator[KnowledgeGraph]:
    """Give an empty graph with plain OWL 2 RL."""
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True) as graph:
        yield graph


@pytest.fixture
def rows(kg: KnowledgeGraph) -> Callable[..., list[tuple[str, ...]]]:
    """Ask the graph; terms as text, rows sorted, duplicates kept."""

    def ask(text: str, **options: object) -> list[tuple[str, ...]]:
        prologue = "PREFIX : <https://example.org/> PREFIX owl: <http://www.w3.org/2002/07/owl#> "
        result = kg.query(prologue + text, **options)  # type: ignore[arg-type]
        return sorted(tuple(getattr(t, "value", "") for t in row) for row in result.solutions())

    return ask
