"""SPARQL's functions in SQL, those that SQL can be made to mean the same by.

Each writer gets its arguments as SQL, and as they stand in the rule; it gives None where SQL cannot.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from kgtool.reasoning.bulk.dialect import quoted
from kgtool.reasoning.bulk.sql import CONDITIONS, DATE_TYPE, XSD, Kind, Sql, all_of, facets_of, term_text
from kgtool.reasoning.bulk.terms import OBVIOUS_IRI
from kgtool.reasoning.language import Call, Expression
from kgtool.reasoning.language.expressions import FIRST_DAY, KEY, LAST_DAY, WHEN


def _str(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    facets = facets_of(parts[0])
    if "str" not in facets:
        return None
    return Sql(facets["str"], "text", all_of((parts[0].guard, facets["plain"])))


def _key(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    facets = facets_of(parts[0])
    return Sql(facets["key"], "text") if "key" in facets else None


def _digest(function: str) -> Callable[[Sequence[Sql], Sequence[Expression]], Sql | None]:
    def write(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
        return Sql(f"{function}({parts[0].text})", "text") if parts[0].kind == "text" else None

    return write


def _substr(parts: Sequence[Sql], arguments: Sequence[Expression]) -> Sql | None:
    """Cut a text where numbers from 1 on say so; the rest is SPARQL's affair."""
    places = [a.value for a in arguments[1:] if isinstance(a, Literal) and a.datatype.value == f"{XSD}integer"]
    if parts[0].kind != "text" or len(places) < len(arguments) - 1 or not all(map(str.isdigit, places)):
        return None
    return Sql(f"substr({parts[0].text}, {', '.join(places)})", "text") if int(places[0]) else None


def _concat(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    if any(part.kind != "text" for part in parts):
        return None
    # All at once, as each || copies what stands before it; what concat() takes for empty is no text at all here.
    unsure = dict.fromkeys(part.text for part in parts if not part.text.startswith(("'", "coalesce(")))
    joined = f"concat({', '.join(part.text for part in parts)})"
    tests = " AND ".join(f"{text} IS NOT NULL" for text in unsure)
    return Sql(f"CASE WHEN {tests} THEN {joined} END" if tests else joined, "text")


def _encode(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    return Sql(f"url_encode({parts[0].text})", "text") if parts[0].kind == "text" else None


def _iri(parts: Sequence[Sql], arguments: Sequence[Expression]) -> Sql | None:
    if parts[0].kind != "text":
        return None
    text = parts[0].text
    # Letters and signs that need no second look; anything else is for Oxigraph to judge.
    look = f"coalesce(regexp_full_match({text}, {quoted(OBVIOUS_IRI)}), true)"
    facets = {"day": "NULL", "is_day": f"({text} IS NULL)", "str": text, "plain": "true", "key": text}
    return Sql(f"'<' || {text} || '>'", "term", "true" if _is_obvious(arguments[0]) else look, facets)


def _is_obvious(expression: Expression) -> bool:
    """Tell whether a text is the beginning of an IRI followed by letters and digits."""
    if not isinstance(expression, Call) or expression.function != "CONCAT":
        return False
    head, *rest = expression.arguments
    begins = isinstance(head, Literal) and re.fullmatch(OBVIOUS_IRI, head.value) and head.value.endswith(("/", "#"))
    return bool(begins) and all(map(_is_digest, rest))


def _is_digest(expression: Expression) -> bool:
    if not isinstance(expression, Call):
        return False
    return expression.function in ("SHA1", "SHA256") or (
        expression.function == "SUBSTR" and _is_digest(expression.arguments[0])
    )


def _if(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    condition, *choices = parts
    test = condition.text
    return _chosen(f"CASE WHEN {test} THEN {{}} WHEN NOT {test} THEN {{}} END", choices, condition)


def _when(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    return _chosen(f"CASE WHEN {parts[0].text} THEN {{}} END", parts[1:], parts[0])


def _coalesce(parts: Sequence[Sql], arguments: Sequence[Expression]) -> Sql | None:
    extreme = _extreme(parts, arguments)
    if extreme is not None:
        return extreme
    return _chosen(f"coalesce({', '.join('{}' for _ in parts)})", parts)


def _extreme(parts: Sequence[Sql], arguments: Sequence[Expression]) -> Sql | None:
    """Write ``COALESCE(IF(a < b, a, b), a, b)``, the earlier of two days that may be unbound, as what it is."""
    match arguments:
        case (Call("IF", (Call(("<" | "<=" | ">" | ">=") as sign, (a, b)), c, d)), e, f) if (a, b) == (c, d) == (e, f):
            facets = [facets_of(part) for part in parts[1:]]
            if not all("day" in each for each in facets):
                return None
            function = "least" if sign.startswith("<") else "greatest"
            guard = all_of(each["is_day"] for each in facets)
            return Sql(f"{function}({facets[0]['day']}, {facets[1]['day']})", "date", guard)
    return None


def _chosen(template: str, choices: Sequence[Sql], condition: Sql | None = None) -> Sql | None:
    """Write a choice among values; what is known of all of them is known of it."""
    if condition is not None and condition.kind != "bool":
        return None
    kinds = {choice.kind for choice in choices}
    if kinds == {"date", "term"} and all("day" in facets_of(choice) for choice in choices):
        days = [facets_of(choice) for choice in choices]  # with a day among them, the others are days, too, or left
        return Sql(template.format(*(each["day"] for each in days)), "date", all_of(each["is_day"] for each in days))
    alike = len(kinds) == 1
    kind: Kind = choices[0].kind if alike else "term"
    text = template.format(*(choice.text if alike else term_text(choice) for choice in choices))
    known = [facets_of(choice) for choice in choices]
    facets = {
        name: all_of(facets[name] for facets in known)
        if name in CONDITIONS
        else template.format(*(facets[name] for facets in known))
        for name in known[0]
        if all(name in facets for facets in known)
    }
    return Sql(text, kind, facets=facets if kind == "term" else {})


def _bound(parts: Sequence[Sql], _: Sequence[Expression]) -> Sql | None:
    return Sql(f"({parts[0].facets.get('number', parts[0].text)} IS NOT NULL)", "bool")


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
        if operator in ("=", "!=") and any(isinstance(argument, NamedNode) for argument in arguments):
            return Sql(f"({one.text} {sign} {other.text})", "bool") if one.kind == other.kind == "term" else None
        if {one.kind, other.kind} <= {"date", "term"}:
            facets = (facets_of(one), facets_of(other))
            if all("day" in each for each in facets):
                guard = all_of(each["is_day"] for each in facets)
                return Sql(f"({facets[0]['day']} {sign} {facets[1]['day']})", "bool", guard)
        return None

    return write


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
    year, month, day = f"'\"____\"^^<{XSD}gYear>'", f"'\"____-__\"^^<{XSD}gYearMonth>'", f"'\"____-__-__\"{DATE_TYPE}'"
    digits = f"regexp_full_match({t}, '\"[1-9][0-9]{{3}}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?\"\\^\\^<.*>')"
    value = (
        f"CASE WHEN {t} LIKE {year} THEN substr({t}, 2, 4) || {of_year}"
        f" WHEN {t} LIKE {month} THEN substr({t}, 2, 7) || {of_month} ELSE substr({t}, 2, 10) END"
    )
    guard = f"coalesce({digits} AND ({t} LIKE {year} OR {t} LIKE {month} OR {t} LIKE {day}), true)"
    return Sql(f"CASE WHEN {t} IS NOT NULL THEN {value} END", "date", guard)


#: Function, operator or IRI to its writer.
FUNCTIONS: Final[Mapping[str, Callable[[Sequence[Sql], Sequence[Expression]], Sql | None]]] = {
    "STR": _str,
    "CONCAT": _concat,
    "ENCODE_FOR_URI": _encode,
    "SHA1": _digest("sha1"),
    "SHA256": _digest("sha256"),
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
