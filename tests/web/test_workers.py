"""The pool of workers by itself: no place in it is ever lost, and no worker outlives its server."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kgtool.errors import KgtoolError, QueryError, TimeLimitError
from kgtool.web.evaluation import QueryTask
from kgtool.web.problems import HttpProblem
from kgtool.web.workers import WorkerPool
from tests.web.test_limits import ENDLESS, RUNAWAY

TRUE = QueryTask("ASK { <urn:a> ?p ?o }", "json", "turtle")
SIZE = 2


@pytest.fixture
def pool(own_store: Path) -> Iterator[WorkerPool]:
    pool = WorkerPool(own_store, size=SIZE, memory=256, wait=5)
    yield pool
    pool.close()


def ask(pool: WorkerPool, text: str, timeout: float = 20) -> bytes:
    answer = pool.run(QueryTask(text, "json", "turtle"), commit="", timeout=timeout)
    try:
        return b"".join(answer)
    finally:
        answer.close()


def assert_every_place_answers(pool: WorkerPool) -> None:
    """Hold all workers at once: each gives the first piece of a long answer."""
    answers = [pool.run(QueryTask(ENDLESS, "json", None), commit="", timeout=20) for _ in range(SIZE)]
    with pytest.raises(HttpProblem):  # and there are no more of them than there should be
        WorkerPool.run(pool, TRUE, commit="", timeout=20)
    for answer in answers:
        assert next(iter(answer))
        answer.close()
    assert json.loads(ask(pool, TRUE.text))["boolean"] is True


def children() -> list[multiprocessing.process.BaseProcess]:
    return [child for child in multiprocessing.active_children() if child.name == "kgtool-worker"]


def test_idle_workers_that_die_are_replaced(own_store: Path) -> None:
    before = set(children())
    pool = WorkerPool(own_store, size=SIZE, memory=256, wait=1)
    try:
        for worker in set(children()) - before:
            os.kill(worker.pid or 0, signal.SIGKILL)
            worker.join()
        assert_every_place_answers(pool)
    finally:
        pool.close()
    assert set(children()) == before


def test_no_failure_costs_a_place(own_store: Path) -> None:
    pool = WorkerPool(own_store, size=SIZE, memory=256, wait=1)
    try:
        for text, error in (
            ("SELECT", QueryError),
            (RUNAWAY, TimeLimitError),
            ("SELECT * " + "{" * 3000 + "}" * 3000, QueryError),
            (ENDLESS, TimeLimitError),
        ):
            for _ in range(SIZE + 1):
                with pytest.raises(error):
                    ask(pool, text, timeout=0.5)
        for _ in range(SIZE + 1):
            pool.run(QueryTask(ENDLESS, "json", None), commit="", timeout=20).close()
            assert pool.run(QueryTask("ASK {}", None, None), commit="", timeout=20).head.format is None
        assert_every_place_answers(pool)
    finally:
        pool.close()


def test_an_answer_that_nobody_closes_is_taken_away_at_its_time(pool: WorkerPool) -> None:
    left = [pool.run(QueryTask(ENDLESS, "json", None), commit="", timeout=0.5) for _ in range(SIZE)]
    assert json.loads(ask(pool, TRUE.text))["boolean"] is True
    with pytest.raises(TimeLimitError):
        list(left[0])


def test_many_threads_each_get_their_own_answer(pool: WorkerPool) -> None:
    wrong: list[object] = []

    def run(number: int) -> None:
        for turn in range(20):
            value = number * 1000 + turn
            try:
                if turn % 7 == 3:
                    with suppress(KgtoolError):
                        ask(pool, "SELECT ?broken", timeout=5)
                found = json.loads(ask(pool, f"SELECT ({value} AS ?n) {{}}"))
                if found["results"]["bindings"][0]["n"]["value"] != str(value):
                    wrong.append(found)
            except (KgtoolError, HttpProblem, RuntimeError) as error:
                wrong.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def descendants(pid: int) -> set[int]:
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found, new = set(), {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_workers_die_with_their_server_even_in_the_middle_of_a_query(own_store: Path, serve: Callable) -> None:
    with serve(own_store) as server:
        connection = server.connection()
        connection.request("GET", "/sparql?query=" + RUNAWAY.replace(" ", "%20"))
        time.sleep(0.5)
        workers = descendants(server.process.pid)
        assert workers
        server.process.kill()
        server.process.wait(30)
        connection.close()
        deadline = time.monotonic() + 60
        while (left := {pid for pid in workers if Path(f"/proc/{pid}").exists()}) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not left
