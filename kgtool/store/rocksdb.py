"""RocksDB, in which Oxigraph keeps its quads, from outside: what its errors mean, and what is to be synced."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
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


def sync_log(folder: Path) -> None:
    """Bring the newest log of a RocksDB folder to the disk."""
    logs = sorted(folder.glob("*.log"))
    if logs:
        descriptor = os.open(logs[-1], os.O_RDONLY)
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
