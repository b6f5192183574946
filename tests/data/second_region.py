"""The second region, ``examples/bretagne``, as the tests ask it: its files as they are, or the graph built of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import ID_BASE, PREFIXES, SOURCE_PREFIX

from .conftest import ROOT, solutions

FOLDER = ROOT / "examples" / "bretagne"
FILES = sorted(FOLDER.glob("*.ttl"))
BASE = f"{ID_BASE}bretagne/"
RNSR = "GRAPH <urn:kgtool:source:rnsr-2022-ille-et-vilaine.ttl>"
ROR = "GRAPH <urn:kgtool:source:ror-ille-et-vilaine.ttl>"
HEADER = f"BASE <{BASE}>\n" + "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())

Values = tuple[str | None, ...]
#: From a SELECT query to the values of its distinct solutions, sorted.
Ask = Callable[[str], list[Values]]


def _sorted(values: Iterable[Values]) -> list[Values]:
    return sorted(set(values), key=lambda row: [value or "" for value in row])


def ask_the_files() -> Ask:
    """Give a function that asks the files, each in its graph: nothing is inferred, and no ontology is there."""
    store = Store()
    for file in FILES:
        store.load(path=str(file), format=RdfFormat.TURTLE, to_graph=NamedNode(SOURCE_PREFIX + file.name))
    return lambda query: _sorted(solutions(store, query, HEADER))


def ask_the_graph(graph: KnowledgeGraph) -> Ask:
    """Give a function that asks a built graph, with what follows."""

    def ask(query: str) -> list[Values]:
        rows = graph.query(HEADER + query).solutions()
        return _sorted(tuple(None if term is None else term.value for term in row) for row in rows)

    return ask


@dataclass(frozen=True)
class Place:
    """A folder with ``kgtool`` on the path, ``examples`` in reach, and the store ``bretagne``.

    :param folder: the folder in which commands run.
    """

    folder: Path

    @property
    def store(self) -> Path:
        """The store that the README's commands build."""
        return self.folder / "bretagne"

    def run(self, command: str) -> str:
        """Run a line of shell that has to succeed, and give what it prints."""
        apart = ("KGTOOL_", "LC_", "LANG")
        env = {name: value for name, value in os.environ.items() if not name.startswith(apart)}
        env |= {"PATH": f"{self.folder / 'bin'}{os.pathsep}{env['PATH']}", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        done = subprocess.run(command, shell=True, cwd=self.folder, env=env, capture_output=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr.decode()}"
        return done.stdout.decode()


def place_in(folder: Path) -> Place:
    """Put ``kgtool`` and ``examples`` into a folder; the store is not built yet."""
    (folder / "bin").mkdir()
    command = folder / "bin" / "kgtool"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kgtool "$@"\n')
    command.chmod(0o755)
    (folder / "examples").symlink_to(ROOT / "examples")
    return Place(folder)


def plain(text: str | None) -> str:
    """Letters and digits alone, lower case, without accents: the directory writes in capitals."""
    decomposed = unicodedata.normalize("NFKD", (text or "").replace("’", "'"))
    return re.sub(r"[^a-z0-9]+", " ", decomposed.encode("ascii", "ignore").decode().lower()).strip()
