"""Content codings of a request's body, undone piece by piece: a bomb is noticed while it unfolds.

Sources: RFC 9110, section 8.4; RFC 1950 to 1952 (deflate is zlib's format there, and raw in what some clients send);
RFC 9659 (zstandard's window of at most 8 MiB).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import zstandard

from kgtool.web.problems import HttpProblem

#: Bytes that one piece holds, before it is decoded and after (8 MiB after zstandard).
PIECE: Final = 64 * 1024
#: Zstandard holds 128 KiB in four bytes at most, so that this much input never unfolds to more than 8 MiB.
_ZSTD_INPUT: Final = 256
_ZSTD_WINDOW: Final = 2**23
#: What a client is told that it may send.
ACCEPTED: Final = "gzip, deflate, zstd, identity"
_MAX_CODINGS: Final = 2

Pieces = Iterator[bytes]


def codings_of(header: str | None) -> tuple[str, ...]:
    """Read a Content-Encoding header: the codings in the order in which they were applied.

    :raises HttpProblem: 415 for a coding that is not known, or more than two.

    >>> codings_of("gzip, identity"), codings_of(None)
    (('gzip',), ())
    """
    named = tuple(name for part in (header or "").split(",") if (name := part.strip().lower()) not in ("", "identity"))
    for name in named:
        if name not in _DECODERS:
            raise _unknown(f"bodies in the coding {name[:40]!r} are not read")
    if len(named) > _MAX_CODINGS:
        raise _unknown(f"bodies in {len(named)} codings are not read")
    return named


def decoded(pieces: Iterable[bytes], codings: Iterable[str], counted: Callable[[Pieces], Pieces]) -> Pieces:
    """Undo codings, the one applied last first.

    :param codings: of :func:`codings_of`.
    :param counted: put around what each coding gives; it raises when that is too much.
    :raises HttpProblem: 400 for data that are broken, cut off, or followed by something else.
    """
    current = counted(iter(pieces))
    for name in reversed(tuple(codings)):
        current = counted(_checked(_DECODERS[name](current), name))
    return current


def _checked(pieces: Pieces, name: str) -> Pieces:
    try:
        yield from pieces
    except (zlib.error, zstandard.ZstdError) as error:
        raise _broken(name, "it cannot be decoded") from error
    except EOFError as error:
        raise _broken(name, "it is cut off") from error


def _broken(name: str, why: str) -> HttpProblem:
    return HttpProblem(400, f"the body is not {name}, as Content-Encoding says: {why}")


def _unknown(what: str) -> HttpProblem:
    return HttpProblem(415, what, hint=f"use one of: {ACCEPTED}", headers={"Accept-Encoding": ACCEPTED})


def _gzip(pieces: Pieces) -> Pieces:
    """Undo gzip, whose members may follow one another (RFC 1952, section 2.2)."""
    started = False
    data = b""
    for piece in pieces:
        data += piece
        while data:
            if not started:
                decoder = zlib.decompressobj(wbits=31)
                started = True
            yield from _inflated(decoder, data)
            data = decoder.unused_data
            if decoder.eof:
                started = False
    if started:
        raise EOFError


def _deflate(pieces: Pieces) -> Pieces:
    """Undo deflate: zlib's format, or raw where it does not begin as zlib's."""
    decoder = None
    data = b""
    for piece in pieces:
        data += piece
        if decoder is None:
            if len(data) < 2:
                continue
            has_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
            decoder = zlib.decompressobj(wbits=15 if has_header else -15)
        if decoder.eof:
            raise zlib.error("something follows")
        yield from _inflated(decoder, data)
        if decoder.unused_data:
            raise zlib.error("something follows")
        data = b""
    if data or (decoder and not decoder.eof):
        raise EOFError


def _inflated(decoder: zlib._Decompress, data: bytes) -> Pieces:
    while data and not decoder.eof:
        if block := decoder.decompress(data, PIECE):
            yield block
        data = decoder.unconsumed_tail


def _zstd(pieces: Pieces) -> Pieces:
    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    frame = None
    for piece in pieces:
        for start in range(0, len(piece), _ZSTD_INPUT):
            data = piece[start : start + _ZSTD_INPUT]
            while data:
                frame = frame or decompressor.decompressobj()
                if block := frame.decompress(data):
                    yield block
                data = b""
                if frame.eof:
                    data, frame = frame.unused_data, None
    if frame is not None:
        raise EOFError


_DECODERS: Final[Mapping[str, Callable[[Pieces], Pieces]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "zstd": _zstd,
}
