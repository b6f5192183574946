"""What changed since the columns were written: one record a commit, as text, appended beside them.

A record is written without waiting for the disk: the columns are never authority, and a record that a crash cut off, or
a commit that is missing, only means that they are made again.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, serialize

#: The files of a folder of columns.
COLUMNS: Final = "graph.duckdb"
JOURNAL: Final = "journal"
#: Bytes from which on it costs less to make the columns again than to read the journal.
LARGE: Final = 256 << 20


@dataclass(frozen=True)
class Record:
    """One commit: the quads that it added and removed, as lines of N-Quads."""

    before: str
    after: str
    added: tuple[bytes, ...]
    removed: tuple[bytes, ...]


def follow(folder: Path, before: str, after: str, added: Iterable[Quad], removed: Iterable[Quad]) -> None:
    """Note a commit beside the columns of a folder, if there are any.

    Columns that cannot follow are made again when they are needed: that is no reason to fail a commit.

    :param before, after: names of the commits before and after it.
    :param added, removed: quads of sources, of the inferred graph, and of the premises.
    """
    if (folder / COLUMNS).is_file():
        with suppress(OSError):
            if append(folder / JOURNAL, before, after, added, removed) > LARGE:
                shutil.rmtree(folder, ignore_errors=True)


def append(file: Path, before: str, after: str, added: Iterable[Quad], removed: Iterable[Quad]) -> int:
    """Append a commit, and give the journal's size in bytes.

    :param before, after: names of the commits before and after it.
    """
    lines = [f"begin {before} {after}\n".encode()]
    lines += [b"+" + line + b"\n" for line in _lines(added)]
    lines += [b"-" + line + b"\n" for line in _lines(removed)]
    lines.append(f"end {after}\n".encode())
    with file.open("ab") as journal:
        journal.write(b"".join(lines))
        return journal.tell()


def records(file: Path) -> Iterator[Record]:
    """Give the commits of a journal, up to the first one that is not whole."""
    if not file.is_file():
        return
    with file.open("rb") as journal:
        head: list[str] = []
        added: list[bytes] = []
        removed: list[bytes] = []
        for line in journal:
            if line.startswith(b"+"):
                added.append(line[1:])
            elif line.startswith(b"-"):
                removed.append(line[1:])
            elif line.startswith(b"begin "):
                head, added, removed = line.decode("utf-8", "replace").split(), [], []
            elif len(head) == 3 and line == f"end {head[2]}\n".encode():
                yield Record(head[1], head[2], tuple(added), tuple(removed))
                head = []
            else:
                return


def _lines(quads: Iterable[Quad]) -> list[bytes]:
    text = io.BytesIO()
    serialize(quads, text, RdfFormat.N_QUADS)
    return text.getvalue().splitlines()
