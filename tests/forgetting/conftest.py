"""A store with the two people, made once and copied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .people import fill


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store that nobody may change."""
    store = tmp_path_factory.mktemp("forgetting") / "store"
    fill(store)
    return store


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    """Give a store of one's own."""
    return shutil.copytree(made, tmp_path / "store")
