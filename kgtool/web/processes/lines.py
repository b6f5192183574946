"""Quick queries in line before one worker: it goes from one to the next without a pause.

A process that is woken for each query finds its caches cold, and spends more time on that than on a look-up. So a front
sends a worker the next queries while it is still at the first. Answers come in the order of the line, and each of the
waiting threads reads its own when its turn comes. Whoever waits for more than a moment, as the one before takes long,
leaves and goes to another worker: the line ends then, and the first in it keeps the worker.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Final

from kgtool.web.processes.nursery import Worker

#: Seconds that one waits in line.
_PATIENCE: Final = 0.01
#: Seconds of a query, on the average, with which lines are worth while.
_QUICK: Final = 0.002
#: How much the last query counts in that average.
_WEIGHT: Final = 0.2
#: How many may stand in line.
_LENGTH: Final = 16
#: Bytes of a text that may wait in a pipe; all of a line fit in there.
MAX_BYTES: Final = 8192


class Pace:
    """How long the queries at the head of lines take, in seconds, the last ones most."""

    def __init__(self) -> None:
        self._seconds = 0.0

    @property
    def is_quick(self) -> bool:
        """Whether waiting for the one before is better than another worker."""
        return self._seconds < _QUICK

    def took(self, seconds: float) -> None:
        """Take note of a query."""
        self._seconds += _WEIGHT * (seconds - self._seconds)


class Ticket:
    """A place in a line."""

    __slots__ = ("line", "turn")

    def __init__(self, line: Line) -> None:
        self.line = line
        #: Locked until its turn comes, or the line ends.
        self.turn = threading.Lock()
        self.turn.acquire()

    def await_turn(self) -> bool:
        """Wait until the next answer is this one's; False if it is to go elsewhere, as the line has ended."""
        line = self.line
        if not self.turn.acquire(timeout=_PATIENCE):
            line.end(unless_head=self)
        return line.head is self


class Line:
    """A worker, and the tickets of those whose tasks it has been sent.

    :param pace: of all lines of a front.
    """

    def __init__(self, worker: Worker, pace: Pace) -> None:
        self.worker = worker
        #: Answers that will come although nobody waits for them.
        self.owed = 0
        self._pace = pace
        self._tickets: deque[Ticket] = deque()
        self._lock = threading.Lock()
        self._ended = False
        self._since = 0.0

    def __len__(self) -> int:
        return len(self._tickets)

    @property
    def is_over(self) -> bool:
        """Whether nobody can join any more."""
        return self._ended

    @property
    def head(self) -> Ticket | None:
        """Whose answer comes next."""
        tickets = self._tickets
        return tickets[0] if tickets else None

    def join(self, message: tuple[bytes, bytes]) -> Ticket | None:
        """Send a task and stand in line for its answer; None if one had better go elsewhere.

        :raises OSError: if the worker is dead; the line has ended then.
        """
        ticket = Ticket(self)
        with self._lock:
            tickets = self._tickets
            if self._ended:
                return None
            now = time.monotonic()
            if tickets:
                if now - self._since > _PATIENCE:
                    self._end()
                    return None
                if len(tickets) >= _LENGTH or not self._pace.is_quick:
                    return None
            else:
                self._since = now
                ticket.turn.release()
            tickets.append(ticket)
            try:
                self.worker.tasks.send(*message)
            except OSError:
                tickets.pop()
                self._end()
                raise
        return ticket

    def leave(self) -> bool:
        """Let the head go, which has its whole answer; tell whether the line goes on, and keeps its worker."""
        with self._lock:
            if self._ended:
                self._tickets.clear()
                return False
            self._tickets.popleft()
            now = time.monotonic()
            self._pace.took(now - self._since)
            self._since = now
            if self._tickets:
                self._tickets[0].turn.release()
            return True

    def end(self, unless_head: Ticket | None = None) -> None:
        """End the line: those behind its head go elsewhere, and the worker is the head's.

        :param unless_head: end it only if this ticket is not the head.
        """
        with self._lock:
            if not self._ended and (unless_head is None or unless_head is not self.head):
                self._end()

    def _end(self) -> None:
        self._ended = True
        self._pace.took(time.monotonic() - self._since)
        while len(self._tickets) > 1:
            self._tickets.pop().turn.release()
            self.owed += 1
