"""The workers of a front that have nothing to do, and those that still answer what nobody waits for."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, field
from typing import Final

from kgtool.web import metrics
from kgtool.web.evaluation import Piece
from kgtool.web.processes import messages
from kgtool.web.processes.nursery import Nursery, Worker

#: Seconds that a worker has for what nobody waits for.
_PATIENCE: Final = 1.0
#: How many are kept ready.
_SPARE: Final = 2


@dataclass
class _Debt:
    """A worker, and how many answers it will give that nobody waits for."""

    worker: Worker
    owed: int
    since: float = field(default_factory=time.monotonic)


class Idle:
    """Workers to be had.

    :param nursery: who makes more of them.
    :param most: how many may wait for a task.
    """

    def __init__(self, nursery: Nursery, most: int) -> None:
        self._nursery = nursery
        self._most = most
        self._free: list[Worker] = []  # last used first: its caches are warm
        self._debts: list[_Debt] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._free)

    def take(self) -> Worker:
        """Take a worker; where none is idle, one is made.

        :raises OSError: if no process can be had.
        """
        with self._lock:
            if self._free:
                return self._free.pop()
        worker = self._nursery.worker()
        metrics.worker_respawned()
        return worker

    def give(self, worker: Worker, owed: int = 0) -> None:
        """Give a worker back.

        :param owed: how many answers it will still give that nobody waits for.
        """
        with self._lock:
            if owed:
                self._debts.append(_Debt(worker, owed))
                return
            if len(self._free) < self._most:
                self._free.append(worker)
                return
        end(worker)

    def replenish(self) -> None:
        """Have workers ready: until one has opened the store, tens of milliseconds pass."""
        with contextlib.suppress(OSError):  # whoever needs one reports it
            while len(self._free) < min(_SPARE, self._most):
                self.give(self._nursery.worker())

    def settle(self) -> None:
        """Throw away what nobody waits for, as far as it has come."""
        with self._lock:
            debts, self._debts = self._debts, []
        for debt in debts:
            _settle(debt)
            if debt.owed and time.monotonic() - debt.since > _PATIENCE:
                end(debt.worker)
            else:
                self.give(debt.worker, debt.owed)

    def close(self) -> None:
        """End them all."""
        with self._lock:
            workers = [*self._free, *(debt.worker for debt in self._debts)]
            self._free, self._debts = [], []
        for worker in workers:
            worker.kill()
            worker.close()


def end(worker: Worker) -> None:
    """End a worker whose task is done, or which has none."""
    worker.kill()
    worker.close()
    metrics.worker_killed("stop")


def _settle(debt: _Debt) -> None:
    with contextlib.suppress(EOFError, OSError):  # it has died: its next task finds out
        while debt.owed and debt.worker.tasks.has_more():
            answer = messages.read_answer(*debt.worker.tasks.receive())
            if isinstance(answer, Piece) and not answer.last:  # a long one
                debt.since = 0.0
                return
            debt.owed -= 1
