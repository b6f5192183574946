"""The facts of a closure under way: what is known, what was found in this round, and what of it is new."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kgtool.reasoning.bulk.dialect import ID, MAX_NAMED, Database, one_of
from kgtool.reasoning.bulk.tables import (
    ASSERTED,
    COLUMNS,
    DERIVED,
    FACTS,
    FOUND,
    FRESH,
    FRESH_HIDDEN,
    HIDDEN,
    ROUND,
    Kind,
    needed,
    omitted,
)
from kgtool.reasoning.language import Term
from kgtool.reasoning.program import Program

_TRIPLES: Final = "SELECT s, p, o"
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


@dataclass(frozen=True)
class Query:
    """A query for facts (s, p, o), and the kinds of what it finds; None for any."""

    select: str
    kinds: frozenset[Kind] | None


class Growth:
    """The tables of a closure under way, see :mod:`kgtool.reasoning.bulk.tables`, begun with what is asserted.

    :param type_: the number of ``rdf:type``.
    :param kept: a query for facts that are known to follow already.
    """

    def __init__(self, database: Database, type_: int, kept: str | None = None) -> None:
        self._database = database
        self._type = type_
        quads = "quads"  # often they are the triples, and need no copy
        if self._are_told_again():
            quads = "told_once"
            database.make(quads, "SELECT DISTINCT s, p, o FROM quads")
        database.run(f"CREATE OR REPLACE TEMP VIEW {ASSERTED} AS {_TRIPLES} FROM {quads}")
        for name in (FOUND, FRESH, FRESH_HIDDEN):
            self._empty(name)
        for name in (DERIVED, HIDDEN):
            database.run(f"CREATE OR REPLACE TEMP TABLE {name} ({COLUMNS}, {ROUND})")
        database.run(
            f"CREATE OR REPLACE TEMP VIEW {FACTS} AS {_TRIPLES} FROM {ASSERTED} UNION ALL {_TRIPLES} FROM {DERIVED}"
        )
        if kept is not None:
            database.run(f"INSERT INTO {DERIVED} SELECT *, 0 FROM ({kept} EXCEPT SELECT * FROM {FACTS})")
        #: Predicates that RDF cannot write, blank nodes and literals.
        self.unwritable: set[int] = set()
        #: Whether there are facts that the graph does not show.
        self.hides = False
        self._news_are_hidden = False
        #: How many rounds found something.
        self.rounds = 0
        self._surveyed = False
        self.known = Present()
        self.recent = Present()
        #: What was there before what is recent.
        self.older = Present()
        #: What was there when so many rounds had found something.
        self._known_after: dict[int, Present] = {}

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
        return self._with_hidden(FRESH, FRESH_HIDDEN)

    def survey(self) -> None:
        """Look at which predicates and types all facts have; later rounds look only at what they add."""
        self.known, _ = self._present(self.everything)
        self._surveyed = True
        self._known_after = {self.rounds: self.known}

    def look_at_what_came_since(self, rounds: int) -> None:
        """Take for recent what was found since there were so many rounds."""
        self._database.make(FRESH, f"{_TRIPLES} FROM {DERIVED} WHERE r > {rounds}")
        if self.hides:
            self._news_are_hidden = (
                self._database.make(FRESH_HIDDEN, f"{_TRIPLES} FROM {HIDDEN} WHERE r > {rounds}") > 0
            )
        self.recent, _ = self._present(self.news)
        self.older = self._known_after.get(rounds, self.known)

    def begin(self, queries: Sequence[Query] = (), *, others_find: bool = True) -> None:
        """Begin a round with what queries find, each fact once.

        :param others_find: whether others may add to ``found``. Where nobody does, and it is known what kinds of facts
            there are, what the queries find goes into no table of its own.
        """
        kinds = [query.kinds for query in queries if query.kinds is not None]
        apart = others_find or len(kinds) < len(queries)
        self._kinds = None if apart else frozenset[Kind]().union(*kinds)
        self._in_graph = False
        select = self._distinct(queries) if queries else f"{_TRIPLES} FROM {ASSERTED} WHERE false"
        if apart:
            self._database.make(FOUND, select)
        self._found = f"(SELECT DISTINCT * FROM {FOUND})" if apart else f"({select})"

    def _distinct(self, queries: Sequence[Query]) -> str:
        found = f"({' UNION ALL '.join(query.select for query in queries)}) x(s, p, o)"
        predicates = {predicate for predicate, _ in self._kinds or ()}
        if len(predicates) == 1:  # two columns are compared sooner than three
            return f"SELECT s, {predicates.pop()}::{ID} AS p, o FROM (SELECT DISTINCT s, o FROM {found})"
        return f"SELECT DISTINCT s, p, o FROM {found}"

    def begin_with_nodes(self, queries: Sequence[Query]) -> None:
        """Begin a round with facts about nodes, which queries find, each once: the graph holds them."""
        self.begin(queries, others_find=False)
        if self._kinds is not None:
            self._found, self._in_graph = f"({' UNION ALL '.join(query.select for query in queries)})", True

    def begin_with(self, facts: Collection[tuple[int, int, int]]) -> None:
        """Begin a round with facts, each given once."""
        self.begin()
        self._database.insert(FOUND, facts)
        self._found, self._kinds = FOUND, frozenset((p, o if p == self._type else None) for _, p, o in facts)

    def hide(self, facts: Iterable[tuple[int, int, int]]) -> None:
        """Add facts that the graph does not show."""
        self.rounds += 1
        self._database.insert(HIDDEN, ((*fact, self.rounds) for fact in facts))
        self.hides = True

    def keep_what_is_new(self, program: Program, number: Callable[[Term], int]) -> int:
        """Move what was found and is new to the facts, or out of sight; give how many there were."""
        database, among = self._database, self._kinds
        if among is None:
            predicates = {p for (p,) in database.rows(f"SELECT DISTINCT p FROM {FOUND}")}
        else:
            predicates = {predicate for predicate, _ in among}
        plain = left_out = hidden = 0
        self.recent = Present()
        if predicates:
            new = ""
            if not self._surveyed or among is None or any(self.known.may_match(p, o, self._type) for p, o in among):
                new = f" WHERE NOT EXISTS ({self._same_fact(predicates, among or ())})"
            plain = database.make(FRESH, f"SELECT * FROM {self._found} x{new}")
        else:
            self._empty(FRESH)
        if plain and among and self._in_graph:
            self.recent = Present(frozenset(predicates), frozenset(o for _, o in among if o is not None))
        elif plain:
            condition = self._left_out(number, among)
            self.recent, left_out = self._present(FRESH, condition)
        if left_out:
            # What the graph leaves out goes where no reader sees it, if a rule looks at it, or nowhere.
            needed_too = f"({condition}) AND {needed(program, number)}"
            hidden = database.make(FRESH_HIDDEN, f"SELECT * FROM {FRESH} WHERE {needed_too}")
            database.run(f"DELETE FROM {FRESH} WHERE {condition}")
            plain -= left_out
        elif self._news_are_hidden:
            self._empty(FRESH_HIDDEN)
        self._news_are_hidden = bool(hidden)
        self.rounds += bool(plain or hidden)
        if plain:
            database.run(f"INSERT INTO {DERIVED} SELECT *, {self.rounds} FROM {FRESH}")
        if hidden:
            self.hides = True
            database.run(f"INSERT INTO {HIDDEN} SELECT *, {self.rounds} FROM {FRESH_HIDDEN}")
        if left_out:
            self.recent, _ = self._present(self.news)
        self.older = self.known
        self.known |= self.recent
        self._known_after[self.rounds] = self.known
        return plain + hidden

    def _left_out(self, number: Callable[[Term], int], among: Collection[Kind] | None) -> str:
        """Write the condition that the graph leaves a fact out."""
        return " OR ".join([omitted(number, among), *(f"p = {predicate}" for predicate in sorted(self.unwritable))])

    def _same_fact(self, predicates: Collection[int], kinds: Collection[Kind]) -> str:
        """Write the query for the known facts that are the found fact ``x``.

        Facts lie nearly sorted by predicate, so naming the predicates spares looking at most of them; naming the
        classes spares most types.
        """
        conditions = ["f.s = x.s", "f.o = x.o"]
        if len(predicates) != 1:
            conditions.append("f.p = x.p")
        if len(predicates) <= MAX_NAMED:
            conditions.append(one_of("f.p", predicates))
        classes = {kind for predicate, kind in kinds if predicate == self._type}
        named = {kind for kind in classes if kind is not None}
        if named == classes and 0 < len(named) <= MAX_NAMED:
            of_class = one_of("f.o", named)
            conditions.append(of_class if predicates == {self._type} else f"(f.p <> {self._type} OR {of_class})")
        return f"SELECT 1 FROM {self.everything} f WHERE {' AND '.join(conditions)}"

    def _present(self, source: str, condition: str = "false") -> tuple[Present, int]:
        """Look at which predicates and types some facts have, and for how many of the facts a condition holds."""
        kind = f"CASE WHEN p = {self._type} THEN o END"
        rows = self._database.rows(
            f"SELECT p, {kind}, count(*) FILTER (WHERE {condition}) FROM {source} f GROUP BY ALL"
        )
        present = Present(frozenset(p for p, _, _ in rows), frozenset(kind for _, kind, _ in rows if kind is not None))
        return present, sum(count for _, _, count in rows)

    def _with_hidden(self, one: str, other: str) -> str:
        return f"({_TRIPLES} FROM {one} UNION ALL {_TRIPLES} FROM {other})" if self.hides else one

    def _empty(self, name: str) -> None:
        self._database.run(f"CREATE OR REPLACE TEMP TABLE {name} ({COLUMNS})")
