"""Binds and conditions over a table of solutions: by SQL where it means the same, by Oxigraph for the other rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kgtool.reasoning.bulk.dialect import ID, Database
from kgtool.reasoning.bulk.expressions import sql_of
from kgtool.reasoning.bulk.sql import FACETS, Sql, given, term_text
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Bind, Expression, Var
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
    wanted: Collection[Var] | None = None,
) -> list[Var]:
    """Replace a table of solutions by one that also has what is bound, without the rows that a condition refuses.

    :param columns: the variables of the table; its columns are their names with ``v_`` before, holding numbers or NULL.
    :param wanted: the variables that are looked at afterwards; None for all.
    :returns: the variables that the table has then.
    """
    if not binds and not conditions:
        return list(columns)
    kept = [name for name in columns if wanted is None or name in wanted] or list(columns)
    made = [bind.variable for bind in binds if wanted is None or bind.variable in wanted]
    database.rename(table, "computed_rows")
    names = [*kept, *made]
    if not database.count("computed_rows"):  # nothing to read long expressions for
        database.run(f"CREATE TEMP TABLE {table} ({', '.join(f'v_{name} {ID}' for name in names)})")
        return names
    written = _written(columns, binds, conditions)
    rows = "computed_rows"
    if written is not None:
        _by_sql(database, table, columns, kept, made, written)
        rows = "(SELECT * FROM computed_texts WHERE NOT coalesce(trusted, false))"
        if written.guard == "true" or not database.value(f"SELECT count(*) FROM {rows}"):
            return names
    else:
        database.run(f"CREATE TEMP TABLE {table} ({', '.join(f'v_{name} {ID}' for name in names)})")
    _by_oxigraph(database, terms, table, rows, columns, kept, made, binds, conditions)
    return names


@dataclass(frozen=True)
class _Written:
    """Everything in SQL: a sub-query, what of it is each bind, when a row passes, and when it may be trusted."""

    source: str
    values: Mapping[Var, Sql]
    passes: str
    guard: str


def _written(columns: Sequence[Var], binds: Sequence[Bind], conditions: Sequence[Expression]) -> _Written | None:
    """Write everything in SQL, each bind a layer around those before it; None if something cannot be written."""
    looked_at = frozenset[Var]().union(*map(variables_of, (*(bind.value for bind in binds), *conditions)))
    inputs = [name for name in columns if name in looked_at]
    known = {name: given(name) for name in inputs}
    guards: list[str] = []
    columns_of_terms = [f"x_{n}.text AS t_{n}, " + ", ".join(f"x_{n}.{f} AS {f}_{n}" for f in FACETS) for n in inputs]
    joins = " ".join(f"LEFT JOIN ({_terms_in(name)}) x_{name} ON x_{name}.id = r.v_{name}" for name in inputs)
    source = f"SELECT {', '.join(['r.*', *columns_of_terms])} FROM computed_rows r {joins}"
    for bind in binds:
        value = sql_of(bind.value, known)
        if value is None:
            return None
        name = bind.variable
        facets = {facet: f"{facet}_{name}" for facet in value.facets}
        more = "".join(f", {sql} AS {facets[facet]}" for facet, sql in value.facets.items())
        source = f"SELECT *, {value.text} AS b_{name}{more} FROM ({source})"
        guards.append(value.guard)
        known[name] = Sql(f"b_{name}", value.kind, facets=facets)
    passes = []
    for condition in conditions:
        test = sql_of(condition, known)
        if test is None or test.kind != "bool":
            return None
        passes.append(test.text)
        guards.append(test.guard)
    useful = [guard for guard in dict.fromkeys(guards) if guard != "true"]
    values = {bind.variable: known[bind.variable] for bind in binds}
    return _Written(source, values, " AND ".join(passes) or "true", " AND ".join(useful) or "true")


def _terms_in(name: Var) -> str:
    """Write a query for the terms that a variable stands for, each once, with their facets."""
    facets = ", ".join(f"{sql} AS {facet}" for facet, sql in FACETS.items())
    ids = f"SELECT DISTINCT v_{name} AS id FROM computed_rows WHERE v_{name} IS NOT NULL"
    found = f"SELECT terms.id, terms.text AS t FROM terms JOIN ({ids}) ids ON ids.id = terms.id"
    return f"SELECT id, t AS text, {facets} FROM ({found})"


def _by_sql(
    database: Database, table: str, columns: Sequence[Var], kept: Sequence[Var], made: Sequence[Var], written: _Written
) -> None:
    """Compute the rows that SQL can be trusted with; new terms get numbers."""
    chosen = [f"v_{name}" for name in (kept if written.guard == "true" else columns)]
    values = []
    for name in made:
        value = written.values[name]
        days = value.kind == "date"  # a term is made of each day, not of each row that has it
        values.append(f"{value.facets.get('number') or (value.text if days else term_text(value))} AS x_{name}")
    tests = f"{written.guard} AS trusted, {written.passes} AS passes"
    database.make("computed_texts", f"SELECT {', '.join([*chosen, *values, tests])} FROM ({written.source})")
    good = "x.trusted AND x.passes"
    joins, found = [], [f"x.v_{name} AS v_{name}" for name in kept]
    for name in made:
        if "number" in written.values[name].facets:
            found.append(f"x.x_{name}::{ID} AS v_{name}")
        else:
            source, held = f"FROM computed_texts x WHERE {good}", "text"
            texts = f"SELECT x.x_{name} {source}"
            if written.values[name].kind == "date":
                each, held = f"SELECT DISTINCT x.x_{name} AS text {source}", "substr(text, 2, 10)"
                texts = f"SELECT {term_text(Sql('d.text', 'date'))} FROM ({each}) d"
            number_texts(database, texts, f"numbered_{name}")
            numbered = f"(SELECT id, {held} AS held FROM numbered_{name}) n_{name}"
            joins.append(f"LEFT JOIN {numbered} ON n_{name}.held = x.x_{name}")
            found.append(f"n_{name}.id AS v_{name}")
    database.make(table, f"SELECT {', '.join(found)} FROM computed_texts x {' '.join(joins)} WHERE {good}")


def number_texts(database: Database, select: str, table: str) -> None:
    """Make a table of the texts of terms that a query gives, each once, with their numbers; new ones get numbers.

    :raises LimitError: if one of them is an IRI of unlikely length.
    """
    database.make(
        "looked_up",
        f"SELECT x.text, t.id FROM (SELECT DISTINCT y.text FROM ({select}) y(text) WHERE y.text IS NOT NULL) x"
        " LEFT JOIN terms t ON t.text = x.text",
    )
    new = "FROM looked_up WHERE id IS NULL"
    if database.value(f"SELECT count(*) {new}"):
        refuse_long_name(database.value(f"SELECT coalesce(max(length(text)), 0) {new} AND text LIKE '<%'"))
        least, greatest = database.rows("SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM terms")[0]
        literal = f"""SELECT {min(least, 0)} - row_number() OVER () AS id, text {new} AND text LIKE '"%'"""
        other = f"""SELECT {max(greatest, 0)} + row_number() OVER () AS id, text {new} AND text NOT LIKE '"%'"""
        database.make("new_terms", f"{literal} UNION ALL {other}")
        database.run("INSERT INTO terms SELECT id, text FROM new_terms")
        known = "SELECT text, id FROM looked_up WHERE id IS NOT NULL"
        database.make(table, f"{known} UNION ALL SELECT text, id FROM new_terms")
    else:
        database.make(table, "SELECT text, id FROM looked_up")


def _by_oxigraph(
    database: Database,
    terms: Terms,
    table: str,
    rows: str,
    columns: Sequence[Var],
    kept: Sequence[Var],
    made: Sequence[Var],
    binds: Sequence[Bind],
    conditions: Sequence[Expression],
) -> None:
    """Compute the other rows, each combination of what the expressions look at once."""
    bound = {bind.variable for bind in binds}
    looked_at = frozenset[Var]().union(*(variables_of(e) for e in (*(b.value for b in binds), *conditions))) - bound
    inputs = [name for name in columns if name in looked_at]
    chosen = ", ".join(f"r.v_{name}" for name in inputs) or "1"
    declared = ", ".join([*(f"i_{name} {ID}" for name in inputs), *(f"o_{name} {ID}" for name in made), "ok BOOLEAN"])
    database.run(f"CREATE OR REPLACE TEMP TABLE computed_values ({declared})")
    for batch in database.batches(f"SELECT DISTINCT {chosen} FROM {rows} r", _BATCH):
        terms.recall(number for row in batch for number in row if number is not None)
        solutions = [
            {name: terms.term(number) for name, number in zip(inputs, row, strict=False) if number is not None}
            for row in batch
        ]
        found = computed(solutions, binds, conditions)
        terms.learn(solution[name] for solution in found if solution for name in made if name in solution)
        database.insert(
            "computed_values",
            (
                (
                    *(row if inputs else ()),
                    *(terms.number(solution[name]) if name in solution else None for name in made),
                    True,
                )
                for row, solution in zip(batch, found, strict=True)
                if solution is not None
            ),
        )
    matched = " AND ".join(f"r.v_{name} IS NOT DISTINCT FROM c.i_{name}" for name in inputs) or "true"
    found_columns = ", ".join([*(f"r.v_{name}" for name in kept), *(f"c.o_{name}" for name in made)]) or "1"
    database.run(f"INSERT INTO {table} SELECT {found_columns} FROM {rows} r JOIN computed_values c ON {matched}")
