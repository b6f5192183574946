"""Sub-SELECTs of rules: the least, the greatest or the number of something asserted, for each group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kgtool.reasoning.language import Aggregate, Atom, Bind, Expression, Var
from kgtool.reasoning.language.expressions import variables_of
from kgtool.reasoning.rulefiles.expressions import AGGREGATES, expression
from kgtool.reasoning.rulefiles.pieces import Condition, Piece, atoms_of, binds_of, conditions_of, variables
from kgtool.reasoning.rulefiles.scope import bound_twice, check_looks
from kgtool.reasoning.rulefiles.words import Words, listed
from kgtool.store.tokens import Token

_SHAPE: Final = "write SELECT ?group (MIN(?x) AS ?v) WHERE { GRAPH ?g { … } } GROUP BY ?group"
_MODIFIERS: Final = ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")


def sub_select(words: Words, read_group: Callable[[], list[Piece]], *, optional: bool) -> Aggregate:
    """Take a sub-SELECT, without the braces around it.

    :param read_group: takes its WHERE.
    :raises ParseError: for whatever is no aggregate of asserted triples.
    """
    select = words.take()
    groups: list[Var] = []
    results: list[tuple[Var, str, Expression]] = []
    while words.peek().kind == "variable" or words.peek().is_mark("("):
        if words.peek().kind == "variable":
            groups.append(words.variable())
        else:
            results.append(_result(words))
    _check_selected(words, select, results)
    words.skip_word("WHERE")
    start = words.peek()
    pieces = read_group()
    _check_groups(words, select, groups)
    _check_scope(words, pieces, groups, start)
    _check_results(words, pieces, results, select)
    return Aggregate(
        tuple(groups), tuple(results), atoms_of(pieces), conditions_of(pieces), binds_of(pieces), optional=optional
    )


def _result(words: Words) -> tuple[Var, str, Expression]:
    words.expect("(")
    word = words.take()
    if not word.is_word(*AGGREGATES):
        raise words.refuse(f"{word.text[:40]} in SELECT", "MIN, MAX and COUNT stand there", word)
    words.expect("(")
    if words.peek().is_mark("*"):
        raise words.refuse("COUNT(*)", "name what is counted")
    if words.peek().is_word("DISTINCT"):
        raise words.refuse(f"DISTINCT inside {word.text.upper()}", "leave it out: each solution counts")
    value = expression(words)
    words.expect(")")
    if not words.skip_word("AS"):
        raise words.refuse("an expression of an aggregate", "compute with its result in a BIND outside")
    variable = words.variable()
    words.expect(")")
    return variable, word.text.upper(), value


def _check_selected(words: Words, select: Token, results: list[tuple[Var, str, Expression]]) -> None:
    if words.peek().is_word("DISTINCT", "REDUCED") or words.peek().is_mark("*"):
        raise words.refuse(f"SELECT {words.peek().text}", _SHAPE)
    if words.peek().is_word("FROM"):
        raise words.refuse("a rule that chooses its dataset", "leave FROM out: rules look at every source")
    if not results:
        raise words.refuse("a sub-SELECT without MIN, MAX or COUNT", "write its patterns into the WHERE", select)


def _check_groups(words: Words, select: Token, groups: list[Var]) -> None:
    """Take GROUP BY and what may follow it."""
    if not (words.skip_word("GROUP") and words.skip_word("BY")):
        _refuse_modifiers(words)
        raise words.refuse("a sub-SELECT without GROUP BY", _SHAPE, select)
    place = words.peek()
    by: set[Var] = set()
    while words.peek().kind == "variable":
        by.add(words.variable())
    if words.peek().is_mark("("):
        raise words.refuse("a group by an expression", "compute it with BIND, or group by what it is made of")
    if by != set(groups):
        other = listed(sorted(by ^ set(groups)))
        raise words.refuse(f"SELECT and GROUP BY differ in {other}", "name the same variables in both", place)
    _refuse_modifiers(words)


def _refuse_modifiers(words: Words) -> None:
    if words.peek().is_word(*_MODIFIERS):
        what = f"{words.peek().text.upper()} after a sub-SELECT"
        raise words.refuse(what, "leave it out; write conditions on the results as FILTER outside")


def _check_scope(words: Words, pieces: list[Piece], groups: list[Var], start: Token) -> None:
    """See to it that everything in the WHERE is bound where it is looked at."""
    asserted = set(variables(atoms_of(pieces)))
    if not atoms_of(pieces):
        raise words.refuse("an aggregate over nothing", "write GRAPH ?g { … }", start)
    if missing := [group for group in groups if group not in asserted]:
        raise words.refuse(
            f"no triple of the sub-SELECT has {listed(missing)}", "group by what its triples name", start
        )
    known = asserted | {bind.variable for bind in binds_of(pieces)}
    before: set[Var] = set()
    for piece in pieces:
        match piece.part:
            case Atom():
                before |= set(piece.part.variables())
            case Bind(variable, value):
                check_looks(words, piece, value, before, known)
                if variable in before or variable in asserted:
                    raise bound_twice(words, piece, variable)
                before.add(variable)
            case Condition(condition):
                check_looks(words, piece, condition, known, known)


def _check_results(
    words: Words, pieces: list[Piece], results: list[tuple[Var, str, Expression]], select: Token
) -> None:
    """See to it that results look at what the sub-SELECT binds, and have names of their own."""
    known = set(variables(atoms_of(pieces))) | {bind.variable for bind in binds_of(pieces)}
    names = [variable for variable, _, _ in results]
    for number, (variable, _, value) in enumerate(results):
        if variable in known or variable in names[:number]:
            raise words.refuse(f"?{variable} is bound twice", "give the result a name of its own", select)
        if missing := sorted(variables_of(value) - known):
            raise words.refuse(f"nothing in the sub-SELECT binds {listed(missing)}", "add the triple that does", select)
