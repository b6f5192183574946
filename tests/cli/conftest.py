"""Runs kgtool as people do: as a process of its own, with its own standard streams, see :mod:`tests.forked`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from kgtool.graph import KnowledgeGraph
from tests.forked import run_kgtool

ROOT = Path(__file__).resolve().parent.parent.parent
#: Far above what any command of these tests needs; only a hang reaches it.
HANG = 240

PEOPLE = """\
@prefix : <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
:Neurologist rdfs:subClassOf :Physician .
:Physician rdfs:subClassOf foaf:Person .
:ada a :Neurologist ; foaf:name "Ada"@en ; foaf:knows :ben .
:ben a :Physician ; foaf:name "Ben" ; foaf:knows [ foaf:name "Somebody" ] .
"""


@dataclass(frozen=True)
class Kgtool:
    """Kgtool with its store."""

    store: Path
    cwd: Path

    def command(self, *args: object) -> list[str]:
        return [sys.executable, "-m", "kgtool", "--store", str(self.store), *map(str, args)]

    def environment(self, env: Mapping[str, str] | None = None) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KGTOOL_") and k != "PORT"}
        return {**kept, "PYTHONPATH": str(ROOT), **(env or {})}

    def __call__(
        self,
        *args: object,
        stdin: str | bytes = b"",
        env: Mapping[str, str] | None = None,
        stdout: Any = subprocess.PIPE,
        code: int | None = 0,
        fresh: bool = False,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command; unless ``code`` is None it has to end with that exit code, and never with a traceback.

        :param fresh: start an interpreter for it; so it is where an environment is given, or another standard output.
        """
        given = stdin.encode() if isinstance(stdin, str) else stdin
        if fresh or env or stdout != subprocess.PIPE:
            done = subprocess.run(
                self.command(*args),
                input=given,
                stdout=stdout,
                stderr=subprocess.PIPE,
                cwd=self.cwd,
                env=self.environment(env),
                timeout=HANG,
                check=False,
            )
        else:
            words = ["--store", str(self.store), *map(str, args)]
            done = run_kgtool(words, folder=self.cwd, environment=self.environment(), stdin=given, timeout=HANG)
        told = done.stderr.decode()
        assert "Traceback" not in told, told
        assert code is None or done.returncode == code, f"{args} ended with {done.returncode}: {told}"
        return done

    def json(self, *args: object, **more: Any) -> Any:
        return json.loads(self(*args, **more).stdout)

    def closing(self, streams: str, *args: object) -> subprocess.CompletedProcess[bytes]:
        """Run a command with standard streams closed, as a shell writes it: ``>&-``."""
        return subprocess.run(
            ["sh", "-c", f'exec "$@" {streams}', "sh", *self.command(*args)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=self.cwd,
            env=self.environment(),
            timeout=HANG,
            check=False,
        )

    def start(self, *args: object, **more: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(*args),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.cwd,
            env=self.environment(),
            **more,
        )

    def content(self) -> tuple[str, bytes, bytes]:
        """What the store holds: its commit, what is asserted and what is inferred. Read here, as it is quicker."""
        asserted, inferred = BytesIO(), BytesIO()
        with KnowledgeGraph.open(self.store) as kg:
            kg.export("nquads", asserted)
            kg.export("ntriples", inferred, only="inferred")
            return kg.commit, asserted.getvalue(), inferred.getvalue()


@pytest.fixture(scope="session")
def kgtool_in() -> Callable[[Path], Kgtool]:
    """Give a function from a folder to a kgtool that works there, with its store in ``store``."""
    return lambda folder: Kgtool(folder / "store", folder)


@pytest.fixture
def kgtool(tmp_path: Path) -> Kgtool:
    """Kgtool with a store that does not exist yet, in an empty folder."""
    return Kgtool(tmp_path / "store", tmp_path)


@pytest.fixture(scope="session")
def made_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    (folder / "people.ttl").write_text(PEOPLE, encoding="utf-8")
    Kgtool(folder / "store", folder)("load", "people.ttl")
    return folder


@pytest.fixture
def people(made_people: Path, tmp_path: Path) -> Kgtool:
    """Kgtool with a store of its own that holds ``people.ttl``, without ontology; the file lies beside it."""
    return _copied(made_people, tmp_path)


@pytest.fixture(scope="session")
def made_region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("region")
    Kgtool(folder / "store", folder)("build")
    return folder


@pytest.fixture
def region(made_region: Path, tmp_path: Path) -> Kgtool:
    """Kgtool with a store of its own that holds the packaged ontology and data."""
    return _copied(made_region, tmp_path)


def _copied(made: Path, folder: Path) -> Kgtool:
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return Kgtool(folder / "store", folder)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Give a function that writes a file beside the store."""

    def put(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put
