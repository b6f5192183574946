"""The measures of the service: their names, kinds and labels, as prometheus_client keeps them.

With a runtime folder the processes of the service count into files that they share there (prometheus_client's
multiprocess mode); without, as in a test client, into a registry of this process.
What the names mean for who reads them: docs/observing.md.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kgtool.web.runtime import runtime_folder

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
_SIZES: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)


@dataclass(frozen=True)
class Measures:
    """Every measure, by name, and the registry of a process by itself."""

    registry: CollectorRegistry
    counters: dict[str, Counter]
    histograms: dict[str, Histogram]
    gauges: dict[str, Gauge]


def made() -> Measures:
    """Make the measures; to be called once a process, or in the process that others are forked from.

    It must come before anything else in the process imports prometheus_client, which looks at the environment once.
    """
    folder = runtime_folder()
    if folder is not None and "prometheus_client" not in sys.modules:
        (folder / "metrics").mkdir(mode=0o700, exist_ok=True)
        os.environ[_VARIABLE] = str(folder / "metrics")
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

    registry = CollectorRegistry()

    def named(text: str, labels: Sequence[str] = ()) -> dict[str, Any]:
        return {"documentation": text, "labelnames": labels, "namespace": "kgtool", "registry": registry}

    counters = {
        "http_requests": Counter("http_requests", **named("Requests answered.", ("kind", "status"))),
        "queries": Counter("queries", **named("Tasks of query workers that ended.", ("outcome",))),
        "worker_kills": Counter("worker_kills", **named("Query workers that were ended, or died.", ("cause",))),
        "worker_respawns": Counter("worker_respawns", **named("Query workers started in place of another.")),
        "writes": Counter("writes", **named("Changes that the writer ended.", ("outcome",))),
        "write_seconds": Counter("write_seconds", **named("Seconds that changes took, by stage.", ("stage",))),
        "log_lines_dropped": Counter("log_lines_dropped", **named("Lines of logs that nobody read in time.")),
    }
    histograms = {
        "http_request_seconds": Histogram(
            "http_request_seconds", buckets=_SECONDS, **named("Seconds of a request to its last byte.", ("kind",))
        ),
        "query_seconds": Histogram(
            "query_seconds", buckets=_SECONDS, **named("Seconds of a task in a query worker.", ("outcome",))
        ),
        "write_group_size": Histogram("write_group_size", buckets=_SIZES, **named("Changes synced to disk together.")),
    }
    gauges = {
        "queries_waiting": Gauge(
            "queries_waiting", multiprocess_mode="livesum", **named("Tasks that wait for a query worker.")
        ),
        "query_workers": Gauge(
            "query_workers", multiprocess_mode="livesum", **named("Query workers by what they do.", ("state",))
        ),
    }
    return Measures(registry, counters, histograms, gauges)


def shared() -> bool:
    """Tell whether this process counts into files that it shares with others."""
    return bool(os.environ.get(_VARIABLE))
