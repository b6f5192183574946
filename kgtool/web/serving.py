"""The HTTP server: granian in front of the application, in processes that it forks from this one.

Measured beside gunicorn and waitress: see docs/operating.md. This process starts the others and does nothing else.
"""

from __future__ import annotations

import contextlib
import errno
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from kgtool.config import Settings
from kgtool.errors import InputError
from kgtool.web import metrics, observing
from kgtool.web.app import create_app
from kgtool.web.logs import LineLog, log_to
from kgtool.web.processes.household import Meeting, household, meeting_place, numeric
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


def serve(settings: Settings) -> None:
    """Serve a store until Ctrl-C or SIGTERM; SIGHUP starts the fronts anew, one after the other.

    :raises InputError: if the address cannot be had.
    :raises kgtool.errors.MissingError: if there is no store.
    :raises kgtool.errors.StoreError: if the store cannot be opened, or another process writes to it.
    """
    multiprocessing.set_start_method("fork", force=True)  # what is imported here is imported in all of them
    host, port = _address(settings)
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    former = signal.signal(signal.SIGTERM, _interrupt)
    try:
        with meeting_place() as meeting:
            metrics.prepare()
            access = LineLog(settings.access_log)
            log = LineLog("stderr") if access.off else access
            log_to(log)
            with household(settings, meeting, url):
                _run_fronts(settings, meeting, host, port, url)
            log.close()
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, former)


def _run_fronts(settings: Settings, meeting: Meeting, host: str, port: int, url: str) -> None:
    """Fork the fronts and keep them, until a signal says that it is enough."""
    threads = 2 * settings.query_workers // fronts_of(settings) + WAITING + _MORE_THREADS
    parent = os.getpid()
    server = Granian(
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


def _address(settings: Settings) -> tuple[str, int]:
    """Give the address to listen on as numbers, and see that nobody has it.

    :raises InputError: if it cannot be had.
    """
    try:
        host = numeric(settings.host)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # The fronts share their port (SO_REUSEPORT), which would let two services share one without knowing.
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, settings.port))
            return host, int(probe.getsockname()[1])
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        if error.errno == errno.EADDRINUSE:
            raise InputError(f"port {settings.port} is in use", hint="choose another by --port or PORT") from error
        raise InputError(f"cannot listen on {place}: {error}", hint="choose another by --host and --port") from error


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
