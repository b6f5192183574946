"""Real answers of registries, unpacked from the shared data sets."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from .visiting import server, visit

__all__ = ["samples", "scanr_files", "server", "visit"]


@pytest.fixture(scope="session")
def samples(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder with the answers of HAL, OpenAlex, scanR and IdRef that another harvester was tested on."""
    folder = tmp_path_factory.mktemp("samples")
    with tarfile.open(shared / "open-data/kg-samples/crisalid-svp-harvester-fixtures.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return folder / "svp-harvester/tests/data"


@pytest.fixture(scope="session")
def scanr_files(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder with the documents of scanR's first backend: ``v1`` and ``v2``."""
    folder = tmp_path_factory.mktemp("scanr")
    with tarfile.open(shared / "open-data/kg-samples/scanr-backend-v1-fixtures.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return next(folder.rglob("v2")).parent
