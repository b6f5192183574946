"""What the kernel says of a service's processes: who they are, what they use, who listens."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> set[int]:
    """Give the processes below one, whatever group or session they are in."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found: set[int] = set()
    new = {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return found


def family(pid: int) -> set[int]:
    """Give a process and its descendants."""
    return {pid} | descendants(pid)


def lives(pid: int) -> bool:
    """Tell whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def kill(pids: Iterable[int]) -> None:
    """End processes with no chance to tidy up."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def processor_seconds(pid: int) -> float:
    """Give the processor time that a process has used; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def busiest(pids: Iterable[int], seconds: float) -> float:
    """Watch processes for some time; give the greatest share of a processor that one of them used."""
    before = {pid: processor_seconds(pid) for pid in pids}
    start = time.monotonic()
    time.sleep(seconds)
    spent = time.monotonic() - start
    return max((processor_seconds(pid) - used) / spent for pid, used in before.items())


def _status(pid: int, field: str) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1])
    return 0


def resident(pids: Iterable[int]) -> int:
    """Give the memory that processes hold together, in MB; a page that forked ones share is shared out among them."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total // 1024


def peak(pid: int) -> int:
    """Give the most memory that a process ever held, in MB."""
    return _status(pid, "VmHWM") // 1024


def threads(pids: Iterable[int]) -> int:
    """Count the threads of processes."""
    return sum(_status(pid, "Threads") for pid in pids)


def open_files(pids: Iterable[int]) -> int:
    """Count the open file descriptors of processes."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            total += len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return total


def listeners(pids: Iterable[int], port: int) -> set[int]:
    """Give the processes that hold a socket which listens on a port."""
    sockets = set()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                    sockets.add(f"socket:[{fields[9]}]")
    return {pid for pid in pids if sockets & _links(pid)}


def holders(pids: Iterable[int], file: Path) -> set[int]:
    """Give the processes that have a file open."""
    return {pid for pid in pids if str(file.resolve()) in _links(pid)}


def _links(pid: int) -> set[str]:
    found = set()
    with suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                found.add(str(link.readlink()))
    return found


def eventually(holds: Callable[[], object], seconds: float, pause: float = 0.05) -> bool:
    """Wait until something holds; tell whether it came to that in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
