"""The first engine: owlrl's closure and the rule files, each run until neither finds anything new.

owlrl reads an rdflib graph and knows nothing of changes, so every change costs a whole closure. It is the oracle that
quicker engines are held against.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyoxigraph as ox
import rdflib
from pyoxigraph import DefaultGraph, Quad, QueryTriples, Store, Triple

from kgtool.errors import LimitError
from kgtool.reasoning.clash import Clash
from kgtool.reasoning.engine import Consequences, Facts, Tell
from kgtool.reasoning.language import Rule
from kgtool.reasoning.language.functions import CUSTOM_FUNCTIONS
from kgtool.reasoning.omitted import AXIOMATIC, is_omitted
from kgtool.reasoning.owlrl_semantics import Semantics
from kgtool.reasoning.rdflib_terms import RdflibTerms
from kgtool.reasoning.widest import competition_of, staying
from kgtool.store.change import QuadDelta, TripleDelta
from kgtool.store.layout import State
from kgtool.vocabulary import PREFIXES, iri

#: A rule that builds new IRIs from its own results would never end.
_MAX_ROUNDS = 1_000
_SCHEMA_PREDICATES = {iri("rdfs", name) for name in ("subClassOf", "subPropertyOf", "domain", "range")}
#: What holds in every graph and counts as a premise, though nothing shows it.
_AXIOMATIC = frozenset(Triple(*fact) for fact in AXIOMATIC)  # type: ignore[arg-type]


class OwlrlEngine:
    """An :class:`~kgtool.reasoning.engine.Engine` that computes everything again at each change.

    :param rules: run on the closure and on the source graphs, to a common fixpoint with OWL 2 RL.
    """

    name = "owlrl"

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)

    def consequences(
        self, change: QuadDelta, asserted: TripleDelta, facts: Facts, *, anew: bool = False, tell: Tell | None = None
    ) -> Consequences:
        """Say what a change brings, see :class:`~kgtool.reasoning.engine.Engine`; every contradiction, always."""
        triples = set(facts.asserted())
        closure, clashes = _Closure(self._rules, triples, facts.quads()).close()
        inferred = {triple for triple in closure if triple not in triples and not is_omitted(triple)}
        before = set(facts.inferred())
        change_of_inferred = TripleDelta(frozenset(inferred - before), frozenset(before - inferred))
        return Consequences(change_of_inferred, QuadDelta(removed=frozenset(facts.premises())), clashes)

    def follow(self, before: State, after: State, change: QuadDelta, consequences: Consequences) -> None:
        """Do nothing: each change is computed from all facts."""

    def elsewhere(self) -> OwlrlEngine:
        """Give this engine."""
        return self


class _Closure:
    """One computation: the same triples in rdflib's terms for owlrl, and in Oxigraph for the rules."""

    def __init__(self, rules: Sequence[Rule], triples: set[Triple], quads: Iterable[Quad]) -> None:
        self._rules = rules
        self._terms = RdflibTerms()
        self._graph = rdflib.Graph(store="SimpleMemory", bind_namespaces="none")
        self._store = Store()
        self._all: set[Triple] = set()
        self._owl = any(map(_means_something_in_owl, triples))
        self._messages: list[str] = []
        if rules:
            self._store.bulk_extend(quads)
            self._graph_names = list(self._store.named_graphs())
        self._add(triples)

    def close(self) -> tuple[set[Triple], tuple[Clash, ...]]:
        """Give every triple of the closure that RDF can write, and the clashes."""
        nodes = any(rule.widest is not None for rule in self._rules)
        for _ in range(_MAX_ROUNDS):
            self._run_owlrl()
            if self._run_rules():
                continue
            if nodes:
                self._run_node_rules()
                nodes = False
            else:
                return self._all, tuple(
                    Clash("", labels={"en": text, "fr": text}) for text in sorted(set(self._messages))
                )
        raise LimitError(
            f"the rules still find new triples after {_MAX_ROUNDS} rounds",
            hint="look for a rule that builds IRIs from its own results",
        )

    def _add(self, triples: Iterable[Triple]) -> None:
        for triple in triples:
            self._all.add(triple)
            self._graph.add(self._terms.to_rdflib(triple))
            if self._rules:
                self._store.add(Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()))

    def _run_owlrl(self) -> None:
        """Close under OWL 2 RL. A graph without a word of OWL or RDFS has nothing to close."""
        if not self._owl:
            return
        for axiomatic in _AXIOMATIC:
            self._graph.add(self._terms.to_rdflib(axiomatic))
        closure = Semantics(self._graph)
        try:
            closure.closure()
        except AttributeError as error:  # of a number in an axiom that is the same as a thing, which has no value
            raise LimitError(
                f"owlrl cannot close these axioms: {error}", hint="use another engine: kgtool reason --engine datalog"
            ) from error
        self._messages = list(closure.error_messages)
        new = set()
        for triple in self._graph:
            written = self._terms.to_oxigraph(triple)
            if written is not None and written not in self._all and written not in _AXIOMATIC:
                new.add(written)
        self._add(new)

    def _run_rules(self) -> set[Triple]:
        """Run the rules until none finds anything; give what is new."""
        found: set[Triple] = set()
        for _ in range(_MAX_ROUNDS):
            new: set[Triple] = set()
            for rule in self._rules:
                if rule.widest is None:
                    new |= self._concluded(rule) - self._all
            if not new:
                break
            self._add(new)
            found |= new
        self._owl = self._owl or any(map(_means_something_in_owl, found))
        return found

    def _run_node_rules(self) -> None:
        """Run the rules that build competing nodes to their own fixpoint, and add the facts of the nodes that stay."""
        building = [rule for rule in self._rules if rule.widest is not None]
        competitions = {competition_of(rule) for rule in building}
        kept: set[Triple] = set()
        for _ in range(_MAX_ROUNDS):
            found = set().union(*(self._concluded(rule) for rule in building), kept)
            stays = {Triple(*fact) for fact in staying((tuple(t) for t in found), competitions)}  # type: ignore[arg-type]
            if stays == kept:
                break
            for triple in kept - stays:
                self._store.remove(Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()))
            self._store.extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in stays - kept)
            kept = stays
        self._add(kept - self._all)

    def _concluded(self, rule: Rule) -> set[Triple]:
        """Run a rule's own text on what is known."""
        results = self._store.query(
            rule.text,
            default_graph=[DefaultGraph()],
            named_graphs=self._graph_names,
            custom_functions=dict(CUSTOM_FUNCTIONS),
        )
        return set(results) if isinstance(results, QueryTriples) else set()


def _means_something_in_owl(triple: Triple) -> bool:
    """Tell whether a triple can be a premise of a rule that finds more than what the contract leaves out.

    Every other rule of tables 4 to 9 has a premise with one of these predicates, or with a term of OWL.
    """
    owl = PREFIXES["owl"]
    value = triple.object
    return (
        triple.predicate in _SCHEMA_PREDICATES
        or triple.predicate.value.startswith(owl)
        or (isinstance(value, ox.NamedNode) and value.value.startswith(owl))
    )
