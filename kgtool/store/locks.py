"""Who may use a store's folder: one writer, or readers; and who holds it now.

``flock`` on one file: a writer holds it exclusively and writes who it is into it, readers share it. The kernel lets go
when a process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Final

from kgtool.errors import StoreLockedError

#: The command of whose arguments nothing is written down.
_NAMELESS: Final = "forget"


class Lock:
    """A held lock; closing lets go of it.

    :param file: the lock file, made when absent.
    :param exclusive: to write; otherwise to read beside other readers.
    :param wait: seconds to wait for the present holders.
    :raises StoreLockedError: naming the holder, if they keep it longer.
    """

    def __init__(self, file: Path, *, exclusive: bool, wait: float = 0.0) -> None:
        # Who only reads may have no right to write: to share the lock, reading its file is enough.
        reads = not exclusive and file.exists()
        self._descriptor = os.open(file, (os.O_RDONLY if reads else os.O_RDWR | os.O_CREAT) | os.O_CLOEXEC, 0o644)
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self._descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(self._descriptor)
                    raise _locked(file) from None
                time.sleep(0.02)
        if exclusive:
            self._describe({})

    def describe_url(self, url: str, process: int | None = None) -> None:
        """Say where the holder takes changes over HTTP.

        :param process: number of the process to name instead of this one.
        """
        self._describe({"url": url, **({"pid": process} if process else {})})

    def _describe(self, also: dict[str, object]) -> None:
        """Say who holds the lock, for those who find it taken."""
        known = {"pid": os.getpid(), "command": _command()[:80], **also}
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps(known).encode(), 0)

    def close(self) -> None:
        """Let go."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _command() -> str:
    """Give the command line; of one that forgets people not whom."""
    words = sys.argv[1:]
    if _NAMELESS in words:
        words = words[: words.index(_NAMELESS) + 1]
    return " ".join(["kgtool", *words])


def holder(file: Path) -> dict[str, object]:
    """Say who held the lock last, as far as it is known."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _locked(file: Path) -> StoreLockedError:
    known = holder(file)
    who = f"process {known['pid']} ({known.get('command', 'kgtool')})" if "pid" in known else "another process"
    url = known.get("url")
    hint = (
        f"send the change to {url}/sparql over HTTP, or stop that process" if url else "wait until it ends, or stop it"
    )
    return StoreLockedError(f"the store in {file.parent} is in use by {who}", hint=hint)
