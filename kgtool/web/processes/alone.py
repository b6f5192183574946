"""A household in an interpreter of its own, for a front that granian did not fork: ``python -m`` and this name."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from kgtool.config import Settings
from kgtool.web.processes.household import Meeting, household, meeting_place


@dataclass(frozen=True)
class LoneHousehold:
    """A household that ends with its input."""

    meeting: Meeting
    process: subprocess.Popen[bytes]

    def close(self) -> None:
        """End it, in order."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(60)


def start(settings: Settings) -> LoneHousehold:
    """Start a household, and wait until its store is open.

    :raises KgtoolError: if it cannot be opened.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "kgtool.web.processes.alone"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(pickle.dumps(settings))
    process.stdin.flush()
    said = pickle.load(process.stdout)
    if isinstance(said, Exception):
        process.wait(60)
        raise said
    return LoneHousehold(Meeting(Path(said)), process)


def _main() -> None:
    settings = pickle.load(sys.stdin.buffer)

    def say(what: object) -> None:
        sys.stdout.buffer.write(pickle.dumps(what))
        sys.stdout.buffer.flush()

    try:
        with meeting_place() as meeting, household(settings, meeting, f"http://{settings.host}:{settings.port}"):
            say(str(meeting.folder))
            sys.stdin.buffer.read()
    except Exception as error:
        say(error)


if __name__ == "__main__":
    _main()
