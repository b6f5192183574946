"""Whose turn it is: places for a number of queries, given to clients in turn, with a bounded queue.

A client that asks for much waits behind its own queries, not in front of everybody's: of those that wait, each client
has its turn, and no client holds every place, so that another one that comes finds one.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import Final

from kgtool.web.problems import HttpProblem

_RETRY_AFTER: Final = "5"


class Turns:
    """A number of places, and the clients that wait for one.

    :param places: how many may be held at the same time; by one client one less, if there are more than three.
    :param waiting: how many may wait in all; half as many of one client.
    """

    def __init__(self, places: int, waiting: int) -> None:
        self.places = places
        #: How many one client may hold.
        self.most = places - 1 if places > 3 else places  # of few places each counts more than what may come
        self._free = places
        self._waiting_most = waiting
        self._held: dict[str, int] = {}
        self._queues: OrderedDict[str, deque[threading.Event]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._queues.values()))

    def take(self, client: str, wait: float) -> None:
        """Take a place, or wait for one; give it back with :meth:`give_back`.

        :param wait: most seconds to wait.
        :raises HttpProblem: 503 when too many wait, or none came free in time.
        """
        with self._lock:
            held = self._held.get(client, 0)
            if self._free and held < self.most:
                self._free -= 1
                self._held[client] = held + 1
                return
            queue = self._queues.setdefault(client, deque())
            if self.waiting >= self._waiting_most or 2 * len(queue) >= self._waiting_most:
                if not queue:
                    del self._queues[client]
                raise _full("too many queries wait already")
            mine = threading.Event()
            queue.append(mine)
        if mine.wait(wait):
            return
        with self._lock:
            if mine.is_set():  # given in the last moment
                return
            self._forget(client, mine)
        raise _full(f"all workers are busy, and none became free in {wait:g} s")

    def give_back(self, client: str) -> None:
        """Give a place back, to the client whose turn it is."""
        with self._lock:
            self._free += 1
            held = self._held.pop(client) - 1
            if held:
                self._held[client] = held
            for other, queue in self._queues.items():
                held = self._held.get(other, 0)
                if held < self.most:
                    self._free -= 1
                    self._held[other] = held + 1
                    queue.popleft().set()
                    if queue:
                        self._queues.move_to_end(other)
                    else:
                        del self._queues[other]
                    return

    def _forget(self, client: str, mine: threading.Event) -> None:
        queue = self._queues[client]
        queue.remove(mine)
        if not queue:
            del self._queues[client]


def _full(what: str) -> HttpProblem:
    return HttpProblem(503, what, hint="try again later", headers={"Retry-After": _RETRY_AFTER})
