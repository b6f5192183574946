"""Which variables a rule's body binds, and whether everything is bound where it is looked at.

The parts of a rule as data are carried out in one order, however they were written: atoms and aggregates, what is
optional, computed values, conditions and negation. What would mean something else in the order of the text is refused.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

from kgtool.errors import ParseError
from kgtool.reasoning.language import Absent, Aggregate, Atom, Bind, Expression, Optionally, Var
from kgtool.reasoning.language.expressions import variables_of
from kgtool.reasoning.rulefiles.pieces import Condition, Piece, variables
from kgtool.reasoning.rulefiles.words import Words


@dataclass
class Scope:
    """The variables of a body.

    :param settled: bound by atoms, and the groups of aggregates that must be there.
    :param counted: results of those aggregates.
    :param computed: bound by BIND.
    :param maybe: bound by OPTIONAL, or not at all.
    """

    settled: set[Var] = field(default_factory=set)
    counted: set[Var] = field(default_factory=set)
    computed: set[Var] = field(default_factory=set)
    maybe: set[Var] = field(default_factory=set)

    @property
    def all(self) -> set[Var]:
        """All of them."""
        return self.settled | self.counted | self.computed | self.maybe

    @property
    def values(self) -> set[Var]:
        """Those that no pattern may look for."""
        return self.counted | self.computed


def check_scope(words: Words, pieces: list[Piece]) -> Scope:
    """Give the variables that a body binds.

    :raises ParseError: for a variable that is bound twice, not at all, or below the place that looks at it.
    """
    whole = Scope()
    for piece in pieces:
        _add(whole, piece)
    before = Scope()
    for piece in pieces:
        match piece.part:
            case Atom():
                _check_pattern(words, piece, set(piece.part.variables()), before)
            case Aggregate():
                _check_aggregate(words, piece, piece.part, before, whole)
            case Optionally():
                _check_optional(words, piece, piece.part, before, whole)
            case Bind(variable, value):
                check_looks(words, piece, value, before.all, whole.all)
                if variable in before.all:
                    raise bound_twice(words, piece, variable)
            case Absent():
                _check_absent(words, piece, piece.part, whole)
            case Condition(condition):
                check_looks(words, piece, condition, whole.all, whole.all)
        _add(before, piece)
    return whole


def _add(scope: Scope, piece: Piece) -> None:
    """Add what a part binds. What is optional counts as such unless an atom above it binds it, too."""
    match piece.part:
        case Atom():
            scope.settled |= set(piece.part.variables())
        case Aggregate(groups, results, optional=optional):
            if not optional:
                scope.settled |= set(groups)
            (scope.maybe if optional else scope.counted).update(variable for variable, _, _ in results)
        case Optionally(atoms):
            scope.maybe |= set(variables(atoms)) - scope.settled
        case Bind(variable):
            scope.computed.add(variable)


def check_looks(words: Words, piece: Piece, value: Expression, bound: Set[Var], everywhere: Set[Var]) -> None:
    """See to it that the variables of an expression are bound.

    :param bound: the variables bound where it stands.
    :param everywhere: those that the whole group binds.
    :raises ParseError: otherwise.
    """
    for variable in sorted(variables_of(value) - bound):
        where = words.place(variable, piece.first, piece.last)
        if variable in everywhere:
            raise words.refuse(f"?{variable} is bound further down only", "move this below what binds it", where)
        raise words.refuse(f"nothing binds ?{variable}", "add the triple that does, or correct the name", where)


def bound_twice(words: Words, piece: Piece, variable: Var) -> ParseError:
    """Make the error for a computed variable that something else binds, too."""
    return words.refuse(
        f"?{variable} is bound twice",
        "give the computed value a name of its own, and compare the two in a FILTER",
        words.place(variable, piece.first, piece.last),
    )


def _check_pattern(words: Words, piece: Piece, found: Set[Var], scope: Scope) -> None:
    """Keep computed and optional values out of patterns.

    :param scope: what is bound above; for negation, which comes last, what is bound at all.
    """
    for variable in sorted(found & scope.values):
        raise bound_twice(words, piece, variable)
    for variable in sorted(found & scope.maybe):
        raise words.refuse(
            f"an OPTIONAL may leave ?{variable} unbound here",
            "write the OPTIONAL below all that binds its variables; what only it binds stands in no other pattern",
            words.place(variable, piece.first, piece.last),
        )


def _check_aggregate(words: Words, piece: Piece, part: Aggregate, before: Scope, whole: Scope) -> None:
    results = {variable for variable, _, _ in part.results}
    for variable in sorted(results & before.all):
        raise bound_twice(words, piece, variable)
    _check_pattern(words, piece, set(part.groups), before)
    for group in part.groups:
        if part.optional and group not in before.settled:
            where = words.place(group, piece.first, piece.last)
            if group in whole.settled:
                raise words.refuse(f"?{group} is bound further down only", "move this below what binds it", where)
            raise words.refuse(f"nothing but the OPTIONAL binds ?{group}", "add the triple that does", where)
    local = {*variables(part.atoms), *(bind.variable for bind in part.binds)} - set(part.groups)
    for variable in sorted(local & whole.all):
        raise words.refuse(
            f"?{variable} inside the sub-SELECT is another one than outside",
            "put it into SELECT and GROUP BY, or give it a name of its own",
            words.place(variable, piece.first, piece.last),
        )


def _check_optional(words: Words, piece: Piece, part: Optionally, before: Scope, whole: Scope) -> None:
    found = set(variables(part.atoms))
    _check_pattern(words, piece, found & before.values, before)
    new = found - before.settled
    for variable in sorted(new & (whole.settled | before.maybe)):
        where = words.place(variable, piece.first, piece.last)
        if variable in whole.settled:
            raise words.refuse(
                f"?{variable} is bound further down only", "move the OPTIONAL below what binds it", where
            )
        raise words.refuse(f"two OPTIONALs bind ?{variable}", "give it another name in one of them", where)
    attributes = [atom for atom in part.atoms if atom.graph is None]
    for atom in attributes:
        node, value = atom.variables()
        if node not in before.settled:
            where = words.place(node, piece.first, piece.last)
            raise words.refuse(f"nothing above binds ?{node}", "write the OPTIONAL below what binds its node", where)
        if value not in new or [other.object for other in attributes].count(value) > 1:
            where = words.place(value, piece.first, piece.last)
            raise words.refuse(
                f"an OPTIONAL over what follows that looks for a given ?{value}",
                "give it a variable of its own, and compare in a FILTER outside",
                where,
            )
    for condition in part.conditions:
        for variable in sorted(variables_of(condition) & whole.computed):
            raise words.refuse(
                f"an OPTIONAL that looks at the computed ?{variable}",
                "compare what it is computed from, or in a FILTER outside",
                words.place(variable, piece.first, piece.last),
            )
        check_looks(words, piece, condition, found | before.all, whole.all)


def _check_absent(words: Words, piece: Piece, part: Absent, whole: Scope) -> None:
    found = set(variables(part.atoms))
    _check_pattern(words, piece, found, whole)
    for condition in part.conditions:
        check_looks(words, piece, condition, found | whole.all, whole.all)
