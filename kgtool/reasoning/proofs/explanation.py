"""Explains a fact: by proofs if it holds, by what is missing if it does not; and contradictions, by what clashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import Literal, Quad, Triple

from kgtool.reasoning.clash import Clash
from kgtool.reasoning.incremental.stored import Budget
from kgtool.reasoning.language import Fact, Rule, Term
from kgtool.reasoning.matching.solve import Binding, unify
from kgtool.reasoning.owl.axioms import Axioms
from kgtool.reasoning.owl.datatypes import as_told
from kgtool.reasoning.owl.reader import owl_rules
from kgtool.reasoning.proofs.instances import Instance, Reasons
from kgtool.reasoning.proofs.near_misses import near_misses
from kgtool.reasoning.proofs.proof import NearMiss, Origin, Proof, Said, Step
from kgtool.reasoning.proofs.search import Chosen, Search
from kgtool.store.interface import QuadStore
from kgtool.store.layout import State, source_graphs_of
from kgtool.vocabulary import PROVENANCE, iri

#: Look-ups and results that an explanation may take.
_BUDGET: Final = 500_000


@dataclass(frozen=True)
class Explanation:
    """Why a fact holds, or why it does not.

    :param said: the sources that say it.
    :param proofs: how it follows, shortest first; each down to what sources say.
    :param missing: where it does not hold: the rules that come nearest to it, and what they lack.
    """

    fact: Fact
    said: tuple[Origin, ...] = ()
    proofs: tuple[Step, ...] = ()
    missing: tuple[NearMiss, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it is said, or follows."""
        return bool(self.said or self.proofs)


def explain_fact(
    fact: Fact, store: QuadStore, state: State, axioms: Axioms, files: Sequence[Rule], *, limit: int = 3
) -> Explanation:
    """Explain a fact from a store.

    :param axioms: those of its closure.
    :param files: its rule files.
    :param limit: how many proofs to give at most, and how many near misses.
    :raises LimitError: if that takes too much work.
    """
    with _work(store, state, axioms, files) as work:
        said = work.origins(fact) if work.search.is_said(fact) else ()
        proofs: tuple[Step, ...] = ()
        if work.reasons.holds(fact):
            proofs = tuple(work.steps(islice(work.search.proofs(fact), limit)))
        missing: tuple[NearMiss, ...] = ()
        if not said and not proofs:
            missing = tuple(islice(near_misses(fact, work.reasons), limit))
        return Explanation(fact, said, proofs, missing)


def explain_clash(clash: Clash, store: QuadStore, state: State, axioms: Axioms, files: Sequence[Rule]) -> Step | None:
    """Explain a contradiction in a store: the false-rule, with a proof of each of its premises.

    :returns: None for one that no rule of tables 4 to 9 finds.
    """
    rule = next((rule for rule in owl_rules() if rule.name == clash.rule), None)
    if rule is None or not clash.premises:
        return None
    with _work(store, state, axioms, files) as work:
        instance = next(iter(_instances(clash, rule, work.reasons)), Instance(rule, clash.premises))
        premises: list[Proof] = []
        for premise in instance.premises:
            if work.search.is_said(premise):
                premises.append(Said(premise, work.origins(premise)))
            else:
                found = next(iter(work.steps(islice(work.search.proofs(premise), 1))), None)
                premises.append(found if found is not None else Said(premise, ()))
    nothing: Fact = (Literal(False), iri("rdf", "type"), Literal(False))
    return Step(nothing, rule.name, rule.labels, rule.source, tuple(premises), lists=instance.lists)


def _instances(clash: Clash, rule: Rule, reasons: Reasons) -> Iterator[Instance]:
    """Give the instances of a false-rule that a contradiction is one of, with the lists that the rule reads."""
    bindings: list[Binding] = [{}]
    for atom in rule.body:
        matched = (unify(atom, premise, binding) for binding in bindings for premise in clash.premises)
        bindings = [binding for binding in matched if binding is not None] or bindings
    for binding in bindings:
        for instance in reasons.contradictions(rule, binding):
            if {*clash.premises} <= {as_told(premise, reasons.stored.holds) for premise in instance.premises}:
                yield instance


@contextmanager
def _work(store: QuadStore, state: State, axioms: Axioms, files: Sequence[Rule]) -> Iterator[_Work]:
    """Begin an explanation, and forget in the end what was looked up for it."""
    work = _Work(store, state, axioms, files)
    try:
        yield work
    finally:
        work.reasons.stored.forget()


class _Work:
    """One explanation under way."""

    def __init__(self, store: QuadStore, state: State, axioms: Axioms, files: Sequence[Rule]) -> None:
        self._store = store
        self.reasons = Reasons(store, state, axioms, files, Budget(_BUDGET))
        self.search = Search(self.reasons)
        self._origins: dict[Term, Origin] = {}

    def steps(self, found: Iterable[Chosen]) -> Iterator[Step]:
        """Make proofs of what a search found."""
        for chosen in found:
            made: dict[Fact, Proof] = {}
            step = self._made(chosen.goal, chosen.instances, made)
            assert isinstance(step, Step), "a search proves by rules"
            yield step

    def origins(self, fact: Fact) -> tuple[Origin, ...]:
        """Give the sources that say a fact."""
        graphs = source_graphs_of(self._store, Triple(*fact))  # type: ignore[arg-type]
        return tuple(self._origin(graph) for graph in sorted(graphs, key=str))  # type: ignore[arg-type]

    def _made(self, fact: Fact, instances: Mapping[Fact, tuple[int, Instance]], made: dict[Fact, Proof]) -> Proof:
        """Make the proof of a fact, its premises before it: proofs may be deep."""
        waiting = [fact]
        while waiting:
            goal = waiting[-1]
            if goal in made:
                waiting.pop()
                continue
            if goal not in instances:
                made[goal] = Said(goal, self.origins(goal))
                continue
            instance = instances[goal][1]
            open_premises = [premise for premise in instance.premises if premise not in made]
            if open_premises:
                waiting.extend(open_premises)
                continue
            rule = instance.rule
            premises = tuple(
                Said(premise, self.origins(premise)) if premise in instance.said else made[premise]
                for premise in instance.premises
            )
            concluded = (rule.name, rule.labels, rule.source, premises, instance.denied, instance.lists)
            made[goal] = Step(goal, *concluded, in_words=instance.in_words)
            waiting.pop()
        return made[fact]

    def _origin(self, graph: Term) -> Origin:
        """Give what was noted of the last load into a source graph."""
        if graph not in self._origins:
            best: tuple[str, str | None] = ("", None)
            for quad in self._store.quads(None, iri("prov", "generated"), graph, PROVENANCE):
                when = _text(self._store.quads(quad.subject, iri("prov", "endedAtTime"), None, PROVENANCE))  # type: ignore[arg-type]
                source = _text(self._store.quads(quad.subject, iri("dcterms", "source"), None, PROVENANCE))  # type: ignore[arg-type]
                best = max(best, (when or "", source), key=lambda pair: (pair[0], pair[1] or ""))
            self._origins[graph] = Origin(graph, best[1], best[0] or None)
        return self._origins[graph]


def _text(quads: Iterable[Quad]) -> str | None:
    return next((quad.object.value for quad in quads if isinstance(quad.object, Literal)), None)
