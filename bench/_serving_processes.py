"""Servers under test, each in a process group of its own that ends with the measurement."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from _measuring import ROOT
from _serving_data import OXIGRAPH, Data

HOST = "127.0.0.1"
TOKEN = "a-token-of-the-benchmark"
#: Logs and limits are on; the limit of a client's rate is one that nobody here reaches.
LIMITS = {
    "KGTOOL_ACCESS_LOG": "stderr",
    "KGTOOL_SLOW_QUERY": "1",
    "KGTOOL_RATE": "1000000",
    "KGTOOL_RATE_BURST": "1000000",
    "KGTOOL_WRITE_TOKEN": TOKEN,
}


@dataclass(frozen=True)
class Server:
    """A server that answers.

    :param endpoint: the path of its SPARQL endpoint.
    :param started: seconds from the start of its process to its first answer.
    """

    name: str
    port: int
    endpoint: str
    process: subprocess.Popen[bytes]
    started: float

    def get(self, path: str, accept: str = "application/sparql-results+json") -> tuple[int, bytes]:
        """Ask once, over a connection of its own; give status and body."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        try:
            connection.request("GET", path, headers={"Accept": accept})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


@contextmanager
def kgtool(store: Path, log: Path, **settings: str) -> Iterator[Server]:
    """Run ``kgtool serve`` of this tree, with logs and limits on."""
    environment = {**LIMITS, **settings, "KGTOOL_STORE": str(store)}
    with running("kgtool", [sys.executable, "-m", "kgtool", "serve"], "/sparql", log, environment) as server:
        yield server


@contextmanager
def oxigraph(data: Data, log: Path) -> Iterator[Server]:
    """Run ``oxigraph serve-read-only``."""
    command = [str(OXIGRAPH), "serve-read-only", "--location", str(data.oxigraph), "--bind", f"{HOST}:{{port}}"]
    with running("oxigraph", command, "/query", log) as server:
        yield server


@contextmanager
def rdflib_endpoint(data: Data, log: Path) -> Iterator[Server]:
    """Run rdflib-endpoint on a graph in memory, by uvicorn as its own command does, without uvicorn's access log."""
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(Path(__file__).parent), "--no-access-log"]
    command += ["--log-level", "warning", "--port", "{port}", "_serving_rdflib:app"]
    with running("rdflib-endpoint", command, "/", log, {"BENCH_TRIPLES": str(data.triples)}) as server:
        yield server


@contextmanager
def running(
    name: str, command: Sequence[str], endpoint: str, log: Path, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run a server on a free port until the block ends; ``{port}`` in the command stands for the port.

    :raises RuntimeError: if it does not answer.
    """
    port = free_port()
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KGTOOL_") and key != "PORT"}
    environment = {**kept, "PYTHONPATH": str(ROOT), "PORT": str(port), **(settings or {})}
    with log.open("ab") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            [part.replace("{port}", str(port)) for part in command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        server = Server(name, port, endpoint, process, 0.0)
        try:
            _await_answer(server, log)
            yield Server(name, port, endpoint, process, time.perf_counter() - start)
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server as an operator would; what is left of its process group after that is killed."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
    kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill every process of a server at once: ``kill -9`` of its group, which it leads."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.create_server((HOST, 0)) as taken:
        return int(taken.getsockname()[1])


def _await_answer(server: Server, log: Path) -> None:
    question = f"{server.endpoint}?query=ASK%7B%3Furn_a%20%3Fb%20%3Fc%7D" if server.endpoint else "/"
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(f"{server.name} ended by itself: {log.read_text(errors='replace')[-2000:]}")
        with contextlib.suppress(OSError, http.client.HTTPException):
            if server.get(question)[0] == 200:
                return
        time.sleep(0.005)
    raise RuntimeError(f"{server.name} does not answer")
