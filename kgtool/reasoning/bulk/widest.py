"""Nodes that rules build and of which only the widest stay, in bulk.

The rules run to their fixpoint on the side, on facts that do not change meanwhile; after each round, what lies inside
something already there is dropped. Then the facts of the nodes that stay are found: see
:mod:`kgtool.reasoning.widest`. Things that are the same are one here, by the least of their names: see
:mod:`kgtool.reasoning.bulk.least_names`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from kgtool.errors import LimitError
from kgtool.reasoning.bulk.aggregates import Aggregates
from kgtool.reasoning.bulk.competing import CompetingNodes
from kgtool.reasoning.bulk.dialect import Database
from kgtool.reasoning.bulk.equality import Equality
from kgtool.reasoning.bulk.files import RuleFile
from kgtool.reasoning.bulk.growth import Query
from kgtool.reasoning.bulk.joins import NodeTable
from kgtool.reasoning.bulk.least_names import by_least_names
from kgtool.reasoning.bulk.tables import COLUMNS
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Atom, Rule, Term, Var
from kgtool.reasoning.shapes import Shape
from kgtool.reasoning.widest import Competition, competition_of, constants_of, may_look_at_nodes, node_patterns

#: Facts about nodes that are not part of the competition: (s, p, o).
_MORE: Final = "more_of_nodes"
_NODE_FACTS: Final = "node_facts"
_RECENT: Final = "recent_node_facts"
_BUILT: Final = "built"
_MAX_ROUNDS: Final = 10_000


class WidestNodes:
    """The rules of a store that build nodes of which the widest stay."""

    def __init__(
        self,
        shapes: Iterable[Shape],
        database: Database,
        terms: Terms,
        equality: Equality,
        aggregates: Aggregates,
    ) -> None:
        chosen = [shape for shape in shapes if shape.rule.widest is not None]
        self._database = database
        self._terms = terms
        self._equality = equality
        self._patterns = node_patterns(shape.rule for shape in chosen)
        self._files = [RuleFile(shape, database, terms, aggregates) for shape in chosen]
        rules: dict[Competition, list[Rule]] = {}
        for shape in chosen:
            rules.setdefault(competition_of(shape.rule), []).append(shape.rule)
        self._nodes = {
            competition: CompetingNodes(competition, rules[competition], place, database, terms)
            for place, competition in enumerate(sorted(rules, key=str))
        }
        self._more = any(nodes.rest(rule) for one, nodes in self._nodes.items() for rule in rules[one])

    def run(self, may_apply: Callable[[Sequence[Atom]], bool]) -> list[Query]:
        """Give queries for the facts of the nodes that stay, each once.

        :param may_apply: tells whether there may be facts that atoms ask for.
        :raises LimitError: if the nodes go on growing.
        """
        self._files = [file for file in self._files if may_apply(self._about_others(file.rule))]
        if not self._files:
            return []
        self._begin()
        for number in range(_MAX_ROUNDS):
            self._build(first=number == 0)
            if not self._keep_the_widest():
                if self._more or len(self._nodes) > 1:
                    return [Query(f"SELECT DISTINCT s, p, o FROM {_NODE_FACTS}", None)]
                return [query for nodes in self._nodes.values() for query in nodes.facts()]
        raise LimitError(
            f"the rules still build wider nodes after {_MAX_ROUNDS} rounds",
            hint="look for a rule whose intervals grow at each step",
        )

    def _begin(self) -> None:
        for table in (_MORE, "recent_more"):
            self._database.run(f"CREATE OR REPLACE TEMP TABLE {table} ({COLUMNS})")
        for nodes in self._nodes.values():
            nodes.begin()
        for view, more, recent in ((_NODE_FACTS, _MORE, False), (_RECENT, "recent_more", True)):
            parts = [f"SELECT s, p, o FROM {more}", *(n.as_facts(recent=recent) for n in self._nodes.values())]
            self._database.run(f"CREATE OR REPLACE TEMP VIEW {view} AS {' UNION ALL '.join(parts)}")
        if self._equality:
            named = constants_of(file.rule for file in self._files)
            facts, quads = by_least_names(self._database, self._terms, named)
            for file in self._files:
                file.facts, file.quads = facts, quads
        for file in self._files:
            file.attributes = f"(SELECT s, p, o FROM {file.facts} UNION ALL SELECT s, p, o FROM {_NODE_FACTS})"

    def typed(self) -> frozenset[tuple[Term, Term]]:
        """Give the predicates of nodes with the types that all that have them are known to have."""
        return frozenset().union(*(nodes.typed() for nodes in self._nodes.values()))

    def _about_others(self, rule: Rule) -> list[Atom]:
        return [atom for atom in rule.body if not may_look_at_nodes(atom, self._patterns)]

    def _build(self, *, first: bool) -> None:
        """Build the nodes that follow from those of the round before."""
        self._database.run(f"CREATE OR REPLACE TEMP TABLE {_BUILT} ({COLUMNS})")
        for file in self._files:
            nodes = self._nodes[competition_of(file.rule)]
            for sources, tables in self._sources(file.rule, file, first=first):
                file.solve(sources, tables)
                nodes.take(file.rule)
                for head in nodes.rest(file.rule):
                    file.conclude(head, _BUILT)

    def _sources(self, rule: Rule, file: RuleFile, *, first: bool) -> Iterator[tuple[list[str], dict[Var, NodeTable]]]:
        """Give the tables that a rule's atoms look at: in the first round there are no nodes yet."""
        about_nodes = [place for place, atom in enumerate(rule.body) if may_look_at_nodes(atom, self._patterns)]
        if first:
            if not about_nodes:
                yield file.sources(-1), {}
            return
        # The facts of a node come together, so one atom for each node shows which nodes are recent.
        leading = {rule.body[place].subject: place for place in reversed(about_nodes)}
        for recent in leading.values():
            sources = file.sources(-1)
            for place in about_nodes:
                sources[place] = _RECENT if place == recent else _NODE_FACTS
            tables = {}
            if len(self._nodes) == 1:
                (nodes,) = self._nodes.values()
                tables = {
                    node: nodes.as_table(recent=place == recent)
                    for node, place in leading.items()
                    if isinstance(node, Var)
                }
            yield sources, tables

    def _keep_the_widest(self) -> bool:
        """Let what was built compete with the nodes; tell whether anything new stays."""
        if not self._more:
            return sum([nodes.compete() for nodes in self._nodes.values()]) > 0
        database = self._database
        database.make("more_now", f"SELECT DISTINCT * FROM {_BUILT} EXCEPT SELECT * FROM {_MORE}")
        changed = sum([nodes.compete("SELECT s FROM more_now") for nodes in self._nodes.values()])
        staying = " UNION ALL ".join(f"SELECT node FROM {nodes.table}" for nodes in self._nodes.values())
        recent = " UNION ALL ".join(f"SELECT node FROM {nodes.recent}" for nodes in self._nodes.values())
        database.make(_MORE, f"SELECT * FROM (FROM {_MORE} UNION ALL FROM more_now) m WHERE m.s IN ({staying})")
        database.make("recent_more", f"SELECT * FROM {_MORE} m WHERE m.s IN ({recent})")
        return changed > 0
