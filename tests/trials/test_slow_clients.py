"""Clients that read or send a byte at a time: they wait for themselves, and hold up nobody else."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from urllib.parse import urlencode

import pytest

from tests.trials import processes
from tests.trials.neighbour import Neighbour
from tests.trials.services import Service, running
from tests.trials.stores import CROWD, NUMBERS, make_store
from tests.trials.wire import connect

SECONDS = 4.0
#: An answer of several MB, and one without end.
LARGE = f"SELECT * {{ ?a <urn:knows> ?b VALUES ?c {{ {' '.join(f'<urn:n{n}>' for n in range(12))} }} }}"
ENDLESS = "SELECT * { ?a <urn:number> ?b . ?c <urn:number> ?d . ?e <urn:number> ?f }"


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    store = make_store(tmp_path_factory.mktemp("slow") / "store", numbers=NUMBERS, crowd=CROWD)
    limits = {"KGTOOL_QUERY_WORKERS": "2", "KGTOOL_QUERY_TIMEOUT": "20", "KGTOOL_QUERY_MEMORY": "256"}
    with running(store, **limits) as service:
        assert len(service.query(LARGE).body) > 3 * 2**20
        yield service


def trickling(connections: list[socket.socket], step: Callable[[socket.socket], object], stop: threading.Event) -> None:
    """Let each connection do a step every second until told to stop."""
    while not stop.wait(0.2):
        for connection in connections:
            with suppress(OSError):
                step(connection)


def beside(service: Service, count: int, begin: bytes, step: Callable[[socket.socket], object]) -> None:
    """Open connections that begin with these bytes and go on step by step; a neighbour must not notice."""
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(service.port)) for _ in range(count)]
        for connection in connections:
            connection.sendall(begin)
        stop = threading.Event()
        thread = threading.Thread(target=trickling, args=(connections, step, stop), daemon=True)
        thread.start()
        with Neighbour(service, source="127.0.0.2") as neighbour:
            time.sleep(SECONDS)
        stop.set()
        thread.join(30)
    # Two cores begin all of them at once, beside other tests; held up, the neighbour would wait for their time to end.
    neighbour.check(bound=3)
    assert service.answers()


def read_a_byte(connection: socket.socket) -> None:
    connection.setblocking(False)
    connection.recv(1)


def test_slow_readers_of_a_large_answer(slow: Service) -> None:
    path = "/sparql?" + urlencode({"query": LARGE})
    before = processes.resident(slow.family())
    beside(slow, 8, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), read_a_byte)
    assert processes.resident(slow.family()) < before + 300


def test_slow_readers_of_an_answer_without_end(slow: Service) -> None:
    """Each holds a query for as long as its time lasts; more queries than run at once must still leave a place."""
    path = "/sparql?" + urlencode({"query": ENDLESS, "timeout": "2"})
    before = processes.resident(slow.family())
    begin = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with connect(slow.port) as connection:
        connection.sendall(begin)
        with Neighbour(slow) as neighbour:
            time.sleep(SECONDS)
            read_a_byte(connection)
    neighbour.check()
    assert processes.resident(slow.family()) < before + 300


def test_slow_headers(slow: Service) -> None:
    beside(slow, 60, b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nX-Slow: ", lambda c: c.sendall(b"x"))


def test_slow_bodies(slow: Service) -> None:
    begin = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100000\r\n\r\n"
    )
    beside(slow, 40, begin, lambda c: c.sendall(b" "))


def test_slow_chunks(slow: Service) -> None:
    begin = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    beside(slow, 40, begin, lambda c: c.sendall(b"1\r\n \r\n"))


def test_connections_that_say_nothing(slow: Service) -> None:
    beside(slow, 200, b"", lambda c: None)
