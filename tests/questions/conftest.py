"""The small graph, built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kgtool.graph import KnowledgeGraph
from tests.questions.sample import write_folder


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sample")
    KnowledgeGraph.build(place / "store", [write_folder(place / "folder")])
    return place / "store"


@pytest.fixture
def sample(sample_store: Path) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph.open(sample_store) as graph:
        yield graph
