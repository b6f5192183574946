"""The answers that docs/explaining.md shows are the ones that its commands give."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "explaining.md").read_text(encoding="utf-8")
SHOWN = [part for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL) for part in block.split("\n$ ")]
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
#: The day of the load is another one each time.
DAY = re.compile(r"(loaded on|chargé le) \d+(?:er)? \w+ \d{4}")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder with `kgtool` on the path and a store just built."""
    folder = tmp_path_factory.mktemp("explaining")
    (folder / "bin").mkdir()
    command = folder / "bin" / "kgtool"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kgtool "$@"\n')
    command.chmod(0o755)
    apart = ("KGTOOL_", "LC_", "LANG")
    env = {name: value for name, value in os.environ.items() if not name.startswith(apart)}
    env |= {"PATH": f"{folder / 'bin'}{os.pathsep}{env['PATH']}", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    subprocess.run(["kgtool", "build"], cwd=folder, env=env, check=True, capture_output=True)
    return folder, env


def test_the_page_shows_answers() -> None:
    assert len(SHOWN) > 5
    assert PYTHON


@pytest.mark.parametrize("shown", SHOWN, ids=range(len(SHOWN)))
def test_the_answer_is_the_one_shown(place: tuple[Path, dict[str, str]], shown: str) -> None:
    folder, env = place
    lines = shown.removeprefix("$ ").splitlines(keepends=True)
    # A quoted text may go on over lines: the command ends where its quotes are closed.
    end = next(n for n in range(1, len(lines) + 1) if "".join(lines[:n]).count("'") % 2 == 0)
    command, expected = "".join(lines[:end]), "".join(lines[end:])
    done = subprocess.run(command, shell=True, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert DAY.sub(r"\1", done.stdout).strip() == DAY.sub(r"\1", expected).strip(), f"{command}{done.stderr}"


@pytest.mark.parametrize("text", PYTHON, ids=range(len(PYTHON)))
def test_the_python_runs(place: tuple[Path, dict[str, str]], text: str) -> None:
    folder, env = place
    done = subprocess.run(
        [sys.executable, "-c", text], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("True")


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#\s]+)\)", PAGE):
        assert "://" in target or (ROOT / "docs" / target).exists(), target
