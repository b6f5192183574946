"""The proxy that SERVICE goes through: a server on 127.0.0.1 that passes queries on, and holds to the limits.

Oxigraph asks it in place of the endpoint, whose URL is in the address (see :mod:`kgtool.store.services`). The address
has a secret, so that no other process uses it. It runs in a process that lives as long as the service.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from kgtool.errors import KgtoolError, QueryError, RemoteError
from kgtool.federation.answers import ACCEPT, checked
from kgtool.federation.fetching import fetch
from kgtool.store.services import Services

#: Requests that are under way at the same time; each may hold an answer in memory.
MAX_REQUESTS: Final = 16
_MAX_QUERY: Final = 4 * 2**20
_IDLE: Final = 5.0


class Proxy:
    """A server for SERVICE, for :class:`~kgtool.store.services.Services` that name no proxy yet.

    :param services: hosts and limits.
    """

    def __init__(self, services: Services) -> None:
        self._secret = f"/{secrets.token_urlsafe(24)}"
        self._free = threading.BoundedSemaphore(MAX_REQUESTS)
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread: threading.Thread | None = None
        #: What to give to those that evaluate queries.
        self.services = dataclasses.replace(
            services, proxy=f"http://127.0.0.1:{self._server.server_port}{self._secret}"
        )

    def start(self) -> Self:
        """Serve, in threads of this process."""
        self._thread = threading.Thread(target=self._server.serve_forever, name="kgtool-federation", daemon=True)
        self._thread.start()
        return self

    def close(self) -> None:
        """End the server; what is under way breaks off with the process."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def opens_for(self, path: str) -> bool:
        """Tell whether a path has the secret."""
        return secrets.compare_digest(path.encode("utf-8", "replace"), self._secret.encode())

    def passed_on(self, url: str, query: bytes) -> tuple[bytes, str]:
        """Send a query to an endpoint; give its answer and the media type.

        :raises QueryError: if the endpoint may not be reached.
        :raises RemoteError: if it fails.
        """
        limits = self.services
        if not self._free.acquire(timeout=limits.timeout):
            raise RemoteError("too many requests to endpoints are under way", hint="try again later")
        try:
            answer = fetch(
                url,
                limits.hosts,
                accept=ACCEPT,
                timeout=limits.timeout,
                max_bytes=limits.max_bytes,
                body=urlencode({"query": query}).encode(),
                media_type="application/x-www-form-urlencoded",  # Virtuoso 7 hangs on application/sparql-query
            )
            return answer.content, checked(answer)
        finally:
            self._free.release()


class _Handler(BaseHTTPRequestHandler):
    """One connection of Oxigraph."""

    owner: Proxy
    protocol_version = "HTTP/1.1"
    timeout = _IDLE

    def do_POST(self) -> None:
        """Pass a query on."""
        parts = urlsplit(self.path)
        length = self.headers.get("Content-Length", "")
        if not self.owner.opens_for(parts.path) or not length.isdecimal() or int(length) > _MAX_QUERY:
            self.close_connection = True
            self._send(404, b"", "text/plain")
            return
        query = self.rfile.read(int(length))
        try:
            content, media_type = self.owner.passed_on(parse_qs(parts.query)["to"][0], query)
        except (KgtoolError, KeyError) as error:
            self._send(502, _cause(error), "application/json")
        else:
            self._send(200, content, media_type)

    def _send(self, status: int, content: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the address is a secret."""


def _cause(error: Exception) -> bytes:
    """Write what went wrong, for :func:`kgtool.store.services.failure_of`."""
    told = error if isinstance(error, KgtoolError) else RemoteError("a request without an endpoint")
    hint = told.hint or "use SERVICE SILENT to go on without it"
    return json.dumps({"refused": isinstance(told, QueryError), "what": told.what, "hint": hint}).encode()
