"""Rules as data: atoms over triples, what a body may hold besides, and what a head concludes.

A rule is Datalog over triples. Its body holds

- atoms over the closure, and atoms over what source graphs assert (those with a ``graph``);
- lists of OWL axioms, which the axioms settle before any data are looked at (:class:`Member`, :class:`Pair`,
  :class:`Each`, :class:`Chain`);
- conditions, values computed from others (:class:`Bind`), patterns that may be there (:class:`Optionally`);
- negation and aggregates (:class:`Absent`, :class:`Aggregate`), over asserted triples only: whatever the rules conclude
  never changes them, so every program is stratified.

A head concludes triples, or, when it is empty, that the graph is inconsistent. Of the nodes that a head builds only the
widest may be kept (:class:`Widest`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from kgtool.reasoning.language.expressions import Expression, Term, Var, variables_of
from kgtool.reasoning.language.sentence import Sentence

#: A triple that holds: generalised RDF, so that literals may be subjects and blank nodes predicates, as premises.
Fact: TypeAlias = tuple[Term, Term, Term]
Node: TypeAlias = Term | Var

__all__ = [
    "Absent",
    "Aggregate",
    "Atom",
    "Bind",
    "Chain",
    "Each",
    "Fact",
    "Member",
    "Node",
    "Optionally",
    "Pair",
    "Rule",
    "Term",
    "Var",
    "Widest",
]


class Atom(NamedTuple):
    """A triple pattern.

    :param graph: None for a triple of the closure; else the triple is asserted in a source graph: this one, or whatever
        a variable binds.
    """

    subject: Node
    predicate: Node
    object: Node
    graph: Node | None = None

    def variables(self) -> Iterator[Var]:
        """Give the variables, in order; one that stands twice comes twice."""
        for node in self:
            if type(node) is Var:
                yield node


@dataclass(frozen=True)
class Member:
    """``element`` is a member of the RDF list ``head``."""

    head: Var
    element: Var


@dataclass(frozen=True)
class Pair:
    """``first`` stands before ``second`` in the RDF list ``head``."""

    head: Var
    first: Var
    second: Var


@dataclass(frozen=True)
class Each:
    """The atoms hold for every member of a list, with variables of their own for each.

    :param element: stands for the member.
    :param local: variables that are other ones for each member.
    """

    head: Var
    element: Var
    atoms: tuple[Atom, ...]
    local: tuple[Var, ...] = ()


@dataclass(frozen=True)
class Chain:
    """The properties of a list lead from ``start`` to ``end``, one after the other."""

    head: Var
    start: Var
    end: Var


ListAtom: TypeAlias = Member | Pair | Each | Chain


@dataclass(frozen=True)
class Bind:
    """A value computed from others; an expression that has no value leaves the variable unbound."""

    variable: Var
    value: Expression


@dataclass(frozen=True)
class Absent:
    """Nothing matches: negation.

    :param atoms: all of them asserted (with a ``graph``), or about the class hierarchy that the axioms settle.
    """

    atoms: tuple[Atom, ...]
    conditions: tuple[Expression, ...] = ()


@dataclass(frozen=True)
class Optionally:
    """A pattern that binds its variables where it matches, and leaves them unbound where it does not.

    :param atoms: asserted ones; or attributes of a node that a rule builds, there from the beginning or never.
    """

    atoms: tuple[Atom, ...]
    conditions: tuple[Expression, ...] = ()


@dataclass(frozen=True)
class Aggregate:
    """The least or greatest of something, or its count, over asserted triples, for each group.

    :param groups: variables that tell the groups apart.
    :param results: variable, function (``MIN``, ``MAX``, ``COUNT``) and what it looks at.
    :param optional: where there is no group, the results stay unbound; otherwise the rule does not apply.
    """

    groups: tuple[Var, ...]
    results: tuple[tuple[Var, str, Expression], ...]
    atoms: tuple[Atom, ...]
    conditions: tuple[Expression, ...] = ()
    binds: tuple[Bind, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Widest:
    """Of the nodes that rules build for the same thing, those that lie inside another one are dropped.

    :param node: the variable of the node.
    :param group: variables that say which nodes compete.
    :param intervals: pairs of variables; a node lies inside another when all its intervals do.
    :param empty_if_unbound: for each interval, whether no bounds at all mean an empty one (which lies inside any), or
        one without limits (an unbound side never ends).
    """

    node: Var
    group: tuple[Var, ...]
    intervals: tuple[tuple[Var, Var], ...]
    empty_if_unbound: tuple[bool, ...]


@dataclass(frozen=True)
class Rule:
    """One rule.

    :param name: the W3C's, or the file's without ending.
    :param labels: language to what it says, in a sentence.
    :param head: what follows; nothing at all means that the graph is inconsistent.
    :param body: atoms that must match.
    :param lists: atoms about RDF lists, for the OWL rules.
    :param source: where it comes from: a table of the specification, or a file.
    :param text: how it was written: the whole file of a rule file.
    :param sentences: language to what it says of one conclusion, in words.
    """

    name: str
    labels: Mapping[str, str] = field(hash=False)
    head: tuple[Atom, ...]
    body: tuple[Atom, ...]
    lists: tuple[ListAtom, ...] = ()
    conditions: tuple[Expression, ...] = ()
    binds: tuple[Bind, ...] = ()
    absent: tuple[Absent, ...] = ()
    optional: tuple[Optionally, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    widest: Widest | None = None
    source: str = ""
    text: str = field(default="", compare=False)
    sentences: Mapping[str, Sentence] = field(default_factory=dict, hash=False)

    @property
    def is_false(self) -> bool:
        """Whether it concludes that the graph is inconsistent."""
        return not self.head

    @property
    def builds(self) -> frozenset[Var]:
        """Variables that a :class:`Bind` computes: a head with one of them may hold terms that are new."""
        return frozenset(bind.variable for bind in self.binds)

    def asserted_atoms(self) -> Iterator[Atom]:
        """Give the atoms that look at source graphs, wherever they stand."""
        for atoms in (
            self.body,
            *(part.atoms for part in self.absent),
            *(part.atoms for part in self.optional),
            *(part.atoms for part in self.aggregates),
        ):
            yield from (atom for atom in atoms if atom.graph is not None)

    def bound_variables(self) -> frozenset[Var]:
        """Variables that every solution of the body binds."""
        return self._bound

    @cached_property
    def _bound(self) -> frozenset[Var]:
        found = {variable for atom in self.body for variable in atom.variables()}
        for part in self.lists:
            match part:
                case Member(head, element):
                    found |= {head, element}
                case Pair(head, first, second):
                    found |= {head, first, second}
                case Chain(head, start, end):
                    found |= {head, start, end}
                case Each(head, element, atoms, local):
                    found |= {head, *(v for atom in atoms for v in atom.variables())} - {element, *local}
        for aggregate in self.aggregates:
            if not aggregate.optional:
                found |= {*aggregate.groups, *(variable for variable, _, _ in aggregate.results)}
        return frozenset(found)


def expression_variables(rule: Rule) -> frozenset[Var]:
    """Variables that the conditions and binds of a rule look at."""
    found: set[Var] = set()
    for condition in rule.conditions:
        found |= variables_of(condition)
    for bind in rule.binds:
        found |= variables_of(bind.value)
    return frozenset(found)


def is_resource(term: Term) -> bool:
    """Tell whether RDF lets a term be a subject."""
    return isinstance(term, NamedNode | BlankNode)


def is_plain(fact: Fact) -> bool:
    """Tell whether RDF can write a fact: no literal as its subject, an IRI as its predicate.

    >>> a = NamedNode("urn:x:a")
    >>> is_plain((a, a, Literal(1))), is_plain((Literal(1), a, a)), is_plain((a, BlankNode("b"), a))
    (True, False, False)
    """
    return not isinstance(fact[0], Literal) and isinstance(fact[1], NamedNode)
