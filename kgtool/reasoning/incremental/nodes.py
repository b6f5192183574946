"""Nodes that compete, after a change: only the groups that the change reaches are looked at again.

What a change takes support from goes, and whatever was built on it. The groups that lost a node are then built again
from what is left, as a node that lay inside one that went may come back; new nodes are built from what is new; and in
each group the widest stay. Exact, because intersecting intervals is monotone (see :mod:`kgtool.reasoning.widest`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pyoxigraph import Quad

from kgtool.reasoning.incremental.instances import Rules, Views, bindings_by_sources, heads
from kgtool.reasoning.incremental.stored import Budget
from kgtool.reasoning.incremental.views import Becoming
from kgtool.reasoning.language import Fact, Rule, Term, Var
from kgtool.reasoning.matching.rulefiles import bodies_of_any, solutions_of_any
from kgtool.reasoning.matching.solve import Binding, unify
from kgtool.reasoning.shapes import Shape
from kgtool.reasoning.widest import Competition, competition_of, may_look_at_nodes, node_patterns

#: So many nodes are looked at one by one, before another value is tried that fewer may have.
_FEW = 8
_Values = tuple[Term | None, ...]
#: Values of some of the predicates that nodes go by.
_Known = tuple[tuple[Term, Term], ...]
#: A rule and a solution of it: why there is a node.
_Reason = tuple[Shape, Binding]


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
        waiting = self._touching(quads, changed, self._now, groups)
        while waiting:
            self._budget.spend(len(waiting))
            entered = dict.fromkeys(node for reason in waiting for node in self._enter(*reason))
            waiting = self._built_on(entered, self._now)

    def _lost(self, quads: list[Quad], changed: list[Fact]) -> dict[Term, None]:
        """Give the nodes that may have had a reason among what changed, and those that may be built on them.

        Nothing is computed to see which they are exactly: those of the same groups are built again all the same.
        """
        lost: dict[Term, None] = {}
        applying, told = self._applying(self._before), self._before.told(quads)
        waiting = [(shape, list(_by_change(shape, told, changed))) for shape in applying]
        while waiting:
            groups = {group for shape, bindings in waiting for group in self._groups_reached(shape.rule, bindings)}
            self._budget.spend(len(groups))
            found = dict.fromkeys(node for group in sorted(groups, key=str) for node in self._nodes_like(*group))
            new = [node for node in found if node not in lost]
            lost |= dict.fromkeys(new)
            waiting = [(shape, list(self._by_nodes(shape, new))) for shape in applying] if new else []
        return lost

    def _groups_reached(self, rule: Rule, bindings: Iterable[Binding]) -> Iterator[tuple[Competition, _Known]]:
        """Give what is known of the groups of the nodes that solutions of a rule built before the change."""
        widest, competition = rule.widest, competition_of(rule)
        assert widest is not None, "only rules with a widest build nodes that compete"
        for solution in bodies_of_any(rule, bindings, self._before.graph, widest.group):
            named = zip(competition.group, widest.group, strict=True)
            yield competition, tuple((predicate, solution[name]) for predicate, name in named if name in solution)

    def _applying(self, views: Views) -> list[Shape]:
        return [shape for shape in self._rules.nodes if self._rules.may_apply(shape, views)]

    def _touching(
        self, quads: list[Quad], changed: list[Fact], views: Views, groups: Iterable[tuple[Competition, _Values]] = ()
    ) -> list[_Reason]:
        """Give the solutions of node rules that look at quads of sources, or at facts, and those for some groups."""
        told = views.told(quads)
        groups = sorted(groups, key=str)
        found: list[_Reason] = []
        for shape in self._applying(views):
            bindings = (*_by_change(shape, told, changed), *_for_groups(shape.rule, groups))
            found += ((shape, solution) for solution in solutions_of_any(shape.rule, bindings, views.graph))
        return found

    def _built_on(self, nodes: Iterable[Term], views: Views) -> list[_Reason]:
        """Give the solutions of node rules that look at nodes; the facts of a node come together."""
        nodes, found = list(nodes), list[_Reason]()
        for shape in self._applying(views):
            bindings = self._by_nodes(shape, nodes)
            found += ((shape, solution) for solution in solutions_of_any(shape.rule, bindings, views.graph))
        return found

    def _by_nodes(self, shape: Shape, nodes: Sequence[Term]) -> Iterator[Binding]:
        """Give what solutions of a node rule have in common that look at some nodes."""
        subjects = {
            atom.subject
            for atom in shape.body
            if isinstance(atom.subject, Var) and may_look_at_nodes(atom, self._patterns)
        }
        return ({subject: node} for subject in sorted(subjects) for node in nodes)

    def _enter(self, shape: Shape, solution: Binding) -> Iterator[Term]:
        """Let a node compete; give it if it stays, and something about it is new."""
        node = solution.get(_node_variable(shape))
        if node is None:
            return
        new = [fact for fact in heads(shape, solution) if not self._facts.holds(fact)]
        if not new:
            return
        competition = competition_of(shape.rule)
        group = tuple(map(solution.get, shape.rule.widest.group))  # type: ignore[union-attr]
        if group[0] is None:
            return  # it is in no group, and no node
        bounds = [solution.get(name) for pair in shape.rule.widest.intervals for name in pair]  # type: ignore[union-attr]
        for other in list(self._nodes_of(competition, group)):
            if other == node:
                continue
            others = self._bounds_of(competition, other)
            if competition.lies_inside(bounds, others) and (bounds != others or str(other) < str(node)):
                return
            if competition.lies_inside(others, bounds):
                for fact in list(self._facts_of(other)):
                    self._take(fact)
        for fact in new:
            self._give(fact)
        yield node

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
        """Give the nodes of a group."""
        pairs = list(zip(competition.group, group, strict=True))
        known = tuple((predicate, value) for predicate, value in pairs if value is not None)
        without = [predicate for predicate, value in pairs if value is None]
        for node in self._nodes_like(competition, known):
            if all(self._value(node, predicate) is None for predicate in without):
                yield node

    def _nodes_like(self, competition: Competition, known: _Known) -> list[Term]:
        """Give the nodes with some values, found by those of these that few nodes have."""
        found: list[Term] | None = None
        for predicate, value in known:
            some = [fact[0] for fact in islice(self._now.graph.match(None, predicate, value), _FEW + 1)]
            if len(some) <= _FEW:
                found = some if found is None else [node for node in found if node in some]
            if not found and found is not None:
                return []
        if found is None:
            first = known[0] if known else (competition.group[0], None)
            found = [fact[0] for fact in self._now.graph.match(None, *first)]
        return [node for node in found if all(self._value(node, predicate) == value for predicate, value in known)]

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


def _by_change(shape: Shape, quads: Iterable[Quad], changed: Iterable[Fact]) -> Iterator[Binding]:
    """Give what solutions of a rule have in common that look at one of some quads of sources, or of some facts."""
    yield from bindings_by_sources(shape.rule, quads, positive=True)
    for atom in shape.body:
        if atom.graph is None:
            matches = (unify(atom, fact, {}) for fact in changed)
            yield from (binding for binding in matches if binding is not None)


def _for_groups(rule: Rule, groups: Iterable[tuple[Competition, _Values]]) -> Iterator[Binding]:
    """Give what the solutions of a node rule have in common that build nodes of some groups.

    What an OPTIONAL binds is not given to it: where it matches nothing, that would stand as it is.
    """
    assert rule.widest is not None, "only rules with a widest build nodes that compete"
    competition, bound = competition_of(rule), rule.bound_variables()
    for other, values in groups:
        if other == competition:
            named = zip(rule.widest.group, values, strict=True)
            yield {name: term for name, term in named if term is not None and name in bound}
