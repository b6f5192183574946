"""What every test may ask for: the shared data sets, when they are there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# No test asserts a time, so a busy machine is no failure. CI looks at the same examples each time: what a random one
# would find is for the long rounds (HYPOTHESIS_PROFILE=long), not for a change that has nothing to do with it.
settings.register_profile(
    "ordinary", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
settings.register_profile("long", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=1500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ordinary"))


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
