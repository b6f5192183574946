"""Rules that would never end: those that make ever longer names out of names that they made.

The rules of OWL make no terms. A rule file may put new ones together, and must not do so from its own, by whatever way
these come back to it. That is seen without running anything: places of facts are followed from the rules' bodies to
their heads, and rules are refused if a place where a term is made of others leads back to where these are taken from.
Only equality is passed over, as it could bring anything anywhere; there the length of names puts an end to it
(:func:`~kgtool.reasoning.language.expressions.refuse_long_name`).

Source: weak acyclicity, as in Fagin, Kolaitis, Miller and Popa, Data Exchange: Semantics and Query Answering, 2005.
Functions that never give more text than they get are no harm, as they lead to finitely many terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from kgtool.errors import InputError, Location
from kgtool.reasoning.language import Atom, Call, Expression, Rule, Term, Var
from kgtool.reasoning.language.expressions import WHEN
from kgtool.reasoning.matching.patterns import Key, keys_of, overlap
from kgtool.reasoning.matching.solve import NO_ROWS, Rows
from kgtool.reasoning.owl.specialise import Specialised

#: Functions that give more text than they get, however often they are applied.
_LENGTHENING: Final = frozenset({"CONCAT", "ENCODE_FOR_URI", "SHA1", "SHA256"})
#: Functions whose first argument only chooses.
_CHOOSING: Final = frozenset({"IF", WHEN})
_SUBJECT, _OBJECT = 0, 2

#: Where a term stands: in facts with such a key, as their subject (0) or object (2).
Spot: TypeAlias = tuple[Key, int]


@dataclass(frozen=True)
class _Way:
    """Terms come from one spot to another.

    :param making: the rule, if it makes longer terms of them.
    """

    start: Spot
    end: Spot
    making: Rule | None = None


def refuse_endless(rules: Iterable[Specialised], files: Sequence[Specialised], equality: frozenset[str]) -> None:
    """Refuse rule files that make terms out of those that they made.

    :param rules: the OWL rules.
    :param equality: names of the rules that only carry facts from one name of a thing to another.
    :raises InputError: naming the rule file.
    """
    of_files = [way for rule in files for way in _ways_of_file(rule.rule)]
    making = [way for way in of_files if way.making is not None]
    if not making:
        return
    ways = _Ways(of_files)
    for rule in rules:
        if rule.rule.name not in equality:
            ways.add(_ways_of_rule(rule))
    reached: dict[Spot, frozenset[Spot]] = {}
    for way in making:
        if way.end not in reached:
            reached[way.end] = ways.reachable(way.end)
        if way.making is not None and any(_meet(spot, way.start) for spot in reached[way.end]):
            raise _endless(way.making, way.start)


class _Ways:
    """Ways by where they start."""

    def __init__(self, ways: Iterable[_Way]) -> None:
        self._by_spot: dict[Spot, list[_Way]] = {}
        self._spots: dict[tuple[Term | None, int], set[Spot]] = {}
        self.add(ways)

    def add(self, ways: Iterable[_Way]) -> None:
        """Add ways."""
        for way in ways:
            (predicate, _), place = way.start
            self._by_spot.setdefault(way.start, []).append(way)
            self._spots.setdefault((predicate, place), set()).add(way.start)

    def reachable(self, start: Spot) -> frozenset[Spot]:
        """Give the spots that terms come to from a spot, itself included."""
        found, left = {start}, [start]
        while left:
            for spot in self._met(left.pop()):
                ends = {way.end for way in self._by_spot[spot]} - found
                found |= ends
                left += ends
        return frozenset(found)

    def _met(self, spot: Spot) -> Iterator[Spot]:
        """Give the spots where ways start that may hold the same terms."""
        ((predicate, kind), place) = spot
        if predicate is None:
            yield from (other for other in self._by_spot if other[1] == place)
            return
        if kind is not None:
            yield from {((predicate, kind), place), ((predicate, None), place)} & self._by_spot.keys()
        else:
            yield from self._spots.get((predicate, place), ())
        yield from self._spots.get((None, place), ())


def _meet(one: Spot, other: Spot) -> bool:
    return one[1] == other[1] and overlap(one[0], other[0])


def _ways_of_rule(rule: Specialised) -> Iterator[_Way]:
    """Give the ways through an OWL rule, for each row of what the axioms say."""
    for row in rule.rows.rows:
        single = Rows(rule.rows.columns, (row,))
        ends = [end for atom in rule.head for end in _spots(atom, single)]
        for atom in rule.body:
            for variable, start in _spots(atom, single):
                yield from (_Way(start, end) for other, end in ends if other == variable)


def _ways_of_file(rule: Rule) -> Iterator[_Way]:
    """Give the ways through a rule file. What sources assert is finite, so no way starts from a variable of it."""
    asserted = {variable for atom in rule.body if atom.graph is not None for variable in atom.variables()}
    asserted |= {variable for part in rule.aggregates if not part.optional for variable in part.groups}
    starts: dict[Var, list[Spot]] = {}
    for atom in (*rule.body, *(atom for part in rule.optional for atom in part.atoms)):
        for variable, spot in _spots(atom, NO_ROWS) if atom.graph is None else ():
            if variable not in asserted:
                starts.setdefault(variable, []).append(spot)
    binds = {bind.variable: bind.value for bind in rule.binds}
    for atom in rule.head:
        for variable, end in _spots(atom, NO_ROWS):
            for source, lengthened in set(_sources(variable, binds)):
                for start in starts.get(source, ()):
                    yield _Way(start, end, rule if lengthened else None)


def _sources(
    expression: Expression, binds: dict[Var, Expression], lengthened: bool = False
) -> Iterator[tuple[Var, bool]]:
    """Give the variables whose terms a value is made of, and whether it may be longer than they are."""
    if isinstance(expression, Var):
        if expression in binds:
            yield from _sources(binds[expression], binds, lengthened)
        else:
            yield expression, lengthened
    elif isinstance(expression, Call):
        lengthened = lengthened or expression.function in _LENGTHENING
        for argument in expression.arguments[expression.function in _CHOOSING :]:
            yield from _sources(argument, binds, lengthened)


def _spots(atom: Atom, rows: Rows) -> list[tuple[Var, Spot]]:
    """Give where the variables of an atom stand; predicates are named by rules, so no term comes to stand there.

    :param rows: at most one row, whose variables are no longer any.
    """
    (key,) = keys_of(atom, rows)
    ends = ((atom.subject, _SUBJECT), (atom.object, _OBJECT))
    return [(node, (key, place)) for node, place in ends if isinstance(node, Var) and node not in rows.columns]


def _endless(rule: Rule, start: Spot) -> InputError:
    (predicate, kind), _ = start
    named = kind if kind is not None else predicate
    where = getattr(named, "value", None) or "any property"
    return InputError(
        f"the rule would never end: it makes names out of those that it made, which come back by {where}",
        where=Location(rule.source),
        hint="make them of what sources assert: GRAPH ?g { … }",
    )
