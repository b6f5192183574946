"""The facts of a closure under way: what is known, what was found in this round, and what of it is new."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kgtool.reasoning.bulk.dialect import Database
from kgtool.reasoning.bulk.tables import (
    ASSERTED,
    COLUMNS,
    DERIVED,
    FACTS,
    FOUND,
    FRESH,
    FRESH_HIDDEN,
    HIDDEN,
    Kind,
    needed,
    omitted,
)
from kgtool.reasoning.language import Term
from kgtool.reasoning.program import Program

_FEW_PREDICATES: Final = 50
#: The share of quads that tell what others told already.
_TOLD_AGAIN: Final = 0.3


@dataclass(frozen=True)
class Present:
    """Which predicates, and which types, some facts have."""

    predicates: frozenset[int] = frozenset()
    types: frozenset[int] = frozenset()

    def __or__(self, other: Present) -> Present:
        return Present(self.predicates | other.predicates, self.types | other.types)

    def may_match(self, predicate: int | None, value: int | None, type_: int) -> bool:
        """Tell whether a fact with this predicate and object may be there; None is anything."""
        if predicate is None:
            return bool(self.predicates)
        if predicate == type_ and value is not None:
            return value in self.types
        return predicate in self.predicates


class Growth:
    """The tables of a closure under way, see :mod:`kgtool.reasoning.bulk.tables`, begun with what is asserted.

    :param type_: the number of ``rdf:type``.
    :param kept: a query for facts that are known to follow already.
    """

    def __init__(self, database: Database, type_: int, kept: str | None = None) -> None:
        self._database = database
        self._type = type_
        database.make(ASSERTED, f"SELECT {'DISTINCT ' if self._are_told_again() else ''}s, p, o FROM quads")
        for name in (DERIVED, HIDDEN, FOUND, FRESH, FRESH_HIDDEN):
            self._empty(name)
        database.run(
            f"CREATE OR REPLACE TEMP VIEW {FACTS} AS SELECT * FROM {ASSERTED} UNION ALL SELECT * FROM {DERIVED}"
        )
        if kept is not None:
            database.run(f"INSERT INTO {DERIVED} {kept} EXCEPT SELECT * FROM {FACTS}")
        #: Predicates that RDF cannot write, blank nodes and literals.
        self.unwritable: set[int] = set()
        #: Whether there are facts that the graph does not show.
        self.hides = False
        self._news_are_hidden = False
        #: How many facts were derived.
        self.derived = database.count(DERIVED)
        self._since = ""
        self.known = Present()
        self.recent = Present()

    def _are_told_again(self) -> bool:
        """Tell whether graphs tell so much that others tell that sorting it out is worth its time."""
        if self._database.value("SELECT min(g) IS NOT DISTINCT FROM max(g) FROM quads"):
            return False
        distinct, quads = self._database.rows("SELECT approx_count_distinct(hash(s, p, o)), count(*) FROM quads")[0]
        return bool(distinct < quads * (1 - _TOLD_AGAIN))

    @property
    def everything(self) -> str:
        """The table, or the sub-query, of all facts."""
        return self._with_hidden(FACTS, HIDDEN)

    @property
    def news(self) -> str:
        """The table, or the sub-query, of the recent facts."""
        return self._since or self._with_hidden(FRESH, FRESH_HIDDEN)

    def survey(self) -> None:
        """Look at which predicates and types all facts have; later rounds look only at what they add."""
        self.known = self._present(self.everything)

    def look_at_what_came_since(self, derived: int) -> None:
        """Take for recent what was derived since there were so many facts; as long as nothing is hidden."""
        self._since = f"(SELECT s, p, o FROM {DERIVED} WHERE rowid >= {derived})"
        self.recent = self._present(self._since)

    def begin(self, selects: Sequence[str] = ()) -> None:
        """Begin a round with what queries find, each fact once; others may add to ``found``."""
        if selects:
            self._database.make(FOUND, f"SELECT DISTINCT s, p, o FROM ({' UNION ALL '.join(selects)}) x(s, p, o)")
        else:
            self._empty(FOUND)

    def hide(self, facts: Iterable[tuple[int, int, int]]) -> None:
        """Add facts that the graph does not show."""
        self._database.insert(HIDDEN, facts)
        self.hides = True

    def keep_what_is_new(
        self, program: Program, number: Callable[[Term], int], among: Collection[Kind] | None = None
    ) -> int:
        """Move what was found and is new to the facts, or out of sight; give how many there were.

        :param among: the kinds of what was found, if only :meth:`begin` found it; None if others added to it.
        """
        database = self._database
        self._since = ""
        if among is None:
            predicates = {p for (p,) in database.rows(f"SELECT DISTINCT p FROM {FOUND}")}
        else:
            predicates = {predicate for predicate, _ in among}
        found = FOUND if among is not None else f"(SELECT DISTINCT * FROM {FOUND})"
        plain = hidden = 0
        if predicates:
            plain = database.make(FRESH, f"SELECT * FROM {found} x WHERE NOT EXISTS ({self._same_fact(predicates)})")
            hidden, dropped = self._hide_what_the_graph_leaves_out(program, number, among)
            plain -= hidden + dropped
        else:
            self._empty(FRESH)
        if not hidden and self._news_are_hidden:
            self._empty(FRESH_HIDDEN)
        self._news_are_hidden = bool(hidden)
        if plain:
            database.run(f"INSERT INTO {DERIVED} SELECT * FROM {FRESH}")
            self.derived += plain
        if hidden:
            self.hides = True
            database.run(f"INSERT INTO {HIDDEN} SELECT * FROM {FRESH_HIDDEN}")
        self.recent = self._present(self.news) if plain or hidden else Present()
        self.known |= self.recent
        return plain + hidden

    def _hide_what_the_graph_leaves_out(
        self, program: Program, number: Callable[[Term], int], among: Collection[Kind] | None
    ) -> tuple[int, int]:
        """Move what no reader wants from the recent facts to the hidden ones, if a rule looks at it, or drop it.

        :returns: how many facts were moved, and how many dropped.
        """
        database = self._database
        unwritable = [f"p = {predicate}" for predicate in sorted(self.unwritable)]
        left_out = " OR ".join([omitted(number, among), *unwritable])
        count = int(database.value(f"SELECT count(*) FROM {FRESH} WHERE {left_out}"))
        if not count:
            return 0, 0
        hidden = database.make(FRESH_HIDDEN, f"SELECT * FROM {FRESH} WHERE ({left_out}) AND {needed(program, number)}")
        database.run(f"DELETE FROM {FRESH} WHERE {left_out}")
        return hidden, count - hidden

    def _same_fact(self, predicates: Collection[int]) -> str:
        """Write the query for the known facts that are the found fact ``x``.

        Facts lie nearly sorted by predicate, so naming the predicates spares looking at most of them.
        """
        if len(predicates) == 1:
            (predicate,) = predicates
            of_predicate = f"f.p = {predicate}"
        elif len(predicates) <= _FEW_PREDICATES:
            of_predicate = f"f.p = x.p AND f.p IN ({', '.join(map(str, sorted(predicates)))})"
        else:
            of_predicate = "f.p = x.p"
        return f"SELECT 1 FROM {self.everything} f WHERE f.s = x.s AND f.o = x.o AND {of_predicate}"

    def _present(self, source: str) -> Present:
        kind = f"CASE WHEN p = {self._type} THEN o END"
        rows = self._database.rows(f"SELECT DISTINCT p, {kind} FROM {source} f")
        return Present(frozenset(p for p, _ in rows), frozenset(kind for _, kind in rows if kind is not None))

    def _with_hidden(self, one: str, other: str) -> str:
        return f"(SELECT * FROM {one} UNION ALL SELECT * FROM {other})" if self.hides else one

    def _empty(self, name: str) -> None:
        self._database.run(f"CREATE OR REPLACE TEMP TABLE {name} ({COLUMNS})")
