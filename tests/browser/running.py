"""Code that a page shows, run as somebody would who copies it."""

from __future__ import annotations

import json
import subprocess
import sys


def run_shell(code: str) -> str:
    """Run a command, and give what it writes."""
    return subprocess.run(["sh", "-c", code], capture_output=True, text=True, timeout=30, check=True).stdout


def run_python(code: str) -> list[list[str]]:
    """Run a script that reads a table, with a stand-in for pandas, and give the table's rows."""
    stand_in = (
        "import sys, types, csv, io, json\n"
        "read = lambda answer: json.dumps(list(csv.reader(io.StringIO(answer.read().decode()))))\n"
        "sys.modules['pandas'] = types.SimpleNamespace(read_csv=read)\n"
    )
    run = [sys.executable, "-c", stand_in + f"exec({code!r})"]
    done = subprocess.run(run, capture_output=True, text=True, timeout=30, check=True)
    rows: list[list[str]] = json.loads(done.stdout)
    return rows
