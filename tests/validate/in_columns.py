"""Graphs in columns, as a closure leaves them, checked where they lie."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Triple

from kgtool.reasoning.bulk.dialect import Database, database
from kgtool.reasoning.bulk.tables import ASSERTED, COLUMNS, FACTS
from kgtool.reasoning.bulk.terms import Terms, create_terms
from kgtool.validate import Report
from kgtool.validate.bulk.check import check_columns


@contextmanager
def columns_of(closure: Iterable[Triple], asserted: Iterable[Triple]) -> Iterator[Database]:
    """Give the tables that a closure leaves; what several graphs state stands there several times."""
    with database(None, memory=500, spill=None) as made:
        made.run("SET threads = 1")  # small graphs, many statements
        create_terms(made)
        terms = Terms(made)
        for table, triples in ((FACTS, [*closure]), (ASSERTED, [*asserted])):
            terms.learn(term for triple in triples for term in triple)  # type: ignore[misc]
            rows = (tuple(map(terms.number, triple)) for triple in (*triples, *triples[:3]))  # type: ignore[arg-type]
            made.fill(table, COLUMNS, rows)
        yield made


def checked_in_columns(closure: Iterable[Triple], asserted: Iterable[Triple], shapes: Path) -> Report:
    """Check triples in columns with shapes."""
    with columns_of(closure, asserted) as made, tempfile.TemporaryDirectory() as folder:
        return check_columns(made, shapes, Path(folder))
