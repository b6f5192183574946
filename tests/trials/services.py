"""A service as an operator starts it: ``kgtool serve`` in a process group of its own, killed and started again."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.trials import processes
from tests.trials.wire import Answer, ask

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "trial-token-7d1f"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
_START = 60.0
#: Lines that no log of a service may hold.
_FAULT = re.compile(r"^Traceback|^thread .* panicked|unforeseen error", re.MULTILINE)


class Service:
    """One store and the service on it; what it says on standard error is kept in one log over all starts.

    :param store: its folder.
    :param log: the file that its standard error goes to.
    :param settings: environment variables, the token aside, which is always set.
    """

    def __init__(self, store: Path, log: Path, settings: Mapping[str, str] | None = None) -> None:
        self.store = store
        self.log = log
        self._settings = dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def start(self) -> Service:
        """Start it, and wait until it says where it listens."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KGTOOL_") and k != "PORT"}
        environ = {**kept, "PYTHONPATH": str(ROOT), "KGTOOL_WRITE_TOKEN": TOKEN, **self._settings}
        command = [sys.executable, "-m", "kgtool", "--store", str(self.store), "serve", "--port", "0"]
        with self.log.open("ab") as errors:
            begin = errors.seek(0, os.SEEK_END)
            self._process = subprocess.Popen(command, env=environ, stderr=errors, start_new_session=True)
        deadline = time.monotonic() + _START
        while time.monotonic() < deadline:
            said = self.log.read_bytes()[begin:].decode(errors="replace")
            if found := re.search(r"^kgtool serves (\S+)\n", said, re.MULTILINE):
                self.url = found.group(1)
                return self
            if self._process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"no service: {self.log.read_bytes()[begin:].decode(errors='replace')}")

    @property
    def main(self) -> int:
        """The process that was started."""
        assert self._process is not None
        return self._process.pid

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.url).port or 0

    def family(self) -> set[int]:
        """The main process and all below it."""
        return processes.family(self.main)

    def writer(self) -> int:
        """The process that holds the store open for writing: it has the lock file of RocksDB open."""
        (lock,) = self.store.glob("generations/*/quads/LOCK")
        found = processes.holders(self.family(), lock)
        assert found, "no process writes"
        return max(found)

    def fronts(self) -> list[int]:
        """The processes that take connections; the main one only if no other does."""
        found = processes.listeners(self.family(), self.port)
        return sorted(found - {self.main, self.writer()}) or sorted(found)

    def kill(self, victim: str) -> None:
        """SIGKILL the whole ``group``, the ``main`` process, the ``writer`` or one ``front``."""
        family = self.family()
        if victim == "group":
            with suppress(ProcessLookupError):
                os.killpg(self.main, signal.SIGKILL)
            processes.kill(family)  # those that left the group
        else:
            chosen = {"main": lambda: self.main, "writer": self.writer, "front": lambda: self.fronts()[0]}[victim]()
            processes.kill([chosen])
        if victim in ("group", "main") or not self.lives():
            self._reap(family)

    def kill_process(self, pid: int) -> None:
        """SIGKILL one process below the main one."""
        assert pid != self.main
        processes.kill([pid])

    def lives(self) -> bool:
        """Tell whether the main process is there."""
        return self._process is not None and processes.lives(self.main)

    def stop(self) -> None:
        """End it as an operator does, and whatever is left of it."""
        if self._process is None:
            return
        family = self.family()
        if self.lives():
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
            assert processes.eventually(lambda: not any(map(processes.lives, family)), 10), "processes left behind"
        finally:
            processes.kill(pid for pid in family if processes.lives(pid))
            self._process = None

    def _reap(self, family: set[int]) -> None:
        """Wait until all of a family are gone: none outlives the main process for long."""
        assert self._process is not None
        self._process.wait(30)
        gone = processes.eventually(lambda: not any(map(processes.lives, family)), 10)
        left = [pid for pid in family if processes.lives(pid)]
        processes.kill(left)
        self._process = None
        assert gone, f"processes that outlive their main one: {left}"

    def __call__(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        timeout: float = 60.0,
        source: str | None = None,
    ) -> Answer:
        """Send one request on a connection of its own."""
        return ask(self.port, method, path, body, headers, timeout=timeout, source=source)

    def query(self, text: str, *, timeout: float = 60.0, source: str | None = None, **parameters: str) -> Answer:
        """Ask by POST, which takes texts of any length."""
        headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json, */*;q=0.1"}
        path = "/sparql?" + urlencode(parameters) if parameters else "/sparql"
        return self("POST", path, text, headers, timeout=timeout, source=source)

    def update(self, text: str, *, timeout: float = 60.0, **parameters: str) -> Answer:
        """Write."""
        path = "/sparql?" + urlencode(parameters) if parameters else "/sparql"
        return self("POST", path, text, {"Content-Type": "application/sparql-update", **BEARER}, timeout=timeout)

    def rows(self, text: str, **parameters: str) -> list[dict[str, str]]:
        """Give the rows of a query, each variable's value as text."""
        answer = self.query(text, **parameters)
        assert answer.status == 200, (answer.status, answer.body[:500])
        bindings = json.loads(answer.body)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in bindings]

    def asked(self, text: str) -> bool:
        """Give the answer of an ASK."""
        answer = self.query(text)
        assert answer.status == 200, (answer.status, answer.body[:500])
        return bool(json.loads(answer.body)["boolean"])

    def answers(self) -> bool:
        """Tell whether it is ready and answers a query."""
        try:
            return self("GET", "/ready", timeout=5).status == 200 and self.query("ASK {}", timeout=5).status == 200
        except OSError:
            return False

    def faults(self) -> list[str]:
        """Give what its log tells of its own faults, and the token if the log holds it."""
        text = self.log.read_text("utf-8", "replace")
        found = [text[max(0, hit.start() - 200) : hit.end() + 1500] for hit in _FAULT.finditer(text)]
        return found + (["the log holds the token"] if TOKEN in text else [])


@contextmanager
def running(store: Path, **settings: str) -> Iterator[Service]:
    """Run a service on a store for a ``with`` block; its log, beside the store, must tell of no fault of its own."""
    service = Service(store, store.parent / "service.log", settings).start()
    try:
        yield service
    finally:
        service.stop()
    assert service.faults() == []
