"""Reading on when a request is refused before its end, so that its client hears why.

A server that answers and closes while a client still sends makes the client see a broken connection, and no answer. A
client that waits for a go-ahead (``Expect``), or announces far too much, is answered at once.
"""

from __future__ import annotations

import contextlib
import time
from typing import Final

from flask import Flask, Response, request

#: Bytes that are read and thrown away, at most, and seconds.
_MOST: Final = 96 * 2**20
_SECONDS: Final = 10.0
_PIECE: Final = 256 * 1024


def register(app: Flask) -> None:
    """Let the app read what is left of a request that it refuses."""
    app.after_request(_drained)


def _drained(response: Response) -> Response:
    if response.status_code < 400:
        return response
    sends = request.content_length is not None or "chunked" in request.headers.get("Transfer-Encoding", "")
    if not sends or "Expect" in request.headers or (request.content_length or 0) > _MOST:
        return response
    source = request.environ["wsgi.input"]
    left, until = _MOST, time.monotonic() + _SECONDS
    with contextlib.suppress(Exception):  # the client has gone
        while left > 0 and time.monotonic() < until and (piece := source.read(_PIECE)):
            left -= len(piece)
    return response
