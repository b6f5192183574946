"""A store copied while it is in use, and a copy put in the place of a store."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from kgtool.errors import InputError, StoreDamagedError, StoreLockedError
from kgtool.store import layout
from kgtool.store.archive import check_seal, copy_quads, seal, size_of, staged, sync_tree, unreplaced
from kgtool.store.filling import is_unfinished
from kgtool.store.folder import StoreFolder, no_space
from kgtool.store.integrity import read_everything
from kgtool.store.oxigraph import OxigraphStore
from kgtool.store.rocksdb import sync_folder
from kgtool.store.shared_queries import SharedQueries
from kgtool.store.stop_list import StopList, read_stop_list, write_stop_list
from kgtool.transactions.forgetting.forget import forgotten_in
from kgtool.transactions.forgetting.queries import forget_shared
from kgtool.transactions.opening import Opened, open_to_read
from kgtool.transactions.rewriting import is_marked, mark, rewrite_aside
from kgtool.vocabulary import INFERRED


@dataclass(frozen=True)
class CopyReport:
    """What was copied, by a backup or a restore.

    :param folder: where the copy is.
    :param asserted: distinct asserted triples.
    :param quads: quads in source graphs.
    :param size: bytes of its files.
    :param shared: how many of them other folders share by hard links: they are safe from what is done to a store, but
        not from a disk that fails.
    :param left_out: statements about people who were forgotten since the backup was made.
    """

    folder: str
    commit: str
    asserted: int
    inferred: int
    quads: int
    size: int
    shared: int
    left_out: int = 0

    def as_json(self) -> dict[str, object]:
        """Give the report as JSON, ``size`` as ``bytes``."""
        return {
            "folder": self.folder,
            "commit": self.commit,
            "asserted": self.asserted,
            "inferred": self.inferred,
            "quads": self.quads,
            "bytes": self.size,
            "shared": self.shared,
            **({"leftOut": self.left_out} if self.left_out else {}),
        }


def backup(opened: Opened, target: Path, *, link: bool = True) -> CopyReport:
    """Copy an open store, as of its last commit, to a folder that is a store itself; beside a writer, too.

    :param target: a folder that does not exist, or is empty.
    :param link: share files that are never written to again, where the file system can.
    :raises InputError: if the target holds something, or lies within the store.
    :raises StoreError: if it cannot be written, or the store is damaged or replaced meanwhile; no target is left then.
    """
    generation, path = opened.generation, opened.folder.path
    if target.resolve().is_relative_to(path.resolve()):
        raise InputError(f"{target} lies within the store", hint="name a folder elsewhere")
    check_seal(generation)
    with no_space(target), staged(target) as staging:
        copy = staging / "generations" / generation.name
        copy.mkdir(parents=True)
        with unreplaced(generation):
            _copy_generation(opened, copy, link=link)
            for log in opened.folder.audit_logs():
                shutil.copyfile(log, staging / log.name)
        SharedQueries(opened.folder.shared_file).copy_to(staging / opened.folder.shared_file.name)
        if opened.stop_list:
            write_stop_list(staging / opened.folder.stop_list_file.name, opened.stop_list)
        (staging / "lock").touch()
        (staging / "CURRENT").write_text(copy.name + "\n", "utf-8")
        report = _report(copy, target, layout.read_state(opened.store))
        seal(copy, {"commit": report.commit, "made": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")})
    return report


def restore(path: Path, source: Path) -> CopyReport:
    """Put a backup, or any other store, in the place of a store, which may be absent or damaged.

    What is put there is read to its end first. It has the commit that the backup has; the next one gets a name that no
    commit of the old store has. Who was forgotten since, by the list of either, does not come back with it.

    :raises InputError: if there is no store in the source, or it is the same.
    :raises StoreDamagedError: if the source is damaged.
    :raises StoreLockedError: if a process uses the store in that place.
    :raises StoreError: if it cannot be written; the old store is as it was then.
    """
    if path.resolve() == source.resolve():
        raise InputError(f"{source} is the store itself", hint="name a backup")
    folder = StoreFolder(path)
    absent = not path.exists()
    with ExitStack() as held:
        with _of_backup(source):
            opened = held.enter_context(closing(open_to_read(source)))
            check_seal(opened.generation)
        try:
            folder.prepare()
            with _unused(folder), folder.new_generation() as generation, no_space(path):
                report = _put(opened, folder, generation)
        except BaseException:
            if absent:
                shutil.rmtree(path, ignore_errors=True)
            raise
    return report


def _put(opened: Opened, folder: StoreFolder, generation: Path) -> CopyReport:
    """Make a generation of another store's, and look at all of it."""
    source = opened.folder.path
    with unreplaced(opened.generation):
        _copy_generation(opened, generation, link=False)
    with _of_backup(source):
        copy = OxigraphStore(generation / "quads", read_only=True)
        read_everything(copy, source)
        copy.close()
    report = _report(generation, folder.path, layout.read_state(opened.store))
    _rename_next(generation)
    stop_list = read_stop_list(folder.stop_list_file).joined(opened.stop_list)
    if stop_list:
        write_stop_list(folder.stop_list_file, stop_list)
        report = _without_forgotten(opened, generation, stop_list, report)
    if is_marked(generation):
        rewrite_aside(generation)
    if not folder.audit_logs():
        for log in opened.folder.audit_logs():
            shutil.copyfile(log, folder.path / log.name)
            sync_folder(folder.path / log.name)
    if not folder.shared_file.exists():
        SharedQueries(opened.folder.shared_file).copy_to(folder.shared_file)
    if stop_list:
        forget_shared(SharedQueries(folder.shared_file), stop_list.holds, stop_list.schemes)
    sync_tree(generation.parent)
    return report


def _without_forgotten(opened: Opened, generation: Path, stop_list: StopList, report: CopyReport) -> CopyReport:
    """Take those who were forgotten out of a generation that nobody uses yet."""
    store = OxigraphStore(generation / "quads")
    try:
        place = replace(opened, generation=generation, store=store, writes=True, snapshot=None)
        left_out, state = forgotten_in(place, stop_list, layout.read_state(store), place.engine)
        if not left_out:
            return report
        return replace(
            report,
            commit=state.name,
            asserted=layout.count(store, *state.asserted_graphs),
            inferred=layout.count(store, INFERRED),
            quads=layout.count(store, *state.sources),
            left_out=left_out,
        )
    finally:
        store.close()


def _copy_generation(opened: Opened, copy: Path, *, link: bool) -> None:
    """Copy the quads of an open store and what belongs to them into an empty folder."""
    generation = opened.generation
    if opened.writes:
        with tempfile.TemporaryDirectory(prefix="backup-", dir=generation) as fixed:
            opened.store.copy_to(Path(fixed) / "quads")
            copy_quads(Path(fixed) / "quads", copy / "quads", link=link)
    elif is_unfinished(opened.quads):
        (copy / "quads").mkdir()  # a first load that was killed: there is nothing yet
    else:
        copy_quads(opened.quads, copy / "quads", link=link)
    shutil.copyfile(generation / "kgtool.json", copy / "kgtool.json")
    if is_marked(generation):
        mark(copy)
    if opened.ontology.is_dir():
        shutil.copytree(opened.ontology, copy / "ontology", copy_function=shutil.copyfile)


def _report(copy: Path, folder: Path, expected: layout.State) -> CopyReport:
    """Count what a copy holds.

    :raises StoreDamagedError: if it is not as of the commit that was copied.
    """
    store = OxigraphStore(copy / "quads", read_only=True)
    try:
        state = layout.read_state(store)
        if expected.commit and state != expected:
            raise StoreDamagedError(
                f"the copy is of commit {state.name}, and the store of {expected.name}", hint="check the store"
            )
        size, shared = size_of(copy)
        return CopyReport(
            folder=str(folder),
            commit=expected.name,
            asserted=layout.count(store, *state.asserted_graphs),
            inferred=layout.count(store, INFERRED),
            quads=layout.count(store, *state.sources),
            size=size,
            shared=shared,
        )
    finally:
        store.close()


def _rename_next(generation: Path) -> None:
    """Let the next commit begin names of its own."""
    store = OxigraphStore(generation / "quads")
    try:
        state = layout.read_state(store)
        before, after = (layout.notes_of(s) for s in (state, replace(state, next_id=secrets.token_hex(4))))
        store.apply(after - before, before - after)
    finally:
        store.close()


@contextmanager
def _unused(folder: StoreFolder) -> Iterator[None]:
    """Keep everybody out of a store."""
    try:
        lock = folder.lock(exclusive=True)
    except StoreLockedError as error:
        raise StoreLockedError(error.what, hint="stop that process, then restore") from error
    with lock:
        yield


@contextmanager
def _of_backup(source: Path) -> Iterator[None]:
    """Say of damage that it is the backup's."""
    try:
        yield
    except StoreDamagedError as error:
        told = f"the backup in {source} is damaged: {error.what}"
        raise StoreDamagedError(told, hint="take another one; the store is as it was") from error
