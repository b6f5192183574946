"""Expressions of rules as SQL over the text of terms, as far as SQL means the same.

An expression becomes a piece of SQL, its kind, and a guard: rows for which the guard is not true are left to Oxigraph
(:mod:`kgtool.reasoning.matching.computed`), as are whole expressions for which there is no SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from kgtool.reasoning.bulk.dialect import quoted
from kgtool.reasoning.bulk.functions import FUNCTIONS
from kgtool.reasoning.bulk.sql import FACETS, XSD, Sql, all_of
from kgtool.reasoning.language import Call, Expression, Var


def sql_of(expression: Expression, columns: Mapping[Var, Sql]) -> Sql | None:
    """Write an expression in SQL; None where there is no SQL that means the same.

    :param columns: SQL of each variable, NULL where it is unbound.
    """
    match expression:
        case Var():
            return columns.get(expression, _UNBOUND)
        case Call(function, arguments):
            parts = [sql_of(argument, columns) for argument in arguments]
            if any(part is None for part in parts):
                return None
            write = FUNCTIONS.get(function)
            known = [part for part in parts if part is not None]
            found = write(known, arguments) if write is not None else None
            guards = [part.guard for part in known if part.guard != "true"]
            if found is None or not guards:
                return found
            return replace(found, guard=all_of([*guards, found.guard]))
        case Literal() if expression.datatype.value == f"{XSD}string":
            return Sql(quoted(expression.value), "text")
        case Literal() if expression.datatype.value == f"{XSD}date" and len(expression.value) == 10:
            return Sql(quoted(expression.value), "date")
        case Literal() if expression.datatype.value == f"{XSD}boolean" and expression.value in ("true", "false"):
            return Sql(expression.value, "bool")
        case _:
            return _constant(expression)


_UNBOUND: Final = Sql(
    "NULL",
    "term",
    facets={"number": "NULL", "day": "NULL", "is_day": "true", "str": "NULL", "plain": "true", "key": "NULL"},
)


def _constant(term: NamedNode | BlankNode | Literal) -> Sql:
    text = quoted(str(term))
    facets = {facet: f"(SELECT {sql} FROM (SELECT {text} AS t))" for facet, sql in FACETS.items()}
    return Sql(text, "term", facets=facets)
