"""A store on disk: which files it has, how a whole store is replaced at once, what readers see beside a writer.

::

    STORE/
      CURRENT            name of the generation in use; replaced by one rename
      lock               held by the writer, or shared by readers
      generations/NAME/
        kgtool.json      format, engine, version of kgtool
        quads/           Oxigraph's files
        quads.unfinished there while a first load fills them
        ontology/        the rules, shapes and context that the store was built with
        rewrite          there while the quads are to be written anew, as something in them was erased
        columns/         the encoded copy that the reasoner works on; rebuilt when missing, older or damaged
        backup.json      in a backup: its files with their digests; goes when it is first opened for writing
      audit*             audit.jsonl: who changed what over HTTP, and when; kept when the store is built anew
      shared.sqlite      queries that people share by a short address; kept when the store is built anew
      forgotten.json     whom the store has forgotten, as keyed digests; kept when the store is built anew
      snapshots/N/       the quads as of a commit, for readers beside a writer (hard links), with its file of users
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from kgtool.errors import (
    MissingError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreVersionError,
)
from kgtool.store.interface import QuadStore
from kgtool.store.locks import Lock
from kgtool.store.rocksdb import sync_folder

FORMAT = 1
_READER_WAIT = 2.0
_WRITER_WAIT = 2.0
_KNOWN = frozenset({"CURRENT", "CURRENT.new", "lock", "generations", "snapshots", "forgotten.json"})
#: How the names begin of what a service writes that outlives a generation.
_OUTLIVING = ("audit", "shared.sqlite")
#: What is made for as long as a process works on a generation, or on the columns in it.
_PASSING = ("load-*", "import-*", "rehearsal-*", "check-*", "backup-*", "*.new", "columns/columns-*", "columns/spill-*")


class StoreFolder:
    """The paths of a store, and the steps that must be all or nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock_file = path / "lock"
        self.audit_file = path / "audit.jsonl"
        self.stop_list_file = path / "forgotten.json"
        self.shared_file = path / "shared.sqlite"
        self._current = path / "CURRENT"
        self._snapshots = path / "snapshots"

    def exists(self) -> bool:
        """Tell whether a store is here."""
        return self._current.is_file()

    def generation(self) -> Path:
        """Give the folder of the generation in use.

        :raises MissingError: if no store is here.
        :raises StoreDamagedError: if it names a generation that is gone.
        """
        if not self.exists():
            raise MissingError(f"no store in {self.path}", hint="make one with: kgtool build, or: kgtool load FILE")
        folder = self.path / "generations" / self._current.read_text("utf-8").strip()
        if not (folder / "quads").is_dir():
            raise StoreDamagedError(
                f"the store in {self.path} lacks {folder.name}", hint="restore a backup, or build it"
            )
        return folder

    def notes(self) -> dict[str, object]:
        """Read what the store says of itself (``format``, ``engine``, …).

        :raises StoreVersionError: if another format wrote it.
        :raises StoreDamagedError: if it cannot be read.
        """
        file = self.generation() / "kgtool.json"
        try:
            notes = json.loads(file.read_text("utf-8"))
            written = notes["format"]
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise StoreDamagedError(f"{file} cannot be read", hint="restore a backup, or build it again") from error
        if written != FORMAT:
            raise StoreVersionError(
                f"the store in {self.path} has format {written}; this kgtool reads format {FORMAT}",
                hint="build it again, or use the kgtool that wrote it",
            )
        return dict(notes)

    def write_notes(self, generation: Path, notes: Mapping[str, object]) -> None:
        """Write what the store says of itself."""
        _write_synced(generation / "kgtool.json", json.dumps({"format": FORMAT, **notes}, indent=2) + "\n")

    @contextmanager
    def new_generation(self) -> Iterator[Path]:
        """Prepare a generation aside; it comes into use when the block ends well, and is removed when not.

        What was published of the old one goes, though somebody may be reading it: an open file stays until it is let
        go of. The caller holds the exclusive lock.
        """
        folder = self.path / "generations" / secrets.token_hex(4)
        with no_space(self.path):
            folder.mkdir(parents=True)
        try:
            yield folder
            with no_space(self.path):
                # Whoever makes a file syncs it, but a power cut can also lose names: those on the way to it too.
                for named in (*(sub for sub in folder.rglob("*") if sub.is_dir()), folder, folder.parent):
                    sync_folder(named)
                sync_folder(self.path.absolute().parent)
                _write_synced(self._current, folder.name + "\n")
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        for old in (self.path / "generations").iterdir():
            if old.name != folder.name:
                shutil.rmtree(old, ignore_errors=True)
        for old in self._snapshots.glob("*"):
            shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)

    def prepare(self) -> None:
        """Make the folder; refuse one that holds other things.

        :raises StoreError: if it is not empty and no store, or cannot be made.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            others = [p.name for p in self.path.iterdir() if p.name not in _KNOWN and not p.name.startswith(_OUTLIVING)]
        except OSError as error:
            raise StoreError(f"{self.path} cannot be a store: {error.strerror}", hint="give another --store") from error
        if others and not self.exists():
            raise StoreError(f"{self.path} holds other files ({others[0]}, …)", hint="give another --store")

    def lock(self, *, exclusive: bool) -> Lock:
        """Take the lock.

        :raises StoreLockedError: if others hold it.
        :raises StoreError: if the folder cannot be written.
        """
        try:
            return Lock(self.lock_file, exclusive=exclusive, wait=_WRITER_WAIT if exclusive else 0.0)
        except StoreLockedError:
            raise
        except OSError as error:
            raise StoreError(f"{self.lock_file} cannot be opened: {error.strerror}", hint="check its rights") from error

    def publish(self, store: QuadStore, commit: int) -> None:
        """Let readers beside this writer see a commit."""
        self._snapshots.mkdir(exist_ok=True)
        target = self._snapshots / f"{commit:012d}"
        if not target.exists():
            staging = self._snapshots / f"staging-{secrets.token_hex(4)}"
            store.show_to(staging)
            staging.rename(target)

    def tidy(self) -> None:
        """Remove the snapshots of older commits that nobody reads."""
        for old in sorted(p for p in self._snapshots.glob("[0-9]*") if p.suffix != ".users")[:-1]:
            _remove_unused(old)

    def published(self) -> int | None:
        """Give the number of the last commit that readers beside a writer see; None if there is none."""
        return max((int(p.name) for p in self._snapshots.glob("[0-9]*") if p.suffix != ".users"), default=None)

    def withdraw(self) -> None:
        """Remove what was published: from now on readers use the store itself."""
        for old in sorted(self._snapshots.glob("*")):
            if not old.name.endswith(".users"):
                _remove_unused(old)

    def audit_logs(self) -> list[Path]:
        """Give the logs of who changed what."""
        return sorted(file for file in self.path.glob("audit*") if file.is_file())

    def sweep(self) -> int:
        """Remove what processes left that were killed; give how many files and folders that were.

        The caller holds the exclusive lock. Snapshots that a reader still uses stay.
        """
        generation = self.generation()
        left = [place for place in generation.parent.iterdir() if place != generation]
        left += [place for pattern in _PASSING for place in generation.glob(pattern)]
        left += [*self.path.glob("*.new"), *self._snapshots.glob("staging-*")]
        for place in left:
            if place.is_dir():
                shutil.rmtree(place, ignore_errors=True)
            else:
                place.unlink(missing_ok=True)
        snapshots = [place for place in self._snapshots.glob("[0-9]*") if place.is_dir()]
        for name in self._snapshots.glob("[0-9]*"):
            _remove_unused(name)
        return len(left) + sum(not place.exists() for place in snapshots)

    def snapshot(self) -> tuple[Path, Lock]:
        """Give the newest published snapshot, and a lock that keeps it.

        :raises StoreLockedError: if the writer has published none.
        """
        deadline = time.monotonic() + _READER_WAIT
        while time.monotonic() < deadline:
            names = sorted(p for p in self._snapshots.glob("[0-9]*") if p.is_dir())
            if names:
                users = Lock(names[-1].with_suffix(".users"), exclusive=False)
                if names[-1].is_dir():
                    return names[-1], users
                users.close()
            time.sleep(0.02)
        raise StoreLockedError(f"the store in {self.path} is being made", hint="wait until that ends")


def _remove_unused(snapshot: Path) -> None:
    users = snapshot.with_suffix(".users")
    with suppress(StoreLockedError), Lock(users, exclusive=True):
        shutil.rmtree(snapshot, ignore_errors=True)
        users.unlink(missing_ok=True)


@contextmanager
def no_space(path: Path) -> Iterator[None]:
    """Say that the disk is full, when it is.

    :raises StoreFullError: for ENOSPC, EDQUOT and EFBIG.
    :raises StoreError: for what else the file system refuses.
    """
    try:
        yield
    except StoreError:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StoreFullError(f"no space left in {path}", hint="free some space, then retry") from error
        raise StoreError(f"{path} cannot be written: {error.strerror or error}", hint="check its rights") from error


def _write_synced(file: Path, text: str) -> None:
    """Replace a file's content so that a crash leaves the old one or the new one."""
    staging = file.with_name(file.name + ".new")
    with staging.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    staging.replace(file)
    sync_folder(file.parent)
