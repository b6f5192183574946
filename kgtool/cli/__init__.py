"""The commands: each is one call of :class:`kgtool.KnowledgeGraph`, with what a person sees around it.

Here is only how they are started. Their modules, and the libraries that those need, are imported once Ctrl-C is
provided for.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kgtool.cli import interruption

__all__ = ["main"]


def main() -> None:
    """Run the command that was typed, and leave with the exit code of the contract."""
    code = interruption.INTERRUPTED
    try:
        interruption.leave_on_interrupt()
        _open_streams()
        from kgtool.cli.commands import run

        code = run()
        interruption.ignore_interrupts()
    except KeyboardInterrupt:  # again, while the first one was told
        interruption.ignore_interrupts()
    sys.exit(code)


def _open_streams() -> None:
    """Put nothing where a standard stream is closed: the next file opened would take its place, and its output.

    Without standard output no command has anything to do, so that one is an error before anything is done.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  # open as long as the process lives
    if sys.stdout is None:
        os.open(os.devnull, os.O_WRONLY)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # as above
    if sys.stdout is None:
        sys.stderr.write("kgtool: standard output is closed; send it to a file, or to /dev/null\n")
        sys.exit(2)
