"""The bodies of requests: decoded, and never longer than the limit, in memory or on disk.

The limit counts bytes after decompression, and is checked while they unfold.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from flask import Request
from werkzeug.exceptions import UnsupportedMediaType

from kgtool.errors import LimitError
from kgtool.web.codings import PIECE, codings_of, decoded
from kgtool.web.problems import HttpProblem

_UTF8: Final = ("utf-8", "utf8", "us-ascii")


def pieces(request: Request, limit: int) -> Iterator[bytes]:
    """Give the body in decoded pieces.

    :param limit: most bytes, as sent and after each coding is undone.
    :raises LimitError: beyond it.
    :raises HttpProblem: 400 for a body that its coding does not fit, 415 for an unknown coding.
    """

    def counted(given: Iterator[bytes]) -> Iterator[bytes]:
        total = 0
        for piece in given:
            total += len(piece)
            if total > limit:
                raise too_large(limit)
            yield piece

    if request.content_length is not None and request.content_length > limit:
        raise too_large(limit)
    return decoded(_sent(request), codings_of(request.headers.get("Content-Encoding")), counted)


def too_large(limit: int) -> LimitError:
    """Say that a body is beyond a limit in bytes."""
    size = f"{limit // 2**20} MB" if limit >= 2**20 else f"{limit} bytes"
    return LimitError(f"the body is larger than {size} after decompression", hint="send it in parts")


def read(request: Request, limit: int) -> bytes:
    """Give the whole body; see :func:`pieces`."""
    return b"".join(pieces(request, limit))


def text(request: Request, limit: int) -> str:
    """Give the body as text.

    :raises HttpProblem: 400 if it is not UTF-8; and what :func:`pieces` raises.
    """
    try:
        return read(request, limit).decode("utf-8")
    except UnicodeDecodeError as error:
        raise HttpProblem(400, f"the body is not UTF-8 at byte {error.start}") from error


def require_utf8(request: Request) -> None:
    """Refuse a body whose Content-Type says another character encoding.

    :raises UnsupportedMediaType: naming what is read.
    """
    if request.mimetype_params.get("charset", "utf-8").lower() not in _UTF8:
        raise UnsupportedMediaType("text must be UTF-8")


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder for the parts of one request's body; it goes when the request is done."""
    with tempfile.TemporaryDirectory(prefix="kgtool-body-") as name:
        yield Path(name)


def saved(request: Request, limit: int, file: Path) -> int:
    """Write the body to a file; see :func:`pieces`. Gives its length in bytes."""
    with file.open("wb") as output:
        return sum(output.write(piece) for piece in pieces(request, limit))


def _sent(request: Request) -> Iterator[bytes]:
    """Give the body as it was sent.

    :raises werkzeug.exceptions.ClientDisconnected: 400 for one that is shorter than its Content-Length.
    """
    while piece := request.stream.read(PIECE):
        yield piece
