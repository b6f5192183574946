"""Servers of WSGI applications beside each other: why granian is in front of ours.

On a small Flask application: what the server itself costs. On ours, with a read-only store and workers of its own for
each process: what of that is left. Each has 16 keep-alive connections and takes turns with granian; two processes and
as many threads as connections, but waitress has one process, and gunicorn's sync workers no threads: they close each
connection, which is a part of what they cost.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from _measuring import SHARED, line, report
from _serving_data import look_up, path_of, prepare
from _serving_load import GENERATOR
from _serving_processes import HOST, Server, running
from _serving_rounds import compared

_PYTHON = (sys.executable, "-m")
_GRANIAN = (*_PYTHON, "granian", "--interface", "wsgi", "--host", HOST, "--port", "{port}")
_GUNICORN = (*_PYTHON, "gunicorn", "--bind", f"{HOST}:{{port}}", "--workers", "2")
#: The options of each that come nearest to the others: 2 processes, 8 threads where there are threads.
FRONTS: Mapping[str, Sequence[str]] = {
    "granian, 2 × 8 threads": (*_GRANIAN, "--workers", "2", "--blocking-threads", "8", "--no-access-log"),
    "gunicorn sync, 2": _GUNICORN,
    "gunicorn gthread, 2 × 8": (*_GUNICORN, "--worker-class", "gthread", "--threads", "8"),
    "waitress, 1 × 16": (*_PYTHON, "waitress", "--listen", f"{HOST}:{{port}}", "--threads", "16"),
}
CHOSEN = next(iter(FRONTS))
#: At least as fast as each of the others, or there would be no reason for it.
TARGET = 1.0


def application(
    app: str, endpoint: str, paths: Sequence[str], work: Path, settings: Mapping[str, str], rounds: int, seconds: float
) -> dict[str, object]:
    """Compare the servers on one application; one that cannot serve it is left out, and said to be."""
    found: dict[str, object] = {}
    for name in list(FRONTS)[1:]:
        with ExitStack() as stack:
            servers: list[Server] = []
            for front in (CHOSEN, name):
                command = [*FRONTS[front], app]
                try:
                    server = running(front, command, endpoint, work / "front.log", settings)
                    servers.append(stack.enter_context(server))
                except RuntimeError as error:
                    print(f"left out: {front} on {app}: {str(error)[-300:]}", file=sys.stderr)
            if len(servers) == 2:
                got = compared(servers, lambda server: list(paths), work, rounds=rounds, seconds=seconds)
                figure = line(f"{app}: granian against {name}", got.ratio, TARGET, at_least=True)
                found[name] = got.as_json() | figure
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about a minute, on the small application alone")
    quick = parser.parse_args().quick
    rounds, seconds = (2, 2) if quick else (5, 5)
    results: dict[str, object] = {"quick": quick, "client": GENERATOR}
    with tempfile.TemporaryDirectory(prefix="kgtool-bench-") as folder:
        work = Path(folder)
        here = str(Path(__file__).parent)
        small = [path_of("/", look_up(f"urn:subject:{number}")) for number in range(1_000)]
        results["small application"] = application(
            "_small_app:app", "/", small, work, {"PYTHONPATH": here}, rounds, seconds
        )
        if SHARED.is_dir() and not quick:
            data = prepare(1, work)
            ours = [path_of("/sparql", look_up(subject)) for subject in data.subjects]
            settings = {"KGTOOL_STORE": str(data.kgtool), "KGTOOL_READ_ONLY": "1"}
            results["kgtool"] = application("server:app", "/sparql", ours, work, settings, rounds, seconds)
    report("serving_fronts", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
