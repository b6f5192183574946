"""Logs as JSON lines, written beside the requests: no request ever waits for whoever reads them.

A line is put into a bounded queue and written by a thread of its own. Where the reader of standard error does not read,
or the disk is full, lines are dropped and counted, and the service goes on.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring_ascii
from pathlib import Path
from typing import Any, Final

from kgtool.web import metrics
from kgtool.web.runtime import runtime_folder

#: Lines that wait for the writing thread: about a second of the busiest service.
MAX_WAITING: Final = 10_000
#: Seconds between two writes.
_PAUSE: Final = 0.1
#: Bytes written under one hold of the lock that keeps the lines of several processes apart.
_PIECE: Final = 64 * 1024
_STDERR: Final = 2
#: Most characters of a message or a traceback.
_MAX_TEXT: Final = 16 * 1024

Render = Callable[..., str]


def quoted(text: str) -> str:
    """Write a text from outside as a JSON string of printable ASCII, which no terminal or log reader takes for more.

    >>> print(quoted('a"b\\n\\x1b\\x7f\\u202e'))
    "a\\"b\\n\\u001b\\u007f\\u202e"
    """
    return encode_basestring_ascii(text).replace("\x7f", "\\u007f")


def json_line(entry: Mapping[str, object]) -> str:
    """Write an entry as one line of printable ASCII, without its end; what JSON does not know is written as text.

    >>> json_line({"log": "service", "text": "a\\nb"})
    '{"log":"service","text":"a\\\\nb"}'
    """
    return json.dumps(entry, separators=(",", ":"), default=str).replace("\x7f", "\\u007f")


def timestamp(seconds: float) -> str:
    """Write an instant as ISO 8601 in UTC, to the millisecond.

    >>> timestamp(1.5)
    '1970-01-01T00:00:01.500Z'
    """
    whole = int(seconds)
    known, text = _last_second[0]
    if known != whole:
        text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole))
        _last_second[0] = (whole, text)
    return f"{text}.{int((seconds - whole) * 1000):03d}Z"


_last_second: Final[list[tuple[int, str]]] = [(0, "1970-01-01T00:00:00")]


class LineLog:
    """Where lines go: standard error, a file that may be renamed under it, or nowhere.

    It may be made before a fork: each process writes with a thread of its own, started at its first line.

    :param target: ``stderr``, ``off``, or the path of a file.
    """

    def __init__(self, target: str) -> None:
        self.off = target == "off"
        self._path = None if target in ("stderr", "off") else Path(target)
        self._renew()
        _every.add(self)

    def _renew(self) -> None:
        """Begin anew: in a process just forked the lines that wait belong to its parent."""
        self._waiting: deque[tuple[Render, tuple[Any, ...]]] = deque()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._file: int | None = None
        self._looked_at = 0.0
        self._lock_file: int | None = None
        self.dropped = 0

    def put(self, render: Render, *values: object) -> None:
        """Let ``render(*values)`` be written as a line, soon; costs a microsecond and never waits."""
        if self.off:
            return
        if len(self._waiting) >= MAX_WAITING:
            self.dropped += 1
            return
        self._waiting.append((render, values))
        if self._thread is None:
            self._start()

    def close(self, timeout: float = 1.0) -> None:
        """Write what waits, if that takes no longer than some seconds."""
        thread = self._thread
        if thread is not None:
            self._closing.set()
            thread.join(timeout)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None and not self._closing.is_set():
                self._thread = threading.Thread(target=self._run, name="kgtool-log", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        told = 0
        while True:
            closing = self._closing.wait(_PAUSE)
            dropped = self.dropped - told
            told += dropped
            lines = self._rendered(len(self._waiting))
            if dropped:
                metrics.lines_dropped(dropped)
                entry = {"time": timestamp(time.time()), "log": "service", "level": "WARNING"}
                lines.append(json_line({**entry, "message": f"{dropped} lines of the log were dropped"}) + "\n")
            self._write(lines)
            if closing and not self._waiting:
                return

    def _rendered(self, count: int) -> list[str]:
        lines = []
        for _ in range(count):
            render, values = self._waiting.popleft()
            try:
                lines.append(render(*values) + "\n")
            except Exception as error:  # a line that cannot be written must not end the log
                lines.append(json_line({"log": "service", "level": "ERROR", "message": repr(error)}) + "\n")
        return lines

    def _write(self, lines: list[str]) -> None:
        """Write whole lines, in pieces that no other process's lines come into."""
        piece: list[str] = []
        size = 0
        for line in lines:
            piece.append(line)
            size += len(line)
            if size >= _PIECE:
                self._write_piece(piece)
                piece, size = [], 0
        if piece:
            self._write_piece(piece)

    def _write_piece(self, lines: list[str]) -> None:
        data = "".join(lines).encode()
        try:
            file = self._descriptor()
            with self._alone():
                while data:
                    data = data[os.write(file, data) :]
        except OSError:  # nobody reads any more, or the disk is full
            metrics.lines_dropped(len(lines))

    def _descriptor(self) -> int:
        """Give the file to write to; one that was renamed or removed is opened again, within a second."""
        if self._path is None:
            return _STDERR
        now = time.monotonic()
        if self._file is not None and now - self._looked_at >= 1.0:
            self._looked_at = now
            open_one = os.fstat(self._file)
            try:
                named = self._path.stat()
            except FileNotFoundError:
                named = None
            if named is None or (named.st_dev, named.st_ino) != (open_one.st_dev, open_one.st_ino):
                os.close(self._file)
                self._file = None
        if self._file is None:
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
            self._looked_at = now
        return self._file

    @contextlib.contextmanager
    def _alone(self) -> Any:
        """Keep other processes' lines out: a pipe takes only 4 KB at once (pipe(7), PIPE_BUF)."""
        folder = runtime_folder()
        if self._lock_file is None and folder is not None:
            with contextlib.suppress(OSError):
                self._lock_file = os.open(folder / "log.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if self._lock_file is None:
            yield
            return
        fcntl.flock(self._lock_file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._lock_file, fcntl.LOCK_UN)


def _after_fork() -> None:
    for log in list(_every):
        log._renew()


_every: weakref.WeakSet[LineLog] = weakref.WeakSet()
os.register_at_fork(after_in_child=_after_fork)


class JsonHandler(logging.Handler):
    """Passes records of :mod:`logging` on as JSON lines, with their tracebacks."""

    def __init__(self, log: LineLog) -> None:
        super().__init__()
        self._log = log
        self._plain = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record; one that cannot be formatted is told as it is."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            message = f"{record.msg} {record.args}"
        traceback = self._plain.formatException(record.exc_info) if record.exc_info else None
        self._log.put(_service_line, record.created, record.levelname, record.name, message, traceback)


def _service_line(created: float, level: str, name: str, message: str, traceback: str | None) -> str:
    entry = {"time": timestamp(created), "log": "service", "level": level, "name": name, "message": message[:_MAX_TEXT]}
    if traceback is not None:
        entry["traceback"] = traceback[-_MAX_TEXT:]
    return json_line(entry)


def log_to(log: LineLog, level: int = logging.WARNING) -> None:
    """Let everything that :mod:`logging` is told in this process go to a log, and nowhere else."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(JsonHandler(log))
    root.setLevel(level)
