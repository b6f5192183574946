"""The service from its start to its end: this process starts the others, and does nothing else."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import multiprocessing
import signal
import socket
from typing import Final

from kgtool.config import Settings
from kgtool.errors import InputError
from kgtool.web import metrics
from kgtool.web.logs import LineLog, log_to
from kgtool.web.processes.household import household, meeting_place, numeric

#: Of malloc.h.
_M_ARENA_MAX: Final = -8


def serve(settings: Settings) -> None:
    """Serve a store until Ctrl-C or SIGTERM; SIGHUP starts the fronts anew, one after the other.

    :raises InputError: if the address cannot be had.
    :raises kgtool.errors.MissingError: if there is no store.
    :raises kgtool.errors.StoreError: if the store cannot be opened, or another process writes to it.
    """
    _share_heaps()
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
            with household(settings, meeting, url, meanwhile=_import_fronts):
                from kgtool.web.fronts import run_fronts

                run_fronts(settings, meeting, host, port, url)
            log.close()
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, former)


def _share_heaps() -> None:
    """Let threads share two heaps: glibc gives each of many one of its own, and none gets smaller (mallopt(3)).

    It looks at this once, before the second heap is made, and those that are forked later hold to it.
    """
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def _import_fronts() -> None:
    """Import what the fronts are made of; it takes about as long as opening the store, on another processor."""
    from kgtool.web import fronts  # noqa: F401


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
