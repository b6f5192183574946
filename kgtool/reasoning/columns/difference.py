"""A closure from scratch on the columns, and how it differs from the one that is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse

from kgtool.reasoning.bulk.clashes import find_clashes
from kgtool.reasoning.bulk.closure import Closure
from kgtool.reasoning.bulk.dialect import Database
from kgtool.reasoning.bulk.tables import DERIVED
from kgtool.reasoning.columns.changes import pending_quads
from kgtool.reasoning.columns.copy import ColumnarCopy
from kgtool.reasoning.engine import Consequences, Facts, Tell
from kgtool.reasoning.hidden import hidden_quads
from kgtool.reasoning.language import Rule
from kgtool.store.change import QuadDelta, TripleDelta

_BATCH: Final = 50_000


def from_scratch(
    files: Sequence[Rule],
    folder: Path | None,
    memory: int,
    change: QuadDelta,
    facts: Facts,
    *,
    since: float,
    anew: bool,
    tell: Tell | None,
) -> Consequences:
    """Compute the closure anew, as after a change.

    :param files: the store's rule files.
    :param folder: where the columns are kept; None for columns in memory.
    :param memory: MB that it may take before it spills.
    :param since: when it began, by the clock of :func:`time.perf_counter`.
    :param anew: give every contradiction, not only those that the change brings.
    :raises StoreError, LimitError: if it does not end, does not fit, or cannot be written.
    """
    clock = _Clock(since)
    with ColumnarCopy(folder, memory).opened(facts.store, facts.state) as database:
        with pending_quads(database, change):
            clock.stop("read")
            closure = Closure(database, files, tell)
            clock.stop("reason")
            clashes = find_clashes(database, closure)
            clock.stop("validate")
            inferred = _difference(database, DERIVED, "inferred")
            premises = hidden_quads(database, closure)
            clock.stop("write")
        if clashes and change and not anew:
            with pending_quads(database, QuadDelta()):
                known = set(find_clashes(database, Closure(database, files, tell)))
            clashes = [clash for clash in clashes if clash not in known]
            clock.stop("validate")
    return Consequences(inferred, premises, tuple(clashes), clock.besides("reason"))


class _Clock:
    """What was spent on which stage."""

    def __init__(self, since: float) -> None:
        self._seconds: dict[str, float] = {}
        self._last = since

    def stop(self, stage: str) -> None:
        """Count what passed since the last stop towards a stage."""
        now = perf_counter()
        self._seconds[stage] = self._seconds.get(stage, 0.0) + now - self._last
        self._last = now

    def besides(self, stage: str) -> dict[str, float]:
        """Give what other stages took."""
        return {name: spent for name, spent in self._seconds.items() if name != stage}


def _difference(database: Database, now: str, before: str) -> TripleDelta:
    """Give the triples of one table that another lacks, and the other way round; neither holds any twice."""
    added = frozenset(_triples(database, _without(now, before)))
    if database.count(now) - len(added) == database.count(before):
        return TripleDelta(added)
    return TripleDelta(added, frozenset(_triples(database, _without(before, now))))


def _without(one: str, other: str) -> str:
    same = "b.s = a.s AND b.p = a.p AND b.o = a.o"
    return f"SELECT s, p, o FROM {one} a WHERE NOT EXISTS (SELECT 1 FROM {other} b WHERE {same})"


def _triples(database: Database, select: str) -> Iterable[Triple]:
    texts = (
        f"SELECT s.text, p.text, o.text FROM ({select}) x"
        " JOIN terms s ON s.id = x.s JOIN terms p ON p.id = x.p JOIN terms o ON o.id = x.o"
    )
    for rows in database.batches(texts, _BATCH):
        lines = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in rows)
        for quad in parse(lines.encode(), RdfFormat.N_TRIPLES):
            yield quad.triple
