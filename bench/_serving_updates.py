"""Durable updates of one triple each, by 16 clients; then all is killed, and what was acknowledged is looked for."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from _measuring import quantile
from _serving_data import path_of
from _serving_processes import HOST, TOKEN, Server, kgtool, kill

CLIENTS = 16
_NUMBER = "urn:bench:number"


@dataclass(frozen=True)
class Updates:
    """What came of the updates.

    :param rate: acknowledged ones a second.
    :param median: milliseconds from request to acknowledgement; ``most`` the 99th percentile.
    :param lost: acknowledged ones that are not there after ``kill -9``; ``unasked``: those there that nobody sent.
    :param back: seconds from the start of the server after ``kill -9`` to its first answer.
    """

    rate: float
    acknowledged: int
    refused: int
    median: float
    most: float
    lost: int
    unasked: int
    back: float


@dataclass
class _Client:
    sent: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    refused: int = 0


def updates(store: Path, log: Path, *, seconds: float) -> Updates:
    """Write for some seconds, kill the server under the last writes, start it again and count."""
    clients = [_Client() for _ in range(CLIENTS)]
    with kgtool(store, log) as server:
        over = threading.Event()
        threads = [
            threading.Thread(target=_write, args=(server, number, client, over))
            for number, client in enumerate(clients)
        ]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        in_time = sum(len(client.acknowledged) for client in clients)
        took = time.perf_counter() - start
        kill(server.process)  # in the middle of what is under way
        over.set()
        for thread in threads:
            thread.join()
    acknowledged = {value for client in clients for value in client.acknowledged}
    sent = {value for client in clients for value in client.sent}
    with kgtool(store, log) as server:
        status, body = server.get(path_of(server.endpoint, f"SELECT ?s {{ ?s <{_NUMBER}> ?n }}"))
        assert status == 200, body
        there = {row["s"]["value"] for row in json.loads(body)["results"]["bindings"]}
        back = server.started
    times = [one for client in clients for one in client.times]
    return Updates(
        rate=in_time / took,
        acknowledged=len(acknowledged),
        refused=sum(client.refused for client in clients),
        median=quantile(times, 0.5) if times else 0.0,
        most=quantile(times, 0.99) if times else 0.0,
        lost=len(acknowledged - there),
        unasked=len(there - sent),
        back=back,
    )


def _write(server: Server, number: int, client: _Client, over: threading.Event) -> None:
    # Each client has an address of its own, as what one client may do is bounded.
    source = (f"127.0.1.{number + 1}", 0)
    connection = http.client.HTTPConnection(HOST, server.port, timeout=60, source_address=source)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/sparql-update"}
    with contextlib.suppress(OSError, http.client.HTTPException):
        while not over.is_set():
            name = f"urn:bench:write:{number}:{len(client.sent)}"
            client.sent.append(name)
            start = time.perf_counter()
            connection.request("POST", "/sparql", f"INSERT DATA {{ <{name}> <{_NUMBER}> {number} }}", headers)
            response = connection.getresponse()
            response.read()
            if 200 <= response.status < 300:
                client.acknowledged.append(name)
                client.times.append((time.perf_counter() - start) * 1e3)
            else:
                client.refused += 1
    connection.close()
