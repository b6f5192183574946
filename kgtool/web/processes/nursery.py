"""The nursery: a process that forks query workers.

It has everything imported and no thread of its own, so that a fork costs a millisecond or two and is safe; the fronts
have threads, and could not fork. A front keeps one connection to it, asks for workers over it, and gets for each the
end of a pipe for tasks, the end of another that stands for the worker's standard error, and its process number. When
the connection ends, so do the front's workers.
"""

from __future__ import annotations

import contextlib
import os
import resource
import selectors
import signal
import socket
import struct
import threading
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from kgtool.web.processes.lifeline import end_with_parent, settle
from kgtool.web.processes.pipes import Pipe
from kgtool.web.processes.query_worker import Place, serve_tasks

_ASK_WORKER: Final = b"w"
_ASK_END: Final = b"e"
_REQUEST: Final = struct.Struct("<cq")
_ANSWER: Final = struct.Struct("<q")
#: How a process ended that did not say: as if killed.
_UNKNOWN: Final = -9
#: Seconds that a nursery has to answer; one that was started again takes a moment.
_PATIENCE: Final = 10.0


@dataclass(frozen=True)
class Worker:
    """A query worker, as a front holds it: its number, the pipe of its tasks, and what it writes to standard error."""

    process: int
    tasks: Pipe
    errors: Connection

    def kill(self) -> None:
        """End the process, at once and whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)

    def close(self) -> None:
        """Let go of the pipes; an idle worker ends by that."""
        self.tasks.close()
        self.errors.close()


class Nursery:
    """A front's connection to the nursery.

    :param address: the nursery's socket.
    """

    def __init__(self, address: Path) -> None:
        self._address = str(address)
        self._lock = threading.Lock()
        self._closed = False
        self._socket = self._connected()

    def worker(self) -> Worker:
        """Have a worker made; a nursery that was started again is found again.

        :raises OSError: if no process can be had.
        """
        with self._lock:
            try:
                answer, handles = self._made()
            except OSError:
                if self._closed:
                    raise
                self._socket.close()
                self._socket = self._connected()
                answer, handles = self._made()
        tasks, errors = handles
        return Worker(_ANSWER.unpack(answer)[0], Pipe(socket.socket(fileno=tasks)), Connection(errors, writable=False))

    def exit_code(self, worker: Worker) -> int:
        """Say how a worker ended that has closed its pipe: its exit code, or the negative number of the signal."""
        with self._lock:
            try:
                self._socket.send(_REQUEST.pack(_ASK_END, worker.process))
                answer = self._socket.recv(_ANSWER.size)
            except OSError:  # the nursery has ended, and its workers with it
                return _UNKNOWN
        return int(_ANSWER.unpack(answer)[0]) if len(answer) == _ANSWER.size else _UNKNOWN

    def _connected(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        connection.settimeout(_PATIENCE)
        connection.connect(self._address)
        return connection

    def _made(self) -> tuple[bytes, list[int]]:
        self._socket.send(_REQUEST.pack(_ASK_WORKER, 0))
        answer, handles, _, _ = socket.recv_fds(self._socket, _ANSWER.size, 2)
        if len(answer) != _ANSWER.size or len(handles) != 2:
            raise OSError("no query worker could be started")
        return answer, handles

    def close(self) -> None:
        """End every worker of this front; no more are made."""
        self._closed = True
        self._socket.close()


@dataclass
class _Front:
    """A front as the nursery knows it."""

    socket: socket.socket
    workers: set[int] = field(default_factory=set)


def listen(address: Path) -> socket.socket:
    """Make the nursery's socket; connections wait there until the nursery runs."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(str(address))
    listener.listen(64)
    return listener


def run_nursery(listener: socket.socket, place: Place, parent: int) -> None:
    """Fork workers for whoever connects: the main function of the nursery's process; it never returns.

    :param place: what the workers work on.
    :param parent: the supervisor's process number.
    """
    settle(parent, ends_in_order=False)
    wake, alarm = os.pipe()
    os.set_blocking(alarm, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(alarm)
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    selector.register(wake, selectors.EVENT_READ)
    fronts: dict[int, _Front] = {}
    ended: dict[int, int] = {}
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                client, _ = listener.accept()
                fronts[client.fileno()] = _Front(client)
                selector.register(client, selectors.EVENT_READ)
            elif key.fd == wake:
                os.read(wake, 4096)
            else:
                front = fronts[key.fd]
                request = b""
                with contextlib.suppress(ConnectionResetError):  # it died before it had read an answer
                    request = front.socket.recv(_REQUEST.size)
                if len(request) < _REQUEST.size:  # the front has ended
                    selector.unregister(front.socket)
                    del fronts[key.fd]
                    front.socket.close()
                    for process in front.workers:
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(process, signal.SIGKILL)
                    continue
                kind, process = _REQUEST.unpack(request)
                if kind == _ASK_END:
                    _reap(process, fronts, ended)
                    _send(front, _ANSWER.pack(ended.pop(process, _UNKNOWN)))
                else:
                    _fork(front, place)
        _reap(-1, fronts, ended)


def _fork(front: _Front, place: Place) -> None:
    """Fork a worker and send its pipes to its front."""
    tasks, theirs = socket.socketpair()
    errors, their_errors = os.pipe()
    nursery = os.getpid()
    try:
        process = os.fork()
    except OSError:
        process = -1
    if process == 0:
        end_with_parent(nursery)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        first, last = sorted((theirs.fileno(), their_errors))
        os.closerange(3, first)
        os.closerange(first + 1, last)
        os.closerange(last + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        try:
            serve_tasks(Pipe(theirs), their_errors, place)
        finally:
            os._exit(0)
    if process > 0:
        front.workers.add(process)
        with contextlib.suppress(OSError):
            socket.send_fds(front.socket, [_ANSWER.pack(process)], [tasks.fileno(), errors])
    else:
        _send(front, b"x")  # too short for an answer
    for ends in (tasks, theirs):
        ends.close()
    os.close(errors)
    os.close(their_errors)


def _send(front: _Front, answer: bytes) -> None:
    with contextlib.suppress(OSError):
        front.socket.send(answer)


def _reap(which: int, fronts: dict[int, _Front], ended: dict[int, int]) -> None:
    """Take note of children that have ended; wait for one of them, if it is named."""
    while True:
        try:
            process, status = os.waitpid(which, 0 if which > 0 else os.WNOHANG)
        except ChildProcessError:
            return
        if process == 0:
            return
        ended[process] = os.waitstatus_to_exitcode(status)
        for front in fronts.values():
            front.workers.discard(process)
        while len(ended) > 1000:
            del ended[next(iter(ended))]
        if which > 0:
            return
