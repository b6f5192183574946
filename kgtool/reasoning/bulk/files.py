"""A rule file in bulk: its atoms joined, then step by step what it may hold besides, then its head."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from kgtool.reasoning.bulk.aggregates import aggregate
from kgtool.reasoning.bulk.computed import compute
from kgtool.reasoning.bulk.dialect import Database
from kgtool.reasoning.bulk.joins import Join, join
from kgtool.reasoning.bulk.tables import FACTS, FOUND, FRESH
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Absent, Aggregate, Atom, Expression, Optionally, Rule, Var
from kgtool.reasoning.shapes import Shape

_SOLUTIONS: Final = "solutions"
_QUADS: Final = "quads"


class RuleFile:
    """One rule file; it sees the graph, and what sources assert."""

    def __init__(self, shape: Shape, database: Database, terms: Terms) -> None:
        self.rule: Rule = shape.rule
        self._database = database
        self._terms = terms
        #: Asserted triples do not change during a closure, so what is counted over them is counted once.
        self._aggregates: dict[int, str] = {}
        #: Where the attributes of nodes are looked up.
        self.attributes = FACTS

    def run(self, *, first: bool, recent: Collection[int]) -> None:
        """Add to ``found`` what the rule concludes from recent facts.

        :param first: from all facts.
        :param recent: predicates of the recent facts.
        """
        places = [-1] if first else [p for p, atom in enumerate(self.rule.body) if self._may_match(atom, recent)]
        for place in places:
            self.solve(self.sources(place))
            for head in self.rule.head:
                self.conclude(head)

    def sources(self, recent: int) -> list[str]:
        """Give the table that each atom of the body looks at.

        :param recent: place of the atom that looks at recent facts only; -1 for none.
        """
        return [
            _QUADS if atom.graph is not None else FRESH if place == recent else FACTS
            for place, atom in enumerate(self.rule.body)
        ]

    def solve(self, sources: Sequence[str]) -> None:
        """Make the table of the rule's solutions."""
        rule = self.rule
        found = join(rule.body, sources, self._terms.number)
        columns = list(found.columns)
        self._make(found, columns)
        for part in rule.aggregates:
            self._join_aggregate(part, columns)
        for optional in rule.optional:
            self._left_join(optional, columns)
        compute(self._database, self._terms, _SOLUTIONS, columns, rule.binds, rule.conditions)
        columns += [bind.variable for bind in rule.binds]
        for absent in rule.absent:
            self._without(absent, columns)

    def _may_match(self, atom: Atom, recent: Collection[int]) -> bool:
        if atom.graph is not None:
            return False
        return isinstance(atom.predicate, Var) or self._terms.number(atom.predicate) in recent

    def _make(self, found: Join, columns: Sequence[Var], table: str = _SOLUTIONS) -> None:
        chosen = [f"{found.columns[name]} AS v_{name}" for name in columns] or ["1 AS v_"]
        select = found.select(chosen) if found.tables else f"SELECT {', '.join(chosen)}"
        self._database.make(table, select.replace("SELECT", "SELECT DISTINCT", 1))

    def conclude(self, head: Atom, table: str = FOUND) -> None:
        """Add a head's facts to a table; one with an unbound variable is left out."""
        nodes = [
            f"v_{node}" if isinstance(node, Var) else str(self._terms.number(node))
            for node in head[:3]
            if node is not None
        ]
        bound = " AND ".join(f"{node} IS NOT NULL" for node in nodes if node.startswith("v_")) or "true"
        self._database.run(f"INSERT INTO {table} SELECT DISTINCT {', '.join(nodes)} FROM {_SOLUTIONS} WHERE {bound}")

    def _matches(self, atoms: Sequence[Atom], conditions: Sequence[Expression], columns: Sequence[Var]) -> list[Var]:
        """Make the table ``matches`` of a pattern's own solutions beside those of the body that they agree with.

        :returns: the pattern's variables that the body does not bind.
        """
        sources = [_QUADS if atom.graph is not None else self.attributes for atom in atoms]
        found = join(atoms, sources, self._terms.number, given={n: f"r.v_{n}" for n in columns}, prefix="m")
        own = [name for name in found.columns if name not in columns]
        outer = Join((f"{_SOLUTIONS} r", *found.tables), found.conditions, found.columns)
        self._make(outer, [*columns, *own], "matches")
        if conditions:
            compute(self._database, self._terms, "matches", [*columns, *own], (), conditions)
        return own

    def _left_join(self, part: Optionally, columns: list[Var]) -> None:
        own = self._matches(part.atoms, part.conditions, columns)
        chosen = ", ".join([*(f"r.v_{name}" for name in columns), *(f"m.v_{name}" for name in own)]) or "1 AS v_"
        joined = f"{_SOLUTIONS} r LEFT JOIN matches m ON {_same(columns)}"
        self._database.make(_SOLUTIONS, f"SELECT {chosen} FROM {joined}")
        columns += own

    def _without(self, part: Absent, columns: Sequence[Var]) -> None:
        self._matches(part.atoms, part.conditions, columns)
        self._database.make(
            _SOLUTIONS,
            f"SELECT * FROM {_SOLUTIONS} r WHERE NOT EXISTS (SELECT 1 FROM matches m WHERE {_same(columns)})",
        )

    def _join_aggregate(self, part: Aggregate, columns: list[Var]) -> None:
        """Join what is least, greatest or counted."""
        table = self._aggregates.get(id(part))
        if table is None:
            table = self._aggregates[id(part)] = f"aggregate_{id(self)}_{len(self._aggregates)}"
            aggregate(self._database, self._terms, part, table)
        shared = [name for name in part.groups if name in columns]
        own = [name for name in (*part.groups, *(name for name, _, _ in part.results)) if name not in columns]
        kind = "LEFT JOIN" if part.optional else "JOIN"
        agreed = " AND ".join(f"r.v_{name} = m.v_{name}" for name in shared) or "true"
        chosen = ", ".join([*(f"r.v_{name}" for name in columns), *(f"m.v_{name}" for name in own)])
        self._database.make(_SOLUTIONS, f"SELECT {chosen} FROM {_SOLUTIONS} r {kind} {table} m ON {agreed}")
        columns += own


def _same(columns: Sequence[Var]) -> str:
    return " AND ".join(f"r.v_{name} IS NOT DISTINCT FROM m.v_{name}" for name in columns) or "true"
