"""Endpoints to reach: a hostile one that runs in the test, ``oxigraph serve``, and stores that ask them."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kgtool.federation import Proxy
from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.store.hosts import AllowedHosts
from kgtool.store.services import Services

JSON = "application/sparql-results+json"
ONE = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"urn:far"}}]}}'
NESTED = b'{"head":{"vars":["x"]},"results":{"bindings":' + b"[" * 40_000 + b"]" * 40_000 + b"}}"
XML = b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>true</boolean></sparql>'
#: What is sent whole under a path: status, header fields, body.
PLAIN = {
    "/ok": (200, {"Content-Type": JSON}, ONE),
    "/packed": (200, {"Content-Type": JSON, "Content-Encoding": "gzip"}, gzip.compress(ONE)),
    "/brotli": (200, {"Content-Type": JSON, "Content-Encoding": "br"}, b"x"),
    "/html": (200, {"Content-Type": "text/html"}, ONE),
    "/ask": (200, {"Content-Type": "application/sparql-results+xml"}, XML),
    "/doctype": (200, {"Content-Type": "application/sparql-results+xml"}, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    "/broken": (200, {"Content-Type": JSON}, ONE[:-3]),
    "/nested": (200, {"Content-Type": JSON}, NESTED),
    "/failing": (500, {"Content-Type": "text/plain"}, b"no\n disk"),
    "/bomb": (200, {"Content-Type": JSON, "Content-Encoding": "gzip"}, gzip.compress(b" " * 50_000_000)),
    "/loop": (302, {"Location": "/loop"}, b""),
    "/moved": (307, {"Location": "/ok"}, b""),
    "/file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/data.ttl": (200, {"Content-Type": "text/plain"}, b"<a> <urn:p> <#b>, 'c' ."),
    "/data": (200, {"Content-Type": "application/n-triples; charset=utf-8"}, b"<urn:a> <urn:p> _:b ."),
    "/quads": (200, {"Content-Type": "application/n-quads"}, b"<urn:a> <urn:p> <urn:b> <urn:g> ."),
    "/bad.ttl": (200, {"Content-Type": "text/turtle"}, b"<urn:a> <urn:p> "),
}


class _Hostile(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.path, dict(self.headers), body))  # type: ignore[attr-defined]
        path = self.path.partition("?")[0]
        if path in PLAIN:
            status, headers, content = PLAIN[path]
            self._begin(status, headers | {"Content-Length": str(len(content))})
            self.wfile.write(content)
            return
        self.close_connection = True
        with contextlib.suppress(OSError):
            if path == "/cut":
                self._begin(200, {"Content-Type": JSON, "Content-Length": str(len(ONE) + 10)})
                self.wfile.write(ONE)
            elif path == "/endless":
                self._begin(200, {"Content-Type": JSON})
                while True:
                    self.wfile.write(b" " * 65536)
            elif path == "/away":
                self._begin(307, {"Location": self.server.elsewhere, "Content-Length": "0"})  # type: ignore[attr-defined]
            elif path == "/slow-head":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
                self._trickle()
            else:
                self._begin(200, {"Content-Type": JSON})
                self._trickle()

    do_POST = do_GET

    def _begin(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _trickle(self) -> None:
        for _ in range(600):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.05)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running(elsewhere: str = "") -> Iterator[ThreadingHTTPServer]:
    """A hostile server; what it was asked is in ``asked``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hostile)
    server.daemon_threads = True
    server.asked, server.elsewhere = [], elsewhere  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def forbidden() -> Iterator[ThreadingHTTPServer]:
    """A server that nobody may reach."""
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def hostile(forbidden: ThreadingHTTPServer) -> Iterator[ThreadingHTTPServer]:
    with running(f"http://127.0.0.1:{forbidden.server_port}/ok") as server:
        yield server


def services(*hosts: str, timeout: float = 1.5, max_bytes: int = 200_000) -> Services:
    return Services(AllowedHosts.of(hosts), timeout=timeout, max_bytes=max_bytes)


@contextmanager
def asking(store: Path, *hosts: str, write: bool = True, **limits: float) -> Iterator[KnowledgeGraph]:
    """A small graph that may ask some hosts, through a proxy in this process."""
    with (
        Proxy(services(*hosts, **limits)) as proxy,  # type: ignore[arg-type]
        KnowledgeGraph.open(store, write=write, create=True, engine="none", services=proxy.services) as graph,
    ):
        if "urn:g" not in graph.source_names():
            graph.load(sources_of_bytes(b"<urn:near> <urn:p> 1, 2 .", name="x", graph="urn:g", format="turtle"))
        yield graph


@pytest.fixture(scope="module")
def kg(hostile: ThreadingHTTPServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """A graph that may ask the hostile server."""
    with asking(tmp_path_factory.mktemp("kg") / "store", f"127.0.0.1:{hostile.server_port}") as graph:
        yield graph


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process_listening(command: list[str], port: int, folder: Path) -> Iterator[int]:
    """A server of others, once it answers."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        for _ in range(600):
            if process.poll() is not None:
                pytest.fail((folder / "log").read_text(errors="replace")[-2000:])
            try:
                with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                    connection.request("GET", "/")
                    connection.getresponse().read()
                break
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        else:
            pytest.fail(f"{command[0]} does not answer")
        yield port
    finally:
        process.kill()
        process.wait(30)


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of ``oxigraph serve`` with a little data."""
    folder = tmp_path_factory.mktemp("oxigraph")
    port = free_port()
    command = [str(Path(sys.executable).parent / "oxigraph"), "serve", "--bind", f"127.0.0.1:{port}"]
    with process_listening(command, port, folder):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        text = "INSERT DATA { <urn:near> <urn:name> 'Ada'@en, 'naïve \"\\u0001' . <urn:c> <urn:p> 3 }"
        connection.request("POST", "/update", text.encode(), {"Content-Type": "application/sparql-update"})
        assert connection.getresponse().status == 204
        connection.close()
        yield port


def rows(graph: KnowledgeGraph, text: str) -> list[tuple[str, ...]]:
    return sorted(tuple(str(term) for term in row) for row in graph.query(text).solutions())


def of_json(content: bytes) -> list[dict[str, str]]:
    found = json.loads(content)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]
