"""What is in the tree: nothing that ties it to one machine, dependencies pinned, files that stay readable."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import kgtool

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: Put together from parts, so that this file does not hold what it looks for.
MACHINE = re.compile(r"(?<![\w.~%/>-])/(?:root|work|home|Users)/\w")
REGISTRY = re.compile("|".join((r"pypi\.", r"pythonhosted\.", r"npmjs\.", r"registry\.npm", "extra-" + "index-url")))


def tracked() -> list[Path]:
    git = shutil.which("git")
    if not git or not (ROOT / ".git").exists():
        pytest.skip("left out: not a git checkout")
    names = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_machine_or_a_registry():
    found = []
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="replace")
        if path != Path(__file__) and (hit := MACHINE.search(text) or REGISTRY.search(text)):
            found.append(f"{path.relative_to(ROOT)}: {hit.group()}")
    assert found == []


def test_files_stay_short_and_are_named_after_their_subject():
    sources = [path for path in tracked() if path.suffix in (".py", ".ts", ".css", ".html", ".mjs")]
    assert len(sources) > 20
    assert [str(p) for p in sources if len(p.read_text(encoding="utf-8").splitlines()) > 300] == []
    assert [str(p) for p in sources if re.search(r"util|helper|manager|misc|common", p.stem)] == []


def test_public_names_are_sorted_and_there():
    assert kgtool.__all__ == sorted(kgtool.__all__)
    assert {"KnowledgeGraph", "KgtoolError"} <= set(kgtool.__all__)
    for name in kgtool.__all__:
        assert getattr(kgtool, name) is not None


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    found = dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))
    assert text.count("--hash=sha256:") >= len(found) > 10
    return found


@pytest.mark.parametrize(("lock", "extras"), [("requirements.lock", ()), ("requirements-dev.lock", ("test", "dev"))])
def test_the_locks_pin_what_the_project_asks_for(lock, extras):
    pinned = pins(lock)
    wanted = [*PROJECT["dependencies"], *(r for extra in extras for r in PROJECT["optional-dependencies"][extra])]
    for requirement in map(Requirement, wanted):
        assert pinned[requirement.name] in requirement.specifier, requirement
        assert any(s.operator in ("<", "<=", "==", "~=") for s in requirement.specifier), f"{requirement} is unbounded"
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_every_package_imported_is_a_declared_dependency():
    declared = {Requirement(text).name for text in PROJECT["dependencies"]}
    distributions = packages_distributions()
    apart = {*sys.stdlib_module_names, "kgtool", "_typeshed"}  # the last one is there for type checkers alone
    for path in [*(ROOT / "kgtool").rglob("*.py"), ROOT / "server.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            for top in {name.split(".")[0] for name in names} - apart:
                assert {canonicalize_name(name) for name in distributions[top]} & declared, f"{path}: {top}"


def test_ci_fails_where_the_shared_data_sets_are_missing(tmp_path):
    done = subprocess.run(
        ["bash", str(ROOT / ".ci" / "run")],
        env={"PATH": "/usr/bin:/bin", "KGTOOL_SHARED": str(tmp_path / "absent")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "absent" in done.stderr


def test_an_old_python_is_refused_with_advice(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit\nexit 1\n')
    old.chmod(0o755)
    done = subprocess.run(
        ["make", "install", f"PYTHON={old}"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "3.11" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert not (tmp_path / ".venv").exists()
