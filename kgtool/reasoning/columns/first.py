"""The columns and the closure of a graph that is on its way into an empty store, from the lines that it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kgtool.reasoning.bulk.clashes import find_clashes
from kgtool.reasoning.bulk.closure import Closure
from kgtool.reasoning.bulk.dialect import Database
from kgtool.reasoning.bulk.tables import DERIVED
from kgtool.reasoning.clash import Clash
from kgtool.reasoning.columns.copy import ColumnarCopy, note_commit
from kgtool.reasoning.columns.encoding import (
    gather_texts,
    has_midnights,
    number_gathered,
    numbered_lines,
    odd_terms,
    read_lines,
    write_lines,
)
from kgtool.reasoning.hidden import hidden_quads, keep_hidden
from kgtool.reasoning.language import Rule
from kgtool.store.change import QuadDelta


class FirstClosure:
    """A graph in columns once :meth:`encode` was called, and its closure after :meth:`close_it`.

    :param database: the columns; tables and terms are there, and nothing in them.
    :param lines: files of N-Triples with the graph that they go to, or of N-Quads with None.
    """

    def __init__(self, database: Database, lines: Sequence[tuple[Path, str | None]]) -> None:
        self._database = database
        self._tables: list[str] = []
        #: Distinct quads.
        self.added = 0
        #: Whether several graphs hold quads.
        self.several = False
        self.inferred = 0
        self.premises = QuadDelta()
        self._closure: Closure | None = None
        for number, (file, graph) in enumerate(lines):
            if file.stat().st_size:
                self._tables.append(f"lines_{number}")
                read_lines(database, file, graph, self._tables[-1])
        if self._tables:
            gather_texts(database, self._tables)

    def has_odd_terms(self) -> bool:
        """Tell whether one of the terms is none of RDF 1.1, as may be in lines that nobody has checked."""
        return bool(self._tables) and odd_terms(self._database)

    def has_midnights(self) -> bool:
        """Tell whether a midnight is written as 24:00, which the store makes the next day."""
        return bool(self._tables) and has_midnights(self._database)

    def encode(self, *, midnights: bool = False) -> None:
        """Make the columns.

        :param midnights: leave those that are written as 24:00 as they are. The store does not: what is made of them is
            worth looking at, and not worth keeping.
        """
        database = self._database
        if self._tables:
            number_gathered(database, midnights=midnights)
            union = " UNION ALL ".join(map(numbered_lines, self._tables))
            database.run(f"INSERT INTO stored_quads SELECT DISTINCT * FROM ({union}) ORDER BY p, s, o")
            for table in (*self._tables, "texts", "numbered", "new_texts"):
                database.run(f"DROP TABLE {table}")
        self.added = database.count("stored_quads")
        self.several = bool(database.value("SELECT min(g) <> max(g) FROM stored_quads"))

    def close_it(self, files: Sequence[Rule], tell: Callable[[str, int], None] | None = None) -> None:
        """Compute the closure.

        :raises LimitError: if it does not end, or does not fit.
        """
        database = self._database
        database.run("CREATE OR REPLACE TEMP VIEW quads AS SELECT s, p, o, g FROM stored_quads")
        self._closure = Closure(database, files, tell)
        self.inferred = database.count(DERIVED)

    def clashes(self) -> list[Clash]:
        """Give what contradicts itself in the closure."""
        return find_clashes(self._database, self._closed)

    @property
    def tables(self) -> Database:
        """The database with the tables of the closure, see :mod:`kgtool.reasoning.bulk.tables`."""
        return self._database

    def keep_it(self) -> None:
        """Write the closure to the columns."""
        database, closure = self._database, self._closed
        self.premises = hidden_quads(database, closure)
        keep_hidden(database, closure)
        database.run(f"INSERT INTO inferred SELECT s, p, o FROM {DERIVED}")

    @property
    def _closed(self) -> Closure:
        if self._closure is None:
            raise ValueError("the closure was not computed")
        return self._closure

    def write_union(self, file: Path) -> None:
        """Write each asserted triple once, as lines of triples."""
        write_lines(self._database, "(SELECT DISTINCT s, p, o FROM stored_quads)", file)

    def write_inferred(self, file: Path) -> None:
        """Write what follows, as lines of triples."""
        write_lines(self._database, "inferred", file)

    def keep(self, commit: str) -> None:
        """Say of which commit the columns are."""
        note_commit(self._database, commit)


@contextmanager
def first_columns(folder: Path | None, memory: int, lines: Sequence[tuple[Path, str | None]]) -> Iterator[FirstClosure]:
    """Make the columns of a store that is being filled; they are removed again if the block fails.

    :param folder: where they are kept.
    :param memory: MB that working on them may take before it spills.
    :raises StoreError, LimitError: if they cannot be written, or do not fit.
    """
    copy = ColumnarCopy(folder, memory)
    try:
        with copy.filled() as database:
            yield FirstClosure(database, lines)
    except BaseException:
        copy.discard()
        raise
