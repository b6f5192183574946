"""What an engine runs: the OWL rules as the axioms of a graph leave them, and the store's rule files.

Here is decided, once for all engines, which conclusions go into the graph, which are kept out of sight as premises of
others (the contract leaves them out of the graph, yet they count), and which nobody would ever look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from kgtool.reasoning.language import Atom, Fact, Rule, Term, Var
from kgtool.reasoning.language.rule import is_plain
from kgtool.reasoning.matching.patterns import Key, keys_of
from kgtool.reasoning.matching.solve import Binding, Rows
from kgtool.reasoning.omitted import AXIOMATIC, is_omitted
from kgtool.reasoning.owl.axioms import Axioms, is_about_axioms
from kgtool.reasoning.owl.datatypes import DATATYPES, variants
from kgtool.reasoning.owl.literal_types import LiteralTypes
from kgtool.reasoning.owl.reader import owl_rules
from kgtool.reasoning.owl.specialise import Specialised, specialise
from kgtool.reasoning.strata import refuse_unstratified
from kgtool.reasoning.termination import refuse_endless
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
_SAME_AS: Final = iri("owl", "sameAs")
_DIFFERENT: Final = iri("owl", "differentFrom")
_THING: Final = iri("owl", "Thing")
#: The rules that say what equality is. They carry facts from one name of a thing to another, and need no others' help.
EQUALITY: Final = frozenset({"eq-sym", "eq-trans", "eq-rep-s", "eq-rep-p", "eq-rep-o"})
_REFLEXIVE: Final = "eq-ref"
#: Rules that find what is the same and yet different. That something is the same as itself they need not look for.
_DIFFERENT_RULES: Final = frozenset({"eq-diff1", "eq-diff2", "eq-diff3"})
#: Each of these says less than another rule, where the class that it asks for is that of all things.
_NEEDS_NO_THING: Final = {"cls-svf1": Var("d"), "cls-maxqc1": Var("d"), "cls-maxqc3": Var("d")}


class Place(Enum):
    """Where a conclusion goes; numbers, as that is what the bulk engine sorts by."""

    GRAPH = 0
    #: It counts as a premise, but the graph leaves it out.
    HIDDEN = 1
    #: No rule looks at it, and the graph leaves it out.
    NOWHERE = 2


@dataclass(frozen=True)
class Program:
    """The rules of a graph.

    :param axioms: the axioms, closed.
    :param owl: what they leave of the OWL rules; those about axioms alone are done.
    :param files: the store's rule files.
    """

    axioms: Axioms
    owl: tuple[Specialised, ...]
    files: tuple[Specialised, ...]

    @cached_property
    def rules(self) -> tuple[Specialised, ...]:
        """The rules that conclude facts."""
        return tuple(rule for rule in (*self.owl, *self.files) if rule.head)

    @cached_property
    def checks(self) -> tuple[Specialised, ...]:
        """The rules that find inconsistencies.

        That something is the same as itself is never stored, so what is different from itself is looked for as such.
        """
        found = [rule for rule in self.owl if not rule.head]
        return (*found, *(part for rule in found if rule.rule.name in _DIFFERENT_RULES for part in _of_itself(rule)))

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """What the axioms alone bring, and what always holds, wherever it goes; nothing that they state themselves."""
        found = dict.fromkeys((*self.axioms.derived, *AXIOMATIC))
        for rule in owl_rules():
            if rule.name == "cls-oo":
                for part in specialise(rule, self.axioms):
                    (atom,) = part.head
                    for row in part.rows.rows:
                        values = dict(zip(part.rows.columns, row, strict=True))
                        found[(values[atom.subject], _TYPE, values[atom.object])] = None  # type: ignore[index]
        return tuple(fact for fact in found if self.place(fact) is not Place.NOWHERE)

    def place(self, fact: Fact) -> Place:
        """Say where a conclusion goes."""
        if is_plain(fact) and not is_omitted(fact):
            return Place.GRAPH
        return Place.HIDDEN if self._is_needed(fact) else Place.NOWHERE

    def _is_needed(self, fact: Fact) -> bool:
        """Tell whether a rule looks at a fact that the graph leaves out."""
        subject, predicate, value = fact
        if isinstance(predicate, Literal):
            return False
        if predicate == _TYPE:
            if isinstance(subject, Literal) and (value in DATATYPES or self.literal_types.holds(fact)):
                return False  # whether a literal is in a datatype is seen by looking at it
            return value in self.types_looked_at or _TYPE in self.predicates_looked_at
        if predicate == _SAME_AS and subject != value:
            return True  # equality itself
        return predicate in self.predicates_looked_at

    @cached_property
    def literal_types(self) -> LiteralTypes:
        """The classes that literals are in for what they are."""
        return LiteralTypes(self.axioms)

    @cached_property
    def types_looked_at(self) -> frozenset[Term]:
        """The classes that the OWL rules look for members of; of those of literals all, where one looks at any type."""
        found = frozenset(value for predicate, value in self._looked_at if predicate == _TYPE and value is not None)
        return found | DATATYPES if _TYPE in self.predicates_looked_at else found

    @cached_property
    def predicates_looked_at(self) -> frozenset[Term]:
        """The predicates that the OWL rules look for, whatever the object; equality's own rules aside."""
        return frozenset(predicate for predicate, value in self._looked_at if value is None and predicate is not None)

    @cached_property
    def _looked_at(self) -> frozenset[Key]:
        found: set[Key] = set()
        for rule in self.owl:
            if rule.rule.name in EQUALITY or rule.rule.name in (_REFLEXIVE, *_DIFFERENT_RULES):
                continue
            for atom in rule.body:
                found |= set(keys_of(atom, rule.rows))
        return frozenset(found)


def program_of(axioms: Axioms, files: Sequence[Rule]) -> Program:
    """Put together what the axioms leave of the OWL rules, and the rule files.

    :raises InputError: if the files are not stratified, see :mod:`kgtool.reasoning.strata`, or would never end, see
        :mod:`kgtool.reasoning.termination`.
    """
    owl = []
    for rule in owl_rules():
        if not rule.body or (rule.head and all(map(is_about_axioms, (*rule.body, *rule.head)))):
            continue  # axioms from nothing or from axioms, or a look into literals
        for part in map(_with_variants, specialise(rule, axioms)):
            if part.body:
                useful = _without_idle_rows(part)
                if len(useful.rows):
                    owl.append(useful)
    program = Program(axioms, tuple(owl), tuple(Specialised(rule, rule.body, rule.head) for rule in files))
    if _SAME_AS not in program.predicates_looked_at:
        owl = [rule for rule in owl if rule.rule.name != _REFLEXIVE]
    refuse_unstratified((*owl, *program.files), files, EQUALITY)
    refuse_endless(owl, program.files, EQUALITY)
    heard = (_with_rows(rule, _rows_that_are_heard(program, rule)) for rule in owl)
    return Program(axioms, tuple(rule for rule in heard if len(rule.rows)), program.files)


def _with_variants(rule: Specialised) -> Specialised:
    """Let a rule that asks for a literal of the axioms find others of the same value (dt-eq)."""
    columns = rule.rows.columns
    asked = [place for place, name in enumerate(columns) if any(name == atom.object for atom in rule.body)]

    def ways(row: tuple[Term, ...]) -> Iterator[tuple[Term, ...]]:
        yield row
        for place in asked:
            literal = row[place]
            if isinstance(literal, Literal):
                yield from ((*row[:place], other, *row[place + 1 :]) for other in variants(literal))

    if not any(isinstance(row[place], Literal) for place in asked for row in rule.rows.rows):
        return rule
    return _with_rows(rule, (way for row in rule.rows.rows for way in ways(row)))


def _of_itself(rule: Specialised) -> Iterator[Specialised]:
    """Give a rule about what is the same and yet different for one thing, which is never stored to be itself."""
    if rule.rule.name == "eq-diff1":
        yield Specialised(rule.rule, (Atom(Var("x"), _DIFFERENT, Var("x")),), ())
        return
    (same,) = rule.body
    one, other = (rule.rows.columns.index(node) for node in (same.subject, same.object) if isinstance(node, Var))
    yield Specialised(
        rule.rule, (), (), Rows(rule.rows.columns, (row for row in rule.rows.rows if row[one] == row[other]))
    )


def _without_idle_rows(rule: Specialised) -> Specialised:
    """Leave out what the axioms say in vain: conclusions that are premises already."""
    if not rule.head or not rule.rows.columns:
        return rule
    broad = _NEEDS_NO_THING.get(rule.rule.name)

    def useful(row: tuple[Term, ...]) -> bool:
        values = dict(zip(rule.rows.columns, row, strict=True))
        if broad is not None and values.get(broad) == _THING:
            return False
        body = {_substituted(atom, values) for atom in rule.body}
        return any(_substituted(atom, values) not in body for atom in rule.head)

    return _with_rows(rule, filter(useful, rule.rows.rows))


def _rows_that_are_heard(program: Program, rule: Specialised) -> Iterator[tuple[Term, ...]]:
    """Leave out what the axioms say of conclusions that go nowhere."""
    if not rule.head or not rule.rows.columns:
        yield from rule.rows.rows
        return
    (atom,) = rule.head
    anything = (NamedNode("urn:x:s"), NamedNode("urn:x:p"), NamedNode("urn:x:o"))
    for row in rule.rows.rows:
        known = _substituted(atom, dict(zip(rule.rows.columns, row, strict=True)))
        stand_ins = zip(known[:3], anything, strict=True)
        fact = tuple(any_ if isinstance(node, Var) else node for node, any_ in stand_ins)
        if program.place(fact) is not Place.NOWHERE:  # type: ignore[arg-type]
            yield row


def _with_rows(rule: Specialised, rows: Iterable[tuple[Term, ...]]) -> Specialised:
    return Specialised(rule.rule, rule.body, rule.head, Rows(rule.rows.columns, rows))


def _substituted(atom: Atom, values: Binding) -> Atom:
    subject, predicate, value = (values.get(n, n) if isinstance(n, Var) else n for n in atom[:3])
    return Atom(subject, predicate, value, atom.graph)
