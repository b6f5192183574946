"""The columns of a graph on disk: opened as of a commit, brought up to date or made again where they are not."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from kgtool.errors import StoreError
from kgtool.reasoning.bulk.dialect import Database, database
from kgtool.reasoning.bulk.known_terms import KNOWN_TERMS_MARK
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.columns import journal
from kgtool.reasoning.columns.encoding import create_tables, number_lines, numbered_lines, read_lines
from kgtool.reasoning.premises import fact_of_premise, term_text
from kgtool.store.interface import GraphName, QuadStore
from kgtool.store.layout import State
from kgtool.vocabulary import INFERRED, PREMISES

#: Another version of DuckDB, of these tables or of the terms that rules name makes the columns again.
_VERSION: Final = f"2 {duckdb.__version__} {KNOWN_TERMS_MARK}"


class ColumnarCopy:
    """The columns beside a store.

    :param folder: where they are; None keeps none: they are made in memory each time.
    :param memory: MB that working on them may take before it spills to the folder.
    """

    def __init__(self, folder: Path | None, memory: int) -> None:
        self._folder = folder
        self._memory = memory

    @contextmanager
    def opened(self, store: QuadStore, state: State) -> Iterator[Database]:
        """Open the columns as of the store's last commit.

        The database has the tables ``terms``, ``stored_quads``, ``inferred`` and ``premises``; what is done to them in
        the block is not kept.

        :raises StoreError, LimitError: as :func:`~kgtool.reasoning.bulk.dialect.database` does.
        """
        with tempfile.TemporaryDirectory(prefix="columns-", dir=self._place(store)) as work:
            if self._folder is None:
                with database(None, memory=self._memory, spill=Path(work)) as made:
                    _fill(made, store, state, Path(work))
                    yield made
                return
            self._bring_up_to_date(store, state, Path(work))
            with database(self._folder / journal.COLUMNS, memory=self._memory, spill=Path(work)) as kept:
                kept.run("BEGIN")
                yield kept  # closing rolls back

    @contextmanager
    def filled(self) -> Iterator[Database]:
        """Make the columns of a store that is being filled; the block names their commit with :func:`note_commit`."""
        if self._folder is None:
            raise ValueError("there is no folder to keep columns in")
        self.discard()
        self._folder.mkdir(parents=True)
        with (
            tempfile.TemporaryDirectory(prefix="spill-", dir=self._folder) as spill,
            database(self._folder / journal.COLUMNS, memory=self._memory, spill=Path(spill)) as made,
        ):
            create_tables(made)
            yield made

    def discard(self) -> None:
        """Remove the columns."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _place(self, store: QuadStore) -> Path | None:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    def _bring_up_to_date(self, store: QuadStore, state: State, work: Path) -> None:
        """Make the columns those of the store's last commit."""
        assert self._folder is not None
        try:
            if self._followed(state, work):
                return
        except (duckdb.Error, StoreError, OSError, ValueError):
            pass  # damaged, in whatever way: they are only a copy
        for name in (journal.COLUMNS, f"{journal.COLUMNS}.wal", journal.JOURNAL):
            (self._folder / name).unlink(missing_ok=True)
        with database(self._folder / journal.COLUMNS, memory=self._memory, spill=work) as made:
            _fill(made, store, state, work)
            note_commit(made, state.name)

    def _followed(self, state: State, work: Path) -> bool:
        """Apply the journal to the columns that are there; tell whether they are now those of a state."""
        assert self._folder is not None
        if not (self._folder / journal.COLUMNS).is_file():
            return False
        waiting = list(journal.records(self._folder / journal.JOURNAL))
        with database(self._folder / journal.COLUMNS, memory=self._memory, spill=work) as kept:
            commit, version = kept.rows("SELECT commit, version FROM notes")[0]
            if version != _VERSION:
                return False
            while waiting and waiting[0].before != commit:
                waiting.pop(0)  # already in the columns: what was written after them and before the journal was emptied
            for record in waiting:
                if record.before != commit:
                    return False
                commit = record.after
            if commit != state.name:
                return False
            if waiting:
                kept.run("BEGIN")
                _apply(kept, waiting, work)
                note_commit(kept, commit)
                kept.run("COMMIT")
        (self._folder / journal.JOURNAL).unlink(missing_ok=True)
        return True


def note_commit(made: Database, commit: str) -> None:
    """Say of which commit the columns are."""
    made.run("CREATE OR REPLACE TABLE notes (commit VARCHAR, version VARCHAR)")
    made.insert("notes", [(commit, _VERSION)])


def _fill(made: Database, store: QuadStore, state: State, work: Path) -> None:
    """Fill empty tables with what a store holds."""
    create_tables(made)
    tables: dict[str, list[str]] = {"stored_quads": [], "inferred": []}
    sources: list[tuple[GraphName, str]] = [(graph, "stored_quads") for graph in state.sources]
    for number, (graph, table) in enumerate([*sources, (INFERRED, "inferred")]):
        file = work / f"{number}.nt"
        store.dump(graph, file)
        if file.stat().st_size:
            read_lines(made, file, str(graph), f"lines_{number}")
            tables[table].append(f"lines_{number}")
        file.unlink()
    number_lines(made, [name for names in tables.values() for name in names] or [_no_lines(made)])
    for table, names in tables.items():
        if names:
            columns = "spog" if table == "stored_quads" else "spo"
            union = " UNION ALL ".join(numbered_lines(name, columns) for name in names)
            made.run(f"INSERT INTO {table} SELECT * FROM ({union}) ORDER BY p, s, o")
    terms = Terms(made)
    facts = [fact_of_premise(quad) for quad in store.quads(graph=PREMISES)]
    terms.learn(term for fact in facts for term in fact)
    made.insert("premises", (tuple(map(terms.number, fact)) for fact in facts))


def _no_lines(made: Database) -> str:
    made.fill("no_lines", "s VARCHAR, p VARCHAR, o VARCHAR, g VARCHAR", ())
    return "no_lines"


def _apply(kept: Database, waiting: list[journal.Record], work: Path) -> None:
    """Apply commits one after the other, net: what is added last stays, what is removed last goes."""
    last: dict[bytes, bool] = {}
    for record in waiting:
        for line in record.removed:
            last[line] = False
        for line in record.added:
            last[line] = True
    for name, wanted in (("removed", False), ("added", True)):
        file = work / f"{name}.nq"
        file.write_bytes(b"".join(line for line, added in last.items() if added is wanted))
        if not file.stat().st_size:
            continue
        read_lines(kept, file, None, name)
        change_tables(kept, name, added=wanted)


def change_tables(kept: Database, lines: str, *, added: bool) -> None:
    """Add lines of quads to the tables that hold them, or remove them."""
    _decode_premises(kept, lines)
    number_lines(kept, [lines])
    for table, graph, columns in (
        ("inferred", f"= '{INFERRED}'", "spo"),
        ("premises", f"= '{PREMISES}'", "spo"),
        ("stored_quads", f"NOT IN ('{INFERRED}', '{PREMISES}')", "spog"),
    ):
        rows = numbered_lines(f"(SELECT * FROM {lines} WHERE g {graph})", columns)
        same = " AND ".join(f"x.{column} = {table}.{column}" for column in columns)
        kept.run(f"DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM ({rows}) x WHERE {same})")
        if added:
            kept.run(f"INSERT INTO {table} {rows}")


def _decode_premises(kept: Database, lines: str) -> None:
    """Give premises the terms that they stand for, in place of the IRIs that hold them."""
    held = kept.rows(f"SELECT DISTINCT s FROM {lines} WHERE g = '{PREMISES}' AND s LIKE '<urn:kgtool:term:%'")
    held += kept.rows(f"SELECT DISTINCT p FROM {lines} WHERE g = '{PREMISES}' AND p LIKE '<urn:kgtool:term:%'")
    for (text,) in held:
        for column in "sp":
            kept.run(
                f"UPDATE {lines} SET {column} = ? WHERE {column} = ? AND g = '{PREMISES}'", (term_text(text), text)
            )
