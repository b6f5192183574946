"""An answer has an end: connections that give up when a whole answer took too long, however its server dribbles.

A socket's timeout is for one read: a server that sends a byte a minute never meets it. So each read of an answer, of
its headers as of its body, waits no longer than what is left of the time for all of it.
"""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPResponse
from typing import Any, ClassVar, cast

from urllib3.connection import HTTPConnection, HTTPSConnection


class TookTooLongError(TimeoutError):
    """The time for a whole answer is over."""


class TimedConnection(HTTPConnection):
    """A connection whose answers have an end, the answer of a proxy that makes a tunnel among them.

    :cvar whole: seconds for an answer, from when its request begins to be sent.
    """

    whole: ClassVar[float]

    def connect(self) -> None:
        """Connect, and make the tunnel where there is to be one."""
        self._begin()
        super().connect()

    def request(self, *args: Any, **options: Any) -> None:
        """Send a request: its answer has the whole time."""
        self._begin()
        super().request(*args, **options)

    def _begin(self) -> None:
        self.response_class = cast("type[HTTPResponse]", partial(_response, time.monotonic() + self.whole))


class TimedTlsConnection(TimedConnection, HTTPSConnection):
    """The same through TLS; the time for its handshake is that for connecting, which Python holds it to as a whole."""


def _response(ends: float, sock: socket.socket, *args: Any, **options: Any) -> HTTPResponse:
    return HTTPResponse(cast(socket.socket, _Timed(sock, ends)), *args, **options)


class _Timed:
    """What a response needs of its socket: a file to read from."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock, self._ends = sock, ends

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._sock, self._ends))


class _Reading(io.RawIOBase):
    """Reads from a socket until a time, by ``time.monotonic``."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock, self._ends = sock, ends
        self._file = sock.makefile("rb", buffering=0)
        self._between = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TookTooLongError
        self._sock.settimeout(left if self._between is None else min(left, self._between))
        try:
            return cast("Callable[[Any], int | None]", self._file.readinto)(buffer)
        except TimeoutError as error:
            if time.monotonic() >= self._ends:
                raise TookTooLongError from error
            raise

    def close(self) -> None:
        self._file.close()
        super().close()
