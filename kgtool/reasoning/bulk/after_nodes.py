"""What need not be looked for once there are nodes: that they are what every rule that builds them says they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from kgtool.reasoning.language import Node, Term, Var
from kgtool.reasoning.matching.patterns import keys_of
from kgtool.reasoning.matching.solve import Rows
from kgtool.reasoning.shapes import Shape


def less_what_nodes_are(shapes: Iterable[Shape], typed: Set[tuple[Term, Term]]) -> tuple[Shape, ...]:
    """Take from what domains say that which every node is known to be: it would be found once for each of its facts.

    :param shapes: all rules that conclude facts, those of equality apart: where things are the same this does not hold.
    :param typed: predicates of nodes, and types that all nodes have.
    """
    shapes = tuple(shapes)
    concluded = {predicate for s in shapes for atom in s.head for predicate, _ in keys_of(atom, s.rows)}
    known = {(predicate, kind) for predicate, kind in typed if predicate not in concluded}
    return tuple(_less(shape, known) if shape.rule.name == "prp-dom" and known else shape for shape in shapes)


def _less(shape: Shape, known: Set[tuple[Term, Term]]) -> Shape:
    columns = (shape.body[0].predicate, shape.head[0].object)
    rows = [row for row in shape.rows.rows if _of(columns, row, shape.rows) not in known]
    return replace(shape, rows=Rows(shape.rows.columns, rows))


def _of(columns: Sequence[Node], row: Sequence[Term], rows: Rows) -> tuple[Node, ...]:
    """Give the values that a row of what axioms say has for some variables; other terms stand for themselves."""
    values = dict(zip(rows.columns, row, strict=True))
    return tuple(values.get(column, column) if isinstance(column, Var) else column for column in columns)
