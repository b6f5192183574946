"""A front's side of the writer: send a job, wait for it to be on the disk, and say what became of it."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import time
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Final

from kgtool.errors import LimitError, TimeLimitError
from kgtool.web.clients import Author
from kgtool.web.jobs import Job
from kgtool.web.problems import HttpProblem
from kgtool.web.processes.board import Board
from kgtool.web.processes.writing import Begun, Done

#: Seconds between two tries to reach a writer that is being started again.
_AGAIN: Final = 0.02
#: Seconds in which a writer that looked before a job was called back says that it has begun.
_CALLED_BACK: Final = 0.2
#: Seconds that it takes at most to hear how a writer ended.
_NEWS: Final = 2.0


class WriterClient:
    """Where a front sends its jobs.

    :param address: the writer's socket.
    :param wait: seconds that a job may wait for its turn.
    """

    def __init__(self, address: Path, board: Board, wait: float) -> None:
        self._address = str(address)
        self._board = board
        self._wait = wait

    def perform(self, job: Job, author: Author) -> dict[str, object]:
        """Have a job carried out; on the disk, and seen by every query, when this returns.

        :param author: who asks, for the audit log.
        :raises KgtoolError: what is wrong with it, or the limit that it hit; nothing is changed then.
        :raises HttpProblem: 503 if its turn does not come in time, or nobody knows what became of it.
        """
        until = time.monotonic() + self._wait
        message = pickle.dumps((job, author), pickle.HIGHEST_PROTOCOL)
        while True:
            begun = None
            try:
                with Client(self._address, "AF_UNIX") as writer:
                    writer.send_bytes(message)
                    if not writer.poll(max(0.0, until - time.monotonic())) and not _begins_now(writer):
                        raise _busy(f"the change's turn did not come within {self._wait:g} s")
                    begun = _received(writer, Begun)
                    return _outcome(_received(writer, Done))
            except (EOFError, OSError) as error:
                if isinstance(begun, Begun):
                    raise self._ended(begun.process) from error
                if time.monotonic() > until:  # it was not begun, and there is no writer
                    raise _busy("changes are not taken just now") from error
                time.sleep(_AGAIN)

    def _ended(self, process: int) -> Exception:
        """Say why a writer ended in the middle of a job, or of the group that it came to the disk with."""
        code = self._board.cause_of_death(process, _NEWS)
        if code == -signal.SIGALRM:
            return TimeLimitError("the change ran out of time", hint="change less at a time, or allow more time")
        if code in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS):
            return LimitError(
                "the change brought the writer down: it is too large, or too deeply nested",
                hint="change less at a time, with fewer levels and patterns",
            )
        return HttpProblem(
            503,
            "the writer ended in the middle of this change; whether it was made is not known",
            hint="look whether the change is there before sending it again",
            headers={"Retry-After": "1"},
        )


def _begins_now(writer: Connection) -> bool:
    """Call a job back; true if the writer was quicker, and has begun."""
    with socket.socket(fileno=os.dup(writer.fileno())) as ours:
        ours.shutdown(socket.SHUT_WR)  # the writer looks for that before it begins
    return writer.poll(_CALLED_BACK)


def _received(writer: Connection, kind: type[Begun] | type[Done]) -> Begun | Done:
    message = pickle.loads(writer.recv_bytes())
    if not isinstance(message, kind):
        raise RuntimeError(f"the writer sent {type(message).__name__} instead of {kind.__name__}")
    return message


def _outcome(done: Begun | Done) -> dict[str, object]:
    if not isinstance(done, Done) or done.report is None:
        raise (done.error if isinstance(done, Done) and done.error else RuntimeError("a job without a result"))
    return done.report


def _busy(what: str) -> HttpProblem:
    return HttpProblem(503, what, hint="nothing was changed; try again later", headers={"Retry-After": "5"})
