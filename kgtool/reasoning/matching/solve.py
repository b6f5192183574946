"""Solutions of rule bodies by nested look-ups, the most selective atom first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeAlias

from pyoxigraph import NamedNode, Quad

from kgtool.reasoning.language import Atom, Fact, Node, Term, Var
from kgtool.vocabulary import iri

Binding: TypeAlias = dict[Var, Term]
_TYPE = iri("rdf", "type")
_SAME_AS = iri("owl", "sameAs")


class View(Protocol):
    """Facts that answer look-ups."""

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Fact]:
        """Give the facts of the closure that match a pattern."""
        ...

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact is in the closure."""
        ...

    def asserted(
        self, subject: Term | None, predicate: Term | None, value: Term | None, graph: Term | None
    ) -> Iterable[Quad]:
        """Give the quads of source graphs that match a pattern."""
        ...


class Rows:
    """What the axioms say to a rule: solutions of its atoms about them, found by any of their values.

    :param columns: the variables.
    :param rows: a value for each of them.
    """

    def __init__(self, columns: tuple[Var, ...], rows: Iterable[tuple[Term, ...]]) -> None:
        self.columns = columns
        self.rows = tuple(dict.fromkeys(rows))
        self._places = {column: place for place, column in enumerate(columns)}
        self._indexes: dict[tuple[int, ...], dict[tuple[Term, ...], list[tuple[Term, ...]]]] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def bound(self, binding: Binding) -> tuple[int, ...]:
        """Give the places of the columns that a binding fixes."""
        return tuple(place for column, place in self._places.items() if column in binding)

    def matching(self, binding: Binding) -> Sequence[tuple[Term, ...]]:
        """Give the rows that agree with a binding."""
        places = self.bound(binding)
        if not places:
            return self.rows
        index = self._indexes.get(places)
        if index is None:
            index = self._indexes[places] = {}
            for row in self.rows:
                index.setdefault(tuple(row[place] for place in places), []).append(row)
        return index.get(tuple(binding[self.columns[place]] for place in places), ())

    def project(self, columns: Sequence[Var]) -> list[tuple[Term, ...]]:
        """Give the distinct values of some columns."""
        places = [self._places[column] for column in columns]
        return list(dict.fromkeys(tuple(row[place] for place in places) for row in self.rows))


NO_ROWS = Rows((), ((),))


def solve(atoms: Sequence[Atom], binding: Binding, view: View, rows: Rows = NO_ROWS) -> Iterator[Binding]:
    """Give the solutions of atoms, and of what the axioms say, that extend a binding.

    :param rows: of the axioms; they are joined where it pays.
    """
    if rows is NO_ROWS or not rows.columns:
        if rows.rows:
            yield from _solve(list(atoms), binding, view, None)
        return
    yield from _solve(list(atoms), binding, view, rows)


def _solve(atoms: list[Atom], binding: Binding, view: View, rows: Rows | None) -> Iterator[Binding]:
    if not atoms:
        if rows is None:
            yield binding
        else:
            for row in rows.matching(binding):
                yield {**binding, **dict(zip(rows.columns, row, strict=True))}
        return
    if rows is None and len(atoms) == 1:
        yield from match_atom(atoms[0], binding, view)
        return
    best, cost = 0, _cost(atoms[0], binding)
    for place in range(1, len(atoms)):
        other = _cost(atoms[place], binding)
        if other < cost:
            best, cost = place, other
    # With subject and predicate known a look-up gives few facts; else what the axioms say narrows it down first.
    if rows is not None and cost > _FEW:
        for row in rows.matching(binding):
            yield from _solve(atoms, {**binding, **dict(zip(rows.columns, row, strict=True))}, view, None)
        return
    atom = atoms[best]
    rest = atoms[:best] + atoms[best + 1 :]
    for extended in match_atom(atom, binding, view):
        yield from _solve(rest, extended, view, rows)


def match_atom(atom: Atom, binding: Binding, view: View) -> Iterator[Binding]:
    """Give the bindings of one atom that extend a binding."""
    subject, predicate, value = (_known(node, binding) for node in atom[:3])
    if atom.graph is not None:
        graph = _known(atom.graph, binding)
        for quad in view.asserted(subject, predicate, value, graph):
            extended = unify(atom, (quad.subject, quad.predicate, quad.object, quad.graph_name), binding)
            if extended is not None:
                yield extended
        return
    if subject is not None and predicate is not None and value is not None:
        if view.holds((subject, predicate, value)):
            yield binding
        return
    for fact in view.match(subject, predicate, value):
        extended = unify(atom, fact, binding)
        if extended is not None:
            yield extended


def unify(atom: Atom, terms: Sequence[object], binding: Binding) -> Binding | None:
    """Extend a binding so that an atom becomes these terms; None if it cannot."""
    extended = binding
    for node, term in zip(atom, terms, strict=False):
        if type(node) is Var:
            known = extended.get(node)
            if known is None:
                if extended is binding:
                    extended = dict(binding)
                extended[node] = term  # type: ignore[assignment]
            elif known != term:
                return None
        elif node != term:
            return None
    return extended


def _known(node: Node, binding: Binding) -> Term | None:
    return binding.get(node) if type(node) is Var else node  # type: ignore[return-value]


_FEW = 2
_COST = {
    (True, True, True): 0,
    (True, True, False): 1,
    (True, False, True): 2,
    (False, True, True): 3,
    (True, False, False): 5,
    (False, False, True): 6,
    (False, True, False): 7,
    (False, False, False): 9,
}


def _cost(atom: Atom, binding: Binding) -> int:
    """Estimate how many facts a look-up gives: everything of a type is much, everything of a subject is little."""
    subject, predicate, value = atom[:3]
    known = (
        type(subject) is not Var or subject in binding,
        type(predicate) is not Var or predicate in binding,
        type(value) is not Var or value in binding,
    )
    cost = _COST[known]
    if predicate == _SAME_AS and (known[0] or known[2]):
        return 0  # few things have another name, and those that have have few
    if cost == 3 and (binding.get(predicate) if type(predicate) is Var else predicate) == _TYPE:
        return 4
    return cost


def instantiate(atom: Atom, binding: Binding) -> Fact | None:
    """Make an atom a fact; None if a variable is unbound."""
    terms = tuple(_known(node, binding) for node in atom[:3])
    return None if None in terms else terms  # type: ignore[return-value]


def is_iri(term: Term) -> bool:
    """Tell whether a term is an IRI."""
    return isinstance(term, NamedNode)
