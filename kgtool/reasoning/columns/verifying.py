"""Whether the columns beside a store are those of its last commit."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import duckdb

from kgtool.reasoning.bulk.dialect import Database, database
from kgtool.reasoning.columns import journal
from kgtool.reasoning.columns.copy import ColumnarCopy
from kgtool.store.interface import QuadStore
from kgtool.store.layout import State

_TABLES: Final = {"stored_quads": "spog", "inferred": "spo", "premises": "spo"}


def last_commit(folder: Path, memory: int) -> str | None:
    """Give the commit that columns and their journal came to; None if there are none that can be read.

    A commit is noted there once it is on disk, so a store that is behind it has lost something.
    """
    if not (folder / journal.COLUMNS).is_file():
        return None
    try:
        with database(folder / journal.COLUMNS, memory=memory, spill=None, read_only=True) as kept:
            commit = str(kept.value("SELECT commit FROM notes"))
        for record in journal.records(folder / journal.JOURNAL):
            commit = record.after
    except (duckdb.Error, OSError, ValueError, IndexError):
        return None
    return commit


def are_true(folder: Path, noted: str | None, store: QuadStore, state: State, memory: int) -> bool:
    """Tell whether columns hold what the store does, or will once they have followed their journal; or are absent.

    The caller holds the store's exclusive lock.

    :param noted: what :func:`last_commit` said of them.
    :param memory: MB that this may take before it spills.
    """
    if not (folder / journal.COLUMNS).is_file():
        return True
    if noted != state.name:
        return False
    try:
        with ColumnarCopy(folder, memory).opened(store, state):
            pass  # follows the journal
        with (
            ColumnarCopy(None, memory).opened(store, state) as fresh,
            tempfile.TemporaryDirectory(prefix="spill-", dir=folder) as spill,
            database(folder / journal.COLUMNS, memory=memory, spill=Path(spill), read_only=True) as kept,
        ):
            return all(_content(fresh, table) == _content(kept, table) for table in _TABLES)
    except (duckdb.Error, OSError, ValueError, IndexError):
        return False


def _content(made: Database, table: str) -> tuple[object, ...]:
    """Give what two tables have in common only if they hold the same rows, whatever the numbers of their terms."""
    columns = _TABLES[table]
    joins = " ".join(f"JOIN terms of_{column} ON of_{column}.id = x.{column}" for column in columns)
    texts = ", ".join(f"of_{column}.text" for column in columns)
    rows = f"SELECT hash({texts}) AS h FROM {table} x {joins}"
    return made.rows(f"SELECT count(*), sum(h::HUGEINT), bit_xor(h), (SELECT count(*) FROM {table}) FROM ({rows})")[0]
