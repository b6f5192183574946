"""A body and a head as one SELECT: atoms become tables of numbers, shared variables become conditions.

Tables of facts have the columns ``s``, ``p`` and ``o``, those of quads ``g`` as well; all hold the numbers of terms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kgtool.reasoning.bulk.dialect import MAX_NAMED, one_of, values
from kgtool.reasoning.language import Atom, Node, Term, Var

Number = Callable[[Term], int]
#: Rows that the axioms give, as numbers, with the variables that are its columns.
NumberedRows = tuple[Sequence[Var], Sequence[Sequence[int]]]


@dataclass(frozen=True)
class NodeTable:
    """A table of nodes, one row each: ``node``, and a column for each predicate, NULL where a node has none."""

    name: str
    columns: Mapping[Term, str]


@dataclass(frozen=True)
class Join:
    """The FROM and WHERE of a body, and the SQL of each of its variables."""

    tables: tuple[str, ...]
    conditions: tuple[str, ...]
    columns: dict[Var, str]

    def select(self, expressions: Sequence[str], more: Sequence[str] = ()) -> str:
        """Write a SELECT of expressions, under the body's conditions and more."""
        conditions = [*self.conditions, *more]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        source = f" FROM {', '.join(self.tables)}" if self.tables else ""
        return f"SELECT {', '.join(expressions)}{source}{where}"

    def written(self, node: Node, number: Number) -> str:
        """Write a node: a variable's column, or a term's number."""
        return self.columns[node] if isinstance(node, Var) else str(number(node))


def join(
    atoms: Sequence[Atom],
    tables: Sequence[str],
    number: Number,
    *,
    rows: NumberedRows = ((), ((),)),
    given: Mapping[Var, str] | None = None,
    nodes: Mapping[Var, NodeTable] | None = None,
    prefix: str = "a",
) -> Join:
    """Join atoms.

    :param tables: for each atom the table that it looks at, or a sub-query in brackets.
    :param rows: what some variables stand for; a single row becomes constants.
    :param given: SQL of variables that are known from outside (of an enclosing query).
    :param nodes: variables that stand for nodes with a table of their own: one row tells all atoms about them.
    :param prefix: of the tables' aliases.
    """
    sources: list[str] = []
    conditions: list[str] = []
    columns: dict[Var, str] = dict(given or {})
    names, listed = rows
    choices = {name: {row[place] for row in listed} for place, name in enumerate(names)}
    if len(listed) == 1 or len(atoms) == 1:
        choices = {}  # nothing to choose, or nothing to be joined before
    if names and len(listed) == 1:
        columns |= {name: str(value) for name, value in zip(names, listed[0], strict=True)}
    elif names:
        alias = f"{prefix}r"
        sources.append(f"{values(listed)} {alias}({', '.join(f'c{place}' for place in range(len(names)))})")
        columns |= {name: f"{alias}.c{place}" for place, name in enumerate(names)}
    read: set[str] = set()
    for place, (atom, table) in enumerate(zip(atoms, tables, strict=True)):
        alias = f"{prefix}{place}"
        places: Sequence[tuple[str, Node | None]] = tuple(zip("spog", atom, strict=True))
        of_node = column_of_node(atom, nodes or {})
        if of_node is not None:
            table, alias = of_node[0], f"{prefix}_{atom.subject}"
            places = (("node", atom.subject), (of_node[1], atom.object))
            conditions.append(f"{alias}.{of_node[1]} IS NOT NULL")
        if alias not in read:
            sources.append(f"{table} {alias}")
            read.add(alias)
        for column, node in places:
            if node is None:
                continue
            here = f"{alias}.{column}"
            if isinstance(node, Var) and columns.get(node) == here:
                continue
            if not isinstance(node, Var):
                conditions.append(f"{here} = {number(node)}")
            elif node in columns:
                conditions.append(f"{here} = {columns[node]}")
                if column in "po" and 0 < len(choices.get(node, ())) <= MAX_NAMED:
                    conditions.append(one_of(here, choices[node]))  # implied, but seen before anything is joined
            else:
                columns[node] = here
    return Join(tuple(sources), tuple(conditions), columns)


def column_of_node(atom: Atom, nodes: Mapping[Var, NodeTable]) -> tuple[str, str] | None:
    """Give the table and the column that tell an atom about a node; None if it is told otherwise."""
    table = nodes.get(atom.subject) if isinstance(atom.subject, Var) and atom.graph is None else None
    if table is None or isinstance(atom.predicate, Var) or atom.predicate not in table.columns:
        return None
    return table.name, table.columns[atom.predicate]
