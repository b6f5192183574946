"""Nodes that rules build and of which only the widest stay, in bulk.

The rules run to their fixpoint on the side, on facts that do not change meanwhile; after each round, what lies inside
something already there is dropped. Then the facts of the nodes that stay are found: see
:mod:`kgtool.reasoning.widest`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kgtool.errors import LimitError
from kgtool.reasoning.bulk.dialect import ID, Database
from kgtool.reasoning.bulk.files import RuleFile
from kgtool.reasoning.bulk.tables import COLUMNS, FACTS, FOUND
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Rule
from kgtool.reasoning.shapes import Shape
from kgtool.reasoning.widest import Competition, competition_of, may_look_at_nodes, node_patterns

_NODE_FACTS: Final = "node_facts"
_RECENT: Final = "recent_node_facts"
_MAX_ROUNDS: Final = 10_000


class WidestNodes:
    """The rules of a store that build nodes of which the widest stay."""

    def __init__(self, shapes: Iterable[Shape], database: Database, terms: Terms) -> None:
        chosen = [shape for shape in shapes if shape.rule.widest is not None]
        self._database = database
        self._terms = terms
        self._patterns = node_patterns(shape.rule for shape in chosen)
        self._files = [RuleFile(shape, database, terms) for shape in chosen]
        for file in self._files:
            file.attributes = f"(SELECT * FROM {FACTS} UNION ALL SELECT * FROM {_NODE_FACTS})"
        self._competitions = sorted({competition_of(shape.rule) for shape in chosen}, key=str)

    def run(self) -> None:
        """Add the facts of the nodes that stay to ``found``.

        :raises LimitError: if the nodes go on growing.
        """
        if not self._files:
            return
        for table in (_NODE_FACTS, _RECENT):
            self._database.run(f"CREATE OR REPLACE TEMP TABLE {table} ({COLUMNS})")
        for number in range(_MAX_ROUNDS):
            self._build(first=number == 0)
            if not self._keep_the_widest():
                self._database.run(f"INSERT INTO {FOUND} SELECT * FROM {_NODE_FACTS}")
                return
        raise LimitError(
            f"the rules still build wider nodes after {_MAX_ROUNDS} rounds",
            hint="look for a rule whose intervals grow at each step",
        )

    def _build(self, *, first: bool) -> None:
        """Make the table ``built`` of the facts about nodes that follow from those of the round before."""
        self._database.run(f"CREATE OR REPLACE TEMP TABLE built ({COLUMNS})")
        for file in self._files:
            for sources in self._sources(file.rule, file, first=first):
                file.solve(sources)
                for head in file.rule.head:
                    file.conclude(head, "built")

    def _sources(self, rule: Rule, file: RuleFile, *, first: bool) -> Iterable[list[str]]:
        """Give the tables that a rule's atoms look at: in the first round there are no nodes yet."""
        about_nodes = [place for place, atom in enumerate(rule.body) if may_look_at_nodes(atom, self._patterns)]
        if first:
            return [file.sources(-1)] if not about_nodes else []
        # The facts of a node come together, so one atom for each node shows which nodes are recent.
        leading = {rule.body[place].subject: place for place in reversed(about_nodes)}
        found = []
        for recent in leading.values():
            sources = file.sources(-1)
            for place in about_nodes:
                sources[place] = _RECENT if place == recent else _NODE_FACTS
            found.append(sources)
        return found

    def _keep_the_widest(self) -> bool:
        """Add what was built to the nodes, drop what lies inside others; tell whether anything new stays."""
        database = self._database
        database.make("all_node_facts", f"SELECT * FROM {_NODE_FACTS} UNION SELECT * FROM built")
        for table in ("inside", "in_competition"):
            database.run(f"CREATE OR REPLACE TEMP TABLE {table} (node {ID})")
        for competition in self._competitions:
            self._find_what_lies_inside(competition)
        # What lacks a value of its group competes with none, and is no node.
        database.make(
            "staying",
            "SELECT * FROM all_node_facts f WHERE f.s IN (SELECT node FROM in_competition)"
            " AND f.s NOT IN (SELECT node FROM inside)",
        )
        database.make(
            "changed",
            f"SELECT DISTINCT s FROM staying f WHERE NOT EXISTS"
            f" (SELECT 1 FROM {_NODE_FACTS} n WHERE n.s = f.s AND n.p = f.p AND n.o = f.o)",
        )
        database.make(_RECENT, "SELECT f.* FROM staying f JOIN changed c ON c.s = f.s")
        database.make(_NODE_FACTS, "SELECT * FROM staying")
        return bool(database.count(_RECENT))

    def _find_what_lies_inside(self, competition: Competition) -> None:
        """Add to ``inside`` the nodes of one competition that lie inside another one of their group."""
        number = self._terms.number
        columns, joins = [], []
        for place, predicate in enumerate(competition.group):
            columns.append(f"g{place}.o AS g{place}")
            kind = "LEFT JOIN" if place else "JOIN"
            joins.append(f"{kind} all_node_facts g{place} ON g{place}.s = n.s AND g{place}.p = {number(predicate)}")
        for place, bounds in enumerate(competition.intervals):
            for name, predicate in zip(("start", "stop"), bounds, strict=True):
                alias = f"{name}{place}"
                columns.append(f"t{alias}.text AS {alias}")
                joins.append(
                    f"LEFT JOIN all_node_facts {alias} ON {alias}.s = n.s AND {alias}.p = {number(predicate)}"
                    f" LEFT JOIN terms t{alias} ON t{alias}.id = {alias}.o"
                )
        nodes = "(SELECT DISTINCT s FROM all_node_facts) n JOIN terms name ON name.id = n.s"
        chosen = ", ".join(["n.s AS node", "name.text AS name", *columns])
        self._database.make("competing", f"SELECT {chosen} FROM {nodes} {' '.join(joins)}")
        self._database.run("INSERT INTO in_competition SELECT node FROM competing")
        same_group = " AND ".join(f"a.g{place} IS NOT DISTINCT FROM b.g{place}" for place in range(len(competition.group)))
        inside = " AND ".join(_inside(place, empty) for place, empty in enumerate(competition.empty_if_unbound))
        alike = " AND ".join(
            f"a.{name}{place} IS NOT DISTINCT FROM b.{name}{place}"
            for place in range(len(competition.intervals))
            for name in ("start", "stop")
        )
        self._database.run(
            f"INSERT INTO inside SELECT DISTINCT a.node FROM competing a JOIN competing b ON {same_group}"
            f" WHERE a.node <> b.node AND {inside} AND (NOT ({alike}) OR a.name > b.name)"
        )


def _inside(place: int, empty_if_unbound: bool) -> str:
    """Write that an interval of ``a`` lies inside that of ``b``; days compare as text, other bounds as themselves."""
    start, stop = f"start{place}", f"stop{place}"
    later = _not_before(f"a.{start}", f"b.{start}")
    earlier = _not_before(f"b.{stop}", f"a.{stop}")
    lies = f"(b.{start} IS NULL OR {later}) AND (b.{stop} IS NULL OR {earlier})"
    if empty_if_unbound:
        some = f"(b.{start} IS NOT NULL OR b.{stop} IS NOT NULL)"
        return f"((a.{start} IS NULL AND a.{stop} IS NULL) OR ({some} AND {lies}))"
    return f"({lies})"


def _not_before(later: str, earlier: str) -> str:
    day = "LIKE '\"____-__-__\"^^<http://www.w3.org/2001/XMLSchema#date>'"
    return f"coalesce({later} = {earlier} OR ({later} {day} AND {earlier} {day} AND {later} >= {earlier}), false)"
