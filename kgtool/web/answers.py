"""From a worker's answer to an HTTP answer."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Final

from flask import Request, Response

from kgtool.web.processes.pool import Answer

#: Bytes that an answer may take in memory before it goes to a temporary file.
SPOOL_BYTES: Final = 4 * 2**20
_PIECE: Final = 64 * 1024


def respond(request: Request, answer: Answer, media_type: str) -> Response:
    """Send an answer's bytes as they come.

    An answer that breaks off breaks the connection: its chunked coding never ends. HTTP/1.0 has no such coding, and an
    end of the connection would look like the answer's, so its answers are completed first and sent with their length.
    """
    if answer.whole is not None:
        return Response(answer.whole, status=200, content_type=media_type)
    if request.method == "HEAD":
        answer.close()
        # Werkzeug gives the length 0 to an empty list, and an iterator none: the answer's length is not known
        # (https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2).
        return Response(iter(()), status=200, content_type=media_type)
    if request.environ.get("SERVER_PROTOCOL") != "HTTP/1.1":  # granian says HTTP/1
        return spooled(answer, media_type)
    response = Response(answer, status=200, content_type=media_type, direct_passthrough=True)
    response.call_on_close(answer.close)  # also when a coding stands between
    return response


def spooled(answer: Answer, media_type: str) -> Response:
    """Complete an answer, in a temporary file if it is long, then send it with its length.

    :raises KgtoolError: if it breaks off; nothing was sent then.
    """
    spool = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115  # the response closes it
    try:
        for piece in answer:
            spool.write(piece)
    except BaseException:
        spool.close()
        raise
    finally:
        answer.close()
    size = spool.tell()
    spool.seek(0)
    response = Response(_pieces(spool), status=200, content_type=media_type, direct_passthrough=True)
    response.content_length = size
    response.call_on_close(spool.close)
    return response


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
