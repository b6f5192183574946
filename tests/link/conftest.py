"""Stores with a small region and small registries."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.link.registries import make_store


@pytest.fixture(scope="session")
def made_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("links") / "store")


@pytest.fixture
def store(made_store: Path, tmp_path: Path) -> Path:
    """A store of its own for one test."""
    shutil.copytree(made_store, tmp_path / "store")
    return tmp_path / "store"
