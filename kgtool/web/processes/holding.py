"""Which leases there are, and which places they hold: each is counted once, whoever ends it."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import Counter
from typing import Final

from kgtool.web.processes.leases import Lease
from kgtool.web.processes.turns import Turns

_NICENESS: Final = 19


class Holding:
    """The leases of a front.

    A lease holds one of the places of :class:`~kgtool.web.processes.turns.Turns`, until it is a slow one: of those as
    many may be, beside. One that waits for a slow client holds none.

    :param places: how many quick tasks run at the same time, and how many slow ones beside them.
    :param waiting: how many may wait for a place.
    """

    def __init__(self, places: int, waiting: int) -> None:
        self.turns = Turns(places, waiting)
        self._leases: set[Lease] = set()
        self._slow: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __contains__(self, lease: Lease) -> bool:
        return lease in self._leases

    def __len__(self) -> int:
        return len(self._leases)

    @property
    def slow(self) -> int:
        """How many run for long."""
        return self._slow.total()

    def all(self) -> list[Lease]:
        """Give the leases of this moment."""
        return list(self._leases)

    def add(self, lease: Lease) -> None:
        """Take note of a lease, whose place was taken of ``turns``."""
        self._leases.add(lease)  # one step, whatever other threads do

    def remove(self, lease: Lease) -> bool:
        """End a lease and give its place back; False if somebody else was quicker."""
        with self._lock:
            if lease not in self._leases:
                return False
            self._leases.remove(lease)
            if lease.slow and not lease.parked:
                self._slow[lease.client.name] -= 1
        if not lease.slow:
            self.turns.give_back(lease.client.name)
        return True

    def park(self, lease: Lease) -> None:
        """Let a query whose client is slow to read hold no place: it does nothing in the meantime."""
        with self._lock:
            if lease.parked or lease not in self._leases:
                return
            lease.parked = True
            held, lease.slow = not lease.slow, True
            if not held:
                self._slow[lease.client.name] -= 1
        if held:
            self.turns.give_back(lease.client.name)

    def slow_down(self, lease: Lease) -> None:
        """Let a query go on at low priority, and give its place to others, if there is room for one more slow one."""
        name, turns = lease.client.name, self.turns
        with self._lock:
            full = self.slow >= turns.places or self._slow[name] >= turns.most
            if full or lease not in self._leases:
                return
            lease.slow = True
            self._slow[name] += 1
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, lease.worker.process, _NICENESS)
        turns.give_back(name)
