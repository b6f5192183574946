"""What is particular to DuckDB: opening it within limits, its errors, and how its SQL says what rules need.

A second dialect would be a second module with these names. The SQL that :mod:`kgtool.reasoning.bulk.joins` writes is
otherwise plain: SELECT, JOIN, UNION ALL, EXISTS.
"""

from __future__ import annotations

import errno
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb

from kgtool.errors import MemoryLimitError, StoreFullError

ID: Final = "INTEGER"
TEXT: Final = "VARCHAR"
#: So many values are worth naming in a condition that another one implies: DuckDB looks at less for it.
MAX_NAMED: Final = 50


@contextmanager
def database(file: Path | None, *, memory: int, spill: Path | None, read_only: bool = False) -> Iterator[Database]:
    """Open a database, and close it when the block ends.

    :param file: its file; None keeps it in memory.
    :param memory: MB that it may take before it spills.
    :param spill: folder for what does not fit; None forbids spilling.
    :raises MemoryLimitError: if something fits neither into memory nor into what may be spilled.
    :raises StoreFullError: if the disk is full.
    """
    options: dict[str, str | int | bool] = {"memory_limit": f"{memory}MiB", "preserve_insertion_order": False}
    options["temp_directory"] = str(spill) if spill is not None else ""
    with _errors(memory):
        connection = duckdb.connect(str(file) if file is not None else ":memory:", read_only, options)  # type: ignore[arg-type]
    try:
        yield Database(connection, memory)
    finally:
        connection.close()


class Database:
    """An open DuckDB database. Every method raises what :func:`database` says."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, memory: int) -> None:
        self._connection = connection
        self._memory = memory

    def run(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run a statement."""
        with _errors(self._memory):
            self._connection.execute(sql, parameters)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Give all rows of a query."""
        with _errors(self._memory):
            return self._connection.execute(sql, parameters).fetchall()

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Give the first value of the first row."""
        return self.rows(sql, parameters)[0][0]

    def batches(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Give the rows of a query in lists of at most ``size``; other statements may run in between."""
        rows = self.rows(sql)
        for start in range(0, len(rows), size):
            yield rows[start : start + size]

    def count(self, table: str) -> int:
        """Count the rows of a table."""
        return int(self.value(f"SELECT count(*) FROM {table}"))

    def make(self, table: str, select: str) -> int:
        """Make a temporary table of what a query gives; one of that name goes. Give how many rows it has."""
        return int(self.value(f"CREATE OR REPLACE TEMP TABLE {table} AS {select}"))

    def rename(self, table: str, name: str) -> None:
        """Give a temporary table another name; one of that name goes."""
        self.run(f"DROP TABLE IF EXISTS {name}")
        self.run(f"ALTER TABLE {table} RENAME TO {name}")

    def fill(self, table: str, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Make a temporary table of rows, with columns such as ``a INTEGER, b VARCHAR``."""
        self.run(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
        self.insert(table, rows)

    def insert(self, table: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Add rows to a table."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        if columns:
            self.run(f"INSERT INTO {table} SELECT {', '.join(['unnest(?)'] * len(columns))}", columns)

    def having(self, table: str, column: str, values: Iterable[object], wanted: str) -> list[tuple[Any, ...]]:
        """Give columns of the rows of a table that have one of some values in a column."""
        some = list(values)
        if not some:
            return []
        return self.rows(f"SELECT {wanted} FROM {table} JOIN (SELECT unnest(?) AS one) ON {column} = one", [some])


def values(rows: Iterable[Sequence[int]]) -> str:
    """Write rows of numbers as a table for FROM.

    >>> values([(1, 2), (3, 4)])
    '(VALUES (1, 2), (3, 4))'
    """
    return "(VALUES " + ", ".join("(" + ", ".join(map(str, row)) + ")" for row in rows) + ")"


def one_of(column: str, numbers: Collection[int]) -> str:
    """Write the condition that a column has one of some numbers.

    >>> one_of("f.o", {3, 1})
    'f.o IN (1, 3)'
    """
    return f"{column} IN ({', '.join(map(str, sorted(numbers)))})"


def quoted(text: str) -> str:
    """Write a text as a SQL string.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def _errors(memory: int) -> Iterator[None]:
    """Say what DuckDB's errors mean."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise MemoryLimitError(
            f"the closure needs more than {memory} MB", hint="give it more with KGTOOL_REASON_MEMORY, or load less"
        ) from error
    except duckdb.IOException as error:
        text = str(error)
        if "No space left" in text or "not enough space" in text.lower() or "File too large" in text:
            raise StoreFullError("no space left for the closure", hint="free some space, then retry") from error
        raise
    except (duckdb.InterruptException, RuntimeError) as error:
        if "interrupt" in str(error).lower():  # what a Ctrl-C becomes inside a statement
            raise KeyboardInterrupt from error
        raise
    except MemoryError as error:
        raise MemoryLimitError(f"the closure needs more than {memory} MB", hint="load less at a time") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFullError("no space left for the closure", hint="free some space, then retry") from error
        raise
