"""What no longer follows: the Backward/Forward algorithm.

A fact that lost support is first looked at backwards: does something that stays still prove it? Only if not it goes,
and what it helped to conclude is looked at in turn. So work stops at the first fact that has another reason.

Source: Motik, Nenov, Piro and Horrocks, Incremental Update of Datalog Materialisation: the Backward/Forward Algorithm,
AAAI 2015.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator

from kgtool.reasoning.incremental.instances import Rules, Views
from kgtool.reasoning.incremental.stored import Budget
from kgtool.reasoning.incremental.views import GraphView, OwlView, Sources
from kgtool.reasoning.language import Fact, Term
from kgtool.reasoning.matching.index import FactIndex


class Deletion:
    """One round of deletion.

    :param stays: tells whether a fact needs no other reason after the change: it is asserted, or an axiom brings it.
    :param before: the facts as they were, with the sources as they were: what lost support is found there.
    :param remaining: the facts less what was removed (it grows with ``remove``), with the sources as they are now.
    :param remove: called with each fact that goes.
    :param gone: facts that nothing else can prove.
    """

    def __init__(
        self,
        rules: Rules,
        stays: Callable[[Fact], bool],
        before: Views,
        remaining: Views,
        sources: Sources,
        remove: Callable[[Fact], None],
        budget: Budget,
        gone: Container[Fact] = (),
    ) -> None:
        self._rules = rules
        self._gone = gone
        self._stays = stays
        self._before = before
        self._remaining = remaining
        self._remove = remove
        self._budget = budget
        self._removed: set[Fact] = set()
        self._checked: set[Fact] = set()
        self._proved = _Facts()
        self._delayed: set[Fact] = set()
        proved = OwlView(self._proved, rules.program.literal_types)
        self._proved_views = Views(proved, GraphView(self._proved, sources), remaining.equates, remaining.uses)

    def run(self, seeds: Iterable[Fact]) -> set[Fact]:
        """Remove what no longer follows of some facts that lost support, and of what followed from them.

        :returns: the facts that went.
        """
        waiting = deque(dict.fromkeys(seeds))
        while waiting:
            fact = waiting.popleft()
            self._budget.spend()
            if fact in self._removed:
                continue
            if fact not in self._gone:
                self._check(fact)
                if self._proved.holds(fact):
                    continue
            # Everything that this fact helped to conclude, by instances whose other premises are still there.
            consequences = [head for head in self._rules.concluded(fact, self._before) if head not in self._removed]
            self._removed.add(fact)
            self._remove(fact)
            waiting.extend(dict.fromkeys(consequences))
        return self._removed

    def _check(self, fact: Fact) -> None:
        """Try to prove a fact backwards from what stays; without recursion, as chains of reasons are long."""
        if not self._open(fact):
            return
        stack: list[tuple[Fact, Iterator[tuple[Fact, ...]], list[Fact]]] = [
            (fact, self._rules.bodies(fact, self._remaining), [])
        ]
        while stack:
            self._budget.spend()
            goal, bodies, premises = stack[-1]
            if self._proved.holds(goal):
                stack.pop()
            elif premises:
                premise = premises.pop()
                if self._open(premise):
                    stack.append((premise, self._rules.bodies(premise, self._remaining), []))
            else:
                body = next(bodies, None)
                if body is None:
                    stack.pop()
                elif not body:
                    self._prove(goal)  # what sources assert is reason enough
                elif goal not in body and not self._removed.intersection(body):
                    premises.extend(reversed(body))

    def _open(self, fact: Fact) -> bool:
        """Begin to look at a fact; give False if it was looked at, or needs no look."""
        if fact in self._checked:
            return False
        self._checked.add(fact)
        if fact in self._delayed or self._stays(fact):
            self._prove(fact)
            return False
        return True

    def _prove(self, fact: Fact) -> None:
        """Take a fact as proved, and with it those looked at that it proves."""
        waiting = [fact]
        while waiting:
            proved = waiting.pop()
            self._budget.spend()
            if not self._proved.add(proved):
                continue
            for head in self._rules.concluded(proved, self._proved_views):
                if head in self._checked:
                    waiting.append(head)
                else:
                    self._delayed.add(head)


class _Facts:
    """The facts proved so far."""

    def __init__(self) -> None:
        self._index = FactIndex()
        self.add = self._index.add
        self.match = self._index.match

    def holds(self, fact: tuple[Term, Term, Term]) -> bool:
        return fact in self._index
