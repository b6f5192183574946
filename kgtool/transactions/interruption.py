"""Ctrl-C while a change is being written: heard, and obeyed once the change is either on disk or not."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_back() -> Iterator[None]:
    """Let the block end before a Ctrl-C that comes meanwhile has its effect, in the main thread.

    Only the write itself is held back: reading, reasoning and validating stop at once and leave the store as before.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        signal.raise_signal(signal.SIGINT)
