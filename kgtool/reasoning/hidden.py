"""What a closure keeps out of sight for a rule that looks for it, as quads of the graph of premises.

Other facts that the closure worked with (datatypes of literals, what axioms say of themselves) are seen by looking at
the literal or at the axioms, and kept nowhere.
"""

from __future__ import annotations

from kgtool.reasoning.bulk.closure import Closure
from kgtool.reasoning.bulk.dialect import Database
from kgtool.reasoning.bulk.tables import HIDDEN
from kgtool.reasoning.premises import premise_quad
from kgtool.reasoning.program import Place
from kgtool.store.change import QuadDelta

_Row = tuple[int, int, int]


def hidden_quads(database: Database, closure: Closure) -> QuadDelta:
    """Give how the graph of premises changes with a closure."""
    now, before = set(_rows(database, closure)), set(database.rows("SELECT s, p, o FROM premises"))
    facts = closure.terms.facts
    return QuadDelta(
        frozenset(map(premise_quad, facts(list(now - before)))), frozenset(map(premise_quad, facts(list(before - now))))
    )


def keep_hidden(database: Database, closure: Closure) -> None:
    """Put the premises of a closure into the columns."""
    database.insert("premises", _rows(database, closure))


def _rows(database: Database, closure: Closure) -> list[_Row]:
    rows: list[_Row] = database.rows(f"SELECT s, p, o FROM {HIDDEN}")
    facts = closure.terms.facts(rows)
    return [row for row, fact in zip(rows, facts, strict=True) if closure.program.place(fact) is Place.HIDDEN]
