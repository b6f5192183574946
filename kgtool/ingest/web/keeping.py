"""Pages on disk: those of an interrupted run are taken as they are, those of a whole one are asked for again.

What somebody asks for has a folder, named after its host, its first request, and what else tells it from other things
that begin alike (a list of identifiers, a limit). It holds the pages of one run or more. A run is whole when whoever
began it says so (:meth:`Shelf.finish`); until then it was interrupted. A file is a page: a line of JSON about it, then
its body. Pages hold what registries say about people, so none stays longer than :data:`KEPT`, and
:func:`forget_pages` removes all of them.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import time
import uuid
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kgtool.errors import InputError, Location
from kgtool.ingest.web.asking import Request, target_named

#: Seconds after which pages are removed: of whole runs, and of interrupted ones, whose cursors do not last.
KEPT: Final = 30 * 86_400
RESUMED: Final = 86_400
_RUN: Final = "run.json"


@dataclass(frozen=True)
class KeptPage:
    """A page as it was got.

    :param fresh: got in the run that goes on now, so that nobody need ask for it again.
    """

    content: bytes
    url: str
    etag: str | None
    last_modified: str | None
    fresh: bool


class Shelf:
    """The pages of one run, which may be those of many requests; and the pages of an earlier one like it.

    :param folder: of the cache; None keeps nothing.
    :param first: the first request.
    :param asked: what else the run is for, in values whose ``repr`` is the same in every run.
    :raises InputError: if the URL is none, or the folder cannot be written.
    """

    def __init__(self, folder: Path | None, first: Request, asked: object = None) -> None:
        host = target_named(first.url).host
        self._folder: Path | None = None
        self._run = uuid.uuid4().hex
        #: Pages at hand from a run that was interrupted.
        self.resumed = 0
        if folder is None:
            return
        tidy_pages(folder)
        self._folder = folder / host / hashlib.sha256(f"{first.key} {asked!r}".encode()).hexdigest()[:40]
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # pages say things about people
            self._folder.mkdir(parents=True, exist_ok=True)
            self._go_on()
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise  # whoever tells of errors knows what a full disk is
            raise InputError(
                f"pages cannot be kept: {error.strerror}",
                where=Location(str(folder)),
                hint="set KGTOOL_CACHE to a folder that can be written",
            ) from error

    def _go_on(self) -> None:
        """Go on with the run that was interrupted, if there is one and it is not old; or begin a new one."""
        assert self._folder is not None
        noted = _noted(self._folder / _RUN)
        started = noted.get("started") if noted else None
        recent = isinstance(started, int | float) and 0 <= time.time() - started < RESUMED
        if noted and not noted.get("whole") and recent:
            self._run = str(noted["run"])
            self.resumed = sum(1 for page in self._folder.glob("*.page") if _head(page).get("run") == self._run)
        else:
            self._note(whole=False)

    def _note(self, *, whole: bool) -> None:
        assert self._folder is not None
        facts = {"run": self._run, "started": time.time(), "whole": whole}
        _write(self._folder / _RUN, json.dumps(facts).encode())

    def page(self, request: Request) -> KeptPage | None:
        """Give the page of a request; None where there is none, or where its file is damaged."""
        if self._folder is None:
            return None
        try:
            line, _, packed = (self._folder / f"{request.key}.page").read_bytes().partition(b"\n")
            head = json.loads(line)
            if hashlib.sha256(packed).hexdigest() != head["sha256"]:
                return None
            fresh = head["run"] == self._run
            return KeptPage(zlib.decompress(packed), head["url"], head["etag"], head["last_modified"], fresh)
        except (OSError, ValueError, KeyError, TypeError, zlib.error):
            return None

    def put(self, request: Request, content: bytes, url: str, etag: str | None, last_modified: str | None) -> None:
        """Keep a page of this run."""
        if self._folder is None:
            return
        packed = zlib.compress(content, 1)
        head = {"run": self._run, "request": request.shown, "url": url, "etag": etag, "last_modified": last_modified}
        line = json.dumps({**head, "sha256": hashlib.sha256(packed).hexdigest()}).encode()
        _write(self._folder / f"{request.key}.page", line + b"\n" + packed)

    def drop(self, keys: Iterable[str]) -> None:
        """Remove the pages of these requests: what they say cannot be, so they are asked for anew."""
        if self._folder is not None:
            for key in keys:
                (self._folder / f"{key}.page").unlink(missing_ok=True)

    def finish(self) -> None:
        """Note that the run is whole, and remove pages that are no part of it any more."""
        if self._folder is None:
            return
        for page in self._folder.glob("*.page"):
            if _head(page).get("run") != self._run:
                page.unlink(missing_ok=True)
        self._note(whole=True)


def forget_pages(folder: Path) -> int:
    """Remove every page that is kept, as erasing a person asks for; how many folders of pages there were.

    A page is a registry's answer about many people, so all go: the next import asks again.
    """
    return _removed(folder, older_than=-1e12)


def tidy_pages(folder: Path) -> int:
    """Remove the pages that nobody asked for in :data:`KEPT` seconds; how many."""
    return _removed(folder, older_than=KEPT)


def _removed(folder: Path, *, older_than: float) -> int:
    count = 0
    for run in folder.glob(f"*/*/{_RUN}"):
        try:
            if time.time() - run.stat().st_mtime > older_than:
                shutil.rmtree(run.parent)
                count += 1
        except FileNotFoundError:  # another process was quicker
            continue
    return count


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _head(page: Path) -> Mapping[str, object]:
    try:
        with page.open("rb") as file:
            head = json.loads(file.readline(1 << 16))
        return head if isinstance(head, dict) else {}
    except (OSError, ValueError):
        return {}


def _noted(path: Path) -> dict[str, float | str | bool] | None:
    try:
        noted = json.loads(path.read_bytes())
        return noted if isinstance(noted, dict) and "run" in noted else None
    except (OSError, ValueError):
        return None
