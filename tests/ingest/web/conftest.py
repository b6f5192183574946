"""A registry to ask, and a client whose clock goes on only when it waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from kgtool.ingest.web import Client, Clock, Manners

from .server import Registry, running

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Waited:
    """A clock that stands still but for the waits, which it remembers."""

    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        return sum(self.waits)

    def clock(self) -> Clock:
        return Clock(self.now, self.waits.append, lambda: NOON + timedelta(seconds=self.now()))


@pytest.fixture
def waited() -> Waited:
    return Waited()


@pytest.fixture
def registry(waited: Waited) -> Iterator[Registry]:
    with running() as registry:
        registry.now = waited.now
        yield registry


@pytest.fixture
def said() -> list[str]:
    """What the client told the person."""
    return []


@pytest.fixture
def client(waited: Waited, said: list[str]) -> Iterator[Client]:
    client = Client("kgtool/test", Manners(gap=0.25), note=said.append, clock=waited.clock())
    yield client
    client.close()
