"""Which of the nodes that rules build stay: those that lie inside no other of their group.

Rules with a ``widest`` form a stratum: they look at asserted triples, at what follows without the nodes, and at the
nodes themselves. Intersecting and joining are monotone, so whatever a dropped node would have led to lies inside what
the one that contains it leads to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from kgtool.reasoning.language import Atom, Fact, Node, Rule, Term, Var
from kgtool.vocabulary import iri

_TYPE = iri("rdf", "type")
_DATE = iri("xsd", "date")


@dataclass(frozen=True)
class Competition:
    """What makes nodes compete, by the predicates of their facts.

    :param group: nodes with the same values of these compete; only the first one must be there, and what is not there
        counts as a value of its own.
    :param intervals: start and end of each interval.
    :param empty_if_unbound: for each interval, whether no bounds at all mean an empty one.
    """

    group: tuple[Term, ...]
    intervals: tuple[tuple[Term, Term], ...]
    empty_if_unbound: tuple[bool, ...]

    def lies_inside(self, one: Sequence[Term | None], other: Sequence[Term | None]) -> bool:
        """Tell whether all intervals of one node lie inside those of another.

        :param one: its starts and ends, in the order of the intervals; None where there is no bound.

        >>> may = Competition((), ((iri("schema", "startDate"), iri("schema", "endDate")),), (False,))
        >>> day = lambda text: Literal(text, datatype=_DATE)
        >>> may.lies_inside((day("2020-01-01"), day("2021-01-01")), (day("2019-01-01"), None))
        True
        >>> may.lies_inside((None, day("2021-01-01")), (day("2019-01-01"), None))
        False
        """
        for place, empty in enumerate(self.empty_if_unbound):
            start, end = one[2 * place : 2 * place + 2]
            outer_start, outer_end = other[2 * place : 2 * place + 2]
            if empty:
                if start is None and end is None:
                    continue
                if outer_start is None and outer_end is None:
                    return False
            if outer_start is not None and not _not_before(start, outer_start):
                return False
            if outer_end is not None and not _not_before(outer_end, end):
                return False
        return True


def _not_before(later: Term | None, earlier: Term | None) -> bool:
    """Tell whether a day is on or after another one; bounds that are no days are only comparable with themselves."""
    if later is None or earlier is None:
        return False
    if later == earlier:
        return True
    days = all(isinstance(term, Literal) and term.datatype == _DATE for term in (later, earlier))
    return days and later.value >= earlier.value


def competition_of(rule: Rule) -> Competition:
    """Give the competition that the nodes of a rule take part in."""
    widest = rule.widest
    assert widest is not None, "only rules with a widest build nodes that compete"
    predicates = {atom.object: atom.predicate for atom in rule.head if atom.subject == widest.node}

    def of(variable: Var) -> Term:
        return predicates[variable]  # type: ignore[return-value]

    return Competition(
        tuple(of(name) for name in widest.group),
        tuple((of(start), of(end)) for start, end in widest.intervals),
        widest.empty_if_unbound,
    )


def staying(facts: Iterable[Fact], competitions: Iterable[Competition]) -> set[Fact]:
    """Give the facts of the nodes that lie inside no other of their group; of those that are alike, the first by name.

    :param facts: about the nodes, complete.
    """
    about: dict[Term, list[Fact]] = {}
    for fact in facts:
        about.setdefault(fact[0], []).append(fact)
    stays: set[Fact] = set()
    for competition in competitions:
        groups: dict[tuple[Term | None, ...], list[tuple[Term, list[Term | None]]]] = {}
        for node, its in about.items():
            values = {fact[1]: fact[2] for fact in its}
            if competition.group[0] in values:
                bounds = [values.get(predicate) for pair in competition.intervals for predicate in pair]
                group = tuple(values.get(predicate) for predicate in competition.group)
                groups.setdefault(group, []).append((node, bounds))
        for members in groups.values():
            for node, bounds in members:
                if not any(
                    other != node and competition.lies_inside(bounds, its) and (bounds != its or str(other) < str(node))
                    for other, its in members
                ):
                    stays.update(about[node])
    return stays


def constants_of(rules: Iterable[Rule]) -> frozenset[Term]:
    """Give the terms that rules name as subjects and objects."""
    return frozenset(
        node
        for rule in rules
        for atoms in (
            rule.head,
            rule.body,
            *(part.atoms for part in rule.absent),
            *(part.atoms for part in rule.optional),
            *(part.atoms for part in rule.aggregates),
        )
        for atom in atoms
        for node in (atom.subject, atom.object)
        if not isinstance(node, Var)
    )


def node_patterns(rules: Iterable[Rule]) -> frozenset[tuple[Node, Node | None]]:
    """Give predicate and object (None: any; of types only) of the facts that rules with a ``widest`` conclude."""
    return frozenset(
        (atom.predicate, atom.object if atom.predicate == _TYPE else None)
        for rule in rules
        if rule.widest is not None
        for atom in rule.head
    )


def may_look_at_nodes(atom: Atom, patterns: frozenset[tuple[Node, Node | None]]) -> bool:
    """Tell whether an atom of a rule may match a fact about a node that competes."""
    if atom.graph is not None:
        return False
    if isinstance(atom.predicate, Var):
        return bool(patterns)
    if atom.predicate == _TYPE and not isinstance(atom.object, Var):
        return (atom.predicate, atom.object) in patterns
    return any(predicate == atom.predicate for predicate, _ in patterns)
