"""The bytes of a source, decompressed, in blocks of bounded size."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, Protocol, cast

import zstandard

from kgtool.errors import InputError, KgtoolError, LimitError, Location, MissingError, ParseError
from kgtool.ingest.sources import Source

BLOCK: Final = 1 << 16
#: After an error in unpacked text, so much more is unpacked to see whether the packed data are to blame: above 46 MiB,
#: to which one block of bzip2 may unfold before its checksum.
_LOOK_AHEAD: Final = 1 << 26
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


class _Decompressor(Protocol):
    """What the decompressors of bzip2 and xz have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Unpacked(Iterator[bytes]):
    """The decompressed bytes of a source in order, in blocks of at most 64 KiB (32 MiB for zstandard).

    What begins like compressed data is decompressed whatever its name says, and so is standard input.

    :param progress: called with the bytes read so far of the source as it is stored, compressed.
    :param max_bytes: the most bytes to give.
    :raises MissingError: when the file is not there.
    :raises InputError: when it cannot be read.
    :raises ParseError: when the compressed data are cut off or damaged.
    :raises LimitError: after ``max_bytes``.
    """

    def __init__(
        self, source: Source, *, progress: Callable[[int], None] | None = None, max_bytes: int | None = None
    ) -> None:
        self._source = source
        self._where = Location(source.name)
        self._compression = source.compression
        self._blocks = self._limited(progress, max_bytes)

    def __next__(self) -> bytes:
        return next(self._blocks)

    def damage(self) -> ParseError | None:
        """Say what is wrong with the compressed data close ahead, if anything: checksums stand behind what they check.

        To be asked when the text so far was found wrong.
        """
        left = _LOOK_AHEAD
        try:
            while self._compression and left > 0:
                left -= len(next(self))
        except StopIteration:
            return None
        except ParseError as error:
            return error
        except KgtoolError:
            return None
        return None

    def _limited(self, progress: Callable[[int], None] | None, max_bytes: int | None) -> Iterator[bytes]:
        source, where = self._source, self._where
        total = 0
        try:
            stream = source.path.open("rb") if source.path is not None else source.stream
            if stream is None:
                raise InputError("there is nothing to read", where=where)
            try:
                for block in self._decompressed(stream, progress):
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

    def _decompressed(self, stream: BinaryIO, progress: Callable[[int], None] | None) -> Iterator[bytes]:
        reader = io.BufferedReader(_CountedReader(stream, progress), BLOCK)
        buffered = cast(BinaryIO, reader)
        head = reader.peek(16)
        found = next((name for name, magic in _MAGIC.items() if magic.match(head)), None)
        compression = self._compression = self._compression or found
        if compression == "zip":
            raise ParseError(
                "this is a zip archive", where=self._where, hint="unpack it and load the files that it holds"
            )
        if compression is None:
            while block := reader.read1(BLOCK):
                yield block
            return
        try:
            yield from _unpacked(buffered, compression)
        except EOFError as error:
            raise ParseError(
                f"the {compression} data end too early",
                where=self._where,
                hint="the file is cut off: fetch or write it again",
            ) from error
        except (lzma.LZMAError, zlib.error, zstandard.ZstdError) as error:
            raise _damaged(compression, head, self._where, error) from error
        except OSError as error:
            if error.errno is not None:  # the disk, not the data
                raise
            raise _damaged(compression, head, self._where, error) from error


def _unpacked(packed: BinaryIO, compression: str) -> Iterator[bytes]:
    match compression:
        case "gz":
            with gzip.open(packed) as unpacked:
                while block := unpacked.read(BLOCK):
                    yield block
        case "zst":
            yield from _zst_blocks(packed)
        case "xz":
            yield from _stream_blocks(packed, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ), padding=b"\0")
        case _:
            yield from _stream_blocks(packed, bz2.BZ2Decompressor, padding=b"")


def _stream_blocks(packed: BinaryIO, start: Callable[[], _Decompressor], *, padding: bytes) -> Iterator[bytes]:
    """Unfold streams one after another, as several files packed and put together are.

    The libraries' own file objects pass over whatever follows the first stream.

    :param padding: the byte that may stand between streams and at the end.
    :raises EOFError: when the last stream is cut off.
    :raises OSError, LZMAError: when it is damaged, or what follows it is no stream.
    """
    data = packed.read(BLOCK)
    while True:
        decompressor = start()
        while not decompressor.eof:
            if decompressor.needs_input:
                data = data or packed.read(BLOCK)
                if not data:
                    raise EOFError
            block = decompressor.decompress(data, BLOCK)
            data = b""
            if block:
                yield block
        data = decompressor.unused_data.lstrip(padding)
        while not data and (more := packed.read(BLOCK)):
            data = more.lstrip(padding)
        if not data:
            return


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
