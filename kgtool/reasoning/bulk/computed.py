"""Binds and conditions over a table of solutions: by SQL where it means the same, by Oxigraph for the other rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kgtool.reasoning.bulk.dialect import ID, Database
from kgtool.reasoning.bulk.expressions import Sql, sql_of, term_text
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Bind, Call, Expression, Var
from kgtool.reasoning.language.expressions import refuse_long_name, variables_of
from kgtool.reasoning.matching.computed import computed

_BATCH: Final = 20_000


def compute(
    database: Database,
    terms: Terms,
    table: str,
    columns: Sequence[Var],
    binds: Sequence[Bind],
    conditions: Sequence[Expression],
) -> None:
    """Replace a table of solutions by one that also has what is bound, without the rows that a condition refuses.

    :param columns: the variables of the table; its columns are their names with ``v_`` before, holding numbers or NULL.
    """
    if not binds and not conditions:
        return
    written = _written(columns, binds, conditions)
    database.make("computed_rows", f"SELECT * FROM {table}")
    names = [*columns, *(bind.variable for bind in binds)]
    database.run(f"CREATE OR REPLACE TEMP TABLE {table} ({', '.join(f'v_{name} {ID}' for name in names)})")
    rest = "true"
    if written is not None:
        values, passes, guard = written
        _by_sql(database, table, columns, binds, values, passes, guard)
        rest = f"NOT coalesce({guard}, false)"
        if guard == "true":
            return
    _by_oxigraph(database, terms, table, columns, binds, conditions, rest)


def with_text(columns: Sequence[Var], inputs: Sequence[Var], table: str = "computed_rows") -> str:
    """Write a FROM that joins the text of some variables, as ``t_NAME.text``, to a table of solutions."""
    joins = " ".join(f"LEFT JOIN terms t_{name} ON t_{name}.id = r.v_{name}" for name in inputs if name in columns)
    return f"{table} r {joins}"


def _written(
    columns: Sequence[Var], binds: Sequence[Bind], conditions: Sequence[Expression]
) -> tuple[list[Sql], str, str] | None:
    """Write everything in SQL: the value of each bind, the conditions, and the guard; None if something cannot be."""
    texts = {name: f"t_{name}.text" for name in columns}
    # A bind that looks at an earlier one is written with that one's expression in its place.
    values: list[Sql] = []
    earlier: dict[Var, Expression] = {}
    for bind in binds:
        earlier[bind.variable] = _replaced(bind.value, earlier)
        value = sql_of(earlier[bind.variable], texts)
        if value is None:
            return None
        values.append(value)
    passes, guards = [], [value.guard for value in values]
    for condition in conditions:
        test = sql_of(_replaced(condition, earlier), texts)
        if test is None or test.kind != "bool":
            return None
        passes.append(test.text)
        guards.append(test.guard)
    useful = [guard for guard in dict.fromkeys(guards) if guard != "true"]
    return values, " AND ".join(passes) or "true", " AND ".join(useful) or "true"


def _replaced(expression: Expression, known: dict[Var, Expression]) -> Expression:
    if isinstance(expression, Var):
        return known.get(expression, expression)
    if isinstance(expression, Call):
        return Call(expression.function, tuple(_replaced(argument, known) for argument in expression.arguments))
    return expression


def _by_sql(
    database: Database,
    table: str,
    columns: Sequence[Var],
    binds: Sequence[Bind],
    values: Sequence[Sql],
    passes: str,
    guard: str,
) -> None:
    """Compute the rows that SQL can be trusted with; new terms get numbers."""
    kept = [f"r.v_{name} AS v_{name}" for name in columns]
    texts = [f"{term_text(value)} AS x_{bind.variable}" for bind, value in zip(binds, values, strict=True)]
    database.make(
        "computed_texts",
        f"SELECT {', '.join([*kept, *texts])} FROM {with_text(columns, columns)} WHERE {passes} AND {guard}",
    )
    for bind in binds:
        number_texts(database, f"SELECT x_{bind.variable} FROM computed_texts")
    joins = " ".join(f"LEFT JOIN terms n_{b.variable} ON n_{b.variable}.text = x.x_{b.variable}" for b in binds)
    chosen = [*(f"x.v_{name}" for name in columns), *(f"n_{bind.variable}.id" for bind in binds)]
    database.run(f"INSERT INTO {table} SELECT {', '.join(chosen)} FROM computed_texts x {joins}")


def number_texts(database: Database, select: str) -> None:
    """Give numbers to the texts of terms that a query gives and the table of terms lacks.

    :raises LimitError: if one of them is an IRI of unlikely length.
    """
    database.make(
        "new_texts",
        f"SELECT DISTINCT x.text FROM ({select}) x(text) WHERE x.text IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM terms t WHERE t.text = x.text)",
    )
    if not database.count("new_texts"):
        return
    refuse_long_name(database.value("SELECT coalesce(max(length(text)), 0) FROM new_texts WHERE text LIKE '<%'"))
    least, greatest = database.rows("SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM terms")[0]
    for literal, start in ((True, min(least, 0)), (False, max(greatest, 0))):
        step = f"{start} - row_number() OVER ()" if literal else f"{start} + row_number() OVER ()"
        condition = f"text {'' if literal else 'NOT '}LIKE '\"%'"
        database.run(f"INSERT INTO terms SELECT {step}, text FROM new_texts WHERE {condition}")


def _by_oxigraph(
    database: Database,
    terms: Terms,
    table: str,
    columns: Sequence[Var],
    binds: Sequence[Bind],
    conditions: Sequence[Expression],
    rest: str,
) -> None:
    """Compute the other rows, each combination of what the expressions look at once."""
    bound = {bind.variable for bind in binds}
    looked_at = frozenset[Var]().union(*(variables_of(e) for e in (*(b.value for b in binds), *conditions))) - bound
    inputs = [name for name in columns if name in looked_at]
    chosen = ", ".join(f"r.v_{name}" for name in inputs) or "1"
    given, made = [f"i_{name} {ID}" for name in inputs], [f"o_{place} {ID}" for place in range(len(binds))]
    columns_of_values = ", ".join([*given, *made, "ok BOOLEAN"])
    database.run(f"CREATE OR REPLACE TEMP TABLE computed_values ({columns_of_values})")
    asked = f"SELECT DISTINCT {chosen} FROM {with_text(columns, columns)} WHERE {rest}"
    for batch in database.batches(asked, _BATCH):
        terms.recall(number for row in batch for number in row if number is not None)
        solutions = [
            {name: terms.term(number) for name, number in zip(inputs, row, strict=False) if number is not None}
            for row in batch
        ]
        found = computed(solutions, binds, conditions)
        terms.learn(solution[name] for solution in found if solution for name in bound if name in solution)
        database.insert(
            "computed_values",
            (
                (
                    *(row if inputs else ()),
                    *(terms.number(solution[b.variable]) if b.variable in solution else None for b in binds),
                    True,
                )
                for row, solution in zip(batch, found, strict=True)
                if solution is not None
            ),
        )
    matched = " AND ".join(f"r.v_{name} IS NOT DISTINCT FROM c.i_{name}" for name in inputs) or "true"
    kept = [*(f"r.v_{name}" for name in columns), *(f"c.o_{place}" for place in range(len(binds)))]
    database.run(
        f"INSERT INTO {table} SELECT {', '.join(kept)} FROM {with_text(columns, columns)}"
        f" JOIN computed_values c ON {matched} WHERE {rest}"
    )
