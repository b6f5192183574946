"""The fronts of the service: granian before the application, in processes that it forks from this one.

Measured beside gunicorn and waitress: see docs/operating.md.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.mp import MPServer

from kgtool.config import Settings
from kgtool.web import observing
from kgtool.web.app import create_app
from kgtool.web.logs import log_to
from kgtool.web.processes.household import Meeting
from kgtool.web.processes.lifeline import end_with_parent
from kgtool.web.processes.pool import WAITING
from kgtool.web.source import GraphSource, fronts_of

#: Threads of a front beyond its queries, those that run, are slow, or wait: for pages, writes and slow clients.
_MORE_THREADS: Final = 24
#: Bytes of a request's line and header fields.
_HEADER_BYTES: Final = 64 * 1024
#: Milliseconds for a request's header to come.
_HEADER_TIME: Final = 15_000
#: Seconds for requests under way when the service ends.
_ENDING: Final = 10
#: So many fronts that end within so many seconds do so by themselves: they would for ever.
_FALLS: Final = 30
_FALLS_TIME: Final = 20.0


class _Fronts(MPServer):
    """granian's keeper of processes, which gives up when one of them ends twice within 5.5 seconds.

    Here whoever is killed is replaced, however soon again. Only fronts that keep ending end the service.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._falls: deque[float] = deque(maxlen=_FALLS)

    def _respawn_workers(self, workers: list[int], *arguments: Any, **named: Any) -> None:
        super()._respawn_workers(workers, *arguments, **named)
        self._falls.extend([time.monotonic()] * len(workers))
        if len(self._falls) < _FALLS or self._falls[-1] - self._falls[0] > _FALLS_TIME:
            self.respawned_wrks.clear()  # by which it would know that one ended soon after it began
        else:
            print("kgtool: the processes that take requests keep ending; giving up", file=sys.stderr, flush=True)
        if self.interrupt_children:  # one more ended meanwhile; granian clears the event before it comes here
            self.main_loop_interrupt.set()


def run_fronts(settings: Settings, meeting: Meeting, host: str, port: int, url: str) -> None:
    """Fork the fronts and keep them, until a signal says that it is enough."""
    threads = 2 * settings.query_workers // fronts_of(settings) + WAITING + _MORE_THREADS
    parent = os.getpid()
    server = _Fronts(
        "kgtool",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=fronts_of(settings),
        blocking_threads=threads,
        backpressure=4 * threads,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_TIME, max_buffer_size=_HEADER_BYTES),
        log_enabled=False,
        respawn_failed_workers=True,
        respawn_interval=0,
        workers_kill_timeout=_ENDING,
    )
    threading.Thread(target=_announce, args=(host, port, url), daemon=True).start()
    server.serve(target_loader=lambda: _front(settings, meeting, parent), wrap_loader=False)


def _front(settings: Settings, meeting: Meeting, parent: int) -> Callable[..., Any]:
    """Make the application of a front, in its process."""
    end_with_parent(parent)
    sys.setswitchinterval(0.001)  # a request must not wait long for another one's Python
    app = create_app(GraphSource(settings, meeting), settings)
    log_to(observing.observing(app).log)
    return app


def _announce(host: str, port: int, url: str) -> None:
    """Say where the service is, as soon as a front takes connections."""
    while True:
        with contextlib.suppress(OSError):
            socket.create_connection((_reachable(host), port), timeout=1).close()
            break
        time.sleep(0.01)
    print(f"kgtool serves {url}", file=sys.stderr, flush=True)


def _reachable(host: str) -> str:
    """Give an address at which a service on every address is reached from here."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
