"""The terms that an explanation speaks of, in the order in which it does."""

from __future__ import annotations

from collections.abc import Iterator

from kgtool.reasoning.language import Node
from kgtool.reasoning.proofs.explanation import Explanation
from kgtool.reasoning.proofs.proof import NearMiss, Origin, Said, Step


def nodes_of(*told: Explanation | Step) -> Iterator[Node]:
    """Give the nodes that explanations and steps name, source graphs included; some come more than once."""
    for one in told:
        if isinstance(one, Step):
            yield from _nodes_of_steps(one)
            continue
        yield from (*one.fact, *_graphs(one.said))
        for step in one.proofs:
            yield from _nodes_of_steps(step)
        for miss in one.missing:
            yield from _nodes_of_miss(miss)


def predicates_of(*told: Explanation | Step) -> frozenset[Node]:
    """Give the nodes that stand as a property somewhere, or in the chain of one."""
    found: set[Node] = set()
    for one in told:
        if isinstance(one, Explanation):
            found.add(one.fact[1])
            for miss in one.missing:
                found |= {fact[1] for fact in (*miss.holding, *miss.denying)}
                found |= {atom.predicate for atom in miss.missing}
        for step in (one,) if isinstance(one, Step) else one.proofs:
            for inner in distinct_steps(step):
                found |= {premise.fact[1] for premise in inner.premises}
                found |= {atom.predicate for denied in inner.denied for atom in denied.atoms}
    return frozenset(found)


def distinct_steps(proof: Step) -> Iterator[Step]:
    """Give the steps of a proof, each once however often it is used, conclusions before premises."""
    seen: set[int] = set()
    waiting = [proof]
    while waiting:
        step = waiting.pop()
        if id(step) not in seen:
            seen.add(id(step))
            yield step
            waiting += [premise for premise in reversed(step.premises) if isinstance(premise, Step)]


def _nodes_of_steps(proof: Step) -> Iterator[Node]:
    for step in distinct_steps(proof):
        yield from step.fact
        for premise in step.premises:
            yield from premise.fact
            if isinstance(premise, Said):
                yield from _graphs(premise.origins)
        for _, members in step.lists:
            yield from members
        if step.in_words is not None:
            yield from step.in_words.values.values()
        for denied in step.denied:
            yield from (node for atom in denied.atoms for node in atom[:3])


def _nodes_of_miss(miss: NearMiss) -> Iterator[Node]:
    for fact in (*miss.holding, *miss.denying):
        yield from fact
    for atom in miss.missing:
        yield from atom[:3]


def _graphs(origins: tuple[Origin, ...]) -> Iterator[Node]:
    return (origin.graph for origin in origins)
