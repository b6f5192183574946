"""A process that forgets the person and kills itself at its n-th step to the disk."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from tests.forked import FORKED

from .people import forget


def killed_at(step: int, store: Path) -> bool:
    """Let a process forget the person until it kills itself; tell whether it came so far."""
    process = FORKED.Process(target=_forget, args=(step, store))
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def steps_of(store: Path) -> int:
    """Let a process forget the person, and count its steps."""
    process = FORKED.Process(target=_forget, args=(_NEVER, store))
    process.start()
    process.join()
    return int((store / "audit-steps").read_text())


_NEVER = 10_000


def _forget(left: int, store: Path) -> None:
    begun = left

    def counted(do: Callable[..., object]) -> Callable[..., object]:
        def step_to_disk(*given: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return do(*given, **named)

        return step_to_disk

    for name in ("fsync", "fdatasync", "rename", "replace"):
        setattr(os, name, counted(getattr(os, name)))
    forget(store)
    (store / "audit-steps").write_text(str(begun - left))
