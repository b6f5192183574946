"""The writer: the one process that opens the store for writing.

Jobs come over a socket and are carried out one after another, so that each sees what the one before it did. Those that
wait together come to the disk together, by one sync, and only then is any of them acknowledged (group commit).

A job that runs over its time ends the process: Oxigraph cannot be interrupted, and while it looks at a row no other
thread of the process runs, so the kernel's alarm does it (setitimer(2)). Nothing is lost by that: a change is one
transaction, and the alarm is off from when on it is written. The supervisor then starts another writer.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import queue
import resource
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Final

from kgtool.config import Settings
from kgtool.errors import KgtoolError, MemoryLimitError
from kgtool.graph import KnowledgeGraph
from kgtool.store.folder import StoreFolder
from kgtool.store.services import Services
from kgtool.web import metrics
from kgtool.web.audit import AuditLog, entry_of
from kgtool.web.clients import Author
from kgtool.web.jobs import Job, may_go_together, perform, perform_together
from kgtool.web.processes.board import Board
from kgtool.web.processes.lifeline import settle

LOG: Final = logging.getLogger(__name__)
#: Seconds beyond a job's own limit, which it is given to notice it by itself.
_GRACE: Final = 0.3
#: Seconds of a job that has no limit.
_LONG: Final = 3600.0
#: Seconds without a job after which the writer makes ready for one.
_LEISURE: Final = 1.0
#: Seconds in which jobs gather, when several came together before: they share what takes longer than that.
_GATHERING: Final = 0.02
#: Most jobs that come to the disk together.
_GROUP: Final = 64
#: MB beyond what a query and a closure may take: the encoded graph, the rules, what validation remembers.
_MORE_MEMORY: Final = 1024


@dataclass(frozen=True)
class Begun:
    """A job has begun, in this process."""

    process: int


@dataclass(frozen=True)
class Done:
    """A job is on the disk, or was not carried out at all."""

    report: dict[str, object] | None
    error: Exception | None = None


@dataclass(frozen=True)
class _Waiting:
    job: Job
    author: Author
    client: Connection

    def is_called_back(self) -> bool:
        """Tell whether who asked waits no longer, and says so to a client: then it must not be done."""
        try:
            return self.client.poll(0)  # there is nothing more to read but the end
        except OSError:
            return True

    def tell(self, message: Begun | Done) -> None:
        with contextlib.suppress(OSError):  # who asked has left
            self.client.send_bytes(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))


def run_writer(
    settings: Settings,
    url: str,
    address: Path,
    board: Board,
    ready: Connection,
    parent: int,
    services: Services | None = None,
) -> None:
    """Open the store and carry out jobs: the main function of the writer's process; it never returns.

    :param url: where the service is, for those who find the store in use.
    :param address: the socket to listen on.
    :param ready: told ``None`` when the store is open, or why it cannot be.
    :param parent: the supervisor's process number.
    :param services: what SERVICE and LOAD may reach; None for nothing.
    """
    settle(parent, ends_in_order=True)
    try:
        graph = KnowledgeGraph.open(settings.store, write=True, memory=settings.reason_memory, services=services)
        graph.serve_at(url, process=parent)
        audit = AuditLog(StoreFolder(settings.store).audit_file)
    except KgtoolError as error:
        ready.send(error)
        os._exit(error.exit_code)
    board.commit = graph.commit
    _limit_memory(settings)
    address.unlink(missing_ok=True)
    listener = Listener(str(address), "AF_UNIX", backlog=512)
    waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
    threading.Thread(target=_accept, args=(listener, waiting), name="kgtool-accept", daemon=True).start()
    threading.Thread(target=_wait_for_end, args=(ready, waiting), name="kgtool-end", daemon=True).start()
    ready.send(None)
    first: _Waiting | None = None
    try:
        first = waiting.get(timeout=_LEISURE)
    except queue.Empty:
        with contextlib.suppress(KgtoolError):  # the first job tells it
            graph.warm()
        first = waiting.get()
    came = 1
    while first:
        group, over = _gathered(first, waiting, came)
        _carry_out(graph, group, board, audit)
        graph.tidy()  # whoever was just told sends the next job meanwhile
        if graph.is_to_be_rewritten:  # whoever is started in this one's place does that before it opens the store
            audit.close()
            metrics.flush()
            os._exit(0)
        came = len(group)
        first = None if over else waiting.get()
    graph.close()
    audit.close()
    metrics.flush()
    os._exit(0)


def _gathered(
    first: _Waiting, waiting: queue.SimpleQueue[_Waiting | None], expected: int
) -> tuple[list[_Waiting], bool]:
    """Give the jobs that come to the disk together, and whether it is time to end.

    :param expected: how many came together before: whoever was told then may send the next one now, so for as many
        there is a moment to come.
    """
    group, until = [first], time.monotonic() + _GATHERING
    with contextlib.suppress(queue.Empty):
        while len(group) < _GROUP:
            pause = max(0.0, until - time.monotonic()) if len(group) < expected else 0.0
            more = waiting.get(timeout=pause) if pause else waiting.get_nowait()
            if more is None:
                return group, True
            group.append(more)
    return group, False


def _carry_out(graph: KnowledgeGraph, group: list[_Waiting], board: Board, audit: AuditLog) -> None:
    """Carry out jobs, bring them to the disk and before readers, and acknowledge them."""
    done: list[tuple[_Waiting, Done]] = []
    try:
        with graph.together():
            for part in _parts(group):
                wanted = [one for one in part if not one.is_called_back()]
                before = graph.commit
                for one, result in zip(wanted, _results(graph, wanted), strict=True):
                    made, wrong = result.report, result.error
                    audit.record(
                        entry_of(one.job, one.author, before=before, after=graph.commit, report=made, error=wrong)
                    )
                    done.append((one, result))
            start = time.perf_counter()
            audit.sync()
        metrics.observe_group(len(group), time.perf_counter() - start)
        board.commit = graph.commit
    except KgtoolError as error:  # what is in memory is not what is on the disk: begin again from the disk
        LOG.error("changes could not be brought to the disk: %s", error)
        for one in group:
            one.tell(Done(None, error))
        os._exit(error.exit_code)
    for one, result in done:
        one.tell(result)
        one.client.close()
        seconds = result.report.get("seconds") if result.report else None
        metrics.observe_job(_outcome(result.error), seconds if isinstance(seconds, dict) else {})


def _outcome(error: Exception | None) -> str:
    """Give the outcome of a job as :func:`kgtool.web.metrics.observe_job` counts it."""
    if error is None:
        return "done"
    return "refused" if isinstance(error, KgtoolError) and error.http_status < 500 else "failed"


def _parts(group: list[_Waiting]) -> Iterator[list[_Waiting]]:
    """Cut a group into jobs that may be carried out as one commit, and those that stand alone, in order."""
    for plain, run in groupby(group, key=lambda one: may_go_together(one.job)):
        if plain:
            yield list(run)
        else:
            yield from ([one] for one in run)


def _results(graph: KnowledgeGraph, part: list[_Waiting]) -> list[Done]:
    """Carry out jobs: as one commit, if they are several and it can be, or one by one."""
    for one in part:
        one.tell(Begun(os.getpid()))
    if len(part) > 1:
        signal.setitimer(signal.ITIMER_REAL, min(one.job.timeout or _LONG for one in part) + _GRACE)
        try:
            reports = perform_together(graph, [one.job for one in part], progress=_no_alarm_while_writing)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if reports is not None:
            return [Done(report) for report in reports]
    return [_result(graph, one.job) for one in part]


def _result(graph: KnowledgeGraph, job: Job) -> Done:
    """Carry out one job, under its time limit until it is written."""
    if job.timeout is not None:
        signal.setitimer(signal.ITIMER_REAL, job.timeout + _GRACE)
    try:
        return Done(perform(graph, job, progress=_no_alarm_while_writing))
    except KgtoolError as error:
        return Done(None, error)
    except MemoryError:
        return Done(
            None, MemoryLimitError("the change needs more memory than is allowed", hint="change less at a time")
        )
    except Exception as error:
        LOG.exception("unforeseen error in a change")
        return Done(None, RuntimeError(f"{type(error).__name__}: {error}"))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _no_alarm_while_writing(stage: str, amount: int) -> None:
    if stage == "write":
        signal.setitimer(signal.ITIMER_REAL, 0)


def _accept(listener: Listener, waiting: queue.SimpleQueue[_Waiting | None]) -> None:
    while True:
        with contextlib.suppress(OSError, EOFError):
            client = listener.accept()
            threading.Thread(target=_receive, args=(client, waiting), daemon=True).start()


def _receive(client: Connection, waiting: queue.SimpleQueue[_Waiting | None]) -> None:
    with contextlib.suppress(OSError, EOFError):
        job, author = pickle.loads(client.recv_bytes())
        waiting.put(_Waiting(job, author, client))


def _wait_for_end(ready: Connection, waiting: queue.SimpleQueue[_Waiting | None]) -> None:
    """End in order when the supervisor closes its end of the pipe."""
    with contextlib.suppress(EOFError, OSError):
        ready.recv()
    waiting.put(None)


def _limit_memory(settings: Settings) -> None:
    """Let a runaway job end this process, not the machine."""
    used = 0
    with contextlib.suppress(OSError):
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limit = used + (settings.query_memory + settings.reason_memory + _MORE_MEMORY) * 2**20
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
