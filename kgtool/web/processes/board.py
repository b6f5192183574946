"""The board: a few bytes of shared memory, by which the writer tells all fronts at once what the last commit is."""

from __future__ import annotations

import mmap
import struct
import time
from pathlib import Path
from typing import Final

_SIZE: Final = 4096
_COMMIT: Final = slice(0, 64)
_DEATH: Final = struct.Struct("<qq")
_DEATH_AT: Final = 64


class Board:
    """Shared memory in a file.

    :param file: made by :meth:`create`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Board.create(Path(folder) / "board").commit = "3f9a61c2-17"
    ...     Board(Path(folder) / "board").commit
    '3f9a61c2-17'
    """

    def __init__(self, file: Path) -> None:
        with file.open("r+b") as handle:
            self._memory = mmap.mmap(handle.fileno(), _SIZE)

    @classmethod
    def create(cls, file: Path) -> Board:
        """Make an empty board."""
        file.write_bytes(bytes(_SIZE))
        return cls(file)

    @property
    def commit(self) -> str:
        """The name of the last commit that readers may see; empty before the first."""
        while True:  # a name that is being written may be read half; two readings that agree are whole
            first = self._memory[_COMMIT]
            if first == self._memory[_COMMIT]:
                return first.rstrip(b"\0").decode("ascii", "replace")

    @commit.setter
    def commit(self, name: str) -> None:
        self._memory[_COMMIT] = name.encode("ascii").ljust(_COMMIT.stop - _COMMIT.start, b"\0")

    def note_death(self, process: int, code: int) -> None:
        """Say how a writer ended: its exit code, or the negative number of the signal."""
        _DEATH.pack_into(self._memory, _DEATH_AT, process, code)

    def cause_of_death(self, process: int, wait: float) -> int | None:
        """Say how a writer ended, if that is known within some seconds."""
        until = time.monotonic() + wait
        while True:
            dead, code = _DEATH.unpack_from(self._memory, _DEATH_AT)
            if dead == process:
                return int(code)
            if time.monotonic() > until:
                return None
            time.sleep(0.01)


def is_at_least(commit: str, other: str) -> bool:
    """Tell whether a commit is another one or a later one of the same store; every commit is at least an empty name.

    >>> is_at_least("3f9a61c2-17", "3f9a61c2-9"), is_at_least("3f9a61c2-17", "aaaaaaaa-9")
    (True, False)
    """
    if not other or commit == other:
        return True
    store, _, number = commit.rpartition("-")
    other_store, _, other_number = other.rpartition("-")
    return store == other_store and int(number) >= int(other_number)
