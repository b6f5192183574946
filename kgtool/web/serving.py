"""The HTTP server: waitress in front of the application, its own errors as problems too."""

from __future__ import annotations

import errno
import logging
import signal
import sys
from types import FrameType
from typing import Any, Final

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask, WSGITask

from kgtool.config import Settings
from kgtool.errors import InputError
from kgtool.web.app import create_app
from kgtool.web.problems import PROBLEM_TYPE, SECURITY_HEADERS, problem_body
from kgtool.web.source import GraphSource

#: Threads beyond the workers: for pages and writes, and for requests that wait.
_MORE_THREADS: Final = 8
#: Bytes beyond the limit of bodies that are read, so that the client hears of the limit.
_READ_ANYWAY: Final = 64 * 2**20
#: Bytes that wait on disk for a slow client, so that it does not hold a worker.
_WAITING_BYTES: Final = 256 * 2**20


class _ProblemTask(ErrorTask):
    """What waitress itself refuses: malformed requests, bodies or header fields that are too large."""

    def execute(self) -> None:
        request: Any = self.request  # a parsed request; waitress's own types name its error alone
        error = request.error
        body = problem_body(error.code, error.body.strip() or error.reason)
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [*self.response_headers, ("Content-Type", PROBLEM_TYPE), *SECURITY_HEADERS.items()]
        self.set_close_on_finish()
        self.content_length = len(body)
        is_head = getattr(request, "command", None) == "HEAD"  # a request that cannot be read may have none
        self.write(b"" if is_head else body)


class _RequestTask(WSGITask):
    """A request; an answer to HEAD ends with its header, where waitress would send the end of a chunked body."""

    def finish(self) -> None:
        request: Any = self.request
        if request.command == "HEAD":
            if not self.wrote_header:
                self.write(b"")
            return
        super().finish()


class _Channel(HTTPChannel):
    task_class = _RequestTask
    error_task_class = _ProblemTask


def listening(app: Flask, settings: Settings) -> Any:
    """Bind the application to its address; call ``run()`` on what this gives.

    :raises InputError: if the address cannot be had.
    """
    try:
        server: Any = create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.query_workers + _MORE_THREADS,
            ident="kgtool",
            # The application refuses what is too large; waitress, which cuts the connection so that a client may miss
            # the answer, only what is far too large to be read to its end.
            max_request_body_size=settings.max_body * 2**20 + _READ_ANYWAY,
            outbuf_high_watermark=_WAITING_BYTES,
            connection_limit=500,
            clear_untrusted_proxy_headers=True,
        )
    except (OSError, ValueError) as error:
        place = f"{settings.host}:{settings.port}"
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise InputError(f"port {settings.port} is in use", hint="choose another by --port or PORT") from error
        raise InputError(f"cannot listen on {place}: {error}", hint="choose another by --host and --port") from error
    server.channel_class = _Channel
    return server


def serve(settings: Settings) -> None:
    """Serve a store until Ctrl-C or SIGTERM.

    :raises InputError: if the address cannot be had.
    :raises kgtool.errors.MissingError: if there is no store.
    :raises kgtool.errors.StoreError: if the store cannot be opened, or another process writes to it.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    source = GraphSource(settings)
    try:
        server = listening(create_app(source, settings), settings)
        host = f"[{server.effective_host}]" if ":" in server.effective_host else server.effective_host
        url = f"http://{host}:{server.effective_port}"
        source.serve_at(url)
        source.start()
        former = signal.signal(signal.SIGTERM, _interrupt)
        try:
            print(f"kgtool serves {url}", file=sys.stderr, flush=True)
            server.run()  # returns on KeyboardInterrupt
        except KeyboardInterrupt:  # between two steps of the above
            pass
        finally:
            signal.signal(signal.SIGTERM, former)
            server.close()
    finally:
        source.close()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
