"""Nodes that compete, after a change: only the groups that the change reaches are looked at again.

What a change takes support from goes, and whatever was built on it. The groups that lost a node are then built again
from what is left, as a node that lay inside one that went may come back; new nodes are built from what is new; and in
each group the widest stay. Exact, because intersecting intervals is monotone (see :mod:`kgtool.reasoning.widest`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from pyoxigraph import Quad

from kgtool.reasoning.incremental.instances import Rules, Views, heads
from kgtool.reasoning.incremental.views import Becoming, Budget
from kgtool.reasoning.language import Fact, Term, Var
from kgtool.reasoning.matching.rulefiles import solutions_of
from kgtool.reasoning.matching.solve import Binding, unify
from kgtool.reasoning.shapes import Shape
from kgtool.reasoning.widest import Competition, competition_of, node_patterns

_Values = tuple[Term | None, ...]


class NodeChange:
    """Brings the nodes of a graph up to date with a change.

    :param facts: the facts as they become; the nodes' facts are removed from it and added to it.
    :param before: the facts and sources as they were; ``now`` as they become.
    """

    def __init__(self, rules: Rules, facts: Becoming, before: Views, now: Views, budget: Budget) -> None:
        self._rules = rules
        self._facts = facts
        self._before = before
        self._now = now
        self._budget = budget
        self._patterns = node_patterns(shape.rule for shape in rules.nodes)
        self._competitions = tuple(dict.fromkeys(competition_of(shape.rule) for shape in rules.nodes))
        self.removed: dict[Fact, None] = {}
        self.added: dict[Fact, None] = {}

    def run(self, quads: Iterable[Quad], changed: Iterable[Fact]) -> None:
        """Find which facts of nodes go and which come.

        :param quads: of source graphs, added or removed.
        :param changed: facts of the closure that were removed or added.
        """
        if not self._rules.nodes:
            return
        quads, changed = list(quads), list(changed)
        lost = self._lost(quads, changed)
        groups = {group for node in lost for group in self._groups_of(node)}
        for node in lost:
            for fact in list(self._facts_of(node)):
                self._take(fact)
        waiting: deque[tuple[Shape, Binding]] = deque()
        for competition, values in sorted(groups, key=str):
            waiting.extend(self._rebuilt(competition, values))
        waiting.extend(self._rules.concluded_from_sources(self._rules.nodes, quads, self._now, positive=True))
        for fact in changed:
            waiting.extend(self._concluded(fact, self._now))
        while waiting:
            self._budget.spend()
            shape, solution = waiting.popleft()
            for fact in self._enter(shape, solution):
                waiting.extend(self._concluded(fact, self._now))

    def _lost(self, quads: list[Quad], changed: list[Fact]) -> dict[Term, None]:
        """Give the nodes that had a reason among what changed, and those built on them."""
        lost: dict[Term, None] = {}
        waiting: deque[Term] = deque()

        def lose(solutions: Iterable[tuple[Shape, Binding]]) -> None:
            for shape, solution in solutions:
                node = solution.get(_node_variable(shape))
                if node is not None and node not in lost and any(map(self._before.graph.holds, heads(shape, solution))):
                    lost[node] = None
                    waiting.append(node)

        lose(self._rules.concluded_from_sources(self._rules.nodes, quads, self._before, positive=True))
        for fact in changed:
            lose(self._concluded(fact, self._before))
        while waiting:
            self._budget.spend()
            for fact in list(self._before.graph.match(waiting.popleft(), None, None)):
                lose(self._concluded(fact, self._before))
        return lost

    def _concluded(self, fact: Fact, views: Views) -> Iterator[tuple[Shape, Binding]]:
        """Give the solutions of node rules that look at a fact."""
        for shape in self._rules.nodes:
            for atom in shape.body:
                binding = unify(atom, fact, {}) if atom.graph is None else None
                if binding is not None:
                    yield from ((shape, solution) for solution in solutions_of(shape.rule, binding, views.graph))

    def _rebuilt(self, competition: Competition, values: _Values) -> Iterator[tuple[Shape, Binding]]:
        """Give the solutions of node rules for one group."""
        for shape in self._rules.nodes:
            if competition_of(shape.rule) == competition and shape.rule.widest is not None:
                named = dict(zip(shape.rule.widest.group, values, strict=True))
                built = shape.rule.builds
                known = {name: term for name, term in named.items() if term is not None and name not in built}
                for solution in solutions_of(shape.rule, known, self._now.graph):
                    if all(solution.get(name) == term for name, term in named.items()):
                        yield shape, solution

    def _enter(self, shape: Shape, solution: Binding) -> list[Fact]:
        """Let a node compete; give its facts if they are new and it stays."""
        node = solution.get(_node_variable(shape))
        if node is None:
            return []
        facts = list(heads(shape, solution))
        new = [fact for fact in facts if not self._facts.holds(fact)]
        if not new:
            return []
        competition = competition_of(shape.rule)
        group = tuple(map(solution.get, shape.rule.widest.group))  # type: ignore[union-attr]
        if group[0] is None:
            return []  # it is in no group, and no node
        bounds = [solution.get(name) for pair in shape.rule.widest.intervals for name in pair]  # type: ignore[union-attr]
        for other in list(self._nodes_of(competition, group)):
            if other == node:
                continue
            others = self._bounds_of(competition, other)
            if competition.lies_inside(bounds, others) and (bounds != others or str(other) < str(node)):
                return []
            if competition.lies_inside(others, bounds):
                for fact in list(self._facts_of(other)):
                    self._take(fact)
        for fact in new:
            self._give(fact)
        return facts

    def _take(self, fact: Fact) -> None:
        self._facts.remove(fact)
        if fact in self.added:
            del self.added[fact]
        else:
            self.removed[fact] = None

    def _give(self, fact: Fact) -> None:
        self._facts.add(fact)
        if fact in self.removed:
            del self.removed[fact]
        else:
            self.added[fact] = None

    def _facts_of(self, node: Term) -> Iterator[Fact]:
        """Give the facts about a node that the node rules conclude."""
        for fact in self._now.graph.match(node, None, None):
            if any(p == fact[1] and o in (None, fact[2]) for p, o in self._patterns):
                yield fact

    def _nodes_of(self, competition: Competition, group: _Values) -> Iterator[Term]:
        """Give the nodes of a group, found by the first of its values."""
        for node, _, _ in self._now.graph.match(None, competition.group[0], group[0]):
            others = zip(competition.group[1:], group[1:], strict=True)
            if all(self._value(node, predicate) == value for predicate, value in others):
                yield node

    def _bounds_of(self, competition: Competition, node: Term) -> list[Term | None]:
        return [self._value(node, predicate) for pair in competition.intervals for predicate in pair]

    def _groups_of(self, node: Term) -> Iterator[tuple[Competition, _Values]]:
        for competition in self._competitions:
            values = tuple(self._value(node, predicate) for predicate in competition.group)
            if values[0] is not None:
                yield competition, values

    def _value(self, node: Term, predicate: Term) -> Term | None:
        return next((fact[2] for fact in self._now.graph.match(node, predicate, None)), None)


def _node_variable(shape: Shape) -> Var:
    assert shape.rule.widest is not None, "only rules with a widest build nodes that compete"
    return shape.rule.widest.node
