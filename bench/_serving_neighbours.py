"""What neighbours notice of runaway queries: the time of a cheap query, alone and beside four that do not end.

The runaway queries come from another address than the neighbours, as one client's share is bounded by itself. Alone and
beside take turns; a turn beside them begins two seconds after they did. The measuring client runs before other
processes where the system lets it: it stands for a machine of its own.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from _measuring import median, quantile
from _serving_data import Data, look_up, path_of
from _serving_processes import HOST, Server

RUNAWAYS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f ?a ?d",
    "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>)* ?b . ?b (!<urn:y>)* ?c }",
    "SELECT ?a { ?a ?b ?c . ?d ?e ?f FILTER(CONCAT(STR(?a), STR(?d), STR(?f)) = 'x') }",
)
PER_SECOND = 20
_ELSEWHERE = "127.0.0.2"


@dataclass
class Ended:
    """How the runaway queries ended, and how late."""

    answers: list[tuple[int, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Turn:
    """The 99th percentile of one turn, in milliseconds: at 20 requests a second, and one after the other."""

    paced: float
    closed: float
    failed: int


@dataclass(frozen=True)
class Neighbours:
    """What neighbours noticed, as medians of the turns."""

    paced: float
    closed: float
    alone: list[Turn]
    beside: list[Turn]
    runaways: list[tuple[int, float]]


def neighbours(server: Server, data: Data, *, turns: int, seconds: float) -> Neighbours:
    """Measure in turns, alone and beside runaway queries."""
    paths = [path_of(server.endpoint, look_up(subject)) for subject in data.subjects]
    alone, beside, ended = [], [], Ended()
    with _first_in_line():
        _turn(server, paths, 0, 1.0)
        for number in range(turns):
            alone.append(_turn(server, paths, 2 * number, seconds))
            with _running(server, ended):
                beside.append(_turn(server, paths, 2 * number + 1, seconds))
    return Neighbours(
        median([one.paced / other.paced for one, other in zip(beside, alone, strict=True)]),
        median([one.closed / other.closed for one, other in zip(beside, alone, strict=True)]),
        alone,
        beside,
        ended.answers,
    )


def _turn(server: Server, paths: Sequence[str], number: int, seconds: float) -> Turn:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=60)
    offset = number * 7_919
    paced, lost = _asked(connection, paths, offset, seconds, 1 / PER_SECOND)
    closed, more = _asked(connection, paths, offset + len(paced), seconds, 0)
    connection.close()
    return Turn(quantile(paced, 0.99), quantile(closed, 0.99), lost + more)


def _asked(
    connection: http.client.HTTPConnection, paths: Sequence[str], offset: int, seconds: float, pause: float
) -> tuple[list[float], int]:
    """Give the milliseconds of each answer, counted from when its request was due, and how many had another status."""
    times: list[float] = []
    failed = 0
    start = time.perf_counter()
    due = start
    while due - start < seconds:
        if (early := due - time.perf_counter()) > 0:
            time.sleep(early)
        connection.request("GET", paths[(offset + len(times)) % len(paths)])
        response = connection.getresponse()
        response.read()
        now = time.perf_counter()
        times.append((now - due) * 1e3)
        failed += response.status != 200
        due = due + pause if pause else now
    return times, failed


@contextmanager
def _running(server: Server, ended: Ended) -> Iterator[None]:
    """Keep four runaway queries running; each is asked again when its limit has ended it."""
    over = threading.Event()
    connections: list[http.client.HTTPConnection] = []

    def run(query: str) -> None:
        while not over.is_set():
            connection = http.client.HTTPConnection(HOST, server.port, timeout=120, source_address=(_ELSEWHERE, 0))
            connections.append(connection)
            start = time.perf_counter()
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection.request("GET", "/sparql?" + urlencode({"query": query}))
                response = connection.getresponse()
                response.read()
                ended.answers.append((response.status, time.perf_counter() - start))
                if response.status != 504:
                    over.wait(0.1)  # a bound of memory, say: it is asked again, but not in a tight loop
            connection.close()

    threads = [threading.Thread(target=run, args=(query,)) for query in RUNAWAYS]
    for thread in threads:
        thread.start()
    time.sleep(2)  # they run now, and are known to be slow
    try:
        yield
    finally:
        over.set()
        for connection in list(connections):  # clients that leave: their queries end too
            with contextlib.suppress(OSError, AttributeError):
                connection.sock.shutdown(2)
        for thread in threads:
            thread.join()
        time.sleep(1)


@contextmanager
def _first_in_line() -> Iterator[None]:
    """Let this process run before others, where it may."""
    former = os.getpriority(os.PRIO_PROCESS, 0)
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    try:
        yield
    finally:
        with contextlib.suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, former)
