"""Stores and services for the trials; those of one file share them where they do each other no harm."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.trials.services import Service


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """A source of chance with a seed that a failing test shows; KGTOOL_TRIAL_SEED repeats it."""
    seed = int(os.environ.get("KGTOOL_TRIAL_SEED") or random.SystemRandom().randrange(2**32))
    print(f"KGTOOL_TRIAL_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Start services on stores; at the end each is stopped, and its log must tell of no fault of its own."""
    started: list[Service] = []

    def start(store: Path, **settings: str) -> Service:
        one = Service(store, tmp_path / f"service-{len(started)}.log", settings)
        started.append(one)
        return one.start()

    yield start
    for one in started:
        one.stop()
        assert one.faults() == []
