"""What the service counts, for Prometheus: plain functions that any of its processes calls, a microsecond each.

They only note what happened; a thread of each process adds it up and passes it on, four times a second, to the measures
of :mod:`kgtool.web.measures`, since a count in a file that processes share costs ten times as much.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from kgtool.web.measures import Measures, made, shared
from kgtool.web.runtime import runtime_folder

#: The kinds of request that are told apart.
KINDS: Final = ("query", "update", "graph", "page", "export", "explain", "ask", "other")
#: How a query ends: answered; wrong, or broken; out of time; out of memory; its client left; never begun.
OUTCOMES: Final = ("done", "failed", "time", "memory", "left", "refused")
#: What a change spends its time on.
STAGES: Final = ("read", "reason", "validate", "write", "sync")
_PAUSE: Final = 0.25

_Labels = tuple[str, ...]
_Key = TypeVar("_Key")


class _Notes:
    """What was counted in this process and is not passed on yet."""

    def __init__(self) -> None:
        self.counted: deque[tuple[str, _Labels, float]] = deque()
        self.observed: deque[tuple[str, _Labels, float]] = deque()
        self.requests: deque[tuple[tuple[str, int], float]] = deque()
        self.queries: deque[tuple[str, float]] = deque()
        self.gauges: dict[tuple[str, _Labels], float] = {}
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None
        self.measures: Measures | None = None
        self.started: float | None = None


_notes = _Notes()


def prepare() -> None:
    """Make ready to count; whoever forks processes calls it first, with the runtime folder named in the environment."""
    with _notes.lock:
        if _notes.measures is None:
            _notes.measures = made()
            started()


def observe_request(kind: str, status: int, seconds: float) -> None:
    """Count an answered request.

    :param kind: one of :data:`KINDS`.
    :param status: its HTTP status; 499 when the client left.
    """
    _notes.requests.append(((kind, status), seconds))
    if _notes.thread is None:
        _start()


def observe_query(outcome: str, seconds: float) -> None:
    """Count a query, or another task of a worker, that ended.

    :param outcome: one of :data:`OUTCOMES`.
    :param seconds: from its start in a worker to its last byte; of one refused, what it waited.
    """
    _notes.queries.append((outcome, seconds))
    if _notes.thread is None:
        _start()


def queue_changed(waiting: int) -> None:
    """Tell how many tasks of this process wait for a worker."""
    _set("queries_waiting", (), waiting)


def workers_changed(busy: int, slow: int, idle: int) -> None:
    """Tell how many workers this process has: at work, at work for long, and idle."""
    _set("query_workers", ("busy",), busy)
    _set("query_workers", ("slow",), slow)
    _set("query_workers", ("idle",), idle)


def worker_killed(cause: str) -> None:
    """Count a worker that was ended, or ended itself.

    :param cause: ``time``, ``memory``, ``left`` (its client did), ``crash``, or ``stop``.
    """
    _count("worker_kills", (cause,))


def worker_respawned() -> None:
    """Count a worker that took the place of another."""
    _count("worker_respawns", ())


def observe_job(outcome: str, seconds_by_stage: Mapping[str, float]) -> None:
    """Count a change that the writer carried out, or refused.

    :param outcome: ``done``, ``refused`` (what a client sent is wrong), or ``failed`` (the store, or kgtool itself).
    :param seconds_by_stage: seconds of any of :data:`STAGES`; other names are left out.
    """
    for stage in STAGES:
        if seconds := seconds_by_stage.get(stage):
            _count("write_seconds", (stage,), seconds)
    _count("writes", (outcome,))


def observe_group(size: int, sync_seconds: float) -> None:
    """Count a group of changes that were synced to disk together."""
    _count("write_seconds", ("sync",), sync_seconds)
    _observe("write_group_size", (), size)


def lines_dropped(count: int) -> None:
    """Count lines of logs that nobody read in time."""
    _count("log_lines_dropped", (), count)


def process_died(pid: int) -> None:
    """Forget what a process of the service that is gone had waiting and at work; what it counted stays."""
    prepare()
    if shared():
        from prometheus_client.multiprocess import mark_process_dead

        with contextlib.suppress(OSError):
            mark_process_dead(pid)  # type: ignore[no-untyped-call]


def exposition(*collectors: Any) -> bytes:
    """Write all measures in Prometheus's text format 0.0.4, with those of further collectors."""
    flush()
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    assert _notes.measures is not None
    whole = _notes.measures.registry
    if shared():
        whole = CollectorRegistry()
        MultiProcessCollector(whole)  # type: ignore[no-untyped-call]
    more = CollectorRegistry()
    for collector in collectors:
        more.register(collector)
    return generate_latest(whole) + generate_latest(more)


def started() -> float:
    """Give the time at which the service started, in seconds of the clock: what its first process noted."""
    folder = runtime_folder()
    if _notes.started is None and folder is not None:
        note = folder / "started"
        with contextlib.suppress(OSError), note.open("x") as file:
            file.write(repr(time.time()))
        with contextlib.suppress(OSError, ValueError):
            _notes.started = float(note.read_text())
    if _notes.started is None:
        _notes.started = time.time()
    return _notes.started


def flush() -> None:
    """Pass on what was counted; a process that ends calls it last."""
    prepare()
    with _notes.lock:
        measures = _notes.measures
        assert measures is not None
        counted: defaultdict[tuple[str, _Labels], float] = defaultdict(float)
        for _ in range(len(_notes.counted)):
            name, labels, amount = _notes.counted.popleft()
            counted[name, labels] += amount
        observed: defaultdict[tuple[str, _Labels], list[float]] = defaultdict(list)
        for _ in range(len(_notes.observed)):
            name, labels, amount = _notes.observed.popleft()
            observed[name, labels].append(amount)
        for (kind, status), several in _gathered(_notes.requests).items():
            counted["http_requests", (kind, _CLASSES[status // 100 % 10])] += len(several)
            observed["http_request_seconds", (kind,)] += several
        for outcome, several in _gathered(_notes.queries).items():
            counted["queries", (outcome,)] += len(several)
            observed["query_seconds", (outcome,)] += several
        for (name, labels), amount in counted.items():
            _child(measures.counters[name], labels).inc(amount)
        for (name, labels), values in observed.items():
            _observe_all(_child(measures.histograms[name], labels), values)
        for (name, labels), value in list(_notes.gauges.items()):
            _child(measures.gauges[name], labels).set(value)
            if _notes.gauges.get((name, labels)) == value:
                _notes.gauges.pop((name, labels), None)


_CLASSES: Final = tuple(f"{number}xx" for number in range(10))


def _count(name: str, labels: _Labels, amount: float = 1.0) -> None:
    _notes.counted.append((name, labels, amount))
    if _notes.thread is None:
        _start()


def _observe(name: str, labels: _Labels, value: float) -> None:
    _notes.observed.append((name, labels, value))
    if _notes.thread is None:
        _start()


def _set(name: str, labels: _Labels, value: float) -> None:
    _notes.gauges[name, labels] = value
    if _notes.thread is None:
        _start()


def _gathered(notes: deque[tuple[_Key, float]]) -> dict[_Key, list[float]]:
    """Take notes of seconds, and give them by what they are of."""
    found: defaultdict[_Key, list[float]] = defaultdict(list)
    for _ in range(len(notes)):
        key, seconds = notes.popleft()
        found[key].append(seconds)
    return found


def _child(measure: Any, labels: _Labels) -> Any:
    return measure.labels(*labels) if labels else measure


def _observe_all(histogram: Any, values: list[float]) -> None:
    """Observe many values at once, which prometheus_client does only one by one."""
    bounds, found = histogram._upper_bounds, defaultdict[int, int](int)
    for value in values:
        found[bisect_left(bounds, value)] += 1
    histogram._sum.inc(sum(values))
    for place, count in found.items():
        histogram._buckets[place].inc(count)


def _start() -> None:
    with _notes.lock:
        if _notes.thread is None:
            _notes.thread = threading.Thread(target=_run, name="kgtool-metrics", daemon=True)
            _notes.thread.start()


def _run() -> None:
    while True:
        time.sleep(_PAUSE)
        if _notes.counted or _notes.observed or _notes.requests or _notes.queries or _notes.gauges:
            flush()


def _before_fork() -> None:
    _notes.lock.acquire()  # no thread of this process is within prometheus_client, whose lock a fork would copy


def _after_fork_in_parent() -> None:
    _notes.lock.release()


def _after_fork_in_child() -> None:
    """Begin anew: what was not passed on yet is the parent's to pass on."""
    global _notes
    before, _notes = _notes, _Notes()
    _notes.measures, _notes.started = before.measures, before.started


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
