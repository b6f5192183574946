"""The pool of workers by itself: no place in it is ever lost, and no worker outlives its server."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from kgtool.config import Settings
from kgtool.errors import KgtoolError, QueryError, TimeLimitError
from kgtool.web.evaluation import QueryTask
from kgtool.web.problems import HttpProblem
from kgtool.web.processes.alone import LoneHousehold, start
from kgtool.web.processes.pool import WorkerPool
from tests.web.conftest import make_small
from tests.web.test_limits import ENDLESS, RUNAWAY

#: Some hundredths of a second of work.
WORK = "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a = ?b) }"
#: More memory than a worker has.
HUNGRY = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } }"
TRUE = QueryTask("ASK { <urn:a> ?p ?o }", "json", "turtle")
SIZE = 2


@dataclass(frozen=True)
class Nursed:
    """A store with a nursery, and pools of its workers."""

    household: LoneHousehold

    @contextmanager
    def pool(self, wait: float = 1, size: int = SIZE, lines: int = 1) -> Iterator[WorkerPool]:
        pool = WorkerPool(self.household.meeting.nursery, size=size, memory=256, wait=wait, lines=lines)
        try:
            yield pool
        finally:
            pool.close()

    def workers(self) -> set[int]:
        return {pid for pid in descendants(self.household.process.pid) if is_worker(pid)}


@pytest.fixture(scope="module")
def nursed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursed]:
    store = make_small(tmp_path_factory.mktemp("nursed") / "store")
    household = start(Settings(store=store, read_only=True, query_memory=256))
    yield Nursed(household)
    household.close()
    assert not list(descendants(household.process.pid))


@pytest.fixture
def pool(nursed: Nursed) -> Iterator[WorkerPool]:
    with nursed.pool(wait=5) as pool:
        yield pool


def ask(pool: WorkerPool, text: str, timeout: float = 20) -> bytes:
    answer = pool.run(QueryTask(text, "json", "turtle"), commit="", timeout=timeout)
    try:
        return b"".join(answer)
    finally:
        answer.close()


def assert_every_place_answers(pool: WorkerPool) -> None:
    """Hold all workers at once: each gives the first piece of a long answer."""
    answers = [pool.run(QueryTask(ENDLESS, "json", None), commit="", timeout=20) for _ in range(SIZE)]
    for answer in answers:
        assert next(iter(answer))
        answer.close()
    assert json.loads(ask(pool, TRUE.text))["boolean"] is True


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


def is_worker(pid: int) -> bool:
    """Workers, and only they, say that they may go first when memory runs out."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/oom_score_adj").read_text().strip() == "1000"
    return False


def gone(workers: Callable[[], set[int]], wait: float = 10) -> bool:
    deadline = time.monotonic() + wait
    while workers() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not workers()


def test_idle_workers_that_die_are_replaced(nursed: Nursed) -> None:
    with nursed.pool() as pool:
        ask(pool, TRUE.text)
        assert nursed.workers()
        for worker in nursed.workers():
            os.kill(worker, signal.SIGKILL)
        assert gone(nursed.workers)
        assert_every_place_answers(pool)
    assert gone(nursed.workers)  # they end with their front


def test_a_front_that_dies_before_it_has_its_worker_ends_nobody_else_s(nursed: Nursed) -> None:
    with nursed.pool() as pool:
        ask(pool, TRUE.text)
        time.sleep(0.3)  # those that are kept ready are there too
        before = nursed.workers()
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as front:
            front.connect(str(nursed.household.meeting.nursery))
            front.send(struct.pack("<cq", b"w", 0))
            time.sleep(0.3)  # the answer lies there unread
        assert gone(lambda: nursed.workers() - before)
        assert before <= nursed.workers()
        assert json.loads(ask(pool, TRUE.text))["boolean"] is True


def test_no_failure_costs_a_place(nursed: Nursed) -> None:
    with nursed.pool() as pool:
        for text, error in (
            ("SELECT", QueryError),
            (RUNAWAY, TimeLimitError),
            ("SELECT * " + "{" * 3000 + "}" * 3000, KgtoolError),
            (ENDLESS, TimeLimitError),
        ):
            for _ in range(SIZE + 1):
                with pytest.raises(error):
                    ask(pool, text, timeout=0.5)
        for _ in range(SIZE + 1):
            pool.run(QueryTask(ENDLESS, "json", None), commit="", timeout=20).close()
            assert pool.run(QueryTask("ASK {}", None, None), commit="", timeout=20).head.format is None
        assert_every_place_answers(pool)


def test_slow_queries_give_their_places_to_others(nursed: Nursed) -> None:
    with nursed.pool(wait=0.2) as pool, ThreadPoolExecutor(2 * SIZE) as threads:
        slow = [threads.submit(ask, pool, RUNAWAY, 4) for _ in range(SIZE)]
        while pool.busy()[1] < SIZE:
            time.sleep(0.05)
        assert json.loads(ask(pool, TRUE.text))["boolean"] is True
        more = [threads.submit(ask, pool, RUNAWAY, 1.5) for _ in range(SIZE)]
        while pool.busy()[0] < 2 * SIZE:
            time.sleep(0.05)
        with pytest.raises(HttpProblem):  # as many slow ones as may be, and every place taken
            ask(pool, TRUE.text)
        assert pool.busy()[:3] == (2 * SIZE, SIZE, 0)
        for one in (*slow, *more):
            with pytest.raises(TimeLimitError):
                one.result()
        assert_every_place_answers(pool)


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


@pytest.mark.parametrize("lines", [1, 3])
def test_whoever_stands_in_line_gets_an_answer_whatever_those_before_do(nursed: Nursed, lines: int) -> None:
    """Errors, long answers, slow queries and crashes end a line, or keep it up; nobody else notices."""
    threads, turns = 10, 30
    wrong: list[object] = []

    def expect(pool: WorkerPool, number: int, turn: int) -> None:
        value = number * 1000 + turn
        match (turn + 5 * number) % 20:
            case 3:
                with pytest.raises(QueryError):
                    ask(pool, "SELECT ?broken")
            case 7:
                pool.run(QueryTask(ENDLESS, "json", None), commit="", timeout=20).close()
            case 11 if turn > turns // 2:
                with pytest.raises(TimeLimitError):
                    ask(pool, RUNAWAY, timeout=0.2)
            case 13 if turn > turns // 2:
                with pytest.raises(KgtoolError):
                    ask(pool, HUNGRY)
            case 17:
                assert json.loads(ask(pool, WORK))["boolean"] is False
            case _:
                found = json.loads(ask(pool, f"SELECT ({value} AS ?n) {{}}"))
                assert found["results"]["bindings"][0]["n"]["value"] == str(value)

    def run(pool: WorkerPool, number: int) -> None:
        for turn in range(turns):
            try:
                expect(pool, number, turn)
            except BaseException as error:
                wrong.append(error)

    with nursed.pool(wait=20, size=threads + 2, lines=lines) as pool:
        with ThreadPoolExecutor(threads) as started:
            for number in range(threads):
                started.submit(run, pool, number)
        assert wrong == []
        assert pool.busy()[:3] == (0, 0, 0)
        answers = [pool.run(QueryTask(ENDLESS, "json", None), commit="", timeout=20) for _ in range(threads)]
        for answer in answers:
            assert next(iter(answer))
            answer.close()
    assert gone(nursed.workers)


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
