"""Pieces of SQL that stand for values of SPARQL: their kinds, and when they may be trusted.

What has no value in SPARQL (unbound, or an error) is NULL. Kinds: ``term`` is N-Triples text; ``text`` a plain string;
``date`` a day as YYYY-MM-DD; ``bool``. What is often asked of a term is computed once for each term, not for each row:
see :data:`FACETS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from typing import Literal as OneOf

from pyoxigraph import Literal

from kgtool.reasoning.bulk.dialect import quoted
from kgtool.vocabulary import PREFIXES

Kind = OneOf["term", "text", "date", "bool"]
XSD: Final = PREFIXES["xsd"]
DATE_TYPE: Final = f"^^<{XSD}date>"


@dataclass(frozen=True)
class Sql:
    """A piece of SQL, what it stands for, and when it may be trusted.

    :param facets: of a term, SQL of what else is known of it, by name; ``number`` where it is one of those given.
    """

    text: str
    kind: Kind
    guard: str = "true"
    facets: Mapping[str, str] = field(default_factory=dict)


#: What is asked of a term again and again, as SQL over its text ``t``: the day that it is, and whether it is one; what
#: STR and ``key`` give, and whether STR may be trusted (escapes are left to Oxigraph).
FACETS: Final[Mapping[str, str]] = {
    "day": f"CASE WHEN t LIKE '\"____-__-__\"{DATE_TYPE}' THEN substr(t, 2, 10) END",
    "is_day": f"t LIKE '\"____-__-__\"{DATE_TYPE}'",
    "str": "CASE t[1] WHEN '<' THEN substr(t, 2, length(t) - 2) WHEN '\"' THEN split_part(t, '\"', 2) END",
    "plain": "strpos(t, '\\') = 0",
    "key": "CASE t[1] WHEN '<' THEN substr(t, 2, length(t) - 2) WHEN '_' THEN t END",
}
#: Those that are conditions: they hold of a choice where they hold of all that there is to choose from.
CONDITIONS: Final = frozenset({"is_day", "plain"})


def given(name: str) -> Sql:
    """Write a variable that solutions give: its number is in a column ``v_NAME``, and its facets in ``FACET_NAME``."""
    columns = {facet: f"{facet}_{name}" for facet in FACETS}
    conditions = {facet: f"coalesce({columns[facet]}, true)" for facet in CONDITIONS}
    return Sql(f"t_{name}", "term", facets={"number": f"v_{name}", **columns, **conditions})


def facets_of(sql: Sql) -> Mapping[str, str]:
    """Give the facets of a value as a term; none for a boolean."""
    match sql.kind:
        case "date":
            return {"day": sql.text, "is_day": "true", "str": sql.text, "plain": "true", "key": "NULL"}
        case "text":
            return {"day": "NULL", "is_day": f"({sql.text} IS NULL)", "str": sql.text, "plain": "true", "key": "NULL"}
        case _:
            return sql.facets


def term_text(sql: Sql) -> str:
    """Write SQL for the N-Triples text of a value."""
    match sql.kind:
        case "term":
            return sql.text
        case "date":
            return f"'\"' || {sql.text} || '\"{DATE_TYPE}'"
        case "text":
            escaped = f"replace(replace({sql.text}, '\\', '\\\\'), '\"', '\\\"')"
            escaped = f"replace(replace({escaped}, chr(10), '\\n'), chr(13), '\\r')"
            return f"'\"' || {escaped} || '\"'"
        case _:
            true, false = (quoted(str(Literal(value))) for value in (True, False))
            return f"CASE WHEN {sql.text} THEN {true} WHEN NOT {sql.text} THEN {false} END"


def all_of(conditions: Iterable[str]) -> str:
    """Write that all conditions hold, each once."""
    return " AND ".join(one for one in dict.fromkeys(conditions) if one != "true") or "true"
