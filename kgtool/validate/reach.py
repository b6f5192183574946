"""The part of a graph that a query can look at from its pre-bound variables.

A pending change is not in the store yet, and Oxigraph evaluates over a store only. So the triples that the query's
patterns can match are fetched, pattern after pattern, from the values that its variables can have, into a small store
of its own. What lies elsewhere cannot change the answer: each pattern's candidates are a superset of the triples that
it matches in any solution, and what a group is only tested by or combined with is fetched for all values of the
variables they share.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pyoxigraph import NamedNode, Quad, Store, Triple

from kgtool.store.interface import Results
from kgtool.validate.graphs import Look, Merged, as_variables
from kgtool.validate.pattern_reader import read_patterns
from kgtool.validate.patterns import Group, Path, Pattern
from kgtool.validate.terms import AnyTerm, Term


@dataclass(frozen=True)
class Step:
    """A pattern, and the end from which its triples are fetched; ``nowhere`` fetches all that it could match."""

    pattern: Pattern
    start: Literal["subject", "object", "nowhere"]


@dataclass(frozen=True)
class Plan:
    """The patterns of a group in the order in which they are reached, then the groups in it.

    :param inner: with the variables whose candidates they take over.
    """

    steps: tuple[Step, ...]
    inner: tuple[tuple[frozenset[str], Plan], ...]


@dataclass(frozen=True)
class Reach:
    """How to fetch what a query looks at.

    :param exacting: whether it has no solution as soon as one of its outer patterns has no match.
    """

    plan: Plan
    exacting: bool


@lru_cache(maxsize=512)
def reach_of(text: str, bound: frozenset[str]) -> Reach | None:
    """Say how to fetch what a query with some variables pre-bound looks at; None if it must see everything.

    >>> reach = reach_of("ASK { ?v <urn:x:q> ?w . $this <urn:x:p> ?v }", frozenset({"this"}))
    >>> [(step.pattern.object, step.start) for step in reach.plan.steps]
    [('v', 'subject'), ('w', 'subject')]
    """
    query = read_patterns(text)
    plan = None if query is None else _planned(query.group, bound, bound)
    return None if query is None or plan is None else Reach(plan, exacting=not query.aggregated)


def _planned(group: Group, known: frozenset[str], fixed: frozenset[str]) -> Plan | None:
    """Order a group's patterns.

    :param known: variables that have candidates.
    :param fixed: those of them that are replaced by their values wherever they stand.
    """
    steps: list[Step] = []
    have, left = set(known), list(group.patterns)
    while left:
        pattern = min(left, key=lambda each: _cost(each, have))
        left.remove(pattern)
        start: Literal["subject", "object", "nowhere"] = "nowhere"
        if pattern.subject in have or isinstance(pattern.subject, NamedNode):
            start = "subject"
        elif pattern.object in have or isinstance(pattern.object, NamedNode):
            start = "object"
        elif isinstance(pattern.path, str) or pattern.path.empty:
            return None
        steps.append(Step(pattern, start))
        have |= pattern.variables()
    inner = []
    for each in group.inner:
        inside = fixed | each.sees if each.substituted else fixed
        sees = frozenset(fixed | each.sees)
        plan = _planned(each.group, sees, frozenset(inside))
        if plan is None:
            return None
        inner.append((sees, plan))
    return Plan(tuple(steps), tuple(inner))


def _cost(pattern: Pattern, have: Collection[str]) -> int:
    """Prefer what follows from a node to what leads to it, and either to a constant, which may be a class or a hub."""
    if pattern.subject in have:
        return 0
    if isinstance(pattern.subject, NamedNode):
        return 1
    if pattern.object in have:
        return 2
    return 3 if isinstance(pattern.object, NamedNode) else 4


def may_match(reach: Reach, bindings: Mapping[str, AnyTerm], data: Merged) -> bool:
    """Tell whether the patterns that follow from the pre-bound variables at once have matches."""
    for step in reach.plan.steps if reach.exacting else ():
        subject, path, object_ = (
            bindings.get(each) if isinstance(each, str) else each
            for each in (step.pattern.subject, _link(step.pattern.path), step.pattern.object)
        )
        known = subject if step.start == "subject" else object_
        if known is not None and path is not None:
            look = (subject, path, None) if step.start == "subject" else (None, path, object_)
            if not data.holds(*look):
                return False
    return True


def _link(path: Path | str) -> str | NamedNode | None:
    return path if isinstance(path, str) else path.iri


class Scratch:
    """A small store with the triples fetched so far; those of several queries do not disturb each other."""

    def __init__(self, data: Merged) -> None:
        self._store = Store()
        self._data = data
        self._fetched: set[Look] = set()

    def fetch(self, reach: Reach, bindings: Mapping[str, AnyTerm], universe: Collection[AnyTerm] | None = None) -> bool:
        """Fetch what a query can look at; tell whether it can have a solution at all.

        :param universe: the only nodes that count where a pattern follows from nothing: None for all.
        """
        candidates = {name: {term} for name, term in bindings.items()}
        return self._follow(reach.plan, candidates, universe, exacting=reach.exacting)

    def query(self, text: str, substitutions: Mapping[str, Term]) -> Results:
        """Evaluate a SPARQL query on what was fetched, with values for projected variables."""
        return self._store.query(text, substitutions=as_variables(substitutions))  # type: ignore[arg-type]

    def _follow(
        self, plan: Plan, candidates: dict[str, set[AnyTerm]], universe: Collection[AnyTerm] | None, *, exacting: bool
    ) -> bool:
        for step in plan.steps:
            ends = self._step(step, candidates, universe)
            if exacting and not (ends[0] and ends[2]):
                return False
            for name, found in zip((step.pattern.subject, step.pattern.path, step.pattern.object), ends, strict=True):
                if isinstance(name, str) and name not in candidates:
                    candidates[name] = set(found)
        for sees, inner in plan.inner:
            self._follow(inner, {name: candidates[name] for name in sees}, universe, exacting=False)
        return True

    def _step(
        self, step: Step, candidates: Mapping[str, set[AnyTerm]], universe: Collection[AnyTerm] | None
    ) -> tuple[Collection[AnyTerm], Collection[AnyTerm], Collection[AnyTerm]]:
        """Fetch the triples of a pattern; give the values that its subject, path and object can have."""
        subject, path, object_ = step.pattern.subject, step.pattern.path, step.pattern.object
        forward = step.start != "object"
        start = subject if forward else object_
        nodes: Collection[AnyTerm] | None = universe
        if step.start != "nowhere":
            nodes = candidates[start] if isinstance(start, str) else [start] if start is not None else []
        if isinstance(path, Path) and path.kind != "link":
            if nodes is None:
                everything = {term for triple in self._extents(path) for term in (triple.subject, triple.object)}
                return everything, (), everything
            reached = self._walk(path, set(nodes), forward=forward)
            return (nodes, (), reached) if forward else (reached, (), nodes)
        predicates = candidates.get(path, {None}) if isinstance(path, str) else {path.iri}
        constant = object_ if isinstance(object_, NamedNode) else None
        looks: list[Look] = [
            (node, predicate, constant) if forward else (None, predicate, node)
            for predicate in predicates
            for node in ([None] if nodes is None else nodes)
        ]
        triples = [triple for look in looks for triple in self._triples(look)]
        return {t.subject for t in triples}, {t.predicate for t in triples}, {t.object for t in triples}

    def _walk(self, path: Path, nodes: set[AnyTerm], *, forward: bool) -> set[AnyTerm]:
        """Follow a path from nodes, or back from them; give the nodes where it ends."""
        if path.kind == "link":
            if forward:
                return {t.object for node in nodes for t in self._triples((node, path.iri, None))}
            return {t.subject for node in nodes for t in self._triples((None, path.iri, node))}
        if path.kind == "inverse":
            return self._walk(path.parts[0], nodes, forward=not forward)
        if path.kind == "sequence":
            for part in path.parts if forward else reversed(path.parts):
                nodes = self._walk(part, nodes, forward=forward)
            return nodes
        if path.kind in ("choice", "optional"):
            ends = {end for part in path.parts for end in self._walk(part, nodes, forward=forward)}
            return ends | nodes if path.kind == "optional" else ends
        found: set[AnyTerm] = set(nodes) if path.empty else set()
        following = self._walk(path.parts[0], nodes, forward=forward)
        while following:
            found |= following
            following = self._walk(path.parts[0], following, forward=forward) - found
        return found

    def _extents(self, path: Path) -> list[Triple]:
        """Fetch every triple of the properties that a path is made of."""
        if path.kind == "link":
            return self._triples((None, path.iri, None))
        return [triple for part in path.parts for triple in self._extents(part)]

    def _triples(self, look: Look) -> list[Triple]:
        found = self._data.match(*look)
        if look not in self._fetched:
            self._fetched.add(look)
            self._store.extend(Quad(triple.subject, triple.predicate, triple.object) for triple in found)
        return found
