"""A power cut: what a file system keeps of a folder whose files were not all synced. See test_power_cuts.py."""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import struct
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_SOURCE = Path(__file__).with_name("power_cut.c")
_AT_FDCWD, _NO_FOLLOW, _BASIC_AND_BIRTH = -100, 0x100, 0x7FF | 0x800


def compiled(folder: Path) -> Path:
    """Compile the library that notes syncs; without a C compiler the test is left out."""
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("left out: a power cut is simulated by a library in C, and there is no gcc to compile it")
    library = folder / "power_cut.so"
    command = [compiler, "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o", str(library), str(_SOURCE)]
    subprocess.run([*command, "-ldl"], check=True)
    return library


def identity(path: Path) -> str:
    """Name a file as the library does: by its inode and its birth, as inodes are used again."""
    found = ctypes.create_string_buffer(256)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.statx(_AT_FDCWD, os.fsencode(path), _NO_FOLLOW, _BASIC_AND_BIRTH, found):
        raise OSError(ctypes.get_errno(), "statx", str(path))
    inode = struct.unpack_from("=Q", found, 0x20)[0]
    seconds, nanoseconds = struct.unpack_from("=qI", found, 0x50)
    return f"{inode}:{seconds}.{nanoseconds}"


@dataclass
class Synced:
    """What is on the disk for sure.

    :param sizes: bytes of each file.
    :param names: the names in each folder, with the files that they meant.
    """

    sizes: dict[str, int] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    def read(self, log: Path) -> None:
        """Take in what the library noted; a note that was cut off in its middle is none."""
        lines = iter(log.read_bytes().decode().splitlines(keepends=True) if log.exists() else [])
        for line in lines:
            kind, file, number = line.split()
            if kind == "F":
                self.sizes[file] = int(number)
                continue
            entries = [next(lines).rstrip("\n").split(" ", 2) for _ in range(int(number))]
            self.names[file] = {name: entry for _, entry, name in entries}


def whole(root: Path) -> Synced:
    """Take all that is in a folder as synced: it was there long before."""
    synced = Synced()
    for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
        synced.names[identity(folder)] = {path.name: identity(path) for path in folder.iterdir()}
        for path in folder.iterdir():
            if path.is_file():
                synced.sizes[identity(path)] = path.stat().st_size
    return synced


def cut_power(root: Path, synced: Synced, loss: str, chance: random.Random) -> int:
    """Take from a folder what was not synced; give how many bytes and names that were.

    :param loss: ``cut``: files end where they were last synced, names that were not synced are gone; ``zeros``: such
        names stay, and what was not synced of a file are zeros; ``mixed``: each file and each name fares on its own.
    """
    lost = 0
    for path, is_known in list(_entries(root, synced)):
        if not path.exists():  # gone with its folder
            continue
        keeps_name = is_known or {"cut": False, "zeros": True, "mixed": chance.random() < 0.5}[loss]
        if not keeps_name:
            lost += 1
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    done: set[str] = set()
    for path in (path for path in root.rglob("*") if path.is_file()):
        if (name := identity(path)) in done:  # another name of a file that was seen
            continue
        done.add(name)
        kept, size = synced.sizes.get(name, 0), path.stat().st_size
        if size > kept:
            lost += size - kept
            _FATES[chance.choice([*_FATES]) if loss == "mixed" else loss](path, kept, size, chance)
    return lost


def _entries(folder: Path, synced: Synced) -> Iterator[tuple[Path, bool]]:
    """Give all below a folder, with whether its name is on the disk.

    A rename is taken as done in order: a name that was synced stays though it means another file now, and a file that
    was synced under another name of its folder stays.
    """
    names = synced.names.get(identity(folder), {})
    for path in sorted(folder.iterdir()):
        yield path, path.name in names or identity(path) in names.values()
        if path.is_dir():
            yield from _entries(path, synced)


def _cut(path: Path, kept: int, size: int, chance: random.Random) -> None:
    os.truncate(path, kept)


def _zeros(path: Path, kept: int, size: int, chance: random.Random) -> None:
    os.truncate(path, kept)
    os.truncate(path, size)


def _part(path: Path, kept: int, size: int, chance: random.Random) -> None:
    os.truncate(path, chance.randint(kept, size))


_FATES: dict[str, Callable[[Path, int, int, random.Random], None]] = {"cut": _cut, "zeros": _zeros, "part": _part}
