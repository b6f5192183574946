"""Load on a server: keep-alive connections that ask one question after the other, by wrk where it is installed.

wrk (a Debian package of that name) costs a tenth of what a Python client does. Without it two Python processes ask, and
the figures say so: on a machine with few cores they are then the client's as much as the server's.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from _serving_processes import HOST, Server

WRK = shutil.which("wrk")
GENERATOR = "wrk" if WRK else "python"
_PROCESSES = 2
#: Takes the next path of a file for each request; prints what came of it.
_SCRIPT = """
local paths, number = {}, tonumber(os.getenv("BENCH_OFFSET"))
function init(args)
  for line in io.lines(os.getenv("BENCH_PATHS")) do paths[#paths + 1] = line end
  wrk.headers["Accept"] = os.getenv("BENCH_ACCEPT")
end
function request()
  number = number + 1
  return wrk.format("GET", paths[number % #paths + 1])
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\\nFOUND {"requests": %d, "seconds": %f, "refused": %d, "broken": %d}\\n', summary.requests,
    summary.duration / 1e6, e.status, e.connect + e.read + e.write + e.timeout))
end
"""


@dataclass(frozen=True)
class Round:
    """What came of some seconds of load.

    :param rate: answers with status 200 a second.
    :param failed: answers with another status, and connections that broke.
    """

    rate: float
    failed: int


def load(
    server: Server,
    paths: Sequence[str],
    work: Path,
    *,
    seconds: float,
    connections: int = 16,
    offset: int = 0,
    accept: str = "application/sparql-results+json",
) -> Round:
    """Ask for the paths in turn, from the offset on, for some seconds."""
    if WRK is None:
        return _python_load(server, paths, seconds, connections, offset, accept)
    script, listed = work / "load.lua", work / "paths.txt"
    script.write_text(_SCRIPT)
    listed.write_text("\n".join(paths) + "\n")
    told = {"BENCH_OFFSET": str(offset), "BENCH_PATHS": str(listed), "BENCH_ACCEPT": accept}
    command = [WRK, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "30s", "-s", str(script)]
    done = subprocess.run(
        [*command, f"http://{HOST}:{server.port}"],
        env={**os.environ, **told},
        check=True,
        capture_output=True,
        text=True,
    )
    (found,) = (json.loads(line[6:]) for line in done.stdout.splitlines() if line.startswith("FOUND "))
    return Round((found["requests"] - found["refused"]) / found["seconds"], found["refused"] + found["broken"])


def _python_load(
    server: Server, paths: Sequence[str], seconds: float, connections: int, offset: int, accept: str
) -> Round:
    each = max(1, connections // _PROCESSES)
    starts = [offset + number * len(paths) // _PROCESSES for number in range(_PROCESSES)]
    jobs = [(server.port, [*paths[at % len(paths) :], *paths[: at % len(paths)]]) for at in starts]
    with multiprocessing.get_context("fork").Pool(_PROCESSES) as pool:
        found = pool.starmap(_ask, [(*job, seconds, each, accept) for job in jobs])
    return Round(sum(good for good, _ in found) / seconds, sum(bad for _, bad in found))


def _ask(port: int, paths: Sequence[str], seconds: float, connections: int, accept: str) -> tuple[int, int]:
    """Ask over several connections at once: a request goes out on each, then the answers are read in turn."""
    sockets = [socket.create_connection((HOST, port), timeout=30) for _ in range(connections)]
    files = [one.makefile("rb") for one in sockets]
    good = bad = number = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for one in sockets:
            one.sendall(
                f"GET {paths[number % len(paths)]} HTTP/1.1\r\nHost: {HOST}\r\nAccept: {accept}\r\n\r\n".encode()
            )
            number += 1
        for file in files:
            if _status(file) == 200:
                good += 1
            else:
                bad += 1
    for one in sockets:
        one.close()
    return good, bad


def _status(file: socket.SocketIO) -> int:
    """Read one answer to its end, and give its status."""
    status = int(file.readline().split()[1])
    length: int | None = None
    while (header := file.readline()) not in (b"\r\n", b""):
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if length is not None:
        file.read(length)
        return status
    while size := int(file.readline(), 16):  # chunked
        file.read(size + 2)
    file.readline()
    return status
