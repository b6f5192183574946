"""How a guest behaves: how often to ask, how long to wait, when to give up, and what a Retry-After says."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from kgtool.vocabulary import ONTOLOGY_IRI


@dataclass(frozen=True)
class Manners:
    """Limits of one client. Times are in seconds, sizes in bytes.

    :param gap: least time between the end of a request and the next one to the same host.
    :param attempts: how often a page is asked for before it is given up.
    :param first_wait: before the second attempt; doubled for each later one, with jitter, up to ``longest_wait``.
    :param patience: longest Retry-After that is obeyed; beyond it the run ends, and says when to come back.
    :param connect: for the connection; ``read`` between two pieces of an answer, ``whole`` for a whole one, from when
        it is asked for to the last byte of its body.
    :param max_bytes: of a page, after decompression.
    :param max_pages: of one harvest.
    """

    gap: float = 0.1
    attempts: int = 6
    first_wait: float = 1.0
    longest_wait: float = 60.0
    patience: float = 600.0
    connect: float = 10.0
    read: float = 60.0
    whole: float = 300.0
    max_bytes: int = 64 * 2**20
    max_pages: int = 100_000

    def wait(self, attempt: int, jitter: Callable[[], float] = random.random) -> float:
        """Give the time to wait after a failed attempt: exponential, with half of it drawn by lot.

        >>> [Manners().wait(attempt, lambda: 1.0) for attempt in (1, 2, 3, 30)]
        [1.0, 2.0, 4.0, 60.0]
        """
        longest = min(self.longest_wait, self.first_wait * 2.0 ** min(attempt - 1, 30))
        return float(longest * (0.5 + 0.5 * jitter()))


@dataclass(frozen=True)
class Clock:
    """The time, and waiting; tests bring a clock of their own.

    :param now: seconds, only ever growing.
    :param wall: the time of day.
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    wall: Callable[[], datetime] = lambda: datetime.now(UTC)


def user_agent(version: str, contact: str | None) -> str:
    """Say who asks, and whom to write to.

    >>> user_agent("0.1.0", "data@example.org")
    'kgtool/0.1.0 (+https://w3id.org/kgtool; data@example.org)'
    """
    home = ONTOLOGY_IRI.rpartition("/")[0]
    return f"kgtool/{version} (+{home}{f'; {contact}' if contact else ''})"


def retry_after(field: str | None, now: datetime) -> float | None:
    """Read a Retry-After: seconds, or an HTTP date (RFC 9110, 10.2.3); None for none, or for what is neither.

    >>> retry_after("120", datetime(2026, 1, 1, tzinfo=UTC))
    120.0
    >>> retry_after("Thu, 01 Jan 2026 00:00:30 GMT", datetime(2026, 1, 1, tzinfo=UTC))
    30.0
    >>> retry_after("soon", datetime(2026, 1, 1, tzinfo=UTC)) is None
    True
    """
    if field is None:
        return None
    text = field.strip()
    if re.fullmatch(r"[0-9]{1,12}", text):
        return float(text)
    try:
        at = parsedate_to_datetime(text)
        return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
