"""The slow-query log: what took long, with its text; and the count of every query, however it ended."""

from __future__ import annotations

import dataclasses
import time
from typing import Final

from kgtool.web import metrics
from kgtool.web.logs import LineLog, json_line, timestamp

#: Bytes of a text that are logged.
MAX_TEXT_BYTES: Final = 4096


def beginning(text: str, most: int = MAX_TEXT_BYTES) -> str:
    """Give the start of a text, at most so many bytes of UTF-8.

    >>> beginning("été", 3)
    'ét'
    """
    if len(text) * 4 <= most:
        return text
    return text[:most].encode("utf-8", errors="replace")[:most].decode("utf-8", errors="ignore")


class SlowQueries:
    """What becomes of every query that ends.

    :param log: where the slow ones go.
    :param threshold: seconds from which one is slow (``KGTOOL_SLOW_QUERY``).
    """

    def __init__(self, log: LineLog, threshold: float) -> None:
        self._log = log
        self._threshold = threshold

    def ended(
        self,
        task: object,
        outcome: str,
        seconds: float,
        *,
        client: str = "",
        request: str = "",
        rows: int | None = None,
        size: int | None = None,
    ) -> None:
        """Count a query, and log it if it was slow.

        :param task: what a worker was given: any of :data:`kgtool.web.evaluation.Task`.
        :param outcome: one of :data:`kgtool.web.metrics.OUTCOMES`.
        :param seconds: from its start in a worker to its last byte.
        :param request: the id of its request in the access log.
        :param rows, size: of its answer, as far as is known; size in bytes.
        """
        metrics.observe_query(outcome, seconds)
        if seconds >= self._threshold and outcome != "refused":
            self._log.put(_line, time.time(), task, outcome, seconds, client, request, rows, size)


def _line(
    at: float, task: object, outcome: str, seconds: float, client: str, request: str, rows: int | None, size: int | None
) -> str:
    text = getattr(task, "text", None)
    if not isinstance(text, str):
        given = dataclasses.asdict(task) if dataclasses.is_dataclass(task) and not isinstance(task, type) else task
        text = f"{type(task).__name__} {given}"
    entry = {
        "time": timestamp(at),
        "log": "slow-query",
        "text": beginning(text),
        "length": len(text),
        "ms": round(seconds * 1000, 1),
        "outcome": outcome,
        "rows": rows,
        "bytes": size,
        "client": client,
        "request": request,
    }
    return json_line({name: value for name, value in entry.items() if value is not None})
