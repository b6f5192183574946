"""Stores of an older format, made those of today."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from kgtool.errors import StoreDamagedError, StoreVersionError
from kgtool.store.archive import copy_quads, sync_tree
from kgtool.store.folder import FORMAT, StoreFolder

#: How a generation of a format, copied to a new folder, becomes one of the next format. There has been one format only.
STEPS: Final[dict[int, Callable[[Path], None]]] = {}


def upgrade(folder: StoreFolder, steps: Mapping[int, Callable[[Path], None]] = STEPS) -> int | None:
    """Bring a store to today's format, in a new generation that takes the old one's place when it is whole.

    The caller holds the exclusive lock.

    :returns: the format that it had; None if that is today's.
    :raises StoreVersionError: if its format is newer than this kgtool, or too old for it.
    :raises StoreDamagedError: if it does not say what its format is.
    """
    old = folder.generation()
    try:
        notes = json.loads((old / "kgtool.json").read_text("utf-8"))
        written = int(notes.pop("format"))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreDamagedError(f"{old / 'kgtool.json'} cannot be read", hint="restore a backup") from error
    if written == FORMAT:
        return None
    if any(number not in steps for number in range(written, FORMAT)) or written > FORMAT:
        raise StoreVersionError(
            f"the store in {folder.path} has format {written}; this kgtool reads and makes format {FORMAT}",
            hint="use the kgtool that wrote it" if written > FORMAT else "build it again",
        )
    with folder.new_generation() as new:
        copy_quads(old / "quads", new / "quads", link=True)
        if (old / "ontology").is_dir():
            shutil.copytree(old / "ontology", new / "ontology")
        for number in range(written, FORMAT):
            steps[number](new)
        folder.write_notes(new, notes)
        sync_tree(new)
    return written
