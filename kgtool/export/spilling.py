"""Sorting and buffering that move to disk when a graph is larger than memory should hold."""

from __future__ import annotations

import errno
import heapq
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from kgtool.errors import Location, StoreFullError

#: Rows held in memory before a sorted run goes to disk; about 60 MB of typical N-Triples lines.
RUN_ROWS: Final = 200_000
#: Runs merged at once, far below the usual limit of 1024 open files.
FAN_IN: Final = 64
#: Bytes of text held in memory before a body goes to disk.
BODY_BYTES: Final = 16 * 2**20


@contextmanager
def disk_space(folder: Path | None) -> Iterator[None]:
    """Turn a full disk into the error that says so.

    :raises StoreFullError: when the disk, or the user's share of it, is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        place = str(folder or tempfile.gettempdir())
        raise StoreFullError(
            "no space left to sort the export",
            where=Location(place),
            hint="free some space there, or export one graph at a time",
        ) from error


class SortedRows:
    """Distinct rows of text, given back in code-point order, as often as asked.

    A row holds no line feed. The order is that of Unicode code points, which is also that of the UTF-8 bytes: no
    locale has a say in it.

    >>> with SortedRows(None, run_rows=2) as rows:
    ...     for row in ("b", "é", "a", "b", "c"):
    ...         rows.add(row)
    ...     list(rows)
    ['a', 'b', 'c', 'é']

    :param folder: where runs go; None: the system's temporary folder.
    :param run_rows: distinct rows held in memory before they go to disk.
    """

    def __init__(self, folder: Path | None, *, run_rows: int = RUN_ROWS) -> None:
        self._folder = folder
        self._run_rows = run_rows
        self._held: set[str] = set()
        self._stack = ExitStack()
        self._runs_folder: Path | None = None
        self._runs: list[Path] = []
        self._serial = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def add(self, row: str) -> None:
        """Take one more row.

        :raises StoreFullError: when the disk is full.
        """
        self._held.add(row)
        if len(self._held) >= self._run_rows:
            with disk_space(self._folder):
                self._runs.append(self._written(sorted(self._held)))
                if len(self._runs) == FAN_IN:
                    self._merge_runs()
            self._held.clear()

    def __iter__(self) -> Iterator[str]:
        held = sorted(self._held)
        return _distinct(heapq.merge(*map(_read, self._runs), held)) if self._runs else iter(held)

    def _written(self, rows: Iterable[str]) -> Path:
        if self._runs_folder is None:
            made = tempfile.TemporaryDirectory(prefix="kgtool-export-", dir=self._folder)
            self._runs_folder = Path(self._stack.enter_context(made))
        self._serial += 1
        path = self._runs_folder / f"run-{self._serial}"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{row}\n" for row in rows)
        return path

    def _merge_runs(self) -> None:
        merged = self._written(_distinct(heapq.merge(*map(_read, self._runs))))
        for path in self._runs:
            path.unlink()
        self._runs = [merged]


class Body:
    """Text kept aside until what stands before it (the prefixes in use) is known; see ``body``."""

    def __init__(self, file: tempfile.SpooledTemporaryFile[bytes], folder: Path | None) -> None:
        self._file = file
        self._folder = folder

    def write(self, text: str) -> None:
        """Append text.

        :raises StoreFullError: when the disk is full.
        """
        with disk_space(self._folder):
            self._file.write(text.encode())

    def copy_to(self, output: BinaryIO) -> None:
        """Append all of the text, in UTF-8, to an output."""
        with disk_space(self._folder):
            self._file.seek(0)
        shutil.copyfileobj(self._file, output)


@contextmanager
def body(folder: Path | None) -> Iterator[Body]:
    """Give a place for text, in memory and beyond ``BODY_BYTES`` in a file of its own.

    >>> import io
    >>> output = io.BytesIO()
    >>> with body(None) as kept:
    ...     kept.write("after")
    ...     _ = output.write(b"before, ")
    ...     kept.copy_to(output)
    >>> output.getvalue()
    b'before, after'

    :param folder: where that file goes; None: the system's temporary folder.
    """
    with tempfile.SpooledTemporaryFile(BODY_BYTES, dir=None if folder is None else str(folder)) as file:
        yield Body(file, folder)


def _read(path: Path) -> Iterator[str]:
    # newline="\n": other line separators (U+0085, U+2028) stand unescaped inside literals.
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line[:-1]


def _distinct(rows: Iterable[str]) -> Iterator[str]:
    last: str | None = None
    for row in rows:
        if row != last:
            yield row
            last = row
