"""A rule file in bulk: its atoms joined, then step by step what it may hold besides, then its head."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from kgtool.reasoning.bulk.aggregates import Aggregates
from kgtool.reasoning.bulk.computed import compute
from kgtool.reasoning.bulk.dialect import Database
from kgtool.reasoning.bulk.joins import Join, NodeTable, column_of_node, join
from kgtool.reasoning.bulk.tables import FACTS, FOUND, FRESH
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Absent, Aggregate, Atom, Expression, Optionally, Rule, Var
from kgtool.reasoning.language.expressions import variables_of
from kgtool.reasoning.shapes import Shape

SOLUTIONS: Final = "solutions"
QUADS: Final = "quads"


class RuleFile:
    """One rule file; it sees the graph, and what sources assert."""

    def __init__(self, shape: Shape, database: Database, terms: Terms, aggregates: Aggregates) -> None:
        self.rule: Rule = shape.rule
        self._database = database
        self._terms = terms
        self._aggregates = aggregates
        #: The tables that it looks at: facts, what sources assert, and where the attributes of nodes are looked up.
        self.facts = self.attributes = FACTS
        self.quads = QUADS

    def run(self, *, first: bool, recent: Collection[int], older: Collection[int]) -> None:
        """Add to ``found`` what the rule concludes from recent facts.

        :param first: from all facts.
        :param recent: predicates of the recent facts.
        :param older: predicates of the others.
        """
        for place in [-1] if first else self._places(recent, older):
            self.solve(self.sources(place))
            for head in self.rule.head:
                self.conclude(head)

    def sources(self, recent: int) -> list[str]:
        """Give the table that each atom of the body looks at.

        :param recent: place of the atom that looks at recent facts only; -1 for none.
        """
        return [
            self.quads if atom.graph is not None else FRESH if place == recent else self.facts
            for place, atom in enumerate(self.rule.body)
        ]

    def solve(self, sources: Sequence[str], nodes: Mapping[Var, NodeTable] | None = None) -> None:
        """Make the table of the rule's solutions.

        :param nodes: variables that stand for nodes with a table of their own.
        """
        rule = self.rule
        found = join(rule.body, sources, self._terms.number, nodes=nodes)
        left = [part for part in rule.optional if not self._read_with(part, found, nodes or {})]
        under_way = Solutions(found, distinct=self.quads in sources)
        for aggregated in rule.aggregates:
            self._join_aggregate(aggregated, under_way)
        while left and _is_simple(left[0]):
            self._left_join_atom(left.pop(0).atoms, under_way)
        self._database.make(SOLUTIONS, under_way.select())
        columns = list(under_way.columns)
        for optional in left:
            self._left_join(optional, columns)
        wanted = _looked_at_last(rule)
        columns = compute(self._database, self._terms, SOLUTIONS, columns, rule.binds, rule.conditions, wanted)
        for absent in rule.absent:
            self._without(absent, columns)

    @staticmethod
    def _read_with(part: Optionally, found: Join, nodes: Mapping[Var, NodeTable]) -> bool:
        """Read what may be there of a node from the row that tells the rest of it, if it can be."""
        column = column_of_node(part.atoms[0], nodes) if _is_simple(part) else None
        atom = part.atoms[0]
        if column is None or not isinstance(atom.object, Var) or atom.object in found.columns:
            return False
        row = found.columns.get(atom.subject, "") if isinstance(atom.subject, Var) else ""
        if not row.endswith(".node"):
            return False
        found.columns[atom.object] = f"{row.removesuffix('node')}{column[1]}"
        return True

    def _places(self, recent: Collection[int], older: Collection[int]) -> list[int]:
        """Give the places of atoms to be matched with recent facts, so that each solution with one is found.

        What is found with an atom that matches recent facts only need not be looked for from those after it.
        """
        places = []
        for place, atom in enumerate(self.rule.body):
            if self._may_match(atom, recent):
                places.append(place)
                if not self._may_match(atom, older):
                    break
        return places

    def _may_match(self, atom: Atom, recent: Collection[int]) -> bool:
        if atom.graph is not None:
            return False
        return isinstance(atom.predicate, Var) or self._terms.number(atom.predicate) in recent

    def _make(self, found: Join, columns: Sequence[Var], table: str = SOLUTIONS) -> None:
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
        self._database.run(f"INSERT INTO {table} SELECT DISTINCT {', '.join(nodes)} FROM {SOLUTIONS} WHERE {bound}")

    def _matches(self, atoms: Sequence[Atom], conditions: Sequence[Expression], columns: Sequence[Var]) -> list[Var]:
        """Make the table ``matches`` of a pattern's own solutions beside those of the body that they agree with.

        :returns: the pattern's variables that the body does not bind.
        """
        found = join(atoms, self._tables(atoms), self._terms.number, given={n: f"r.v_{n}" for n in columns}, prefix="m")
        own = [name for name in found.columns if name not in columns]
        outer = Join((f"{SOLUTIONS} r", *found.tables), found.conditions, found.columns)
        self._make(outer, [*columns, *own], "matches")
        if conditions:
            compute(self._database, self._terms, "matches", [*columns, *own], (), conditions)
        return own

    def _tables(self, atoms: Sequence[Atom]) -> list[str]:
        return [self.quads if atom.graph is not None else self.attributes for atom in atoms]

    def _left_join(self, part: Optionally, columns: list[Var]) -> None:
        own = self._matches(part.atoms, part.conditions, columns)
        chosen = ", ".join([*(f"r.v_{name}" for name in columns), *(f"m.v_{name}" for name in own)]) or "1 AS v_"
        joined = f"{SOLUTIONS} r LEFT JOIN matches m ON {_same(columns)}"
        self._database.make(SOLUTIONS, f"SELECT {chosen} FROM {joined}")
        columns += own

    def _left_join_atom(self, atoms: Sequence[Atom], under_way: Solutions) -> None:
        """Join one atom as it is: no solution need be made of it first."""
        prefix = under_way.alias()
        found = join(atoms, self._tables(atoms), self._terms.number, given=under_way.columns, prefix=prefix)
        own = {name: sql for name, sql in found.columns.items() if name not in under_way.columns}
        under_way.add(f"LEFT JOIN {found.tables[0]} ON {' AND '.join(found.conditions) or 'true'}", own)

    def _without(self, part: Absent, columns: Sequence[Var]) -> None:
        self._matches(part.atoms, part.conditions, columns)
        if not self._database.count("matches"):
            return
        self._database.make(
            SOLUTIONS,
            f"SELECT * FROM {SOLUTIONS} r WHERE NOT EXISTS (SELECT 1 FROM matches m WHERE {_same(columns)})",
        )

    def _join_aggregate(self, part: Aggregate, under_way: Solutions) -> None:
        """Join what is least, greatest or counted."""
        table, held = self._aggregates.table_of(part, self.quads)
        alias, columns = under_way.alias(), under_way.columns
        agreed = " AND ".join(f"{columns[n]} = {alias}.{held[n]}" for n in part.groups if n in columns) or "true"
        own = {name: f"{alias}.{column}" for name, column in held.items() if name not in columns}
        under_way.add(f"{'LEFT JOIN' if part.optional else 'JOIN'} {table} {alias} ON {agreed}", own)


class Solutions:
    """A query for solutions under way: a body's, and what is joined to them; made a table only at the end."""

    def __init__(self, found: Join, *, distinct: bool) -> None:
        chosen = [f"{sql} AS v_{name}" for name, sql in found.columns.items()] or ["1 AS v_"]
        select = found.select(chosen) if found.tables else f"SELECT {', '.join(chosen)}"
        self._source = f"({select.replace('SELECT', 'SELECT DISTINCT', 1) if distinct else select}) r"
        self.columns: dict[Var, str] = {name: f"r.v_{name}" for name in found.columns}
        self._joined = 0

    def alias(self) -> str:
        """Give a name for what is joined next."""
        self._joined += 1
        return f"j{self._joined}_"

    def add(self, joined: str, columns: Mapping[Var, str]) -> None:
        """Join something, with columns of its own."""
        self._source += f" {joined}"
        self.columns |= columns

    def select(self) -> str:
        """Write the query."""
        chosen = ", ".join(f"{sql} AS v_{name}" for name, sql in self.columns.items()) or "1 AS v_"
        return f"SELECT {chosen} FROM {self._source}"


def _is_simple(part: Optionally) -> bool:
    return len(part.atoms) == 1 and not part.conditions


def _looked_at_last(rule: Rule) -> frozenset[Var]:
    """Give the variables that are looked at when everything is computed: in the head, and in what must not be there."""
    conditions = (condition for part in rule.absent for condition in part.conditions)
    atoms = (*rule.head, *(atom for part in rule.absent for atom in part.atoms))
    return frozenset(v for atom in atoms for v in atom.variables()).union(*map(variables_of, conditions))


def _same(columns: Sequence[Var]) -> str:
    return " AND ".join(f"r.v_{name} IS NOT DISTINCT FROM m.v_{name}" for name in columns) or "true"
