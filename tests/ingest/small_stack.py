"""Reads a document in a process of its own, in a thread with a stack of a megabyte."""

from __future__ import annotations

import threading
from pathlib import Path

from kgtool.errors import KgtoolError
from kgtool.ingest import read_quads, sources_of_files
from tests.forked import FORKED


def read_on_small_stack(content: bytes, format: str, folder: Path) -> tuple[int | None, str]:
    """Give the exit code of that process, and the number of quads that it read, or the name of the error."""
    document, answer = folder / "document", folder / "answer"
    document.write_bytes(content)
    answer.write_text("")
    process = FORKED.Process(target=_read_in_thread, args=(document, format, answer))
    process.start()
    process.join(60)
    return process.exitcode, answer.read_text()


def _read_in_thread(document: Path, format: str, answer: Path) -> None:
    threading.stack_size(1 << 20)
    thread = threading.Thread(target=_read, args=(document, format, answer))
    thread.start()
    thread.join()


def _read(document: Path, format: str, answer: Path) -> None:
    with document.open("rb") as content:
        [source] = sources_of_files(["-"], format=format, stdin=content)
        try:
            answer.write_text(str(sum(1 for _ in read_quads(source))))
        except KgtoolError as error:
            answer.write_text(type(error).__name__)
