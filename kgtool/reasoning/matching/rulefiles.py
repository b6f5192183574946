"""Solutions of a rule file by look-ups: its atoms, and step by step what it may hold besides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import Literal

from kgtool.reasoning.language import Absent, Aggregate, Bind, Fact, Optionally, Rule, Term, Var
from kgtool.reasoning.matching.computed import computed
from kgtool.reasoning.matching.solve import Binding, View, instantiate, solve
from kgtool.vocabulary import iri

#: Of so many bindings each is compared with each other one.
_MOST_COMPARED: Final = 50
_NUMBERS = {iri("xsd", name) for name in ("integer", "decimal", "float", "double")}


def solutions_of(rule: Rule, binding: Binding, view: View) -> list[Binding]:
    """Give the solutions of a rule that extend a binding of variables of its body.

    :param view: the graph as rule files see it.
    """
    return solutions_of_any(rule, (binding,), view)


def solutions_of_any(rule: Rule, bindings: Iterable[Binding], view: View) -> list[Binding]:
    """Give the solutions of a rule that extend any of some bindings, each once; what they compute is asked for at once.

    :param view: the graph as rule files see it.
    """
    found = _each_once(body for binding in narrowest(bindings) for body in solve(rule.body, binding, view))
    if not found:
        return []
    for aggregate in rule.aggregates:
        found = [joined for solution in found for joined in _with_aggregate(aggregate, solution, view)]
    for optional in rule.optional:
        found = [extended for solution in found for extended in _with_optional(optional, solution, view)]
    done = [solution for solution in computed(found, rule.binds, rule.conditions) if solution is not None]
    for absent in rule.absent:
        done = [solution for solution in done if not _exists(absent, solution, view)]
    return done


def bodies_of_any(rule: Rule, bindings: Iterable[Binding], view: View, wanted: Collection[Var]) -> list[Binding]:
    """Give the solutions of a rule's atoms that extend any of some bindings, each once, and nothing computed.

    There are at least as many as the rule has solutions.

    :param wanted: variables that are also looked for in what may be there.
    """
    found = _each_once(body for binding in narrowest(bindings) for body in solve(rule.body, binding, view))
    for part in rule.optional:
        if not part.conditions and any(name in wanted for atom in part.atoms for name in atom.variables()):
            found = [extended for solution in found for extended in _with_optional(part, solution, view)]
    return found


def narrowest(bindings: Iterable[Binding]) -> list[Binding]:
    """Leave out bindings that extend others: their solutions are among those of the others.

    >>> one, both = {Var("a"): Literal(1)}, {Var("a"): Literal(1), Var("b"): Literal(2)}
    >>> narrowest([both, one, both]) == [one]
    True
    """
    kept = _each_once(bindings)
    if not 1 < len(kept) <= _MOST_COMPARED:
        return kept
    kept.sort(key=len)
    return [b for place, b in enumerate(kept) if not any(other.items() <= b.items() for other in kept[:place])]


def _each_once(bindings: Iterable[Binding]) -> list[Binding]:
    return list({frozenset(binding.items()): binding for binding in bindings}.values())


def parts_that_hold(rule: Rule, solution: Binding, view: View) -> Iterator[Fact]:
    """Give what sources say of a solution although the rule asks that none says it."""
    for absent in rule.absent:
        for match in _matches(absent, solution, view):
            facts = (instantiate(atom, match) for atom in absent.atoms)
            yield from (fact for fact in facts if fact is not None)


def _matches(part: Absent | Optionally, solution: Binding, view: View) -> Iterator[Binding]:
    found = list(solve(part.atoms, solution, view))
    yield from (match for match in computed(found, (), part.conditions) if match is not None)


def _exists(part: Absent, solution: Binding, view: View) -> bool:
    if not part.conditions:
        return any(True for _ in solve(part.atoms, solution, view))
    return any(True for _ in _matches(part, solution, view))


def _with_optional(part: Optionally, solution: Binding, view: View) -> list[Binding]:
    return list(_matches(part, solution, view)) or [solution]


def _with_aggregate(part: Aggregate, solution: Binding, view: View) -> Iterator[Binding]:
    """Join the groups of an aggregate that agree with a solution, with their results."""
    shared = {name: solution[name] for name in part.groups if name in solution}
    looked_at = [Bind(Var(f"kgtool_aggregated{place}"), value) for place, (_, _, value) in enumerate(part.results)]
    rows = list(solve(part.atoms, shared, view))
    groups: dict[tuple[Term | None, ...], list[Binding]] = {}
    for row in computed(rows, (*part.binds, *looked_at), part.conditions):
        if row is not None:
            groups.setdefault(tuple(row.get(name) for name in part.groups), []).append(row)
    if not part.groups:
        groups.setdefault((), [])  # without GROUP BY there is one group, also of nothing
    if not groups and part.optional:
        yield solution
    for group, members in groups.items():
        results: Binding = {}
        for bind, (name, function, _) in zip(looked_at, part.results, strict=True):
            values = [member[bind.variable] for member in members if bind.variable in member]
            result = _aggregated(function, values)
            if result is not None:
                results[name] = result
        named = {name: term for name, term in zip(part.groups, group, strict=True) if term is not None}
        yield {**solution, **named, **results}


def _aggregated(function: str, values: Sequence[Term]) -> Term | None:
    if function == "COUNT":
        return Literal(len(values))
    if not values:
        return None
    return (min if function == "MIN" else max)(values, key=order)


def order(term: Term) -> tuple[bool, float, str]:
    """Give what terms are ordered by: numbers as numbers, everything else by its text.

    >>> order(Literal(9)) > order(Literal(10)), order(Literal("2024-02-01")) < order(Literal("2024-10-01"))
    (False, True)
    """
    if isinstance(term, Literal) and term.datatype in _NUMBERS:
        try:
            return True, float(term.value), str(term)
        except ValueError:
            return False, 0.0, str(term)
    return False, 0.0, str(term)


def variables_from_outside(rule: Rule) -> frozenset[Var]:
    """Variables by which a change in one part of a rule tells which of its solutions it touches."""
    in_body = (variable for atom in rule.body for variable in atom.variables())
    return frozenset((*in_body, *(name for part in rule.aggregates for name in part.groups)))
