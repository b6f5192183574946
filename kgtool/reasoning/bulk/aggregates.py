"""The least, the greatest, or the number of something over asserted triples, in bulk.

Numbers are ordered as numbers, everything else by its text, which for days and other dates of one precision is the
order of time. What has no value does not count.
"""

from __future__ import annotations

from typing import Final

from kgtool.reasoning.bulk.computed import compute, number_texts
from kgtool.reasoning.bulk.dialect import Database
from kgtool.reasoning.bulk.joins import join
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Aggregate, Bind, Var

_NUMBER: Final = r'"([-+0-9.eE]+|INF|-INF|NaN)"\^\^<http://www\.w3\.org/2001/XMLSchema#(integer|decimal|float|double)>'


def aggregate(database: Database, terms: Terms, part: Aggregate, table: str) -> None:
    """Make a table of groups with their results; its columns are the variables with ``v_`` before, holding numbers."""
    found = join(part.atoms, ["quads"] * len(part.atoms), terms.number, prefix="g")
    columns = list(found.columns)
    database.make("grouped", found.select([f"{found.columns[name]} AS v_{name}" for name in columns]))
    looked_at = [Bind(Var(f"kgtool_aggregated{place}"), value) for place, (_, _, value) in enumerate(part.results)]
    binds = (*part.binds, *looked_at)
    compute(database, terms, "grouped", columns, binds, part.conditions)
    columns += [bind.variable for bind in binds]
    groups = [f"g.v_{name}" for name in part.groups]
    results, counts = [], []
    for bind, (name, function, _) in zip(looked_at, part.results, strict=True):
        value = f"g.v_{bind.variable}"
        if function == "COUNT":
            counts.append(name)
            results.append(f"""'"' || count({value}) || '"^^<http://www.w3.org/2001/XMLSchema#integer>' AS v_{name}""")
        else:
            results.append(f"arg_{function.lower()}({value}, {_order(f't_{bind.variable}.text')}) AS v_{name}")
    texts = " ".join(f"LEFT JOIN terms t_{b.variable} ON t_{b.variable}.id = g.v_{b.variable}" for b in looked_at)
    by = f" GROUP BY {', '.join(groups)}" if groups else ""
    database.make(table, f"SELECT {', '.join([*groups, *results])} FROM grouped g {texts}{by}")
    for name in counts:
        number_texts(database, f"SELECT v_{name} FROM {table}")
        database.make(
            table, f"SELECT x.* REPLACE (n.id AS v_{name}) FROM {table} x JOIN terms n ON n.text = x.v_{name}"
        )


def _order(text: str) -> str:
    """Write what terms are ordered by."""
    number = f"TRY_CAST(regexp_extract({text}, '{_NUMBER}', 1) AS DOUBLE)"
    return f"row(regexp_matches({text}, '^{_NUMBER}$'), {number}, {text})"
