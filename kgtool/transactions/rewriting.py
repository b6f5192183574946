"""Writing a store's quads anew, so that its files hold nothing but them.

Oxigraph keeps the text of every term that it ever saw, RocksDB what was removed until it merges its tables, and some of
it in its logs and its manifest; neither compacting nor clearing takes all of it away (pyoxigraph 0.5.13). A store made
of what is there now holds nothing else. A mark in the generation says that this is to be done: by whoever lets go of
the store, or if that process is killed, by the next one that opens it to write.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from kgtool.store import layout
from kgtool.store.archive import sync_tree
from kgtool.store.folder import StoreFolder, no_space
from kgtool.store.oxigraph import OxigraphStore
from kgtool.store.rocksdb import sync_folder
from kgtool.transactions.interruption import held_back

MARK = "rewrite"


def mark(generation: Path) -> None:
    """Say, before a change that erases something, that the generation is to be written anew."""
    with no_space(generation):
        (generation / MARK).touch()
        sync_folder(generation)


def is_marked(generation: Path) -> bool:
    """Tell whether a generation is to be written anew."""
    return (generation / MARK).exists()


def rewrite(folder: StoreFolder) -> None:
    """Put a generation with the same quads, and nothing else, in the place of the one in use.

    The caller holds the exclusive lock, and has no store open. It is a commit of its own, so that readers notice.

    :raises StoreError: if it cannot be written; the old one stays, with its mark.
    """
    old = folder.generation()
    with held_back(), folder.new_generation() as new, no_space(folder.path):
        shutil.copyfile(old / "kgtool.json", new / "kgtool.json")
        if (old / "ontology").is_dir():
            shutil.copytree(old / "ontology", new / "ontology", copy_function=shutil.copyfile)
        _copy_quads(old / "quads", new / "quads")
        sync_tree(new)


def rewrite_aside(generation: Path) -> None:
    """Write the quads of a generation anew that nobody uses yet, and that is not the one in use."""
    quads, fresh = generation / "quads", generation / "quads.fresh"
    with no_space(generation):
        _copy_quads(quads, fresh)
        shutil.rmtree(quads)
        fresh.rename(quads)
        shutil.rmtree(generation / "columns", ignore_errors=True)
        (generation / MARK).unlink(missing_ok=True)
        sync_tree(generation)


def _copy_quads(source: Path, target: Path) -> None:
    old, new = OxigraphStore(source, read_only=True), OxigraphStore(target)
    try:
        new.fill(old.quads())
        state = layout.read_state(new)
        later = replace(state, commit=state.commit + 1, store_id=state.next_id or state.store_id, next_id=None)
        before, after = layout.notes_of(state), layout.notes_of(later)
        if before:
            new.apply(after - before, before - after)
    finally:
        old.close()
        new.close()
