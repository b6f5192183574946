"""HTTP on a plain socket: requests byte by byte, answers as they come, and whether one was cut."""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """An answer.

    :param cut: the connection ended before the answer did.
    :param seconds: from the request to the last byte.
    """

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    cut: bool = False
    seconds: float = 0.0

    def __getitem__(self, name: str) -> str:
        return self.headers.get(name, "")


def connect(port: int, *, timeout: float = 60.0, source: str | None = None) -> socket.socket:
    """Connect, from another address of this machine if asked (127.0.0.2, …)."""
    return socket.create_connection(("127.0.0.1", port), timeout, source_address=(source, 0) if source else None)


def ask(
    port: int,
    method: str,
    path: str,
    body: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    timeout: float = 60.0,
    source: str | None = None,
) -> Answer:
    """Send one request on a connection of its own, and read the answer to its end.

    :raises OSError: if the connection is refused, breaks before the answer's header, or nothing comes in time.
    """
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout, source_address=(source, 0) if source else None)
    try:
        content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        connection.request(method, path, content, dict(headers or {}))
        response = connection.getresponse()
        try:
            read, cut = response.read(), False
        except (http.client.IncompleteRead, ConnectionError) as error:
            read, cut = getattr(error, "partial", b""), True
        return Answer(response.status, response.headers, read, cut, time.monotonic() - start)
    except http.client.HTTPException as error:
        raise ConnectionError(f"no answer: {error!r}") from error
    finally:
        connection.close()


class _Bytes:
    """What :class:`http.client.HTTPResponse` takes for a socket."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._content)


def exchange(port: int, request: bytes, *, end: bool = False, timeout: float = 20.0) -> bytes:
    """Send bytes, and give all that comes back until the server closes the connection.

    :param end: say that no more bytes come; a server may take that for a client that leaves.
    """
    received = []
    with connect(port, timeout=timeout) as connection:
        try:
            connection.sendall(request)
            if end:
                connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                received.append(piece)
        except TimeoutError:
            raise
        except OSError:  # who refuses early may close on what was not read
            pass
    return b"".join(received)


def first_answer(received: bytes, method: str = "GET") -> Answer | None:
    """Read the first answer in what came back; None if nothing came.

    :raises http.client.HTTPException: if it is no HTTP.
    """
    if not received:
        return None
    response = http.client.HTTPResponse(_Bytes(received), method=method)  # type: ignore[arg-type]
    response.begin()
    try:
        body, cut = response.read(), False
    except http.client.IncompleteRead as error:
        body, cut = error.partial, True
    return Answer(response.status, response.headers, body, cut)
