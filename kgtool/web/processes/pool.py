"""A front's query workers: leases, and what comes of a worker's end.

Each request leases one worker, by itself or in line with others (:mod:`kgtool.web.processes.lines`). A worker that runs
over its time, dies, or is left in the middle of an answer is killed; an answer that broke off raises while it is read,
so that the connection breaks and nobody takes the part for the whole. A query that takes longer than a moment goes on
at a lower priority and gives its place to others, as long as there is room for slow ones: neighbours with quick
questions do not wait for it, on the processor or in the queue.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from kgtool.errors import MemoryLimitError, TimeLimitError
from kgtool.web import metrics
from kgtool.web.evaluation import Failure, Head, Piece, Task
from kgtool.web.problems import HttpProblem
from kgtool.web.processes import messages
from kgtool.web.processes.deaths import cause_of_death
from kgtool.web.processes.holding import Holding
from kgtool.web.processes.idling import Idle, end
from kgtool.web.processes.leases import Client, Ended, Lease
from kgtool.web.processes.lines import MAX_BYTES, Line, Pace
from kgtool.web.processes.nursery import Nursery
from kgtool.web.processes.watching import LOOK, look

LOG: Final = logging.getLogger(__name__)
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
            pool.release(lease, "done")

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
                self._next = self._pool.receive(self._lease)
                if self._next.last:
                    self._pool.release(self._lease, "done")

    def close(self) -> None:
        """Give the worker back; one in the middle of its answer is killed."""
        self._next = None
        self._pool.end(self._lease, "left")


class WorkerPool:
    """Workers that evaluate tasks on one store.

    :param nursery: the address of who makes them.
    :param size: how many quick tasks run at the same time, and how many slow ones beside them.
    :param memory: MB that a task may take.
    :param wait: seconds that a task waits for its turn.
    :param lines: how many lines of quick queries there are; as many as keep the processors at work.
    :param told: called for every task that ends.
    """

    def __init__(
        self,
        nursery: Path,
        *,
        size: int,
        memory: int,
        wait: float,
        lines: int = 1,
        told: Callable[[Ended], None] | None = None,
    ) -> None:
        self._nursery = Nursery(nursery)
        self._memory = memory
        self._wait = wait
        self._told = told or (lambda ended: None)
        self.holding = Holding(size, WAITING)
        self.idle = Idle(self._nursery, size)
        self._pace = Pace()
        self._lines: list[Line] = []
        self._most_lines = lines
        self._lock = threading.Lock()
        self._closed = threading.Event()
        with contextlib.suppress(OSError):  # the first task reports it
            self.idle.give(self._nursery.worker())
        threading.Thread(target=self._watch, name="kgtool-watchdog", daemon=True).start()

    def run(self, task: Task, *, commit: str, timeout: float, client: Client | None = None) -> Answer:
        """Evaluate a task on a commit or a later one, up to the first bytes of its answer.

        :param timeout: seconds from the start of the evaluation to the last byte.
        :raises KgtoolError: what is wrong with the task, or the limit that it hit.
        :raises HttpProblem: 503 when its turn did not come in time.
        """
        message = messages.of_task(task, commit)
        client = client or Client()
        self._take_place(task, client)
        lease = self._lease(task, message, timeout, client)
        try:
            first = self.receive(lease)
            if first.head is None:
                raise RuntimeError("a worker sent no head")
            if lease.line is not None and not first.last:
                lease.line.end()
        except BaseException:
            self.end(lease, "failed")  # does nothing if the worker was given back already
            raise
        return Answer(self, lease, first.head, first)

    def busy(self) -> tuple[int, int, int, int]:
        """Count the queries that run, those of them that are slow, those that wait, and the workers that idle."""
        lines = sum(1 for line in self._lines if not line.is_over and line.head is None)
        return len(self.holding), self.holding.slow, self.holding.turns.waiting, len(self.idle) + lines

    def close(self) -> None:
        """End every worker."""
        self._closed.set()
        for lease in self.holding.all():
            self.end(lease, "left")
        self.idle.close()
        for line in self._lines:
            line.end()
            line.worker.kill()
            line.worker.close()
        self._nursery.close()

    def _take_place(self, task: Task, client: Client) -> None:
        asked = time.monotonic()
        try:
            self.holding.turns.take(client.name, self._wait)
        except HttpProblem:
            self._told(Ended(task, "refused", time.monotonic() - asked, client, 0))
            raise

    def _lease(self, task: Task, message: tuple[bytes, bytes], timeout: float, client: Client) -> Lease:
        """Give the lease of a worker that has been sent a task, and whose next message is of its answer.

        :raises HttpProblem: 503 if there is none; the place that was taken is given back.
        """
        now = time.monotonic()
        asked = now if client.since is None else client.since
        try:
            line = self._stand_in_line(message) if 0 < len(message[1]) <= MAX_BYTES else None
            if line is not None:
                lease = Lease(line.worker, task, client, now + timeout, asked, line=line)
            else:
                worker = self.idle.take()
                try:
                    worker.tasks.send(*message)
                except OSError:  # it died while idle
                    end(worker)
                    worker = self.idle.take()
                    worker.tasks.send(*message)
                lease = Lease(worker, task, client, now + timeout, asked)
        except OSError as error:
            self.holding.turns.give_back(client.name)
            LOG.error("no query worker could be started: %s", error)
            raise HttpProblem(503, "no query worker could be started", headers={"Retry-After": "5"}) from error
        except BaseException:
            self.holding.turns.give_back(client.name)
            raise
        self.holding.add(lease)
        return lease

    def _stand_in_line(self, message: tuple[bytes, bytes]) -> Line | None:
        """Send a task to the worker of a line, and wait until its answer comes next; None if it has to go elsewhere.

        :raises OSError: if no process can be had.
        """
        for _ in range(2):
            line = self._line()
            try:
                ticket = line.join(message)
            except OSError:  # its worker died while it was idle
                end(line.worker)
                continue
            return line if ticket is not None and ticket.await_turn() else None
        return None

    def _line(self) -> Line:
        """Give the shortest line."""
        lines = self._lines
        if len(lines) < self._most_lines or any(line.is_over for line in lines):
            worker = self.idle.take()
            with self._lock:
                lines = self._lines = [line for line in self._lines if not line.is_over]
                if len(lines) < self._most_lines:
                    lines.append(Line(worker, self._pace))
                    return lines[-1]
            self.idle.give(worker)
        return lines[0] if len(lines) == 1 else min(lines, key=len)

    def receive(self, lease: Lease) -> Piece:
        """Wait for a worker's next message; a failure is raised, and so is the end of a worker."""
        try:
            message = messages.read_answer(*lease.worker.tasks.receive())
        except (EOFError, OSError) as error:
            if lease.left:
                raise HttpProblem(503, "the client has left") from error
            if lease not in self.holding:
                raise _too_late() from error
            cause = cause_of_death(self._nursery, lease.worker, self._memory)
            self.end(lease, "memory" if isinstance(cause, MemoryLimitError) else "crash")
            raise cause from error
        if time.monotonic() > lease.deadline:  # the watch looks only now and then
            self.end(lease, "time")
            raise _too_late()
        if isinstance(message, Failure):
            if isinstance(message.error, MemoryLimitError):
                self.end(lease, "memory")
            else:
                self.release(lease, "failed")
            raise message.error
        lease.size += len(message.content)
        return message

    def release(self, lease: Lease, outcome: str) -> None:
        """Give a worker back that has finished; one that was slowed down stays slow, and ends."""
        if lease.slow:
            self.end(lease, outcome)
            return
        lease.released = True
        if not self._taken(lease, outcome):
            lease.released = False  # the watch has killed it in the last moment
        elif lease.line is None:
            self.idle.give(lease.worker)
        elif not lease.line.leave():
            self.idle.give(lease.worker, lease.line.owed)

    def end(self, lease: Lease, outcome: str | None, *, owner: bool = True) -> None:
        """Kill a leased worker; a lease that has ended is left alone.

        :param outcome: how its task ended; None if that is not to be counted.
        :param owner: whether the caller is the one that reads from the worker's pipes, and closes them.
        """
        if self._taken(lease, outcome):
            if lease.line is not None:
                lease.line.end()
            lease.worker.kill()
            metrics.worker_killed(_KILLS.get(outcome or "", "stop"))
        if owner and not lease.released:
            lease.worker.close()

    def _taken(self, lease: Lease, outcome: str | None) -> bool:
        """End a lease, once: whoever does so decides what becomes of the worker."""
        if not self.holding.remove(lease):
            return False
        if outcome is not None:
            seconds = time.monotonic() - lease.started
            self._told(Ended(lease.task, _OUTCOMES.get(outcome, outcome), seconds, lease.client, lease.size))
        return True

    def _watch(self) -> None:
        while not self._closed.wait(LOOK):
            look(self)


def _too_late() -> TimeLimitError:
    return TimeLimitError("the time allowed ran out", hint="ask for less at a time, or allow more time")
