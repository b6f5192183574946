"""What every test may ask for: the shared data sets, when they are there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_folder() -> Path:
    """Give the folder of the shared data sets, whether it exists or not."""
    return (ROOT / os.environ.get("KGTOOL_SHARED", "../shared")).resolve()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of the shared data sets; without it the test is left out, and in CI it fails."""
    folder = shared_folder()
    if not folder.is_dir():
        message = f"left out: no shared data sets at {folder} (set KGTOOL_SHARED)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder
