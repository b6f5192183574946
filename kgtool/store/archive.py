"""Copies of a store's files: hard links where nothing writes to a file again, everything on disk, sealed by digests.

RocksDB never writes to a table (``*.sst``) again once it has its name: it is removed when others take its place. So a
table may be shared. Its logs, its manifest and its options are written to, or are small: those are copied.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kgtool.errors import InputError, Location, MissingError, StoreDamagedError, StoreError
from kgtool.store.rocksdb import sync_folder

SEAL: Final = "backup.json"
_TABLE: Final = ".sst"
#: RocksDB's diary and lock; it makes them again.
_LEFT_OUT: Final = ("LOG", "LOCK")


def copy_quads(quads: Path, target: Path, *, link: bool) -> None:
    """Copy the files of quads that nobody writes to meanwhile, into a folder that does not exist.

    :param link: share tables with the original where the file system can.
    :raises OSError: if a file cannot be read or written.
    """
    target.mkdir()
    for file in sorted(quads.iterdir()):
        if file.name.startswith(_LEFT_OUT):
            continue
        if link and file.suffix == _TABLE:
            with suppress(OSError):  # another file system, or one without links
                os.link(file, target / file.name)
                continue
        shutil.copyfile(file, target / file.name)


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Give a folder beside a target, which takes the target's name when the block ends well, and goes when not.

    Everything in it is on disk by then.

    :param target: a folder that does not exist, or is empty.
    :raises InputError: if it is neither.
    :raises MissingError: if the folder that is to hold it does not exist.
    """
    parent = target.absolute().parent
    if not parent.is_dir():
        raise MissingError("no such folder", where=Location(str(parent)), hint="make it first")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target} is there already", hint="name a folder that does not exist, or is empty")
    staging = parent / f".{target.name}.{secrets.token_hex(4)}"
    staging.mkdir()
    try:
        yield staging
        sync_tree(staging)
        staging.rename(target)
        sync_folder(parent)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def sync_tree(folder: Path) -> None:
    """Bring all files of a folder, and their names, to the disk."""
    for place, _, files in os.walk(folder):
        for name in files:
            sync_folder(Path(place) / name)  # syncs a file as well
        sync_folder(Path(place))


def seal(generation: Path, facts: Mapping[str, object]) -> None:
    """Write down what a copy consists of: each file with its size and its SHA-256, after these facts."""
    files = {
        name: {"bytes": (generation / name).stat().st_size, "sha256": _digest(generation / name)}
        for name in _files(generation)
    }
    (generation / SEAL).write_text(json.dumps({**facts, "files": files}, indent=2) + "\n", "utf-8")


def unseal(generation: Path) -> None:
    """Forget what a copy consisted of, as it is going to be changed."""
    (generation / SEAL).unlink(missing_ok=True)


def is_sealed(generation: Path) -> bool:
    """Tell whether a generation is a backup to which nobody has written."""
    return (generation / SEAL).exists()


def check_seal(generation: Path) -> None:
    """Compare the files of a sealed copy with what was written down; look at nothing if it is not sealed.

    :raises StoreDamagedError: naming the first file that is not what it was.
    """
    if not is_sealed(generation):
        return
    try:
        files = json.loads((generation / SEAL).read_text("utf-8"))["files"]
        wrong = next((n for n in {**files, **dict.fromkeys(_files(generation))} if not _is(generation, n, files)), None)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreDamagedError(f"{generation / SEAL} cannot be read", hint=_ANOTHER) from error
    if wrong is not None:
        raise StoreDamagedError(f"{generation / wrong} is not the file that was backed up", hint=_ANOTHER)


_ANOTHER: Final = "take another backup"


def size_of(folder: Path) -> tuple[int, int]:
    """Give the bytes of all files of a folder, and those of them that other folders share."""
    sizes = [file.stat() for file in folder.rglob("*") if file.is_file()]
    return sum(s.st_size for s in sizes), sum(s.st_size for s in sizes if s.st_nlink > 1)


@contextmanager
def unreplaced(generation: Path) -> Iterator[None]:
    """Say of files that go while they are copied that the store was replaced meanwhile.

    :raises StoreError: if they went.
    """
    try:
        yield
    except FileNotFoundError as error:
        if generation.is_dir():
            raise
        raise StoreError("the store was replaced while it was copied", hint="try again") from error


def _is(generation: Path, name: str, files: Mapping[str, Mapping[str, object]]) -> bool:
    """Tell whether a file is what was written down."""
    file, known = generation / name, files.get(name)
    return known is not None and file.is_file() and _digest(file) == known["sha256"]


def _files(generation: Path) -> list[str]:
    """Name all files of a generation but its seal, and the lock that RocksDB may make beside its tables."""
    found = (str(file.relative_to(generation)) for file in generation.rglob("*") if file.is_file())
    return sorted(name for name in found if name != SEAL and not Path(name).name.startswith(_LEFT_OUT))


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
