"""The classes that a literal is in for what it is: its datatypes, and what the axioms say of these alone.

Whoever looks for them looks at the literal: they are kept nowhere, and no change of the data changes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from pyoxigraph import Literal

from kgtool.reasoning.language import Fact, Term, Var
from kgtool.reasoning.owl.axioms import Axioms
from kgtool.reasoning.owl.datatypes import DATATYPES, is_in
from kgtool.reasoning.owl.reader import owl_rules
from kgtool.reasoning.owl.specialise import Specialised, specialise
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
#: Where axioms name what is in another class for being in this one.
_NAMING: Final = (iri("rdfs", "subClassOf"), iri("owl", "equivalentClass"))
_FIRST: Final = iri("rdf", "first")


class LiteralTypes:
    """Which classes literals are in, under the axioms of a graph (dt-type2, and the rules about classes alone).

    >>> number = iri("schema", "Number")
    >>> kinds = LiteralTypes(Axioms([(iri("xsd", "integer"), iri("rdfs", "subClassOf"), number)]))
    >>> kinds.holds((Literal(1), _TYPE, number)), kinds.holds((Literal("1"), _TYPE, number))
    (True, False)
    """

    def __init__(self, axioms: Axioms) -> None:
        #: What follows from being in some classes: those that have to be there with the one by which it is found.
        self._steps: dict[Term, list[tuple[frozenset[Term], Term]]] = {}
        self._broader: dict[frozenset[Term], frozenset[Term]] = {}
        if _speak_of_datatypes(axioms):
            for classes, conclusion in _steps(axioms):
                for one in classes:
                    self._steps.setdefault(one, []).append((classes, conclusion))

    def of(self, literal: Literal) -> frozenset[Term]:
        """Give the classes that a literal is in."""
        return self._with_broader(frozenset(datatype for datatype in DATATYPES if is_in(literal, datatype)))

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact puts a literal into a class that it is in for what it is."""
        subject, predicate, value = fact
        if predicate != _TYPE or not isinstance(subject, Literal):
            return False
        if value in DATATYPES and is_in(subject, value):  # type: ignore[arg-type]
            return True
        return bool(self._steps) and value in self.of(subject)

    def may_hold(self, kind: Term) -> bool:
        """Tell whether a class may have literals for what they are."""
        return kind in DATATYPES or kind in self._conclusions

    @cached_property
    def _conclusions(self) -> frozenset[Term]:
        return frozenset(conclusion for steps in self._steps.values() for _, conclusion in steps)

    def _with_broader(self, datatypes: frozenset[Term]) -> frozenset[Term]:
        if not self._steps:
            return datatypes
        if datatypes not in self._broader:
            found, left = set(datatypes), list(datatypes)
            while left:
                for classes, conclusion in self._steps.get(left.pop(), ()):
                    if classes <= found and conclusion not in found:
                        found.add(conclusion)
                        left.append(conclusion)
            self._broader[datatypes] = frozenset(found)
        return self._broader[datatypes]


def _speak_of_datatypes(axioms: Axioms) -> bool:
    """Tell whether axioms may put what is in a datatype into something else."""
    return any(
        any(True for _ in axioms.match(datatype, predicate, None))
        or any(True for _ in axioms.match(None, predicate, datatype))
        for datatype in DATATYPES
        for predicate in _NAMING
    ) or any(member in DATATYPES for node in axioms.list_nodes for _, _, member in axioms.list_facts(node))


def _steps(axioms: Axioms) -> Iterator[tuple[frozenset[Term], Term]]:
    """Give the classes whose common members are in another one, and that one."""
    for rule in owl_rules():
        for part in specialise(rule, axioms) if rule.body and len(rule.head) == 1 else ():
            if _is_about_one_thing(part):
                for row in part.rows.rows:
                    values = dict(zip(part.rows.columns, row, strict=True))

                    def named(node: object, values: dict[Var, Term] = values) -> Term | None:
                        return values.get(node) if isinstance(node, Var) else node  # type: ignore[return-value]

                    classes = [named(atom.object) for atom in part.body]
                    conclusion = named(part.head[0].object)
                    if conclusion is not None and None not in classes:
                        yield frozenset(kind for kind in classes if kind is not None), conclusion


def _is_about_one_thing(part: Specialised) -> bool:
    """Tell whether a rule says of a thing in which class it is for being in others."""
    (head,) = part.head
    atoms = (head, *part.body)
    return bool(part.body) and all(atom.predicate == _TYPE and atom.subject == head.subject for atom in atoms)
