"""The least, the greatest, or the number of something over asserted triples, in bulk.

Numbers are ordered as numbers, everything else by its text, which for days and other dates of one precision is the
order of time. What has no value does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kgtool.reasoning.bulk.computed import compute, number_texts
from kgtool.reasoning.bulk.dialect import Database
from kgtool.reasoning.bulk.joins import join
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Aggregate, Atom, Bind, Call, Expression, Var
from kgtool.reasoning.language.expressions import variables_of

_NUMBER: Final = r'"([-+0-9.eE]+|INF|-INF|NaN)"\^\^<http://www\.w3\.org/2001/XMLSchema#(integer|decimal|float|double)>'


class Aggregates:
    """The tables of aggregates; those that differ in the names of their variables only have one.

    Asserted triples do not change during a closure, so what is counted over them is counted once.
    """

    def __init__(self, database: Database, terms: Terms) -> None:
        self._database = database
        self._terms = terms
        self._tables: dict[tuple[Aggregate, str], str] = {}

    def table_of(self, part: Aggregate, quads: str) -> tuple[str, dict[Var, str]]:
        """Give the table of an aggregate, and which of its columns holds each group and result.

        :param quads: the table of what sources assert.
        """
        names = _names(part)
        other = replace(_renamed(part, names), optional=False)
        if (other, quads) not in self._tables:
            table = self._tables[other, quads] = f"aggregate_{len(self._tables)}"
            _aggregate(self._database, self._terms, other, table, quads)
        shown = (*part.groups, *(name for name, _, _ in part.results))
        return self._tables[other, quads], {name: f"v_{names[name]}" for name in shown}


def _names(part: Aggregate) -> dict[Var, Var]:
    """Give each variable of an aggregate a name by its place."""
    looked_at = (*(value for _, _, value in part.results), *part.conditions)
    found = dict.fromkeys(name for atom in part.atoms for name in atom.variables())
    found |= dict.fromkeys(name for bind in part.binds for name in (bind.variable, *sorted(variables_of(bind.value))))
    found |= dict.fromkeys(name for one in looked_at for name in sorted(variables_of(one)))
    found |= dict.fromkeys((*part.groups, *(name for name, _, _ in part.results)))
    return {name: Var(f"a{place}") for place, name in enumerate(found)}


def _renamed(part: Aggregate, names: Mapping[Var, Var]) -> Aggregate:
    def expression(one: Expression) -> Expression:
        if isinstance(one, Call):
            return Call(one.function, tuple(map(expression, one.arguments)))
        return names[one] if isinstance(one, Var) else one

    return Aggregate(
        tuple(names[name] for name in part.groups),
        tuple((names[name], function, expression(value)) for name, function, value in part.results),
        tuple(Atom(*(names[n] if isinstance(n, Var) else n for n in atom)) for atom in part.atoms),  # type: ignore[arg-type]
        tuple(map(expression, part.conditions)),
        tuple(Bind(names[bind.variable], expression(bind.value)) for bind in part.binds),
        part.optional,
    )


def _aggregate(database: Database, terms: Terms, part: Aggregate, table: str, quads: str) -> None:
    """Make a table of groups with their results; its columns are the variables with ``v_`` before, holding numbers.

    What is looked at is computed, and put in order, once for each combination of values: there are few dates.

    :param quads: the table of what sources assert.
    """
    found = join(part.atoms, [quads] * len(part.atoms), terms.number, prefix="g")
    columns = list(found.columns)
    database.make("grouped", found.select([f"{found.columns[name]} AS v_{name}" for name in columns]))
    looked_at = [Bind(Var(f"kgtool_aggregated{place}"), value) for place, (_, _, value) in enumerate(part.results)]
    names = [bind.variable for bind in looked_at]
    expressions = (*(bind.value for bind in (*part.binds, *looked_at)), *part.conditions)
    inputs = [name for name in columns if any(name in variables_of(one) for one in expressions)]
    chosen = ", ".join(f"v_{name}" for name in inputs) or "1 AS v_"
    database.make("looked_at", f"SELECT DISTINCT {chosen} FROM grouped")
    compute(database, terms, "looked_at", inputs, (*part.binds, *looked_at), part.conditions, {*inputs, *names})
    database.make("ranked", _ranks([f"v_{name}" for name in names]))
    groups = [f"g.v_{name}" for name in part.groups]
    results, counts, ranks = [], [], []
    for bind, (name, function, _) in zip(looked_at, part.results, strict=True):
        value = f"i.v_{bind.variable}"
        if function == "COUNT":
            counts.append(name)
            results.append(f"""'"' || count({value}) || '"^^<http://www.w3.org/2001/XMLSchema#integer>' AS v_{name}""")
        else:
            results.append(f"arg_{function.lower()}({value}, k_{bind.variable}.rank) AS v_{name}")
            ranks.append(f"LEFT JOIN ranked k_{bind.variable} ON k_{bind.variable}.id = {value}")
    agreed = " AND ".join(f"i.v_{name} = g.v_{name}" for name in inputs) or "true"
    source = f"grouped g JOIN looked_at i ON {agreed} {' '.join(ranks)}"
    by = f" GROUP BY {', '.join(groups)}" if groups else ""
    database.make(table, f"SELECT {', '.join([*groups, *results])} FROM {source}{by}")
    for name in counts:
        number_texts(database, f"SELECT v_{name} FROM {table}", "numbered")
        database.make(
            table, f"SELECT x.* REPLACE (n.id AS v_{name}) FROM {table} x JOIN numbered n ON n.text = x.v_{name}"
        )


def _ranks(columns: list[str]) -> str:
    """Write a query for the rank of each value that columns of ``looked_at`` hold."""
    values = " UNION ".join(f"SELECT {column} AS id FROM looked_at" for column in columns)
    rank = f"row_number() OVER (ORDER BY {_order('t.text')})"
    return f"SELECT v.id, {rank} AS rank FROM ({values}) v JOIN terms t USING (id)"


def _order(text: str) -> str:
    """Write what terms are ordered by."""
    number = f"TRY_CAST(regexp_extract({text}, '{_NUMBER}', 1) AS DOUBLE)"
    return f"row(regexp_matches({text}, '^{_NUMBER}$'), {number}, {text})"
