"""The shortest proofs of a fact, shortest first.

Facts and the rule instances that conclude them form an and/or graph, which is explored from the goal: the proof that
looks best so far says which facts to look at next, so little is looked at, and what is found is a shortest one. Size
is counted in steps and leaves. A proof of finite size never uses its own conclusion.

Source: Martelli and Montanari, Additive AND/OR Graphs, IJCAI 1973 (AO*); Knuth, A Generalization of Dijkstra's
Algorithm, 1977, for graphs with cycles; Lawler, A Procedure for Computing the K Best Solutions, 1972, for more proofs.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kgtool.errors import LimitError
from kgtool.reasoning.language import Fact
from kgtool.reasoning.proofs.instances import Instance, Reasons

#: Facts that are looked at before a search is given up.
_MOST_FACTS: Final = 5_000
#: Nothing is proved by less: a leaf, or a step of a rule that asks for nothing.
_LEAST: Final = 1
#: Which instances no proof may use.
_Forbidden = frozenset[tuple[Fact, int]]


@dataclass(frozen=True)
class Chosen:
    """A proof: for each fact that follows in it the instance that concludes it, by its place among those known."""

    goal: Fact
    instances: dict[Fact, tuple[int, Instance]]
    size: int


class Search:
    """Looks for proofs in a store's closure."""

    def __init__(self, reasons: Reasons) -> None:
        self._reasons = reasons
        self._instances: dict[Fact, tuple[Instance, ...]] = {}
        self._said: dict[Fact, bool] = {}

    def proofs(self, goal: Fact) -> Iterator[Chosen]:
        """Give different proofs of a fact by rules, shortest first, none if no rule concludes it.

        A fact that sources say may follow by rules besides; facts in its proofs that sources say need no proof.
        """
        best = self._best(goal, frozenset())
        if best is None:
            return
        heap: list[tuple[int, int, Chosen, _Forbidden]] = [(best.size, 0, best, frozenset())]
        seen: set[frozenset[tuple[Fact, int]]] = set()
        number = 0
        while heap:
            _, _, chosen, forbidden = heapq.heappop(heap)
            used = frozenset((fact, place) for fact, (place, _) in chosen.instances.items())
            if used in seen:
                continue
            seen.add(used)
            yield chosen
            # Every other proof does without one of the instances of this one.
            for choice in sorted(used, key=str):
                other = self._best(goal, forbidden | {choice})
                if other is not None:
                    number += 1
                    heapq.heappush(heap, (other.size, number, other, forbidden | {choice}))

    def is_said(self, fact: Fact) -> bool:
        """Tell whether sources say a fact."""
        if fact not in self._said:
            self._said[fact] = self._reasons.is_said(fact)
        return self._said[fact]

    def _best(self, goal: Fact, forbidden: _Forbidden) -> Chosen | None:
        """Give a shortest proof that uses none of some instances."""
        while True:
            costs, choices = self._costs(goal, forbidden)
            if goal not in costs:
                return None
            chosen, open_facts = self._chosen(goal, choices)
            if not open_facts:
                return Chosen(goal, chosen, costs[goal])
            for fact in open_facts:
                self._look_at(fact)

    def _look_at(self, fact: Fact) -> None:
        if len(self._instances) >= _MOST_FACTS:
            raise LimitError(
                f"no proof was found among {_MOST_FACTS} facts", hint="ask for one of its premises instead"
            )
        found = (i for i in self._reasons.of(fact) if fact not in i.premises)
        self._instances[fact] = tuple(dict.fromkeys(found))

    def _is_leaf(self, fact: Fact, goal: Fact) -> bool:
        """Tell whether a fact needs no proof: sources say it, and it is not the one to be proved."""
        return fact != goal and self.is_said(fact)

    def _costs(self, goal: Fact, forbidden: _Forbidden) -> tuple[dict[Fact, int], dict[Fact, tuple[int, Instance]]]:
        """Give the size of the best proof of each fact known; facts not looked at yet count as the least there is."""
        if goal not in self._instances:
            self._look_at(goal)
        costs: dict[Fact, int] = {}
        choices: dict[Fact, tuple[int, Instance]] = {}
        users: dict[Fact, list[tuple[Fact, int, Instance]]] = {}
        missing: dict[tuple[Fact, int], int] = {}
        heap: list[tuple[int, int, Fact, int, Instance | None]] = []
        number = 0

        def reach(cost: int, fact: Fact, place: int, instance: Instance | None) -> None:
            nonlocal number
            number += 1
            heapq.heappush(heap, (cost, number, fact, place, instance))

        known: dict[Fact, None] = {}
        for fact, instances in self._instances.items():
            for place, instance in enumerate(instances):
                if (fact, place) in forbidden:
                    continue
                missing[fact, place] = len(instance.premises)
                if not instance.premises:
                    reach(1, fact, place, instance)
                for premise in instance.premises:
                    known[premise] = None
                    users.setdefault(premise, []).append((fact, place, instance))
        for premise in known:
            if self._is_leaf(premise, goal):
                reach(1, premise, -1, None)
            elif premise not in self._instances:
                reach(_LEAST, premise, -1, None)
        while heap:
            cost, _, fact, place, concluding = heapq.heappop(heap)
            if fact in costs:
                continue
            costs[fact] = cost
            if concluding is not None:
                choices[fact] = (place, concluding)
            for user, at, its in users.get(fact, ()):
                missing[user, at] -= 1
                if not missing[user, at] and user not in costs:
                    reach(1 + sum(costs[premise] for premise in its.premises), user, at, its)
        return costs, choices

    def _chosen(
        self, goal: Fact, choices: dict[Fact, tuple[int, Instance]]
    ) -> tuple[dict[Fact, tuple[int, Instance]], list[Fact]]:
        """Give the instances of the best proof, and the facts in it that were not looked at yet."""
        chosen: dict[Fact, tuple[int, Instance]] = {}
        open_facts: list[Fact] = []
        waiting = [goal]
        while waiting:
            fact = waiting.pop()
            if fact in chosen or self._is_leaf(fact, goal):
                continue
            if fact not in choices:
                open_facts.append(fact)
                continue
            chosen[fact] = choices[fact]
            waiting.extend(choices[fact][1].premises)
        return chosen, list(dict.fromkeys(open_facts))
