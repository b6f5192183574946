"""Partial evaluation: what is left of each OWL rule once the axioms of a graph are known.

The atoms about axioms are solved once; what remains of a rule are its atoms about data, and a table of what the axioms
say to it: ``?c rdfs:subClassOf ?d . ?x rdf:type ?c => ?x rdf:type ?d`` becomes ``?x rdf:type ?c => ?x rdf:type ?d``
with a row for each pair of classes. A rule about a list becomes one for each length that its lists have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kgtool.reasoning.language import Atom, Chain, Each, Member, Pair, Rule, Term, Var
from kgtool.reasoning.matching.solve import NO_ROWS, Binding, Rows, solve
from kgtool.reasoning.owl.axioms import Axioms, Reading, is_about_axioms


@dataclass(frozen=True)
class Specialised:
    """A rule as far as data matter to it.

    :param rule: the rule that it comes from.
    :param body: its atoms about data.
    :param rows: what the axioms say: the values of the variables that its atoms about axioms and lists bind.
    """

    rule: Rule
    body: tuple[Atom, ...]
    head: tuple[Atom, ...]
    rows: Rows = NO_ROWS


def specialise(rule: Rule, axioms: Axioms) -> Iterator[Specialised]:
    """Give what is left of a rule: nothing where no axiom fits, several where its lists differ in length."""
    about_axioms = [atom for atom in rule.body if is_about_axioms(atom)]
    data = tuple(atom for atom in rule.body if not is_about_axioms(atom))
    if not about_axioms and not rule.lists:
        yield Specialised(rule, data, rule.head)
        return
    by_atoms: dict[tuple[Atom, ...], list[Binding]] = {}
    for solution in solve(about_axioms, {}, axioms):
        for _, extended, atoms in with_members(rule, solution, axioms):
            by_atoms.setdefault(atoms, []).append(extended)
    for atoms, bindings in sorted(by_atoms.items(), key=lambda item: len(item[0])):
        columns = tuple(sorted(bindings[0]))
        rows = Rows(columns, (tuple(binding[column] for column in columns) for binding in bindings))
        yield Specialised(rule, (*data, *atoms), rule.head, rows)


def with_members(rule: Rule, binding: Binding, axioms: Axioms) -> Iterator[tuple[Reading, Binding, tuple[Atom, ...]]]:
    """Give what the list of a rule adds to a solution of its axioms, each way to read it and each choice of members.

    :returns: the members, the solution extended by them, and the atoms that the list stands for.
    """
    if not rule.lists:
        yield (), binding, ()
        return
    (part,) = rule.lists
    for reading in axioms.readings(binding[part.head]):
        match part:
            case Member(element=element):
                for member in reading:
                    yield reading, {**binding, element: member}, ()
            case Pair(first=first, second=second):
                for place, one in enumerate(reading):
                    for other in reading[place + 1 :]:
                        yield reading, {**binding, first: one, second: other}, ()
            case Each(element=element):
                atoms = tuple(_unrolled(rule, len(reading)))
                yield reading, {**binding, **_numbered(element, reading)}, atoms
            case Chain():
                atoms = tuple(_unrolled(rule, len(reading)))
                yield reading, {**binding, **_numbered(_STEP, reading)}, atoms


#: Names the properties of a chain; no rule has a variable of this name.
_STEP = Var("step")


def _numbered(name: Var, values: Iterable[Term]) -> Binding:
    return {Var(f"{name}{number}"): value for number, value in enumerate(values)}


def _unrolled(rule: Rule, length: int) -> Iterator[Atom]:
    """Give the atoms that a list of a given length stands for."""
    for part in rule.lists:
        if isinstance(part, Each):
            for number in range(length):
                own = {name: Var(f"{name}{number}") for name in (part.element, *part.local)}
                for subject, predicate, value, _ in part.atoms:
                    yield Atom(*(own.get(n, n) if isinstance(n, Var) else n for n in (subject, predicate, value)))
        elif isinstance(part, Chain):
            nodes = [part.start, *(Var(f"{_STEP}_{number}") for number in range(1, length)), part.end]
            for number in range(length):
                yield Atom(nodes[number], Var(f"{_STEP}{number}"), nodes[number + 1])
