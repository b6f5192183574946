"""The household of a service: the folder where its processes meet, the nursery and the writer.

It is started before there is any thread and before anything opens the store, so that its processes can be forked.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from kgtool.config import Settings
from kgtool.errors import StoreError
from kgtool.federation import Proxy, services_of
from kgtool.web import metrics
from kgtool.web.processes.board import Board
from kgtool.web.processes.federating import run_proxy
from kgtool.web.processes.following import run_follower
from kgtool.web.processes.nursery import listen, run_nursery
from kgtool.web.processes.query_worker import Place
from kgtool.web.processes.writing import run_writer
from kgtool.web.runtime import VARIABLE

LOG: Final = logging.getLogger(__name__)
#: Seconds that a writer has to open the store.
_OPENING: Final = 120
#: Seconds between two tries to open a store that cannot be opened.
_PAUSE: Final = 1.0
#: Seconds that a writer has to finish what it does.
_ENDING: Final = 60


@dataclass(frozen=True)
class Meeting:
    """Where the processes of a service meet: a folder that only their user may enter."""

    folder: Path

    @property
    def nursery(self) -> Path:
        """The nursery's socket."""
        return self.folder / "nursery"

    @property
    def writer(self) -> Path:
        """The writer's socket."""
        return self.folder / "writer"

    @property
    def names(self) -> Path:
        """The file of the names of things; query workers make it when they need it."""
        return self.folder / "names.sqlite"

    @property
    def board(self) -> Path:
        """The file of the board."""
        return self.folder / "board"


@contextmanager
def meeting_place() -> Iterator[Meeting]:
    """Make the folder where the processes meet; it goes with them."""
    folder = Path(tempfile.mkdtemp(prefix="kgtool-"))  # for its user alone
    os.environ[VARIABLE] = str(folder)
    try:
        yield Meeting(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def household(
    settings: Settings, meeting: Meeting, url: str, *, meanwhile: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Start nursery and writer, and start each again when it dies, until the block ends.

    :param url: where the service is, for those who find the store in use.
    :param meanwhile: what is done while the store is opened; fronts and query workers have what it imports.
    :raises KgtoolError: if the store cannot be opened.
    """
    board = Board.create(meeting.board)
    listener = listen(meeting.nursery)
    ending = threading.Event()
    opens = run_follower if settings.read_only else run_writer
    opening = _Kept("opener", board, ending)
    nursing = _Kept("nursery", None, ending)
    proxying = _Kept("proxy", None, ending)
    listed = services_of(settings)
    proxy = Proxy(listed) if listed else None
    services = proxy.services if proxy else None
    try:
        opening.start(lambda pipe, parent: opens(settings, url, meeting.writer, board, pipe, parent, services))
        if proxy is not None:
            serving = proxy
            proxying.start(lambda pipe, parent: run_proxy(serving, pipe, parent))
            proxying.watch()
        meanwhile()
        opening.heard()
        opening.watch()
        place = Place(settings.store.resolve(), not settings.read_only, settings.query_memory, services)
        nursing.start(lambda pipe, parent: run_nursery(listener, place, parent))
        nursing.watch()
        yield
    finally:
        ending.set()
        nursing.end(kill=True)
        proxying.end(kill=True)
        opening.end(kill=False)
        listener.close()


class _Kept:
    """A process that is started again when it dies."""

    def __init__(self, name: str, board: Board | None, ending: threading.Event) -> None:
        self._name = name
        self._board = board
        self._ending = ending

    def start(self, main: Callable[[Connection, int], None]) -> None:
        self._main = main
        self._fork()

    def watch(self) -> None:
        """Start it again from now on, when it dies."""
        threading.Thread(target=self._watch, name=f"kgtool-{self._name}", daemon=True).start()

    def heard(self) -> None:
        """Wait until the process says that it is ready.

        :raises KgtoolError: if it says why it is not.
        """
        try:
            error = self._pipe.recv() if self._pipe.poll(_OPENING) else StoreError("the store was not opened in time")
        except (EOFError, OSError):
            error = StoreError("the process that opens the store ended", hint="look at its last words")
        if isinstance(error, Exception):
            raise error

    def end(self, *, kill: bool) -> None:
        if not hasattr(self, "_process"):
            return
        if kill:
            self._process.kill()
        with suppress(OSError):  # it has ended
            self._pipe.send(None)
        self._process.join(_ENDING)
        self._process.kill()

    def _fork(self) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        pipe = self._pipe

        def run(parent: int) -> None:
            pipe.close()
            self._main(theirs, parent)

        self._process = context.Process(target=run, args=(os.getpid(),), name=f"kgtool-{self._name}")
        self._process.start()
        theirs.close()

    def _watch(self) -> None:
        while True:
            process = self._process
            process.join()
            if process.pid is not None:
                metrics.process_died(process.pid)
                if self._board is not None:
                    self._board.note_death(process.pid, process.exitcode or 0)
            if self._ending.wait(0.05):
                return
            LOG.warning("the %s ended (exit code %s) and is started again", self._name, process.exitcode)
            self._pipe.close()
            self._fork()
            if self._board is not None:
                with suppress(EOFError, OSError):
                    error = self._pipe.recv()
                    if error is not None:
                        LOG.error("the %s cannot open the store: %s", self._name, error)
                        self._ending.wait(_PAUSE)


def numeric(host: str) -> str:
    """Give the first address of a host name.

    :raises OSError: if there is none.
    """
    return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][4][0])
