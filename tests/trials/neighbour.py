"""A neighbour: a client that asks something cheap twenty times a second, and remembers how it fared."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from tests.trials.services import Service

#: No cheap query takes longer than this, whatever others ask.
BOUND = 1.0
_QUERY = "ASK {{ <urn:n{n}> <urn:number> {n} }}"


@dataclass
class Neighbour:
    """Asks while its ``with`` block runs.

    :param source: the address it comes from; the default one is that of everybody else.
    """

    service: Service
    source: str | None = None
    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Neighbour:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        assert self._thread is not None
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        number = 0
        while not self._stop.is_set():
            start = time.monotonic()
            number = (number + 1) % 1000
            try:
                answer = self.service.query(_QUERY.format(n=number), timeout=30, source=self.source)
                self.statuses.append(answer.status)
                if answer.status == 200 and b"true" not in answer.body:
                    self.errors.append(f"wrong: {answer.body!r}")
            except OSError as error:
                self.errors.append(repr(error))
            spent = time.monotonic() - start
            self.seconds.append(spent)
            self._stop.wait(max(0.0, 0.05 - spent))

    def check(self, *, bound: float = BOUND) -> None:
        """Assert that it was served all the time, and never late."""
        assert self.errors == []
        assert set(self.statuses) == {200}
        assert max(self.seconds) < bound, sorted(self.seconds)[-5:]
