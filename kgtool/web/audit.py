"""The audit log: who changed what over HTTP, and when; written by the one process that writes to the store.

An entry is appended before its change is acknowledged, and synced with it: what a client was told is in the log, also
after a power cut. The token never is, only its fingerprint. The file is private to the service's user.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kgtool.errors import KgtoolError, RefusedError
from kgtool.link.entities.reviews import REVIEWS
from kgtool.store.folder import no_space
from kgtool.store.rocksdb import sync_folder
from kgtool.store.tokens import tokens
from kgtool.web.clients import Author
from kgtool.web.logs import json_line, timestamp
from kgtool.web.slow_queries import beginning

#: Bytes of a text that are kept; its SHA-256 stands for all of it.
MAX_TEXT_BYTES: Final = 2048
_BLOCK: Final = 64 * 1024
#: Graphs of an update that are listed.
_MAX_GRAPHS: Final = 20
_BEFORE_A_GRAPH: Final = ("GRAPH", "WITH", "INTO", "TO", "USING", "NAMED", "ADD", "MOVE", "COPY", "SILENT")


@dataclass(frozen=True)
class AuditEntry:
    """One change, carried out or refused.

    :param kind: ``update``, ``LOAD``, ``review``, ``forget``, or the method of a graph's change: ``PUT``, ``POST``,
        ``DELETE``.
    :param graphs: the graphs that it names.
    :param text: the text of an update; empty for a graph's change.
    :param sha256: of the whole text, or of the content that came in; empty if there is none.
    :param added, deleted: triples.
    :param before, after: the commits around it.
    :param outcome: ``done``, ``refused`` or ``failed``.
    :param why: what was wrong, if it was not done.
    """

    author: Author
    kind: str
    graphs: tuple[str, ...]
    text: str
    sha256: str
    added: int
    deleted: int
    before: str
    after: str
    outcome: str
    why: str = ""

    def line(self, at: float) -> str:
        """Write the entry as a line of JSON, without its end.

        :param at: seconds of the clock.
        """
        entry: dict[str, object] = {
            "time": timestamp(at),
            "client": self.author.client,
            "token": self.author.token,
            "kind": self.kind,
            "graphs": list(self.graphs),
            "text": beginning(self.text, MAX_TEXT_BYTES),
            "sha256": self.sha256,
            "added": self.added,
            "deleted": self.deleted,
            "before": self.before,
            "after": self.after,
            "outcome": self.outcome,
            "why": beginning(self.why, MAX_TEXT_BYTES),
        }
        return json_line({name: value for name, value in entry.items() if value not in ("", [])})


class AuditLog:
    """The file, open for appending by one process.

    What a crash left of a last line goes away when it is opened.

    :param path: ``audit.jsonl`` in the store's folder.
    :raises StoreError: if it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with no_space(path):
            self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            os.fchmod(self._file, 0o600)
            self._end = _repaired(self._file)
            os.fsync(self._file)
            sync_folder(path.parent)

    def record(self, entry: AuditEntry) -> None:
        """Append an entry, which is safe only after :meth:`sync`; whole, or not at all.

        :raises StoreError: if the disk is full, or the file cannot be written.
        """
        data = (entry.line(time.time()) + "\n").encode()
        with no_space(self._path):
            try:
                left = data
                while left:
                    left = left[os.write(self._file, left) :]
            except OSError:
                os.ftruncate(self._file, self._end)
                raise
        self._end += len(data)

    def sync(self) -> None:
        """Wait until what was recorded is on the disk; once for all changes of a group.

        :raises StoreError: if the disk refuses it.
        """
        with no_space(self._path):
            os.fdatasync(self._file)

    def close(self) -> None:
        """Sync, and let go of the file."""
        try:
            self.sync()
        finally:
            os.close(self._file)


def entry_of(
    job: object,
    author: Author,
    *,
    before: str,
    after: str,
    report: Mapping[str, object] | None,
    error: Exception | None,
) -> AuditEntry:
    """Say what a job of :mod:`kgtool.web.jobs` did.

    :param job: an ``UpdateJob``, with ``text``, a ``GraphJob``, with ``graph``, ``content`` and ``replace``, a
        ``ReviewJob``, with ``link``, ``decision``, ``by`` and ``why``, or a ``ForgetJob``, with ``wanted``, of which it
        is not said whom it names.
    :param report: what it reported, or None if it was not done.
    :param error: why it was not done.
    """
    text = getattr(job, "text", None)
    if isinstance(text, str):
        kind, graphs = _kind_and_graphs(text, [*getattr(job, "using", ()), *getattr(job, "using_named", ())])
        digest = hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()
    elif hasattr(job, "decision"):
        said = {name: str(getattr(job, name, "")) for name in ("link", "decision", "by", "why")}
        kind, graphs, text = "review", (REVIEWS.value,), json_line(said)
        digest = hashlib.sha256(text.encode()).hexdigest()
    elif hasattr(job, "wanted"):
        kind, graphs, digest = "forget", (), ""
    else:
        content = getattr(job, "content", None)
        kind = "DELETE" if content is None else "PUT" if getattr(job, "replace", False) else "POST"
        graphs = (getattr(job, "graph", None) or "default",)
        digest = _digest(content) if isinstance(content, Path) else ""
    given = report or {}
    outcome = "done"
    if error is not None:
        refused = isinstance(error, RefusedError) or (isinstance(error, KgtoolError) and error.http_status < 500)
        outcome = "refused" if refused else "failed"
    return AuditEntry(
        author=author,
        kind=kind,
        graphs=graphs,
        text=text if isinstance(text, str) and not given.get("leftOut") else "",  # it names somebody forgotten
        sha256=digest,
        added=_number(given.get("added")),
        deleted=_number(given.get("removed" if kind == "forget" else "deleted")),
        before=before,
        after=after,
        outcome=outcome,
        why="" if error is None else error.what if kind == "forget" and isinstance(error, KgtoolError) else str(error),
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _kind_and_graphs(text: str, using: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Read the kind of an update off its text, and the graphs that it names, as they stand there."""
    kind, graphs = "update", dict.fromkeys(using)
    previous = ""
    for token in tokens(text):
        if token.kind == "word":
            previous = token.text.upper()
            if previous == "LOAD":
                kind = "LOAD"
            continue
        if token.kind in ("iri", "pname") and previous in _BEFORE_A_GRAPH and len(graphs) < _MAX_GRAPHS:
            graphs[token.text[1:-1] if token.kind == "iri" else token.text] = None
        previous = ""
    return kind, tuple(graphs)


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:  # it is gone: the change is what counts
        return ""


def _repaired(file: int) -> int:
    """Cut off what a crash left at the end of a file, and give its length.

    That is a line without its end; after a power cut, zeros may also stand where a line was not yet written.
    """
    end = os.fstat(file).st_size
    while end:
        start = _line_start(file, end)
        line = _read(file, start, end)
        if line.endswith(b"\n") and b"\0" not in line:
            break
        end = start
    os.ftruncate(file, end)
    return end


def _line_start(file: int, end: int) -> int:
    """Give where the last line before ``end`` starts; its own end does not count."""
    place = end - 1
    while place > 0:
        begin = max(0, place - _BLOCK)
        found = os.pread(file, place - begin, begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        place = begin
    return 0


def _read(file: int, start: int, end: int) -> bytes:
    return os.pread(file, end - start, start)
