"""The bytes of a registry's file: packed or not, in a zip archive or not, read as a stream and never as a whole."""

from __future__ import annotations

import base64
import hashlib
import lzma
import re
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from pyoxigraph import NamedNode, RdfFormat

from kgtool.errors import InputError, KgtoolError, Location, ParseError
from kgtool.ingest.decompression import BLOCK, Unpacked
from kgtool.ingest.formats import extensions_of_path
from kgtool.ingest.registries.registry import Origin
from kgtool.ingest.sources import STDIN, Source, check_readable

#: Bytes that one input may unpack to; the largest registry's file is a tenth of it.
MOST: Final = 1 << 34
_NOWHERE: Final = NamedNode("urn:kgtool:nowhere")
#: A day in a file's name: 2025-04-03, 20250403.
_DAY: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
#: What reading a damaged archive may raise: the module checks some of it, and trips over the rest.
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
)
_MONTH: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_](0[1-9]|1[0-2])(?!\d)")
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True)
class Input:
    """A file of a registry.

    :param name: as shown in messages.
    :param path: where its bytes are.
    """

    name: str
    path: Path

    def blocks(self, *, prefer: tuple[str, ...] = ()) -> Iterator[bytes]:
        """Give the bytes unpacked, in blocks; of a zip archive those of its one file that is meant.

        :param prefer: regular expressions for the name of that file, where there are several: the first that any fits.
        :raises InputError: if it cannot be read.
        :raises LimitError: after :data:`MOST` bytes.
        """
        if zipfile.is_zipfile(self.path):
            with _member(self, prefer) as (name, stream):
                yield from Unpacked(_source(name, stream, Path(name).name), max_bytes=MOST)
        elif _is_cut_archive(self.path):
            raise ParseError("this zip archive is cut off or damaged", where=Location(self.name), hint="fetch it again")
        else:
            yield from Unpacked(_source(self.name, None, self.path.name, self.path), max_bytes=MOST)

    def origin(self) -> Origin:
        """Say what was read: its name, the sum of its bytes and their number."""
        with self.path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
        text = base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")
        name = Path(self.name).name
        return Origin(name, f"ni:///sha-256;{text}", digest.hexdigest(), self.path.stat().st_size)

    def date(self) -> str | None:
        """Give the day, or else the month or the year, that the file's name holds.

        >>> Input("v1.63-2025-04-03-ror-data.zip", Path("x")).date(), Input("rnsr-actives-2022.csv", Path("x")).date()
        ('2025-04-03', '2022')
        >>> Input("ORCID_2025_10_summaries.tar.gz", Path("x")).date()
        '2025-10'
        """
        name = Path(self.name).name
        if day := _DAY.search(name):
            return "-".join(day.groups())
        if month := _MONTH.search(name):
            return "-".join(month.groups())
        year = _YEAR.search(name)
        return year.group(1) if year else None


@contextmanager
def inputs_of(files: list[str] | tuple[str, ...], stdin: BinaryIO | None = None) -> Iterator[list[Input]]:
    """Give an input for each file.

    Standard input (``-``) and what is no regular file (a pipe) are kept in a file meanwhile, as inputs are read more
    than once.

    :raises MissingError: for a file that is not there.
    :raises InputError: if one cannot be read, or standard input is given twice.
    """
    with tempfile.TemporaryDirectory(prefix="kgtool-import-") as folder:
        inputs = []
        for number, file in enumerate(files):
            path = Path(file)
            if file == "-":
                path = Path(folder) / STDIN
                if stdin is None or path.exists():
                    raise InputError("standard input (-) can be read once", hint="give files")
                _keep(stdin, path)
            else:
                check_readable(path, file)
                if not path.is_file():
                    pipe, path = path, Path(folder) / f"{number}-{path.name}"
                    with pipe.open("rb") as stream:
                        _keep(stream, path)
            inputs.append(Input(STDIN if file == "-" else file, path))
        yield inputs


def _keep(stream: BinaryIO, path: Path) -> None:
    with path.open("wb") as kept:
        shutil.copyfileobj(stream, kept)


def _is_cut_archive(path: Path) -> bool:
    """Tell whether a file begins as a zip archive does; what is whole has its list of files at the end."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) == b"PK\x03\x04"
    except OSError:
        return False  # who reads it says why it cannot be read


@contextmanager
def _member(source: Input, prefer: tuple[str, ...]) -> Iterator[tuple[str, BinaryIO]]:
    """Open the file of a zip archive that is meant.

    :raises InputError: if there is none, or the archive is damaged.
    """
    try:
        with zipfile.ZipFile(source.path) as archive:
            files = [info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__")]
            fitting = ([info for info in files if re.search(one, info.filename)] for one in prefer)
            wanted = next(filter(None, fitting), files)
            if not wanted:
                raise InputError("there is no file in this archive", where=Location(source.name))
            chosen = max(wanted, key=lambda info: (info.file_size, info.filename))
            name = f"{source.name}!{chosen.filename}"
            with archive.open(chosen) as stream:
                yield name, cast(BinaryIO, stream)
    except KgtoolError:
        raise
    except _DAMAGE as error:
        raise ParseError(
            f"this archive cannot be read: {error}", where=Location(source.name), hint="fetch it again"
        ) from error


def _source(name: str, stream: BinaryIO | None, file_name: str, path: Path | None = None) -> Source:
    _, compression = extensions_of_path(file_name)
    return Source(name, _NOWHERE, RdfFormat.N_TRIPLES, compression, path, stream)


def lines(blocks: Iterator[bytes], limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Give lines with their number from 1; None for one that is longer than ``limit`` bytes, which is never held.

    >>> list(lines(iter([b"ab\\nc", b"d\\n", b"abcdef", b"gh\\nx"]), 5))
    [(1, b'ab'), (2, b'cd'), (3, None), (4, b'x')]
    """
    number, rest, too_long = 1, b"", False
    for block in blocks:
        *whole, last = block.split(b"\n")
        for piece in whole:
            line = rest + piece
            yield number, None if too_long or len(line) > limit else line.removesuffix(b"\r")
            number, rest, too_long = number + 1, b"", False
        if too_long or len(rest) + len(last) > limit:
            rest, too_long = b"", True
        else:
            rest += last
    if rest or too_long:
        yield number, None if too_long else rest.removesuffix(b"\r")


__all__ = ["BLOCK", "MOST", "Input", "inputs_of", "lines"]
