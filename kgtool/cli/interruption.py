"""What Ctrl-C does: end a command that gets ready at once, be raised in one that runs, spare one that is over."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Final

#: What a shell reports for a program ended by SIGINT.
INTERRUPTED: Final = 130
MESSAGE: Final = "interrupted; the store holds its last commit"


def leave_on_interrupt() -> None:
    """Let Ctrl-C end the process on the spot: libraries that are being imported may swallow an exception."""
    _on_interrupt(_leave)


def raise_on_interrupt() -> None:
    """Let Ctrl-C raise KeyboardInterrupt, so that a command can undo what it began."""
    _on_interrupt(signal.default_int_handler)


def ignore_interrupts() -> None:
    """Let a command that is over keep its exit code, whatever is pressed while the interpreter ends."""
    _on_interrupt(signal.SIG_IGN)


def _on_interrupt(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    # A shell has its background jobs ignore Ctrl-C: it is meant for what runs in front of them.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    with suppress(OSError):
        os.write(2, f"kgtool: {MESSAGE}\n".encode())
    os._exit(INTERRUPTED)
