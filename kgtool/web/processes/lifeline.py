"""No process of the service outlives the one that started it, however that one ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def settle(parent: int, *, ends_in_order: bool) -> None:
    """Make a process of the household of this one: it ends when its parent ends or tells it to, and by no Ctrl-C.

    :param parent: see :func:`end_with_parent`.
    :param ends_in_order: whether it has something to finish, so that SIGTERM is not for it either.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN if ends_in_order else signal.SIG_DFL)
    end_with_parent(parent)


def end_with_parent(parent: int) -> None:
    """Let this process be killed when its parent ends.

    On Linux the kernel sees to it (prctl(2), PR_SET_PDEATHSIG); elsewhere a thread looks every second.

    :param parent: the parent's process number, as it was before this process began: it may have ended already.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    else:
        threading.Thread(target=_look, args=(parent,), name="kgtool-lifeline", daemon=True).start()
    if os.getppid() != parent:
        os._exit(0)


def _look(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)
