"""Why a query worker died by itself, from its exit code and its last words."""

from __future__ import annotations

import contextlib
import logging
import os
from typing import Final

from kgtool.errors import KgtoolError, MemoryLimitError, QueryError
from kgtool.web.processes.nursery import Nursery, Worker

LOG: Final = logging.getLogger(__name__)
_OUT_OF_MEMORY: Final = (b"memory allocation of", b"bad_alloc", b"MemoryError")


def cause_of_death(nursery: Nursery, worker: Worker, memory: int) -> KgtoolError | RuntimeError:
    """Say why a worker died that has closed its pipe.

    :param memory: MB that it was allowed.
    """
    code = nursery.exit_code(worker)
    last_words = _read_all(worker.errors.fileno())
    LOG.warning("a worker died (exit code %s): %s", code, last_words[:2000].decode(errors="replace"))
    if code == -9 or any(sign in last_words for sign in _OUT_OF_MEMORY):
        return MemoryLimitError(f"the request needs more than {memory} MB", hint="ask for less at a time")
    if code < 0:
        return QueryError(
            "the request brought its worker process down",
            hint="it is too deeply nested or too large to plan; write it with fewer levels and patterns",
        )
    return RuntimeError(f"a worker ended with exit code {code}")


def _read_all(pipe: int) -> bytes:
    os.set_blocking(pipe, False)
    pieces = []
    with contextlib.suppress(BlockingIOError):
        while piece := os.read(pipe, 65536):
            pieces.append(piece)
    return b"".join(pieces)
