"""A closed graph, as one asks about it: by which rules, whether something follows, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Triple

from kgtool.reasoning.clash import Clash
from kgtool.reasoning.entailment import EntailmentAnswer, WholeClosure, entails
from kgtool.reasoning.language import Fact, Rule
from kgtool.reasoning.listing import ListedRule, listed_rules
from kgtool.reasoning.owl.axioms import Axioms
from kgtool.reasoning.proofs import Explanation, Step, explain_clash, explain_fact
from kgtool.reasoning.reading import axioms_of_closure
from kgtool.store.closure import Closure
from kgtool.store.interface import QuadStore
from kgtool.store.layout import State


@dataclass(frozen=True)
class ClosedGraph:
    """A store as of a commit, with its rule files."""

    store: QuadStore
    state: State
    files: Sequence[Rule]

    @cached_property
    def axioms(self) -> Axioms:
        """The axioms of the closure."""
        return axioms_of_closure(self.store, self.state)

    def rules(self) -> tuple[ListedRule, ...]:
        """List the rules that it is closed under."""
        return listed_rules(self.files, self.axioms)

    def entails(self, triples: Iterable[Triple]) -> EntailmentAnswer:
        """Say whether it entails triples, by what the graph leaves out too."""
        closure = Closure(self.store, self.state)
        made: list[WholeClosure] = []

        def whole() -> WholeClosure:
            made.append(WholeClosure(self.store, self.state, self.axioms))
            return made[-1]

        try:
            return entails(triples, closure.__contains__, closure.ask, whole)
        finally:
            for each in made:
                each.forget()

    def explain(self, fact: Fact, limit: int) -> Explanation:
        """Say why a fact holds, or why not.

        :param limit: most proofs, and most near misses.
        :raises LimitError: if that takes too much work.
        """
        return explain_fact(fact, self.store, self.state, self.axioms, self.files, limit=limit)

    def explain_clashes(self, clashes: Iterable[Clash]) -> list[Step]:
        """Say of contradictions which rule finds each, with a proof of what clashes."""
        steps = (explain_clash(clash, self.store, self.state, self.axioms, self.files) for clash in clashes)
        return [step for step in steps if step is not None]
