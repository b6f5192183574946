"""The engine of the rule language: changes by look-ups, everything else by SQL over columns.

A change that is small, and leaves the axioms as they are, costs what it touches (:mod:`kgtool.reasoning.incremental`).
Everything else is a closure from scratch (:mod:`kgtool.reasoning.bulk`), of which only the difference is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from pyoxigraph import Quad, Triple

from kgtool.reasoning.columns import journal
from kgtool.reasoning.engine import Consequences, Facts, Tell
from kgtool.reasoning.incremental.insertion import AxiomFollows
from kgtool.reasoning.incremental.instances import Rules
from kgtool.reasoning.incremental.stored import Budget, TooMuchWork
from kgtool.reasoning.incremental.update import consequences_of
from kgtool.reasoning.language import Rule
from kgtool.reasoning.reading import rules_of_store
from kgtool.store.change import QuadDelta, TripleDelta
from kgtool.store.layout import State
from kgtool.vocabulary import INFERRED

if TYPE_CHECKING:
    from kgtool.reasoning.columns.first import FirstClosure

#: MB that a closure from scratch takes before it spills.
DEFAULT_MEMORY: Final = 1024
#: Quads of a change from which on a closure from scratch is quicker (bench/changes.py).
_LARGE_CHANGE: Final = 2_000
#: Look-ups and results of a change after which it is given up for a closure from scratch.
_BUDGET: Final = 60_000


@dataclass
class DatalogEngine:
    """An :class:`~kgtool.reasoning.engine.Engine` of the OWL 2 RL rules and the store's rule files.

    :param files: the rule files.
    :param folder: where the columnar copy of the graph is kept; None keeps none.
    :param memory: MB for a closure from scratch.
    """

    files: Sequence[Rule]
    folder: Path | None = None
    memory: int = DEFAULT_MEMORY
    name: str = field(default="datalog", init=False)
    #: The rules of the axioms of a commit; None for axioms that follow from data, which change with them.
    _rules: Rules | None = field(default=None, init=False)
    _rules_of: str | None = field(default=None, init=False)

    def consequences(
        self, change: QuadDelta, asserted: TripleDelta, facts: Facts, *, anew: bool = False, tell: Tell | None = None
    ) -> Consequences:
        """Say what a change brings, see :class:`~kgtool.reasoning.engine.Engine`."""
        if not anew and len(change.added) + len(change.removed) < _LARGE_CHANGE:
            rules = self.rules(facts)
            if rules is not None and not rules.looks_at_any_type:
                try:
                    found = consequences_of(change, asserted, facts.lookups, facts.state, rules, Budget(_BUDGET))
                except (AxiomFollows, TooMuchWork):
                    pass  # everything again is quicker, or cannot be avoided
                else:
                    return Consequences(found.inferred, found.premises, found.clashes)
        return self._from_scratch(change, facts, anew=anew, tell=tell)

    def follow(self, before: State, after: State, change: QuadDelta, consequences: Consequences) -> None:
        """Take note of a commit: in the journal of the columns, and for the rules that are known."""
        inferred, premises = consequences.inferred, consequences.premises
        if self.folder is not None:
            added = (*change.added, *_in_inferred(inferred.added), *premises.added)
            removed = (*change.removed, *_in_inferred(inferred.removed), *premises.removed)
            journal.follow(self.folder, before.name, after.name, added, removed)
        if self._rules_of == before.name:
            changed: tuple[Quad | Triple, ...] = (*change.added, *change.removed, *inferred.added, *inferred.removed)
            if self._rules is not None and not any(map(self._touches_axioms, changed)):
                self._rules_of = after.name
                self._rules.unused.difference_update(statement.predicate for statement in changed)
                if premises:
                    self._rules.unused.clear()
            else:
                self._rules_of = None

    @contextmanager
    def first(self, lines: Sequence[tuple[Path, str | None]]) -> Iterator[FirstClosure]:
        """Give the closure of a graph that is on its way into an empty store, from the lines that it is made of.

        :param lines: files of N-Triples with the graph that they go to, or of N-Quads with None.
        """
        from kgtool.reasoning.columns.first import first_columns

        with first_columns(self.folder, self.memory, lines) as closure:
            yield closure

    def elsewhere(self) -> DatalogEngine:
        """Give an engine of the same rules for another store; it keeps no columns."""
        return DatalogEngine(self.files, None, self.memory)

    def rules(self, facts: Facts) -> Rules | None:
        """Give the rules of a store as its axioms leave them; None if axioms follow from its data."""
        if self._rules_of != facts.state.name:
            self._rules = rules_of_store(facts.store, facts.state, self.files)
            self._rules_of = facts.state.name
        return self._rules

    def _from_scratch(self, change: QuadDelta, facts: Facts, *, anew: bool, tell: Tell | None) -> Consequences:
        since = perf_counter()
        # Imported when needed: most commands never ask for a closure from scratch.
        from kgtool.reasoning.columns.difference import from_scratch

        return from_scratch(self.files, self.folder, self.memory, change, facts, since=since, anew=anew, tell=tell)

    def _touches_axioms(self, statement: Quad | Triple) -> bool:
        subject, predicate, value = statement.subject, statement.predicate, statement.object
        return self._rules is not None and self._rules.touches_axioms((subject, predicate, value))  # type: ignore[arg-type]


def _in_inferred(triples: Iterable[Triple]) -> Iterable[Quad]:
    return (Quad(t.subject, t.predicate, t.object, INFERRED) for t in triples)
