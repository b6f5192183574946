"""A registry's server in a thread: it answers as it was told to, and remembers what it was asked, and when."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class Told:
    """One answer. ``cut``: the connection ends after so many bytes of the body; ``chunked`` bodies have no length.

    ``dribbled``: each byte of the body comes by itself, so many seconds after the one before.
    """

    body: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    chunked: bool = False
    dribbled: float = 0.0


@dataclass
class Registry:
    """The server: ``answer`` is asked for each request what to send."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[Asked], Told] = lambda asked: Told()
    now: Callable[[], float] = lambda: 0.0
    at_once: int = 0
    most_at_once: int = 0

    def script(self, *answers: Told) -> None:
        """Answer with these, one after the other; the last one for ever."""
        left = list(answers)
        self.answer = lambda asked: left.pop(0) if len(left) > 1 else left[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    registry: Registry
    guard = threading.Lock()

    def _serve(self) -> None:
        registry = self.registry
        with self.guard:
            registry.at_once += 1
            registry.most_at_once = max(registry.most_at_once, registry.at_once)
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        asked = Asked(self.command, parts.path, query, dict(self.headers), body, registry.now())
        registry.asked.append(asked)
        told = registry.answer(asked)
        with self.guard:  # before it is sent, as who has the answer may ask again at once
            registry.at_once -= 1
        with suppress(ConnectionError):  # who asked may have left
            self._send(told)

    def _send(self, told: Told) -> None:
        self.send_response(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        if told.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(told.body)))
        self.end_headers()
        part = told.body if told.cut is None else told.body[: told.cut]
        if told.chunked:
            part = b"%x\r\n%s\r\n" % (len(part), part) + (b"0\r\n\r\n" if told.cut is None else b"")
        if told.status != 304 and told.dribbled:
            for at in range(len(part)):
                self.wfile.write(part[at : at + 1])
                time.sleep(told.dribbled)
        elif told.status != 304:
            self.wfile.write(part)
        if told.cut is not None:
            self.close_connection = True

    do_GET = do_POST = _serve

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: who asked may have left, as some tests want it."""


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[Registry]:
    """Run a registry on a port of this machine; with ``tls`` it speaks https."""
    registry = Registry("")
    handler = type("Handler", (_Handler,), {"registry": registry})
    server = _Server(("127.0.0.1", 0), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    registry.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield registry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
