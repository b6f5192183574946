"""The measures of the store itself, counted when somebody asks for them, and not too often."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kgtool import __version__
from kgtool.errors import KgtoolError
from kgtool.vocabulary import INFERRED
from kgtool.web import metrics
from kgtool.web.evaluation import QueryTask
from kgtool.web.problems import HttpProblem
from kgtool.web.source import GraphSource

#: Least seconds between two counts of the store.
_PAUSE: Final = 10.0
#: A count that took long is not repeated before it is this many times as old.
_PATIENCE: Final = 30.0
#: Most seconds that a count may take.
_TIME: Final = 5.0
_QUADS: Final = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
_INFERRED: Final = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{INFERRED.value}> {{ ?s ?p ?o }} }}"


@dataclass(frozen=True)
class _Sizes:
    """What was counted, and when."""

    commit: str = ""
    quads: int | None = None
    inferred: int | None = None
    disk: int | None = None
    at: float = float("-inf")
    took: float = 0.0


class StoreCollector:
    """What a scrape tells of a store; a collector as prometheus_client knows them.

    The counts are queries in a worker, under a time limit: a store that is busy keeps no scrape waiting for long.
    """

    def __init__(self, source: GraphSource) -> None:
        self._source = weakref.ref(source)
        self._sizes = _Sizes()
        self._counting = threading.Lock()

    def collect(self) -> Iterator[Any]:
        """Give the measures: sizes as of the last count, the commit as it is now."""
        from prometheus_client.core import GaugeMetricFamily

        source = self._source()
        if source is None:
            return
        sizes = self._counted(source)
        values = {
            "kgtool_store_quads": ("Quads of the source graphs.", sizes.quads),
            "kgtool_store_inferred": ("Triples of the inferred graph.", sizes.inferred),
            "kgtool_store_bytes": ("Bytes of the store on disk.", sizes.disk),
            "kgtool_store_commit": ("Number of the last commit.", int(source.commit.rpartition("-")[2])),
            "kgtool_start_time_seconds": ("When the service started, in seconds since 1970.", metrics.started()),
        }
        for name, (text, value) in values.items():
            if value is not None:
                yield GaugeMetricFamily(name, text, value=value)
        build = GaugeMetricFamily("kgtool_build_info", "The version of kgtool.", labels=["version"])
        build.add_metric([__version__], 1)
        yield build

    def _counted(self, source: GraphSource) -> _Sizes:
        """Count anew if there was a commit and the last count is old enough; only one thread at a time."""
        if not self._counting.acquire(blocking=False):
            return self._sizes
        try:
            old, now = self._sizes, time.monotonic()
            if old.commit != source.commit and now - old.at >= max(_PAUSE, _PATIENCE * old.took):
                self._sizes = _Sizes(
                    commit=source.commit,
                    quads=_count(source, _QUADS, old.quads),
                    inferred=_count(source, _INFERRED, old.inferred),
                    disk=_bytes_on_disk(source.settings.store),
                    at=now,
                    took=time.monotonic() - now,
                )
            return self._sizes
        finally:
            self._counting.release()


_collectors: weakref.WeakKeyDictionary[GraphSource, StoreCollector] = weakref.WeakKeyDictionary()


def of_store(source: GraphSource) -> StoreCollector:
    """Give the collector of a store, which remembers what it counted."""
    return _collectors.setdefault(source, StoreCollector(source))


def _count(source: GraphSource, query: str, otherwise: int | None) -> int | None:
    """Give the number that a query counts; what was known before, if it takes too long."""
    try:
        answer = source.run(QueryTask(query, "json", None), timeout=_TIME)
        try:
            rows = json.loads(b"".join(answer))["results"]["bindings"]
        finally:
            answer.close()
    except (KgtoolError, HttpProblem):
        return otherwise
    return int(rows[0]["n"]["value"])


def _bytes_on_disk(folder: Path) -> int:
    """Give the bytes that a store's files take; one that has several names counts once."""
    found: dict[tuple[int, int], int] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                status = (Path(place) / name).lstat()
                found[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(found.values())
