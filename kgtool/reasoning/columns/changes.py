"""The quads of a graph as they will be after a change, beside the columns that hold them as they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kgtool.reasoning.bulk.dialect import ID, Database
from kgtool.reasoning.bulk.terms import Terms
from kgtool.store.change import QuadDelta

QUADS: Final = "quads"


@contextmanager
def pending_quads(database: Database, change: QuadDelta) -> Iterator[None]:
    """Give the table ``quads`` in the block: the stored quads, with those of a change added and removed.

    :param change: its quads are new, or stored, as they are added or removed.
    """
    if not change:
        database.run(f"CREATE OR REPLACE TEMP VIEW {QUADS} AS SELECT s, p, o, g FROM stored_quads")
        yield
        database.run(f"DROP VIEW {QUADS}")
        return
    terms = Terms(database)
    for name, quads in (("added_quads", change.added), ("removed_quads", change.removed)):
        parts = [(q.subject, q.predicate, q.object, q.graph_name) for q in quads]
        terms.learn(term for part in parts for term in part)  # type: ignore[misc]
        columns = ", ".join(f"{column} {ID}" for column in "spog")
        database.fill(name, columns, (tuple(map(terms.number, part)) for part in parts))  # type: ignore[arg-type]
    same = " AND ".join(f"r.{column} = q.{column}" for column in "spog")
    database.make(
        QUADS,
        f"SELECT s, p, o, g FROM stored_quads q WHERE NOT EXISTS (SELECT 1 FROM removed_quads r WHERE {same})"
        " UNION ALL SELECT s, p, o, g FROM added_quads",
    )
    yield
    database.run(f"DROP TABLE {QUADS}")
