"""A front's query workers: leases, the watch over their time and their clients, and what comes of a worker's end.

Each request leases one worker. A worker that runs over its time, dies, or is left in the middle of an answer is killed;
an answer that broke off raises while it is read, so that the connection breaks and nobody takes the part for the whole.
A query that takes longer than a moment goes on at a lower priority and gives its place to others, as long as there is
room for slow ones: neighbours with quick questions do not wait for it, on the processor or in the queue.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

from kgtool.errors import MemoryLimitError, TimeLimitError
from kgtool.web import metrics
from kgtool.web.evaluation import Failure, Head, Piece, Task
from kgtool.web.problems import HttpProblem
from kgtool.web.processes import messages
from kgtool.web.processes.deaths import cause_of_death
from kgtool.web.processes.leases import Client, Ended, Lease
from kgtool.web.processes.nursery import Nursery, Worker
from kgtool.web.processes.presence import connections, has_left
from kgtool.web.processes.turns import Turns

LOG: Final = logging.getLogger(__name__)
#: Seconds between two looks of the watchdog.
_LOOK: Final = 0.1
#: Seconds after which a query is a slow one.
_SLOW: Final = 0.3
_NICENESS: Final = 19
#: Seconds that a query waits for those before it, if they are quick.
_GAP: Final = 0.01
#: Queries that may wait for a place; of one client half as many.
WAITING: Final = 64
#: How a task ended whose worker died by itself.
_OUTCOMES: Final = {"crash": "failed"}
#: Why a worker was ended, by how its task ended.
_KILLS: Final = {"time": "time", "memory": "memory", "left": "left", "crash": "crash"}


class Answer:
    """An answer under way: its head, then its bytes, each once. Close it when done, whole or not."""

    def __init__(self, pool: WorkerPool, lease: Lease, head: Head, first: Piece) -> None:
        self.head = head
        self._pool = pool
        self._lease = lease
        self._next: Piece | None = first
        #: All bytes of an answer so short that they came in one piece, else ``None``.
        self.whole = first.content if first.last else None
        if first.last:  # the worker is free before the client has read a byte
            pool._release(lease, "done")

    def __iter__(self) -> Iterator[bytes]:
        """Give the bytes in pieces.

        :raises KgtoolError: when the answer broke off; what was given before is not the whole.
        """
        self._lease.answering = True
        while self._next is not None:
            piece, self._next = self._next, None
            self._lease.offered = time.monotonic()
            yield piece.content
            self._lease.offered = None
            if not piece.last:
                self._next = self._pool._receive(self._lease)
                if self._next.last:
                    self._pool._release(self._lease, "done")

    def close(self) -> None:
        """Give the worker back; one in the middle of its answer is killed."""
        self._next = None
        self._pool._end(self._lease, "left")


class WorkerPool:
    """Workers that evaluate tasks on one store.

    :param nursery: the address of who makes them.
    :param size: how many quick tasks run at the same time, and how many slow ones beside them.
    :param memory: MB that a task may take.
    :param wait: seconds that a task waits for its turn.
    :param at_once: how many quick tasks need run at the same time to use the processors.
    :param told: called for every task that ends.
    """

    def __init__(
        self,
        nursery: Path,
        *,
        size: int,
        memory: int,
        wait: float,
        at_once: int = 1,
        told: Callable[[Ended], None] | None = None,
    ) -> None:
        self._nursery = Nursery(nursery)
        self._memory = memory
        self._wait = wait
        self._told = told or (lambda ended: None)
        self._turns = Turns(size, WAITING)
        self._lock = threading.Lock()
        self._gate: SimpleQueue[None] = SimpleQueue()
        for _ in range(at_once):
            self._gate.put(None)
        self._idle: list[Worker] = []  # last used first: its caches are warm
        self._leases: set[Lease] = set()
        self._slow: Counter[str] = Counter()
        self._closed = threading.Event()
        with contextlib.suppress(OSError):  # the first task reports it
            self._idle.append(self._nursery.worker())
        threading.Thread(target=self._watch, name="kgtool-watchdog", daemon=True).start()

    def run(self, task: Task, *, commit: str, timeout: float, client: Client | None = None) -> Answer:
        """Evaluate a task on a commit or a later one, up to the first bytes of its answer.

        :param timeout: seconds from the start of the evaluation to the last byte.
        :raises KgtoolError: what is wrong with the task, or the limit that it hit.
        :raises HttpProblem: 503 when its turn did not come in time.
        """
        message = messages.of_task(task, commit)
        lease = self._leased(task, timeout, client or Client())
        try:
            try:
                lease.worker.tasks.send(*message)
            except OSError:  # it died while idle
                lease = self._again(lease)
                lease.worker.tasks.send(*message)
            first = self._receive(lease)
            if first.head is None:
                raise RuntimeError("a worker sent no head")
            if not first.last:
                self._let_next(lease)
        except BaseException:
            self._end(lease, "failed")  # does nothing if the worker was given back already
            raise
        return Answer(self, lease, first.head, first)

    def busy(self) -> tuple[int, int, int, int]:
        """Count the queries that run, those of them that are slow, those that wait, and the workers that idle."""
        return len(self._leases), self._slow.total(), self._turns.waiting, len(self._idle)

    def close(self) -> None:
        """End every worker."""
        self._closed.set()
        for lease in list(self._leases):
            self._end(lease, "left")
        with self._lock:
            for worker in self._idle:
                worker.kill()
                worker.close()
            self._idle.clear()
        self._nursery.close()

    def _leased(self, task: Task, timeout: float, client: Client) -> Lease:
        asked = time.monotonic()
        try:
            self._turns.take(client.name, self._wait)
        except HttpProblem:
            self._told(Ended(task, "refused", time.monotonic() - asked, client, 0))
            raise
        try:
            self._gate.get(timeout=_GAP)
            narrow = True
        except Empty:
            narrow = False
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        try:
            if worker is None:
                worker = self._nursery.worker()
                metrics.worker_respawned()
        except OSError as error:
            self._turns.give_back(client.name)
            if narrow:
                self._gate.put(None)
            LOG.error("no query worker could be started: %s", error)
            raise HttpProblem(503, "no query worker could be started", headers={"Retry-After": "5"}) from error
        since = asked if client.since is None else client.since
        lease = Lease(worker, task, client, time.monotonic() + timeout, since, narrow=narrow)
        self._leases.add(lease)
        return lease

    def _again(self, lease: Lease) -> Lease:
        """Give a lease on a fresh worker in place of one on a worker that died while it was idle."""
        if lease not in self._leases:  # it did not: the watchdog has ended it
            raise _too_late()
        self._end(lease, None)
        return self._leased(lease.task, lease.time_left(), lease.client)

    def _receive(self, lease: Lease) -> Piece:
        """Wait for a worker's next message; a failure is raised, and so is the end of a worker."""
        try:
            message = messages.read_answer(*lease.worker.tasks.receive())
        except (EOFError, OSError) as error:
            if lease.left:
                raise HttpProblem(503, "the client has left") from error
            if lease not in self._leases:
                raise _too_late() from error
            cause = cause_of_death(self._nursery, lease.worker, self._memory)
            self._end(lease, "memory" if isinstance(cause, MemoryLimitError) else "crash")
            raise cause from error
        if time.monotonic() > lease.deadline:  # the watchdog looks only now and then
            self._end(lease, "time")
            raise _too_late()
        if isinstance(message, Failure):
            if isinstance(message.error, MemoryLimitError):
                self._end(lease, "memory")
            else:
                self._release(lease, "failed")
            raise message.error
        lease.size += len(message.content)
        return message

    def _taken(self, lease: Lease, outcome: str | None, *, keep: bool = False) -> bool:
        """End a lease, once.

        :param outcome: how its task ended; None if that is not to be counted.
        :param keep: let its worker wait for the next task; else whoever ends the lease kills it.
        """
        with self._lock:
            if lease not in self._leases:
                return False
            self._leases.remove(lease)
            if lease.narrow:
                lease.narrow = False
                self._gate.put(None)
            if lease.slow and not lease.parked:
                self._slow[lease.client.name] -= 1
            if keep:
                lease.released = True
                self._idle.append(lease.worker)
        if not lease.slow:
            self._turns.give_back(lease.client.name)
        if outcome is not None:
            seconds = time.monotonic() - lease.started
            self._told(Ended(lease.task, _OUTCOMES.get(outcome, outcome), seconds, lease.client, lease.size))
        return True

    def _release(self, lease: Lease, outcome: str) -> None:
        """Give a worker back that has finished; one that was slowed down stays slow, and ends."""
        if lease.slow or len(self._idle) >= self._turns.places:
            self._end(lease, outcome)
        else:
            self._taken(lease, outcome, keep=True)

    def _end(self, lease: Lease, outcome: str | None, *, owner: bool = True) -> None:
        """Kill a leased worker; a lease that has ended is left alone.

        :param outcome: why; see :meth:`_taken`.
        :param owner: whether the caller is the one that reads from the worker's pipes, and closes them.
        """
        if self._taken(lease, outcome):
            lease.worker.kill()
            metrics.worker_killed(_KILLS.get(outcome or "", "stop"))
        if owner and not lease.released:
            lease.worker.close()

    def _watch(self) -> None:
        while not self._closed.wait(_LOOK):
            now = time.monotonic()
            busy, slow, queued, idle = self.busy()
            metrics.workers_changed(busy, slow, idle)
            metrics.queue_changed(queued)
            waiting = []
            for lease in list(self._leases):
                if now > lease.deadline:
                    self._end(lease, "time", owner=False)
                    continue
                if lease.offered is not None and now - lease.offered > _LOOK:
                    self._park(lease)
                elif not lease.slow and now - lease.started > _SLOW:
                    self._slow_down(lease)
                elif lease.narrow and now - lease.started > _LOOK:
                    self._let_next(lease)
                if not lease.answering and lease.client.address is not None and now - lease.asked > _LOOK:
                    waiting.append(lease)
            known = connections() if waiting else None
            for lease in waiting:
                if has_left(lease.client.address or "", time.monotonic() - lease.asked, known) and not lease.answering:
                    lease.left = True
                    self._end(lease, "left", owner=False)

    def _park(self, lease: Lease) -> None:
        """Let a query whose client is slow to read hold no place: it does nothing in the meantime."""
        with self._lock:
            if lease.parked or lease not in self._leases:
                return
            lease.parked = True
            held, lease.slow = not lease.slow, True
            if not held:
                self._slow[lease.client.name] -= 1
        if held:
            self._turns.give_back(lease.client.name)

    def _let_next(self, lease: Lease) -> None:
        """Wait no longer with others for this one."""
        with self._lock:
            if lease.narrow:
                lease.narrow = False
                self._gate.put(None)

    def _slow_down(self, lease: Lease) -> None:
        """Let a query go on at low priority, and give its place to others, if there is room for one more slow one."""
        name, places = lease.client.name, self._turns.places
        with self._lock:
            full = self._slow.total() >= places or self._slow[name] >= self._turns.most
            if full or lease not in self._leases:
                return
            lease.slow = True
            self._slow[name] += 1
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, lease.worker.process, _NICENESS)
        self._turns.give_back(name)


def _too_late() -> TimeLimitError:
    return TimeLimitError("the time allowed ran out", hint="ask for less at a time, or allow more time")
