"""How many requests a client may send: a token bucket per client, shared by the processes of the service.

A bucket is kept as one time, the instant at which it will be full again (the "theoretical arrival time" of the generic
cell rate algorithm, ITU-T I.371): in any time t at most ``rate * t + burst`` requests pass. The buckets are
a table in a file that every process maps, of sets of eight; a byte-range lock on the file guards each set
between processes, a lock of the process between its threads. A client whose set is full takes the place of
the one that has been quiet longest.

Where a burst is large, a process takes a 64th part of it at once, and the next requests cost no lock. What a client
does not use of that in a second is lost; what it uses late may come on top of a whole burst.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import math
import mmap
import os
import struct
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

_SETS: Final = 4096
_WAYS: Final = 8
_SET: Final = struct.Struct("<" + "Qd" * _WAYS)
_SLOT: Final = struct.Struct("<Qd")
_SALT_BYTES: Final = 16
_FILE: Final = "rates"
#: The part of a burst that is taken at once, how much that is at most, and for how many seconds.
_AHEAD_PART: Final = 64
_AHEAD_MOST: Final = 32
_AHEAD_SECONDS: Final = 1.0
_CLIENTS: Final = 4096


@dataclass(frozen=True)
class Rate:
    """How much may pass.

    :param name: what is limited; buckets of different names are apart.
    :param per_second: events a second in the long run.
    :param burst: events at once.
    """

    name: str
    per_second: float
    burst: int

    @property
    def interval(self) -> float:
        """Seconds in which one event comes back."""
        return 1.0 / self.per_second

    @property
    def ahead(self) -> int:
        """How many events are taken at once."""
        return max(1, min(_AHEAD_MOST, self.burst // _AHEAD_PART))


class Buckets:
    """The buckets of all clients.

    :param folder: where the processes share them; None for one process by itself.
    """

    def __init__(self, folder: Path | None = None) -> None:
        size = _SALT_BYTES + _SETS * _SET.size
        self._path = None if folder is None else folder / _FILE
        self._guard = threading.Lock()
        if self._path is None:
            self._table = mmap.mmap(-1, size)
        else:
            with _opened(self._path) as file:
                fcntl.lockf(file, fcntl.LOCK_EX)
                if os.fstat(file).st_size < size:
                    # The salt keeps outsiders from choosing addresses whose buckets fall into one set.
                    os.pwrite(file, os.urandom(_SALT_BYTES), 0)
                    os.ftruncate(file, size)
                self._table = mmap.mmap(file, size)
        self._salt = self._table[:_SALT_BYTES] if folder is not None else os.urandom(_SALT_BYTES)
        self._file: tuple[int, int] | None = None
        self._place = lru_cache(maxsize=8192)(self._place_of)
        self._ahead: dict[tuple[str, str], tuple[float, list[None]]] = {}
        _every.add(self)

    def take(self, client: str, rate: Rate, *, now: float | None = None) -> float:
        """Take one from a client's bucket.

        :param now: seconds of the monotonic clock, which all processes of a machine share.
        :returns: 0 if it passes, else the seconds until one would.
        """
        if rate.ahead == 1:
            return self._change(client, rate, now, debt=False)
        at = time.monotonic() if now is None else now
        until, left = self._ahead.get((client, rate.name), _NOTHING)
        with contextlib.suppress(IndexError):  # list.pop is one step, whatever other threads do
            if at < until:
                left.pop()
                return 0.0
        if self._change(client, rate, now, debt=False, number=rate.ahead):
            return self._change(client, rate, now, debt=False)
        if len(self._ahead) >= _CLIENTS:
            self._ahead.clear()
        self._ahead[client, rate.name] = at + _AHEAD_SECONDS, [None] * (rate.ahead - 1)
        return 0.0

    def charge(self, client: str, rate: Rate, *, now: float | None = None) -> None:
        """Take one from a client's bucket, even if it is empty: what has happened counts."""
        self._change(client, rate, now, debt=True)

    def wait(self, client: str, rate: Rate, *, now: float | None = None) -> float:
        """Give the seconds until a client may take one, 0 for at once, and take nothing."""
        key, offset = self._place(client, rate.name)
        _, full = self._find(key, _SET.unpack_from(self._table, offset))
        return _over(full, rate, time.monotonic() if now is None else now)

    def _change(self, client: str, rate: Rate, now: float | None, *, debt: bool, number: int = 1) -> float:
        key, offset = self._place(client, rate.name)
        with self._guard:
            file = self._descriptor()
            if file is not None:
                fcntl.lockf(file, fcntl.LOCK_EX, 1, offset)
            try:
                at = time.monotonic() if now is None else now
                way, full = self._find(key, _SET.unpack_from(self._table, offset))
                over = _over(full, rate, at, number)
                if over <= 0 or debt:
                    place = offset + way * _SLOT.size
                    _SLOT.pack_into(self._table, place, key, max(full, at) + number * rate.interval)
                return over
            finally:
                if file is not None:
                    fcntl.lockf(file, fcntl.LOCK_UN, 1, offset)

    def _find(self, key: int, slots: tuple[int | float, ...]) -> tuple[int, float]:
        """Give the way of a key, or that which it may take, and when its bucket is full."""
        for way in range(_WAYS):
            if slots[2 * way] == key:
                return way, slots[2 * way + 1]
        return min(range(_WAYS), key=lambda way: slots[2 * way + 1]), 0.0

    def _place_of(self, client: str, name: str) -> tuple[int, int]:
        digest = hashlib.blake2b(f"{name} {client}".encode(), key=self._salt, digest_size=16).digest()
        key = int.from_bytes(digest[:8], "little") | 1  # 0 is an empty slot
        return key, _SALT_BYTES + int.from_bytes(digest[8:], "little") % _SETS * _SET.size

    def _descriptor(self) -> int | None:
        """Give this process's own descriptor of the shared file: the locks belong to a process."""
        if self._path is None:
            return None
        if self._file is None or self._file[0] != os.getpid():
            self._file = (os.getpid(), os.open(self._path, os.O_RDWR | os.O_CLOEXEC))
        return self._file[1]

    def _renew(self) -> None:
        self._guard = threading.Lock()


_NOTHING: Final[tuple[float, list[None]]] = (0.0, [])


def _over(full: float, rate: Rate, now: float, number: int = 1) -> float:
    """Give the seconds until so many more fit below the burst."""
    return max(0.0, max(full, now) + number * rate.interval - now - rate.burst * rate.interval - 1e-9)


def retry_after(seconds: float) -> str:
    """Write the ``Retry-After`` of a wait: whole seconds, at least 1.

    >>> retry_after(0.02), retry_after(5.1)
    ('1', '6')
    """
    return str(max(1, math.ceil(seconds)))


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """Open a file, made private if absent, as a descriptor."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _after_fork() -> None:
    for buckets in list(_every):
        buckets._renew()


_every: weakref.WeakSet[Buckets] = weakref.WeakSet()
os.register_at_fork(after_in_child=_after_fork)
