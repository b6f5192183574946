"""Expressions of rules as SQL over the text of terms, as far as SQL means the same.

An expression becomes a piece of SQL, its kind, and a guard: rows for which the guard is not true are left to Oxigraph
(:mod:`kgtool.reasoning.matching.computed`), as are whole expressions for which there is no SQL. What has no value in
SPARQL (unbound, or an error) is NULL.

Kinds: ``term`` is N-Triples text; ``text`` a plain string; ``date`` a day as YYYY-MM-DD; ``bool``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode

from kgtool.reasoning.bulk.dialect import quoted
from kgtool.reasoning.bulk.terms import OBVIOUS_IRI
from kgtool.reasoning.language import Call, Expression, Var
from kgtool.reasoning.language.expressions import FIRST_DAY, KEY, LAST_DAY, WHEN
from kgtool.vocabulary import PREFIXES

Kind = OneOf["term", "text", "date", "bool"]
_XSD: Final = PREFIXES["xsd"]
_DATE: Final = f"^^<{_XSD}date>"


@dataclass(frozen=True)
class Sql:
    """A piece of SQL, what it stands for, and when it may be trusted."""

    text: str
    kind: Kind
    guard: str = "true"


def sql_of(expression: Expression, columns: Mapping[Var, str]) -> Sql | None:
    """Write an expression in SQL; None where there is no SQL that means the same.

    :param columns: SQL of the text of each variable, NULL where it is unbound.
    """
    match expression:
        case Var():
            return Sql(columns[expression], "term") if expression in columns else Sql("NULL", "term")
        case Call(function, arguments):
            parts = [sql_of(argument, columns) for argument in arguments]
            if any(part is None for part in parts):
                return None
            write = _FUNCTIONS.get(function)
            known = [part for part in parts if part is not None]
            found = write(known, arguments) if write is not None else None
            guards = [part.guard for part in known if part.guard != "true"]
            if found is None or not guards:
                return found
            return Sql(found.text, found.kind, " AND ".join(dict.fromkeys([*guards, found.guard])))
        case Literal() if expression.datatype.value == f"{_XSD}string":
            return Sql(quoted(expression.value), "text")
        case Literal() if expression.datatype.value == f"{_XSD}date" and len(expression.value) == 10:
            return Sql(quoted(expression.value), "date")
        case Literal() if expression.datatype.value == f"{_XSD}boolean":
            return Sql(expression.value, "bool")
        case _:
            return Sql(quoted(str(expression)), "term")


def term_text(sql: Sql) -> str:
    """Write SQL for the N-Triples text of a value."""
    match sql.kind:
        case "term":
            return sql.text
        case "date":
            return f"'\"' || {sql.text} || '\"{_DATE}'"
        case "text":
            escaped = f"replace(replace({sql.text}, '\\', '\\\\'), '\"', '\\\"')"
            escaped = f"replace(replace({escaped}, chr(10), '\\n'), chr(13), '\\r')"
            return f"'\"' || {escaped} || '\"'"
        case _:
            true, false = (quoted(str(Literal(value))) for value in (True, False))
            return f"CASE WHEN {sql.text} THEN {true} WHEN NOT {sql.text} THEN {false} END"


def _string(sql: Sql) -> Sql | None:
    """Give what STR gives; escapes in literals are left to Oxigraph."""
    if sql.kind in ("text", "date"):
        return Sql(sql.text, "text", sql.guard)
    if sql.kind != "term":
        return None
    t = sql.text
    value = (
        f"CASE WHEN {t}[1] = '<' THEN substr({t}, 2, length({t}) - 2)"
        f" WHEN {t}[1] = '\"' THEN substr({t}, 2, length({t}) - strpos(reverse({t}), '\"') - 1) END"
    )
    return Sql(value, "text", f"coalesce(strpos({t}, '\\') = 0, true)")


def _str(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    return _string(parts[0])


def _key(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    if parts[0].kind != "term":
        return None
    t = parts[0].text
    value = f"CASE {t}[1] WHEN '<' THEN substr({t}, 2, length({t}) - 2) WHEN '_' THEN {t} END"
    return Sql(value, "text")


def _sha256(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    return Sql(f"sha256({parts[0].text})", "text", parts[0].guard) if parts[0].kind == "text" else None


def _substr(parts: Sequence[Sql], arguments: Sequence[Expression]) -> Sql | None:
    """Cut a text where numbers from 1 on say so; the rest is SPARQL's affair."""
    places = [a.value for a in arguments[1:] if isinstance(a, Literal) and a.datatype.value == f"{_XSD}integer"]
    if parts[0].kind != "text" or len(places) < len(arguments) - 1 or not all(map(str.isdigit, places)):
        return None
    return Sql(f"substr({parts[0].text}, {', '.join(places)})", "text") if int(places[0]) else None


def _concat(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    if any(part.kind != "text" for part in parts):
        return None
    return Sql("(" + " || ".join(part.text for part in parts) + ")", "text")


def _encode(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    return Sql(f"url_encode({parts[0].text})", "text") if parts[0].kind == "text" else None


def _iri(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    if parts[0].kind != "text":
        return None
    text = parts[0].text
    # Letters and signs that need no second look; anything else is for Oxigraph to judge.
    return Sql(f"'<' || {text} || '>'", "term", f"coalesce(regexp_full_match({text}, {quoted(OBVIOUS_IRI)}), true)")


def _if(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    condition, then, otherwise = parts
    if condition.kind != "bool":
        return None
    one, other, kind = _alike(then, otherwise)
    return Sql(f"CASE WHEN {condition.text} THEN {one} WHEN NOT {condition.text} THEN {other} END", kind)


def _when(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    condition, value = parts
    return Sql(f"CASE WHEN {condition.text} THEN {value.text} END", value.kind) if condition.kind == "bool" else None


def _coalesce(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    kinds = {part.kind for part in parts}
    if len(kinds) == 1:
        return Sql(f"coalesce({', '.join(part.text for part in parts)})", parts[0].kind)
    return Sql(f"coalesce({', '.join(term_text(part) for part in parts)})", "term")


def _bound(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    return Sql(f"({parts[0].text} IS NOT NULL)", "bool")


def _not(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    return Sql(f"(NOT {parts[0].text})", "bool") if parts[0].kind == "bool" else None


def _logical(operator: str) -> Callable[[Sequence[Sql], Sequence[Expression]], Sql | None]:
    def write(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
        if any(part.kind != "bool" for part in parts):
            return None
        return Sql(f"({parts[0].text} {operator} {parts[1].text})", "bool")

    return write


def _comparison(operator: str) -> Callable[[Sequence[Sql], Sequence[Expression]], Sql | None]:
    """Compare days with days, strings with strings, and terms with an IRI; the rest is SPARQL's affair."""

    sign = operator.replace("!=", "<>")

    def write(parts: Sequence[Sql], arguments: Sequence[Expression]) -> Sql | None:
        one, other = parts
        if one.kind == other.kind and one.kind in ("text", "date"):
            return Sql(f"({one.text} {sign} {other.text})", "bool")
        if {one.kind, other.kind} == {"date", "term"}:
            term = one if one.kind == "term" else other
            guard = _is_day(term.text)
            sides = [f"substr({part.text}, 2, 10)" if part.kind == "term" else part.text for part in parts]
            return Sql(f"({sides[0]} {sign} {sides[1]})", "bool", guard)
        if one.kind == other.kind == "term":
            if operator in ("=", "!=") and any(isinstance(argument, NamedNode) for argument in arguments):
                return Sql(f"({one.text} {sign} {other.text})", "bool")
            guard = f"({_is_day(one.text)} AND {_is_day(other.text)})"
            return Sql(f"({one.text} {sign} {other.text})", "bool", guard)
        return None

    return write


def _is_day(text: str) -> str:
    """Write the condition that a term is a plain day (or unbound, which compares as nothing)."""
    return f"coalesce({text} LIKE '\"____-__-__\"{_DATE}', true)"


def _first_day(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    return _day(parts[0], "'-01-01'", "'-01'")


def _last_day(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    t = parts[0].text
    month = f"substr(CAST(last_day(CAST(substr({t}, 2, 7) || '-01' AS DATE)) AS VARCHAR), 8)"
    return _day(parts[0], "'-12-31'", month)


def _day(part: Sql, of_year: str, of_month: str) -> Sql | None:
    if part.kind == "date":
        return part
    if part.kind != "term":
        return None
    t = part.text
    year, month, day = f"'\"____\"^^<{_XSD}gYear>'", f"'\"____-__\"^^<{_XSD}gYearMonth>'", f"'\"____-__-__\"{_DATE}'"
    digits = f"regexp_full_match({t}, '\"[1-9][0-9]{{3}}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?\"\\^\\^<.*>')"
    value = (
        f"CASE WHEN {t} LIKE {year} THEN substr({t}, 2, 4) || {of_year}"
        f" WHEN {t} LIKE {month} THEN substr({t}, 2, 7) || {of_month} ELSE substr({t}, 2, 10) END"
    )
    guard = f"coalesce({digits} AND ({t} LIKE {year} OR {t} LIKE {month} OR {t} LIKE {day}), true)"
    return Sql(f"CASE WHEN {t} IS NOT NULL THEN {value} END", "date", guard)


def _alike(one: Sql, other: Sql) -> tuple[str, str, Kind]:
    if one.kind == other.kind:
        return one.text, other.text, one.kind
    return term_text(one), term_text(other), "term"


_FUNCTIONS: Final[Mapping[str, Callable[[Sequence[Sql], Sequence[Expression]], Sql | None]]] = {
    "STR": _str,
    "CONCAT": _concat,
    "ENCODE_FOR_URI": _encode,
    "SHA256": _sha256,
    "SUBSTR": _substr,
    "IRI": _iri,
    "URI": _iri,
    "IF": _if,
    "COALESCE": _coalesce,
    "BOUND": _bound,
    "!": _not,
    "&&": _logical("AND"),
    "||": _logical("OR"),
    **{operator: _comparison(operator) for operator in ("=", "!=", "<", "<=", ">", ">=")},
    FIRST_DAY: _first_day,
    LAST_DAY: _last_day,
    KEY: _key,
    WHEN: _when,
}
