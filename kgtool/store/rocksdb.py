"""RocksDB, in which Oxigraph keeps its quads, from outside: what its errors mean, and what is to be synced."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kgtool.errors import StoreDamagedError, StoreError, StoreFullError, StoreLockedError

_DAMAGED: Final = ("orruption", "not an SST", "does not exist", "No such file", "Column families not opened")


@contextmanager
def store_errors(folder: Path) -> Iterator[None]:
    """Say what RocksDB's errors mean.

    RocksDB reports everything as text; the words looked for are those of its ``Status`` codes.

    :raises StoreError: for what goes wrong in the block, of the kind that it is.
    """
    try:
        yield
    except StoreError:
        raise
    except (OSError, RuntimeError) as error:
        text = str(error)
        number = error.errno if isinstance(error, OSError) else None
        if number == errno.ENOSPC or "No space left" in text:
            raise StoreFullError(
                f"no space left for the store in {folder}", hint="free some space, then retry"
            ) from error
        if number == errno.EFBIG or "File too large" in text:
            raise StoreFullError(f"the store in {folder} may not grow", hint="raise the file size limit") from error
        if "/LOCK" in text or "While lock file" in text or "lock hold" in text:  # not: block checksum mismatch
            raise StoreLockedError(f"another process uses the store in {folder}", hint="close it first") from error
        if any(word in text for word in _DAMAGED):
            raise StoreDamagedError(
                f"the store in {folder} is damaged: {text}", hint="restore a backup, or build it again"
            ) from error
        raise StoreError(
            f"the store in {folder} cannot be used: {text}", hint="check the disk and its rights"
        ) from error


def tables_of(folder: Path) -> tuple[object, ...]:
    """Tell which tables and logs a RocksDB folder consists of; two answers that are equal are of the same ones.

    Each change of the set of tables is one more entry of the manifest that ``CURRENT`` names.
    """
    manifest = (folder / "CURRENT").read_text().strip()
    return manifest, (folder / manifest).stat().st_size, sorted(log.name for log in folder.glob("*.log"))


def size_of_logs(folder: Path) -> int:
    """Give the bytes of a RocksDB folder's logs, those included that wait to be written over."""
    return sum(log.stat().st_size for log in folder.glob("*.log"))


class Logs:
    """The logs of a RocksDB folder, which RocksDB writes at each commit and leaves to others to sync.

    :param folder: RocksDB's own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._newest = ""

    def sync(self) -> None:
        """Bring to the disk what was written since the last time.

        A log that is full has a newer one beside it until its content stands in a table, so there may be several; the
        name of a new one has to be brought to the disk too.
        """
        logs = sorted(log.name for log in self._folder.glob("*.log") if log.name >= self._newest)
        for name in logs:
            with suppress(FileNotFoundError):  # RocksDB has synced a table with the same content
                _sync_data(self._folder / name)
        if logs and logs[-1] != self._newest:
            sync_folder(self._folder)
            self._newest = logs[-1]


def sync_logs(folder: Path) -> None:
    """Bring every log of a RocksDB folder to the disk."""
    Logs(folder).sync()


def _sync_data(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
