"""Why not: the rules that come nearest to concluding a fact, and the premises that they lack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, islice
from typing import Final

from kgtool.reasoning.language import Atom, Fact, Rule, Var
from kgtool.reasoning.matching.rulefiles import parts_that_hold
from kgtool.reasoning.matching.solve import Binding, View, instantiate, solve, unify
from kgtool.reasoning.owl.axioms import is_about_axioms
from kgtool.reasoning.owl.reader import owl_rules
from kgtool.reasoning.owl.specialise import with_members
from kgtool.reasoning.program import EQUALITY
from kgtool.reasoning.proofs.instances import Reasons, substituted
from kgtool.reasoning.proofs.proof import NearMiss

#: Of the ways in which one rule nearly applies, this many are looked at.
_MOST_OF_A_RULE: Final = 200


def near_misses(fact: Fact, reasons: Reasons) -> Iterator[NearMiss]:
    """Give the rules that would conclude a fact that does not hold, those that lack least first.

    Axioms are taken as they are: what is missing is data. The rules of equality are left out, as anything might be the
    same as something else.
    """
    found: dict[NearMiss, tuple[int, int, int]] = {}
    ways: dict[tuple[str, tuple[object, ...]], int] = {}

    def note(miss: NearMiss) -> None:
        if miss not in found:
            # Of each way to miss one comes first: ten of the same kind say less than one of each.
            way = (miss.rule, tuple(atom.predicate for atom in miss.missing))
            ways[way] = ways.get(way, 0) + 1
            found[miss] = (_lacks(miss), ways[way], -len(miss.holding))

    for rule in owl_rules():
        if rule.name not in EQUALITY and rule.name != "eq-ref":
            for head in rule.head:
                binding = unify(head, fact, {})
                if binding is not None:
                    for miss in islice(_of_owl_rule(rule, binding, reasons), _MOST_OF_A_RULE):
                        note(miss)
    for rule in reasons.files:
        for head in rule.head:
            binding = unify(head, fact, {})
            if binding is not None:
                for asked, known in _what_builds(rule, binding, reasons.files) or [(rule, binding)]:
                    for miss in islice(_of_file(asked, known, reasons), _MOST_OF_A_RULE):
                        note(miss)
    yield from sorted(found, key=lambda miss: (*found[miss], miss.rule, str(miss)))


def _of_owl_rule(rule: Rule, binding: Binding, reasons: Reasons) -> Iterator[NearMiss]:
    axioms = [atom for atom in rule.body if is_about_axioms(atom)]
    data = [atom for atom in rule.body if not is_about_axioms(atom)]
    for solution in solve(axioms, _for_axioms(axioms, binding), reasons.axioms):
        for _, extended, more in with_members(rule, solution, reasons.axioms):
            if all(binding.get(name, term) == term for name, term in extended.items()):
                known = {**extended, **binding}
                said = tuple(_facts(axioms, known))
                for holding, missing in _partly([*data, *more], known, reasons.owl):
                    yield NearMiss(rule.name, rule.labels, rule.source, (*said, *holding), missing)


def _lacks(miss: NearMiss) -> int:
    """Count what a rule lacks: a node that is not there is one thing, whatever would be said of it."""
    return len({atom.subject if isinstance(atom.subject, Var) else atom for atom in miss.missing})


def _what_builds(rule: Rule, binding: Binding, files: Iterable[Rule]) -> list[tuple[Rule, Binding]]:
    """Give the rules that build the node that a rule looks at, if it looks at nothing else, with what is known of it.

    That there is no such node says less than what the rules lack that would build it.
    """
    if len({atom.subject for atom in rule.body}) != 1 or any(atom.graph is not None for atom in rule.body):
        return []
    found = []
    for building in files:
        if building.widest is not None:
            heads = {atom.predicate: atom.object for atom in building.head if atom.subject == building.widest.node}
            if all(atom.predicate in heads for atom in rule.body):
                said = ((heads[atom.predicate], atom.object) for atom in rule.body)
                known = {name: binding[term] for name, term in said if isinstance(name, Var) and term in binding}  # type: ignore[index]
                found.append((building, known))
    return found


def _of_file(rule: Rule, binding: Binding, reasons: Reasons) -> Iterator[NearMiss]:
    copies = {bind.variable: bind.value for bind in rule.binds if isinstance(bind.value, Var)}
    named = {copies.get(name, name): term for name, term in binding.items()}
    known = {name: term for name, term in named.items() if name not in rule.builds}
    for holding, missing in _partly(rule.body, known, reasons.graph):
        if missing:
            yield NearMiss(rule.name, rule.labels, rule.source, holding, missing)
    for solution in islice(solve(rule.body, known, reasons.graph), _MOST_OF_A_RULE):
        denying = tuple(parts_that_hold(rule, solution, reasons.graph))
        if denying:
            yield NearMiss(rule.name, rule.labels, rule.source, tuple(_facts(rule.body, solution)), (), denying)


def _partly(atoms: Sequence[Atom], binding: Binding, view: View) -> Iterator[tuple[tuple[Fact, ...], tuple[Atom, ...]]]:
    """Give ways to match all units but one; if there are none, all but two, and so on; with the atoms left out."""
    units = _units(atoms, binding)
    for left_out in range(1, len(units) + 1):
        any_found = False
        for places in combinations(range(len(units)), left_out):
            kept = [atom for place, unit in enumerate(units) if place not in places for atom in unit]
            if not _connected(kept, binding):
                continue
            for solution in islice(solve(kept, binding, view), _MOST_OF_A_RULE):
                missing = tuple(substituted(atom, solution) for place in places for atom in units[place])
                any_found = True
                yield tuple(_facts(kept, solution)), missing
        if any_found:
            return


def _units(atoms: Sequence[Atom], binding: Binding) -> list[tuple[Atom, ...]]:
    """Put together the atoms about one node that nothing names, such as a membership: it is there or it is not."""
    units: dict[object, list[Atom]] = {}
    for place, atom in enumerate(atoms):
        unnamed = isinstance(atom.subject, Var) and atom.subject not in binding
        units.setdefault(atom.subject if unnamed else place, []).append(atom)
    return [tuple(unit) for unit in units.values()]


def _connected(atoms: Sequence[Atom], binding: Binding) -> bool:
    """Tell whether atoms hang together with what is known: anything else has nothing to do with the fact."""
    known = set(binding)
    waiting = list(atoms)
    while waiting:
        near = [atom for atom in waiting if known & set(atom.variables()) or not set(atom.variables())]
        if not near:
            return False
        for atom in near:
            known |= set(atom.variables())
            waiting.remove(atom)
    return True


def _for_axioms(axioms: Iterable[Atom], binding: Binding) -> Binding:
    named = {name for atom in axioms for name in atom.variables()}
    return {name: term for name, term in binding.items() if name in named}


def _facts(atoms: Iterable[Atom], solution: Binding) -> Iterator[Fact]:
    for atom in atoms:
        fact = instantiate(atom, solution)
        if fact is not None:
            yield fact
