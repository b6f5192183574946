"""The answers that the README shows are the ones that its commands give."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCKS = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with `kgtool` on the path and a store just built."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "bin").mkdir()
    command = folder / "bin" / "kgtool"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kgtool "$@"\n')
    command.chmod(0o755)
    env = {k: v for k, v in os.environ.items() if not k.startswith("KGTOOL_")}
    env |= {"PATH": f"{folder / 'bin'}{os.pathsep}{env['PATH']}", "PYTHONPATH": str(ROOT)}
    subprocess.run(["kgtool", "build"], cwd=folder, env=env, check=True, capture_output=True)
    return folder, env


def test_the_readme_shows_answers():
    assert BLOCKS


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_the_answer_is_the_one_shown(place, block):
    folder, env = place
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines(keepends=True)
        # A quoted text may go on over lines: the command ends where its quotes are closed.
        end = next(n for n in range(1, len(lines) + 1) if "".join(lines[:n]).count("'") % 2 == 0)
        command, expected = "".join(lines[:end]), "".join(lines[end:])
        done = subprocess.run(command, shell=True, cwd=folder, env=env, capture_output=True, text=True, check=False)
        assert done.stdout.strip() == expected.strip(), f"{command}{done.stderr}"
