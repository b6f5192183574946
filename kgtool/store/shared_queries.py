"""Queries that people share by a short address, in a small database beside the store's generations.

A query's name is the beginning of a digest of what is shared, so that sharing the same again gives the same name. The
database outlives a store that is built anew. Several processes use it at once; what is removed is written over with
zeros. SQLite: https://www.sqlite.org/pragma.html#pragma_secure_delete.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

from kgtool.errors import ForbiddenError, LimitError, MissingError, StoreDamagedError, StoreError, StoreFullError
from kgtool.store.rocksdb import sync_folder

#: Bytes of a query, and how many a store keeps.
MOST_BYTES: Final = 32 * 1024
MOST: Final = 10_000
#: Characters of a name; more where two queries would share one.
_LENGTHS: Final = (10, 16, 32)
_WAIT: Final = 5.0
_TABLE: Final = """CREATE TABLE IF NOT EXISTS shared (
  id TEXT PRIMARY KEY, query TEXT NOT NULL, reasoning INTEGER NOT NULL, view TEXT NOT NULL, title TEXT NOT NULL
) WITHOUT ROWID"""


@dataclass(frozen=True)
class SharedQuery:
    """What somebody shares.

    :param view: how the answer is shown; empty for the usual way.
    :param title: in the words of whoever shares it; may be empty.
    """

    query: str
    reasoning: bool = True
    view: str = ""
    title: str = ""

    def names(self) -> Iterator[str]:
        """Give the names that it may have, the shortest first.

        >>> next(SharedQuery("ASK {}").names()) == next(SharedQuery("ASK {}").names())
        True
        """
        said = json.dumps(astuple(self), ensure_ascii=True).encode()
        digest = base64.b32encode(hashlib.sha256(said).digest()).decode().lower()
        yield from (digest[:length] for length in _LENGTHS)


class SharedQueries:
    """The shared queries of a store.

    :param file: the database; it is made when the first query is shared.
    :param most: how many it keeps.
    """

    def __init__(self, file: Path, *, most: int = MOST) -> None:
        self._file = file
        self._most = most

    def add(self, shared: SharedQuery) -> str:
        """Keep a query, and give its name.

        :raises LimitError: if it is too long.
        :raises StoreFullError: if there are as many as there may be.
        :raises ForbiddenError: if the store's folder is not for writing.
        :raises StoreError: if the database cannot be written.
        """
        size = len(shared.query.encode())
        if size > MOST_BYTES:
            hint = "shorten it, or send the text itself"
            raise LimitError(f"the query has {size} bytes; at most {MOST_BYTES} can be shared", hint=hint)
        new = not self._file.exists()
        with self._opened(write=True) as database:
            database.execute("BEGIN IMMEDIATE")
            for name in shared.names():
                kept = _get(database, name)
                if kept == shared:
                    return name
                if kept is None:
                    break
            ((number,),) = database.execute("SELECT COUNT(*) FROM shared")
            if number >= self._most:
                hint = "share the long address instead; whoever runs the service can make room"
                raise StoreFullError(f"{number} queries are shared already", hint=hint)
            database.execute(
                "INSERT INTO shared VALUES (?, ?, ?, ?, ?)",
                (name, shared.query, int(shared.reasoning), shared.view, shared.title),
            )
            database.execute("COMMIT")
        if new:
            sync_folder(self._file.parent)
        return name

    def get(self, name: str) -> SharedQuery:
        """Give the query of this name.

        :raises MissingError: if there is none.
        :raises StoreError: if the database cannot be read.
        """
        found = None
        if self._file.exists():
            with self._opened() as database:
                found = _get(database, name)
        if found is None:
            raise MissingError(f"no query is shared as {name[:40]!r}", hint="look whether the address is whole")
        return found

    def remove(self, names_somebody: Callable[[SharedQuery], bool]) -> int:
        """Remove the queries that pass a test; give how many these were.

        :raises StoreError: if the database cannot be written.
        """
        if not self._file.exists():
            return 0
        with self._opened(write=True) as database:
            database.execute("BEGIN IMMEDIATE")
            rows = database.execute("SELECT query, reasoning, view, title, id FROM shared").fetchall()
            gone = [(row[4],) for row in rows if names_somebody(_of_row(row))]
            database.executemany("DELETE FROM shared WHERE id = ?", gone)
            database.execute("COMMIT")
        return len(gone)

    def copy_to(self, target: Path) -> None:
        """Copy the database to a file that is not there, as of one moment, beside those who write to it.

        :raises StoreError: if it cannot be read, or the copy not be written.
        """
        if not self._file.exists():
            return
        with self._opened() as database, _errors(target):
            target.touch(mode=0o600)
            with closing(sqlite3.connect(target)) as copy:
                database.backup(copy)

    @contextmanager
    def _opened(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        with _errors(self._file):
            if write and not self._file.exists():
                os.close(os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            address = f"{self._file.absolute().as_uri()}?mode={'rw' if write else 'ro'}"
            with closing(sqlite3.connect(address, uri=True, timeout=_WAIT, isolation_level=None)) as database:
                if write:
                    database.execute("PRAGMA secure_delete = ON")
                    database.execute(_TABLE)
                yield database


def _get(database: sqlite3.Connection, name: str) -> SharedQuery | None:
    row = database.execute("SELECT query, reasoning, view, title FROM shared WHERE id = ?", (name,)).fetchone()
    return None if row is None else _of_row(row)


def _of_row(row: tuple[object, ...]) -> SharedQuery:
    query, reasoning, view, title = row[:4]
    return SharedQuery(str(query), bool(reasoning), str(view), str(title))


@contextmanager
def _errors(file: Path) -> Iterator[None]:
    """Say what is wrong with a database."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "readonly" in str(error):
            raise _cannot(file) from error
        if "full" in str(error):
            raise StoreFullError(f"no space left in {file}", hint="free some space, then retry") from error
        raise StoreError(f"{file}: {error}", hint="try again; else see whether the disk can be written") from error
    except sqlite3.DatabaseError as error:
        hint = "put it back from a backup of the store, or remove it"
        raise StoreDamagedError(f"{file}, the shared queries, cannot be read: {error}", hint=hint) from error
    except StoreError:
        raise
    except OSError as error:
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise _cannot(file) from error
        raise StoreError(f"{file} cannot be written: {error.strerror}", hint="check its rights") from error


def _cannot(file: Path) -> ForbiddenError:
    hint = "share the long address instead; whoever runs the service can let it write there"
    return ForbiddenError(f"queries cannot be shared here: {file.name} cannot be written", hint=hint)
