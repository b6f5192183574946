"""Whether a step is an instance of a rule file, asked of Oxigraph with the file's own SPARQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Variable

from kgtool.reasoning.language import Fact, Rule, Var
from kgtool.reasoning.language.functions import CUSTOM_FUNCTIONS
from kgtool.reasoning.proofs import Said, Step

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_HIERARCHY = [NamedNode(_RDFS + name) for name in ("subClassOf", "subPropertyOf")]
_HEAD = re.compile(r"CONSTRUCT\s*\{[^}]*\}", re.IGNORECASE)


class FileSteps:
    """Checks steps by rule files.

    A step is right if the rule's WHERE has a solution in nothing but the step's premises, from which its head says the
    conclusion and its body the premises, and which is a solution too with all that sources say, as negation and
    aggregates ask.

    :param store: quads, source graphs among them.
    """

    def __init__(self, store: Any, sources: Sequence[Any]) -> None:
        self._everything = Store()
        self._everything.extend(quad for graph in sources for quad in store.quads(None, None, None, graph))
        kept = {quad.triple for predicate in _HIERARCHY for quad in store.quads(None, predicate, None, None)}
        self._hierarchy = list(kept)

    def is_instance(self, rule: Rule, step: Step) -> bool:
        """Tell whether a step is an instance of a rule."""
        facts = [premise.fact for premise in step.premises]
        alone = Store()
        for premise in step.premises:
            alone.add(Quad(*premise.fact, DefaultGraph()))
            if isinstance(premise, Said):
                alone.extend(Quad(*premise.fact, origin.graph) for origin in premise.origins)
        select = _HEAD.sub("SELECT *", rule.text)
        return any(
            _says(rule, solution, step.fact, facts) and self._stands(select, rule, solution, facts)
            for solution in _solutions(alone, select)
        )

    def _stands(self, select: str, rule: Rule, solution: Mapping[str, Any], facts: Sequence[Fact]) -> bool:
        """Tell whether a solution is one, too, among everything that sources say."""
        graph = [Quad(*fact, DefaultGraph()) for fact in facts]
        graph += [Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in self._hierarchy]
        self._everything.extend(graph)
        try:
            known = {Variable(name): solution[name] for name in _names_of_body(rule) if name in solution}
            found = list(_solutions(self._everything, select, known))
        finally:
            self._everything.clear_graph(DefaultGraph())
        return any(all(row.get(name) == term for name, term in solution.items()) for row in found)


def _solutions(store: Store, text: str, known: Mapping[Variable, Any] | None = None) -> Iterator[dict[str, Any]]:
    results: Any = store.query(text, substitutions=dict(known or {}), custom_functions=dict(CUSTOM_FUNCTIONS))
    names = [variable.value for variable in results.variables]
    given = {variable.value: term for variable, term in (known or {}).items()}
    for row in results:
        yield {**given, **{name: row[name] for name in names if row[name] is not None}}


def _names_of_body(rule: Rule) -> set[str]:
    return {str(node) for atom in rule.body for node in atom if isinstance(node, Var)}


def _says(rule: Rule, solution: Mapping[str, Any], conclusion: Fact, facts: Sequence[Fact]) -> bool:
    """Tell whether a solution makes a head the conclusion, and the rule's other parts each of the premises."""

    def of(atom: Any) -> tuple[Any, ...]:
        return tuple(solution.get(node) if isinstance(node, Var) else node for node in atom[:3])

    if conclusion not in map(of, rule.head):
        return False
    body = set(map(of, rule.body))
    more = [atom for part in (*rule.optional, *rule.aggregates) for atom in part.atoms]
    return body <= set(facts) and all(fact in body or any(_fits(atom, fact) for atom in more) for fact in facts)


def _fits(atom: Any, fact: Fact) -> bool:
    return all(isinstance(node, Var) or node == term for node, term in zip(atom[:3], fact, strict=True))
