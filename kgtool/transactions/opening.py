"""Opening a store: which files, which lock, which engine; for one writer, or for readers beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from kgtool.errors import InputError, StoreLockedError
from kgtool.ingest import Source
from kgtool.reasoning.datalog_engine import DEFAULT_MEMORY
from kgtool.reasoning.engine import Engine
from kgtool.reasoning.engines import DEFAULT_ENGINE, engine_named
from kgtool.reasoning.language import Rule
from kgtool.reasoning.rulefiles import read_rules
from kgtool.store.archive import unseal
from kgtool.store.folder import StoreFolder
from kgtool.store.interface import QuadStore
from kgtool.store.layout import read_state
from kgtool.store.locks import Lock
from kgtool.store.oxigraph import OxigraphStore
from kgtool.store.stop_list import StopList, read_stop_list
from kgtool.transactions.building import check_ontology, keep_ontology, ontology_sources
from kgtool.transactions.rewriting import is_marked, rewrite, rewrite_aside


@dataclass(frozen=True)
class Opened:
    """An open store and what came with it.

    :param generation: the folder of the generation in use; ``ontology/`` in it holds rules, shapes and context.
    :param memory: MB that the engine may take for a closure from scratch.
    :param writes: whether this process may change it.
    :param fresh: whether it was made by opening it.
    :param brings: sources that come with the first load without being asked for: the ontology.
    :param snapshot: the quads that are read, beside a writer; None for those of the generation.
    """

    folder: StoreFolder
    generation: Path
    store: QuadStore
    engine_name: str
    lock: Lock
    memory: int = DEFAULT_MEMORY
    writes: bool = False
    fresh: bool = False
    brings: tuple[Source, ...] = ()
    snapshot: Path | None = None

    @property
    def ontology(self) -> Path:
        """The folder of what the store keeps of its ontology; it may be absent."""
        return self.generation / "ontology"

    @property
    def quads(self) -> Path:
        """The folder of the quads that are open."""
        return self.snapshot or self.generation / "quads"

    @property
    def stop_list(self) -> StopList:
        """Whom the store has forgotten.

        :raises StoreDamagedError: if that cannot be read.
        """
        return read_stop_list(self.folder.stop_list_file)

    @cached_property
    def engine(self) -> Engine:
        """The store's engine with its rules, read when they are first asked for: most who only read do without."""
        return self.engine_named(self.engine_name)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The store's rule files."""
        return read_rules(self.ontology / "rules")

    def engine_named(self, name: str) -> Engine:
        """Give another engine for this store.

        :raises InputError: if there is none of that name.
        """
        # One that writes keeps a copy of the graph beside the quads.
        folder = self.generation / "columns" if self.writes else None
        return engine_named(name, self.rules, folder=folder, memory=self.memory)

    def close(self, *, remove: bool = False) -> None:
        """Let go of the store.

        :param remove: remove the store, as nothing came into it.
        """
        self.store.close()
        try:
            if self.writes and not remove:
                self.folder.withdraw()
                if is_marked(self.generation):
                    rewrite(self.folder)
        finally:
            self._let_go(remove)

    def _let_go(self, remove: bool) -> None:
        if remove:
            shutil.rmtree(self.folder.path, ignore_errors=True)
        self.lock.close()


def open_to_read(path: Path, *, memory: int = DEFAULT_MEMORY, published: bool = False) -> Opened:
    """Open a store as of its last commit, beside other readers, and beside a writer that publishes its commits.

    :param published: open what a writer has published, and never the store itself: who shares its lock keeps the next
        writer out.
    :raises MissingError: if there is none.
    :raises StoreError: if it cannot be used.
    """
    folder = StoreFolder(path)
    folder.generation()
    snapshot = None
    try:
        if published:
            snapshot, lock = folder.snapshot()
        else:
            lock = folder.lock(exclusive=False)
    except StoreLockedError:
        if published:
            raise
        snapshot, lock = folder.snapshot()
    try:
        generation = folder.generation()
        engine = str(folder.notes()["engine"])
        store = OxigraphStore(snapshot or generation / "quads", read_only=True)
        return Opened(folder, generation, store, engine, lock, memory, snapshot=snapshot)
    except BaseException:
        lock.close()
        raise


def open_to_write(
    path: Path,
    *,
    create: bool = False,
    ontology: Path | None = None,
    engine: str | None = None,
    memory: int = DEFAULT_MEMORY,
) -> Opened:
    """Open a store to change it.

    :param create: make an empty one if there is none.
    :param ontology: folder whose rules, shapes and context a store made here keeps.
    :param engine: the engine of a store made here; None for the usual one.
    :raises MissingError: if there is none and none is to be made.
    :raises InputError: if an ontology or another engine is asked for a store that is there.
    :raises StoreLockedError: if another process uses it.
    :raises StoreError: if it cannot be used.
    """
    folder = StoreFolder(path)
    fresh = create and not folder.exists()
    with _removed_on_failure(folder, fresh):
        if fresh:
            folder.prepare()
        else:
            folder.generation()
        lock = folder.lock(exclusive=True)
        try:
            if folder.exists():
                kept = str(folder.notes()["engine"])
                if is_marked(folder.generation()):
                    rewrite(folder)
                folder.sweep()
                unseal(folder.generation())
                opened = _opened_generation(folder, folder.generation(), kept, lock, memory, fresh=False)
                if not create or read_state(opened.store).commit:
                    return _unless_otherwise(opened, engine, ontology)
                opened.store.close()  # a first load that was killed left it empty
            chosen = engine_named(engine or DEFAULT_ENGINE, ()).name
            with folder.new_generation() as generation:
                if ontology is not None:
                    keep_ontology(ontology, generation)
                folder.write_notes(generation, {"engine": chosen})
                (generation / "quads").mkdir()
            made = _opened_generation(folder, generation, chosen, lock, memory, fresh=True)
            return replace(made, brings=tuple(ontology_sources(ontology)) if ontology is not None else ())
        except BaseException:
            lock.close()
            raise


@contextmanager
def replacing(path: Path, *, ontology: Path, engine: str, memory: int = DEFAULT_MEMORY) -> Iterator[Opened]:
    """Open a fresh store that takes the place of an old one when the block ends well.

    :raises StoreLockedError: if another process uses the old one.
    :raises StoreError: if it cannot be made.
    """
    folder = StoreFolder(path)
    check_ontology(ontology)
    with _removed_on_failure(folder, not folder.exists()):
        folder.prepare()
        with folder.lock(exclusive=True) as lock, folder.new_generation() as generation:
            keep_ontology(ontology, generation)
            folder.write_notes(generation, {"engine": engine_named(engine, ()).name})
            opened = _opened_generation(folder, generation, engine, lock, memory, fresh=True)
            try:
                yield opened
            finally:
                opened.store.close()
            if is_marked(generation):
                rewrite_aside(generation)


def _opened_generation(
    folder: StoreFolder, generation: Path, engine: str, lock: Lock, memory: int, *, fresh: bool
) -> Opened:
    store = OxigraphStore(generation / "quads")
    return Opened(folder, generation, store, engine, lock, memory, writes=True, fresh=fresh)


def _unless_otherwise(opened: Opened, engine: str | None, ontology: Path | None) -> Opened:
    """Give an open store, unless another engine or an ontology is asked for it.

    :raises InputError: if so; the store is closed then.
    """
    path = opened.folder.path
    if engine in (None, opened.engine_name) and ontology is None:
        return opened
    opened.store.close()
    if ontology is not None:
        raise InputError(f"the store in {path} is there already", hint="an ontology starts a new store")
    raise InputError(
        f"the store in {path} keeps another engine than {engine}", hint="change it: kgtool reason --engine"
    )


@contextmanager
def _removed_on_failure(folder: StoreFolder, fresh: bool) -> Iterator[None]:
    """Leave nothing behind where nothing was, if the block fails."""
    absent = not folder.path.exists()
    try:
        yield
    except BaseException:
        if fresh and absent:
            shutil.rmtree(folder.path, ignore_errors=True)
        raise
