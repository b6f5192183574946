"""What the operations of a graph report, with the JSON that the contract promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from pyoxigraph import Quad

#: What a transaction spends its time on.
STAGES: Final = ("read", "reason", "validate", "write")


class Stopwatch:
    """Seconds spent in named stages."""

    def __init__(self) -> None:
        self._start = perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the block's time towards a stage."""
        start = perf_counter()
        try:
            yield
        finally:
            self._stages[name] = self._stages.get(name, 0.0) + perf_counter() - start

    def add(self, name: str, seconds: float) -> None:
        """Count time that was measured elsewhere towards a stage."""
        self._stages[name] = self._stages.get(name, 0.0) + seconds

    def move(self, name: str, seconds: Mapping[str, float]) -> None:
        """Count a part of a stage's time towards other stages."""
        for other, spent in seconds.items():
            self._stages[name] = self._stages.get(name, 0.0) - spent
            self._stages[other] = self._stages.get(other, 0.0) + spent

    def seconds(self, *stages: str) -> dict[str, float]:
        """Give these stages and the total, rounded to a tenth of a millisecond."""
        found = {name: round(self._stages.get(name, 0.0), 4) for name in stages}
        return {**found, "total": round(perf_counter() - self._start, 4)}


@dataclass(frozen=True)
class LoadReport:
    """What a load did.

    :param read: statements parsed.
    :param added: quads new to the store.
    :param inferred: size of the inferred graph now.
    :param seconds: ``read``, ``reason``, ``validate``, ``write``, ``total``.
    :param warnings: findings of validation that do not refuse data.
    """

    read: int
    added: int
    inferred: int
    seconds: dict[str, float]
    commit: str
    warnings: int = 0

    def as_json(self) -> dict[str, object]:
        """Give the report as JSON."""
        return {
            "read": self.read,
            "added": self.added,
            "inferred": self.inferred,
            "seconds": self.seconds,
            "commit": self.commit,
            "warnings": self.warnings,
        }


@dataclass(frozen=True)
class BuildReport:
    """What a build made: its load, and the files it read."""

    load: LoadReport
    files: tuple[str, ...]
    store: str

    def as_json(self) -> dict[str, object]:
        """Give the report as JSON: that of the load, with ``files`` and ``store``."""
        return {**self.load.as_json(), "files": list(self.files), "store": self.store}


@dataclass(frozen=True)
class NotFound:
    """A quad that DELETE DATA did not find, and the source graphs where its triple stands."""

    quad: Quad
    elsewhere: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Give it as JSON: ``{"triple": N-Triples, "graphs": […]}``."""
        return {"triple": f"{self.quad.triple} .", "graphs": list(self.elsewhere)}


@dataclass(frozen=True)
class UpdateReport:
    """What an update did: triples of sources added and deleted, triples inferred and no longer inferred.

    :param not_found: how many triples of DELETE DATA were not there.
    :param found_elsewhere: where the first hundred of them stand.
    """

    added: int
    deleted: int
    inferred: int
    no_longer_inferred: int
    commit: str
    not_found: int = 0
    found_elsewhere: tuple[NotFound, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: int = 0

    def as_json(self) -> dict[str, object]:
        """Give the report as JSON."""
        return {
            "added": self.added,
            "deleted": self.deleted,
            "inferred": self.inferred,
            "noLongerInferred": self.no_longer_inferred,
            "notFound": {
                "count": self.not_found,
                "elsewhere": [found.as_json() for found in self.found_elsewhere if found.elsewhere],
            },
            "commit": self.commit,
            "seconds": self.seconds,
            "warnings": self.warnings,
        }


@dataclass(frozen=True)
class ReasonReport:
    """What a closure from scratch found.

    :param asserted: distinct asserted triples.
    :param inferred: size of the inferred graph.
    """

    asserted: int
    inferred: int
    engine: str
    seconds: dict[str, float]
    commit: str

    def as_json(self) -> dict[str, object]:
        """Give the report as JSON."""
        return {
            "asserted": self.asserted,
            "inferred": self.inferred,
            "engine": self.engine,
            "seconds": self.seconds,
            "commit": self.commit,
        }
