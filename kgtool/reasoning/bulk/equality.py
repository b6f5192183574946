"""Equality in bulk: what eq-sym, eq-trans and eq-rep-* say together, without going from each name to each other one.

Equal things form groups. All pairs of a group are ``owl:sameAs``, and a fact about one of them is one about each: facts
are first told by one name a group, each once, and then by all names. So the work is what comes out of it, also for a
group of hundreds, where joining triples with triples would cost the square of that.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from kgtool.reasoning.bulk.dialect import ID, Database
from kgtool.reasoning.bulk.tables import FACTS, FOUND, FRESH, FRESH_HIDDEN, HIDDEN
from kgtool.reasoning.bulk.terms import Terms
from kgtool.vocabulary import iri

_SAME_AS: Final = iri("owl", "sameAs")


class Equality:
    """The groups of equal things found so far, in a table of ``member`` and ``name``."""

    table: Final = "equal"

    def __init__(self, database: Database, terms: Terms) -> None:
        self._database = database
        self._terms = terms
        self._same_as = terms.number(_SAME_AS)
        self._names: dict[int, int] = {}

    def __bool__(self) -> bool:
        return bool(self._names)

    @property
    def literals(self) -> set[int]:
        """The literals that are said to be the same as something."""
        return {number for number in self._names if number < 0}

    def touches(self, numbers: frozenset[int]) -> bool:
        """Tell whether one of these terms has another name."""
        return not numbers.isdisjoint(self._names)

    def run(self, *, first: bool, hides: bool) -> set[int]:
        """Add what equality brings to ``found``; give the members that are no IRIs, and so no predicates in RDF.

        :param first: look at all facts, not only at the recent ones.
        """
        tables = (FACTS, HIDDEN) if first else (FRESH, FRESH_HIDDEN)
        pairs = [pair for table in tables for pair in self._pairs(table)]
        grew = self._unite(pairs)
        if not self._names:
            return set()
        if grew:
            self._database.fill("equal", f"member {ID}, name {ID}", self._names.items())
            self._database.run(
                f"INSERT INTO {FOUND} SELECT a.member, {self._same_as}, b.member FROM equal a JOIN equal b"
                " ON a.name = b.name WHERE a.member <> b.member"
            )
        everything = grew or first
        source = FACTS if everything else FRESH
        if hides:
            other = HIDDEN if everything else FRESH_HIDDEN
            source = f"(SELECT s, p, o FROM {source} UNION ALL SELECT s, p, o FROM {other})"
        self._carry_over(source)
        if not grew:
            return set()
        self._terms.recall(self._names)
        return {number for number in self._names if not isinstance(self._terms.term(number), NamedNode)}

    def _pairs(self, table: str) -> list[tuple[int, int]]:
        return self._database.rows(f"SELECT s, o FROM {table} WHERE p = {self._same_as} AND s <> o")

    def _unite(self, pairs: list[tuple[int, int]]) -> bool:
        """Join the groups of equal things; tell whether one grew."""
        names = self._names

        def name_of(member: int) -> int:
            root = member
            while names.get(root, root) != root:
                root = names[root]
            while names.get(member, member) != root:
                names[member], member = root, names[member]
            return root

        grew = False
        for one, other in pairs:
            first, second = name_of(one), name_of(other)
            if first != second:
                names[first] = names[second] = names[one] = names[other] = min(first, second)
                grew = True
        if grew:
            for member in list(names):
                names[member] = name_of(member)
        return grew

    def _carry_over(self, source: str) -> None:
        """Say by all names what is said by one, except equality itself."""
        itself = "true" if self._same_as in self._names else f"f.p <> {self._same_as}"
        told = (
            "SELECT DISTINCT coalesce(x.name, f.s) s, coalesce(y.name, f.p) p, coalesce(z.name, f.o) o"
            f" FROM {source} f LEFT JOIN equal x ON f.s = x.member LEFT JOIN equal y ON f.p = y.member"
            " LEFT JOIN equal z ON f.o = z.member"
            f" WHERE (x.name IS NOT NULL OR y.name IS NOT NULL OR z.name IS NOT NULL) AND {itself}"
        )
        self._database.run(
            f"INSERT INTO {FOUND} SELECT coalesce(a.member, t.s), coalesce(b.member, t.p), coalesce(c.member, t.o)"
            f" FROM ({told}) t LEFT JOIN equal a ON t.s = a.name LEFT JOIN equal b ON t.p = b.name"
            " LEFT JOIN equal c ON t.o = c.name"
        )
