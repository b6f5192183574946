"""A small pool of worker processes: the parent's side, which gives out tasks, watches the clock and kills.

Each request leases one worker. A worker that runs over its time, dies, or is left in the middle of an answer is killed
and replaced; an answer that broke off raises while it is read, so that the connection breaks and nobody takes the part
for the whole.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from kgtool.errors import KgtoolError, MemoryLimitError, QueryError, TimeLimitError
from kgtool.web.evaluation import Data, Failure, Head, Message, Task, serve_tasks
from kgtool.web.problems import HttpProblem

LOG: Final = logging.getLogger(__name__)
#: How much later than a lease's own clock the watchdog kills: it is for leases whose thread hangs on a slow client.
_GRACE: Final = 0.5
_RETRY_AFTER: Final = "5"
_OUT_OF_MEMORY: Final = (b"memory allocation of", b"bad_alloc", b"MemoryError")


class _Worker:
    """One process and its pipes."""

    def __init__(self, store: Path, memory: int) -> None:
        # A fork of a process without threads, made beforehand with everything imported: some milliseconds each.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["__main__", "kgtool.web.evaluation"])
        self.memory = memory
        self.connection, theirs = context.Pipe()
        self._errors, their_errors = context.Pipe(duplex=False)
        self.process = context.Process(
            target=serve_tasks, args=(theirs, their_errors, store, memory), name="kgtool-worker", daemon=True
        )
        self.process.start()
        theirs.close()
        their_errors.close()

    def kill(self) -> None:
        """End the process, at once and whatever it does."""
        self.process.kill()
        self.process.join()
        self.connection.close()
        self._errors.close()

    def cause_of_death(self) -> KgtoolError | RuntimeError:
        """Say why the process died by itself."""
        self.process.join(5)
        last_words = _read_all(self._errors)
        code = self.process.exitcode
        LOG.warning("a worker died (exit code %s): %s", code, last_words[:2000].decode(errors="replace"))
        if code == -9 or any(sign in last_words for sign in _OUT_OF_MEMORY):
            return MemoryLimitError(f"the request needs more than {self.memory} MB", hint="ask for less at a time")
        if code is not None and code < 0:
            return QueryError(
                "the request brought its worker process down",
                hint="it is too deeply nested or too large to plan; write it with fewer levels and patterns",
            )
        return RuntimeError(f"a worker ended with exit code {code}")


@dataclass(eq=False)
class _Lease:
    """One task's hold on a worker. Whoever takes it out of the pool's set decides what becomes of the worker."""

    worker: _Worker
    deadline: float

    def left(self) -> float:
        return max(0.0, self.deadline - time.monotonic())


class Answer:
    """An answer under way: its head, then its bytes, each once. Close it when done, whole or not."""

    def __init__(self, pool: WorkerPool, lease: _Lease, head: Head, first: Data) -> None:
        self.head = head
        self._pool = pool
        self._lease = lease
        self._next: Data | None = first
        #: All bytes of an answer so short that they came in one piece, else ``None``.
        self.whole = first.content if first.last else None
        if first.last:  # the worker is free before the client has read a byte
            pool._release(lease)

    def __iter__(self) -> Iterator[bytes]:
        """Give the bytes in pieces.

        :raises KgtoolError: when the answer broke off; what was given before is not the whole.
        """
        while self._next is not None:
            piece, self._next = self._next, None
            yield piece.content
            if not piece.last:
                self._next = self._pool._data(self._lease)
                if self._next.last:
                    self._pool._release(self._lease)

    def close(self) -> None:
        """Give the worker back; one in the middle of its answer is killed."""
        self._next = None
        self._pool._replace(self._lease)


class WorkerPool:
    """Workers that evaluate tasks on one store.

    :param store: the store's folder.
    :param size: how many tasks run at the same time.
    :param memory: MB that a task may take.
    :param wait: seconds that a task waits for a free worker.
    """

    def __init__(self, store: Path, *, size: int, memory: int, wait: float) -> None:
        self._store = store.resolve()
        self._memory = memory
        self._wait = wait
        self._lock = threading.Lock()  # multiprocessing's own book-keeping of children is not safe between threads
        self._free: queue.LifoQueue[_Worker | None] = queue.LifoQueue()  # last used first: its caches are warm
        self._leases: set[_Lease] = set()
        self._closed = threading.Event()
        for _ in range(size):
            self._free.put(self._spawned())
        threading.Thread(target=self._watch, name="kgtool-watchdog", daemon=True).start()

    def run(self, task: Task, *, commit: str, timeout: float) -> Answer:
        """Evaluate a task on a commit or a later one, up to the first bytes of its answer.

        :param timeout: seconds from the start of the evaluation to the last byte.
        :raises KgtoolError: what is wrong with the task, or the limit that it hit.
        :raises HttpProblem: 503 when no worker became free in time.
        """
        lease = self._leased(timeout)
        try:
            lease.worker.connection.send((task, commit))
            head = self._receive(lease)
            if not isinstance(head, Head):
                raise RuntimeError(f"a worker sent {type(head).__name__} instead of a head")
            first = Data(b"", last=True) if head.format is None else self._data(lease)
        except BaseException:
            self._replace(lease)  # does nothing if the worker was given back already
            raise
        return Answer(self, lease, head, first)

    def close(self) -> None:
        """End every worker."""
        self._closed.set()
        for lease in list(self._leases):
            self._replace(lease)
        with contextlib.suppress(queue.Empty):
            while True:
                worker = self._free.get_nowait()
                if worker:
                    with self._lock:
                        worker.kill()

    def _leased(self, timeout: float) -> _Lease:
        try:
            worker = self._free.get(timeout=self._wait)
        except queue.Empty:
            raise HttpProblem(
                503,
                f"all workers are busy, and none became free in {self._wait:g} s",
                hint="try again later",
                headers={"Retry-After": _RETRY_AFTER},
            ) from None
        with self._lock:
            if worker is not None and not worker.process.is_alive():  # it died while idle
                worker.kill()
                worker = None
        worker = worker or self._spawned()
        if worker is None:
            self._free.put(None)
            raise HttpProblem(503, "no worker process could be started", headers={"Retry-After": _RETRY_AFTER})
        lease = _Lease(worker, time.monotonic() + timeout)
        self._leases.add(lease)
        return lease

    def _data(self, lease: _Lease) -> Data:
        message = self._receive(lease)
        if not isinstance(message, Data):
            raise RuntimeError(f"a worker sent {type(message).__name__} out of turn")
        return message

    def _receive(self, lease: _Lease) -> Message:
        """Wait for a worker's next message; a failure is raised, and a worker that is late or dead replaced."""
        late = TimeLimitError("the time allowed ran out", hint="ask for less at a time, or allow more time")
        worker = lease.worker
        try:
            if not worker.connection.poll(lease.left()):
                self._replace(lease)
                raise late
            message: Message = worker.connection.recv()
        except (EOFError, OSError) as error:
            if lease not in self._leases:  # the watchdog was quicker
                raise late from error
            with self._lock:
                cause = worker.cause_of_death()
            self._replace(lease)
            raise cause from error
        if isinstance(message, Failure):
            if isinstance(message.error, MemoryLimitError):
                self._replace(lease)
            else:
                self._release(lease)
            raise message.error
        return message

    def _taken(self, lease: _Lease) -> bool:
        try:
            self._leases.remove(lease)
        except KeyError:
            return False
        return True

    def _release(self, lease: _Lease) -> None:
        if self._taken(lease):
            self._free.put(lease.worker)

    def _replace(self, lease: _Lease) -> None:
        """Kill a leased worker and put a new one in its place; a lease that has ended is left alone."""
        if not self._taken(lease):
            return
        fresh = None
        try:
            with self._lock:
                lease.worker.kill()
            if not self._closed.is_set():
                fresh = self._spawned()
        finally:
            self._free.put(fresh)  # whatever happened, the place is kept

    def _spawned(self) -> _Worker | None:
        try:
            with self._lock:
                return _Worker(self._store, self._memory)
        except (OSError, EOFError):  # no process to be had: the place is kept, and filled when it is next asked for
            LOG.exception("no worker process could be started")
            return None

    def _watch(self) -> None:
        while not self._closed.wait(_GRACE / 2):
            for lease in list(self._leases):
                if time.monotonic() > lease.deadline + _GRACE:
                    self._replace(lease)


def _read_all(pipe: Connection) -> bytes:
    os.set_blocking(pipe.fileno(), False)
    pieces = []
    with contextlib.suppress(BlockingIOError):
        while piece := os.read(pipe.fileno(), 65536):
            pieces.append(piece)
    return b"".join(pieces)
