"""The bytes of a source, decompressed, in blocks of bounded size."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, cast

import zstandard

from kgtool.errors import InputError, LimitError, Location, MissingError, ParseError
from kgtool.ingest.sources import Source

BLOCK: Final = 1 << 16
#: Zstandard holds at most 128 KiB in four bytes, so that this much input never unfolds to more than 32 MiB.
_ZST_INPUT: Final = 1 << 10
#: Largest window, and so memory, that a zstandard frame may ask for: what the ``zstd`` command takes by default.
_ZST_WINDOW: Final = 1 << 27

#: How compressed data begin; no RDF text begins so.
_MAGIC: Final = {
    "gz": re.compile(rb"\x1f\x8b"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
    "zst": re.compile(rb"\x28\xb5\x2f\xfd"),
    "bz2": re.compile(rb"BZh[1-9]1AY&SY"),
    "zip": re.compile(rb"PK\x03\x04"),
}


class _CountedReader(io.RawIOBase):
    """Reads a stream and tells how many bytes it has read so far."""

    def __init__(self, stream: BinaryIO, progress: Callable[[int], None] | None) -> None:
        self._stream = stream
        self._progress = progress
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        data = self._stream.read(len(view))
        view[: len(data)] = data
        self._count += len(data)
        if self._progress and data:
            self._progress(self._count)
        return len(data)


def blocks(
    source: Source, *, progress: Callable[[int], None] | None = None, max_bytes: int | None = None
) -> Iterator[bytes]:
    """Yield the decompressed bytes of a source in order, in blocks of at most 64 KiB (32 MiB for zstandard).

    What begins like compressed data is decompressed whatever its name says, and so is standard input.

    :param progress: called with the bytes read so far of the source as it is stored, compressed.
    :param max_bytes: the most bytes to yield.
    :raises MissingError: when the file is not there.
    :raises InputError: when it cannot be read.
    :raises ParseError: when the compressed data are cut off or damaged.
    :raises LimitError: after ``max_bytes``.
    """
    where = Location(source.name)
    total = 0
    try:
        stream = source.path.open("rb") if source.path is not None else source.stream
        if stream is None:
            raise InputError("there is nothing to read", where=where)
        try:
            for block in _decompressed(source, stream, progress):
                total += len(block)
                if max_bytes is not None and total > max_bytes:
                    raise LimitError(
                        f"more than {max_bytes} bytes after decompression", where=where, hint="send it in parts"
                    )
                yield block
        finally:
            if source.path is not None:
                stream.close()
    except FileNotFoundError as error:
        raise MissingError("no such file", where=where, hint="check the path") from error
    except IsADirectoryError as error:
        raise InputError("this is a folder, not a file", where=where, hint="give its files") from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", where=where) from error


def _decompressed(source: Source, stream: BinaryIO, progress: Callable[[int], None] | None) -> Iterator[bytes]:
    reader = io.BufferedReader(_CountedReader(stream, progress), BLOCK)
    buffered = cast(BinaryIO, reader)
    where = Location(source.name)
    head = reader.peek(16)
    compression = source.compression or next((name for name, magic in _MAGIC.items() if magic.match(head)), None)
    if compression == "zip":
        raise ParseError("this is a zip archive", where=where, hint="unpack it and load the files that it holds")
    if compression is None:
        while block := reader.read1(BLOCK):
            yield block
        return
    try:
        if compression == "zst":
            yield from _zst_blocks(buffered)
        else:
            with _unpacked(buffered, compression) as unpacked:
                while block := unpacked.read(BLOCK):
                    yield block
    except EOFError as error:
        raise ParseError(
            f"the {compression} data end too early", where=where, hint="the file is cut off: fetch or write it again"
        ) from error
    except (lzma.LZMAError, zlib.error, zstandard.ZstdError) as error:
        raise _damaged(compression, head, where, error) from error
    except OSError as error:
        if error.errno is not None:  # the disk, not the data
            raise
        raise _damaged(compression, head, where, error) from error


def _unpacked(packed: BinaryIO, compression: str) -> BinaryIO:
    if compression == "gz":
        return cast(BinaryIO, gzip.open(packed))
    return cast(BinaryIO, lzma.open(packed) if compression == "xz" else bz2.open(packed))


def _damaged(compression: str, head: bytes, where: Location, error: Exception) -> ParseError:
    if _MAGIC[compression].match(head):
        return ParseError(f"damaged {compression} data: {error}", where=where, hint="fetch or write the file again")
    return ParseError(
        f"named as {compression} data, which it is not", where=where, hint="rename it after what it holds"
    )


def _zst_blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Unfold zstandard frames one after another.

    The library's own stream reader takes a frame that is cut off for a complete one.

    :raises EOFError: when the last frame is cut off.
    """
    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZST_WINDOW)
    frame = None
    while data := stream.read(_ZST_INPUT):
        while data:
            frame = frame or decompressor.decompressobj()
            if block := frame.decompress(data):
                yield block
            data = b""
            if frame.eof:
                data, frame = frame.unused_data, None
    if frame is not None:
        raise EOFError
