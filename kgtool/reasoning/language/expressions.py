"""Expressions of rules: variables, terms, and calls of SPARQL's functions, as data.

They mean what SPARQL 1.1 says (Query Language, section 17). In Python they are evaluated by Oxigraph itself, from their
SPARQL text (:func:`sparql_text`); the bulk engine compiles them to SQL where it can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from kgtool.errors import LimitError

Term: TypeAlias = NamedNode | BlankNode | Literal


class Var(str):
    """A variable, by its name without the question mark.

    >>> f"{Var('person')!r}"
    '?person'
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"?{self}"


@dataclass(frozen=True)
class Call:
    """A function of SPARQL, an operator, or a function named by an IRI, with its arguments.

    :param function: in upper case, the operator's sign, or the IRI.
    """

    function: str
    arguments: tuple[Expression, ...]


Expression: TypeAlias = Var | NamedNode | BlankNode | Literal | Call

#: Operators with two sides.
INFIX: Final = frozenset({"=", "!=", "<", "<=", ">", ">=", "&&", "||"})
#: Functions by keyword, with the least and the greatest number of arguments (None: any).
FUNCTIONS: Final[Mapping[str, tuple[int, int | None]]] = {
    "BOUND": (1, 1),
    "IF": (3, 3),
    "COALESCE": (1, None),
    "STR": (1, 1),
    "IRI": (1, 1),
    "URI": (1, 1),
    "DATATYPE": (1, 1),
    "LANG": (1, 1),
    "CONCAT": (1, None),
    "SUBSTR": (2, 3),
    "STRLEN": (1, 1),
    "STRBEFORE": (2, 2),
    "STRAFTER": (2, 2),
    "STRSTARTS": (2, 2),
    "STRENDS": (2, 2),
    "CONTAINS": (2, 2),
    "LCASE": (1, 1),
    "UCASE": (1, 1),
    "ENCODE_FOR_URI": (1, 1),
    "SHA1": (1, 1),
    "SHA256": (1, 1),
    "STRDT": (2, 2),
    "ISIRI": (1, 1),
    "ISBLANK": (1, 1),
    "ISLITERAL": (1, 1),
    "SAMETERM": (2, 2),
}
#: Functions by IRI: the casts of XML Schema, and kgtool's own (see :mod:`kgtool.reasoning.language.functions`).
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
FUNCTION_NAMESPACE: Final = "https://w3id.org/kgtool/function#"
FIRST_DAY: Final = FUNCTION_NAMESPACE + "firstDay"
LAST_DAY: Final = FUNCTION_NAMESPACE + "lastDay"
#: ``when(condition, value)`` is the value where the condition holds, and nothing where it does not.
WHEN: Final = FUNCTION_NAMESPACE + "when"
#: ``key(term)`` is the text of an IRI, or of a blank node, by its name in the store: no two things have the same.
KEY: Final = FUNCTION_NAMESPACE + "key"
NAMED_FUNCTIONS: Final[Mapping[str, tuple[int, int | None]]] = {
    _XSD + "date": (1, 1),
    _XSD + "string": (1, 1),
    _XSD + "integer": (1, 1),
    FIRST_DAY: (1, 1),
    LAST_DAY: (1, 1),
    WHEN: (2, 2),
    KEY: (1, 1),
}
#: Characters of the longest IRI that a rule may build.
LONGEST_NAME: Final = 2_048


def refuse_long_name(length: int) -> None:
    """Refuse an IRI that a rule built, if it is too long: the rule builds names out of names, without end.

    :raises LimitError: if it has too many characters.
    """
    if length > LONGEST_NAME:
        raise LimitError(
            f"a rule builds an IRI of {length} characters, more than {LONGEST_NAME}",
            hint="see whether the rule builds names out of those that it built, by things that are said to be the same",
        )


def variables_of(expression: Expression) -> frozenset[Var]:
    """Give the variables that an expression looks at.

    >>> sorted(variables_of(Call("=", (Var("a"), Call("STR", (Var("b"),))))))
    [?a, ?b]
    """
    if isinstance(expression, Var):
        return frozenset((expression,))
    if isinstance(expression, Call):
        return frozenset().union(*(variables_of(argument) for argument in expression.arguments))
    return frozenset()


def sparql_text(expression: Expression) -> str:
    """Write an expression in SPARQL, with whole IRIs.

    >>> sparql_text(Call("<", (Var("a"), Call("STR", (NamedNode("urn:x:b"),)))))
    '(?a < STR(<urn:x:b>))'
    """
    match expression:
        case Var():
            return f"?{expression}"
        case Call(function, arguments):
            parts = [sparql_text(argument) for argument in arguments]
            if function in INFIX:
                return f"({parts[0]} {function} {parts[1]})"
            if function == "!":
                return f"(!{parts[0]})"
            name = f"<{function}>" if ":" in function else function
            return f"{name}({', '.join(parts)})"
        case _:
            return str(expression)
