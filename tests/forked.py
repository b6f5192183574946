"""Commands as processes of their own, forked from one that has imported kgtool and done nothing yet.

Starting an interpreter and importing what a command needs takes most of what most commands take. What the tests of
commands are about stays: arguments, environment, folder, standard streams, exit code, and that nothing is left over
from the command before. What does not: the start itself, and another seed of hashes each time; where these matter, a
test starts a process as people do.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

#: The context of processes that are forked from that one.
FORKED: Final = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(
    [
        __name__,
        "tests.forgetting.killing",
        *(f"kgtool.cli.{name}" for name in ("commands", "changing", "asking", "questions", "exporting", "explaining")),
        *("kgtool.graph", "kgtool.transactions.checking", "kgtool.validate.check", "kgtool.validate.bulk.check"),
        *("rich.progress", "zstandard"),
    ]
)


def run_kgtool(
    arguments: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str],
    stdin: bytes = b"",
    timeout: float,
) -> subprocess.CompletedProcess[bytes]:
    """Run ``kgtool`` with arguments, in a folder, and give what it wrote and its exit code.

    :raises subprocess.TimeoutExpired: if it takes longer than the time out.
    """
    with tempfile.TemporaryDirectory(prefix="kgtool-streams-") as place:
        streams = [Path(place) / name for name in ("in", "out", "err")]
        streams[0].write_bytes(stdin)
        process = FORKED.Process(target=_be_kgtool, args=(arguments, folder, dict(environment), streams))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(["kgtool", *arguments], timeout)
        return subprocess.CompletedProcess(
            ["kgtool", *arguments], process.exitcode, streams[1].read_bytes(), streams[2].read_bytes()
        )


def _be_kgtool(
    arguments: Sequence[str], folder: Path | None, environment: Mapping[str, str], streams: Sequence[Path]
) -> None:
    """Become the command: what an interpreter does before it runs the first line, and after the last."""
    os.environ.clear()
    os.environ.update(environment)
    if folder is not None:
        os.chdir(folder)
    for number, (stream, flags) in enumerate(zip(streams, (0, os.O_WRONLY, os.O_WRONLY), strict=True)):
        opened = os.open(stream, flags | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # a descriptor, as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.argv = ["kgtool", *arguments]
    from kgtool.cli import main

    code = 1
    try:
        main()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
    for output in (sys.stdout, sys.stderr):
        output.flush()
    os._exit(code)
