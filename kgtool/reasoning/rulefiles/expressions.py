"""Expressions of rules, read from SPARQL: the operators and functions that the language of rules has."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from pyoxigraph import Literal, NamedNode

from kgtool.errors import ParseError
from kgtool.reasoning.language import Call, Expression
from kgtool.reasoning.language.expressions import FUNCTIONS, NAMED_FUNCTIONS
from kgtool.reasoning.rulefiles.terms import literal, starts_literal
from kgtool.reasoning.rulefiles.words import Words
from kgtool.store.tokens import Token
from kgtool.vocabulary import iri

AGGREGATES: Final = ("MIN", "MAX", "COUNT")
_OTHER_AGGREGATES: Final = ("SUM", "AVG", "SAMPLE", "GROUP_CONCAT")
_RELATIONS: Final = ("=", "!=", "<", "<=", ">", ">=")
_ARITHMETIC: Final = ("+", "-", "*", "/")
_FALSE: Final = Literal("false", datatype=iri("xsd", "boolean"))


def expression(words: Words) -> Expression:
    """Take an expression.

    :raises ParseError: for an operator or a function that the language of rules lacks.
    """
    operands = [_conjunction(words)]
    while words.skip_mark("||"):
        operands.append(_conjunction(words))
    return joined("||", operands)


def constraint(words: Words) -> Expression:
    """Take what follows FILTER: an expression in parentheses, or a call.

    :raises ParseError: as :func:`expression`.
    """
    return _primary(words)


def joined(operator: str, operands: list[Expression]) -> Expression:
    """Join operands by ``&&`` or ``||``, which may be bracketed at will: as flat as it gets.

    >>> from kgtool.reasoning.language import Var
    >>> joined("||", [Var("a"), Var("b"), Var("c")])
    Call(function='||', arguments=(Call(function='||', arguments=(?a, ?b)), ?c))
    """
    if len(operands) == 1:
        return operands[0]
    middle = (len(operands) + 1) // 2
    return Call(operator, (joined(operator, operands[:middle]), joined(operator, operands[middle:])))


def _conjunction(words: Words) -> Expression:
    operands = [_relation(words)]
    while words.skip_mark("&&"):
        operands.append(_relation(words))
    return joined("&&", operands)


def _relation(words: Words) -> Expression:
    left = _value(words)
    word = words.peek()
    if word.kind == "mark" and word.text in _RELATIONS:
        words.take()
        return Call(word.text, (left, _value(words)))
    negated = word.is_word("NOT") and words.peek(1).is_word("IN")
    if negated or word.is_word("IN"):
        words.index += 1 + negated
        equal = [Call("=", (left, option)) for option in _arguments(words)]
        found = joined("||", [*equal]) if equal else _FALSE
        return Call("!", (found,)) if negated else found
    return left


def _value(words: Words) -> Expression:
    value = _primary(words)
    if words.peek().kind == "mark" and words.peek().text in _ARITHMETIC:
        raise _arithmetic(words)
    return value


def _primary(words: Words) -> Expression:
    word = words.peek()
    if words.skip_mark("("):
        inner = expression(words)
        words.expect(")")
        return inner
    if words.skip_mark("!"):
        if words.peek().is_mark("!"):
            raise words.refuse("a negation of a negation", "leave both signs out")
        return Call("!", (_primary(words),))
    if starts_literal(words):
        return literal(words)
    if word.kind == "variable":
        return words.variable()
    if word.kind in ("iri", "pname"):
        name = words.name()
        return _named_call(words, word, name) if words.peek().is_mark("(") else name
    if word.kind == "word":
        return _call(words)
    if word.kind == "mark" and word.text in _ARITHMETIC:
        raise _arithmetic(words)
    raise words.unreadable()


def _call(words: Words) -> Call:
    """Take a call of a function that has a keyword."""
    word = words.take()
    name = word.text.upper()
    if name in ("EXISTS", "NOT"):
        raise words.refuse(
            f"{'NOT ' if name == 'NOT' else ''}EXISTS inside an expression",
            "negation is a FILTER NOT EXISTS { … } of its own; what must be there is a pattern of the body",
            word,
        )
    if name in AGGREGATES or name in _OTHER_AGGREGATES:
        raise words.refuse(
            f"{name} outside the SELECT of a sub-query",
            "write { SELECT ?group (MIN(…) AS ?v) WHERE { GRAPH ?g { … } } GROUP BY ?group }, with MIN, MAX or COUNT",
            word,
        )
    if name not in FUNCTIONS:
        raise _unknown(words, word, name, FUNCTIONS)
    arguments = _arguments(words)
    _check_number(words, word, name, len(arguments), FUNCTIONS[name])
    return Call(name, arguments)


def _named_call(words: Words, word: Token, name: NamedNode) -> Call:
    """Take the arguments of a function named by an IRI."""
    if name.value not in NAMED_FUNCTIONS:
        raise _unknown(words, word, f"<{name.value}>", NAMED_FUNCTIONS)
    arguments = _arguments(words)
    _check_number(words, word, f"<{name.value}>", len(arguments), NAMED_FUNCTIONS[name.value])
    return Call(name.value, arguments)


def _arguments(words: Words) -> tuple[Expression, ...]:
    words.expect("(")
    if words.skip_mark(")"):
        return ()
    found = [expression(words)]
    while words.skip_mark(","):
        found.append(expression(words))
    words.expect(")")
    return tuple(found)


def _check_number(words: Words, word: Token, name: str, number: int, allowed: tuple[int, int | None]) -> None:
    least, most = allowed
    if number < least or (most is not None and number > most):
        wanted = f"{least} or more" if most is None else f"{least}" if least == most else f"{least} to {most}"
        raise words.refuse(f"{name} with {number} arguments", f"give it {wanted}", word)


def _unknown(words: Words, word: Token, said: str, known: Mapping[str, object]) -> ParseError:
    (nearest,) = get_close_matches(said.strip("<>"), known, 1, cutoff=0) or ("",)
    nearest = f"<{nearest}>" if ":" in nearest else nearest
    return words.refuse(
        f"the function {said[:80]} is outside the language of rules",
        f"the nearest one in it is {nearest}; ontology/rules/README.md names them all",
        word,
    )


def _arithmetic(words: Words) -> ParseError:
    return words.refuse("arithmetic is outside the language of rules", "compare the values themselves")
