"""Rules that only turn facts around: inverse and symmetric properties, where each property has one inverse.

What such rules conclude they need not look at, as turning it around again gives what it came from.
"""

from __future__ import annotations

from collections.abc import Sequence

from kgtool.reasoning.language import Term, Var
from kgtool.reasoning.shapes import Shape


def turning_around(shapes: Sequence[Shape]) -> tuple[Shape, ...]:
    """Give the rules among some that turn facts around; none if that, done twice, could give anything else."""
    found = tuple(shape for shape in shapes if not shape.is_file and _turns_around(shape))
    inverse: dict[Term, Term] = {}
    for shape in found:
        for one, other in _pairs(shape):
            if inverse.setdefault(one, other) != other:
                return ()
    return found if all(inverse.get(other) == one for one, other in inverse.items()) else ()


def _turns_around(shape: Shape) -> bool:
    if len(shape.body) != 1 or len(shape.head) != 1:
        return False
    (asked,), (concluded,) = shape.body, shape.head
    ends = (asked.subject, asked.object)
    return (
        all(isinstance(node, Var) and node not in shape.rows.columns for node in ends)
        and asked.subject != asked.object
        and (concluded.object, concluded.subject) == ends
        and all(
            not isinstance(atom.predicate, Var) or atom.predicate in shape.rows.columns for atom in (asked, concluded)
        )
    )


def _pairs(shape: Shape) -> list[tuple[Term, Term]]:
    """Give the properties that a rule turns, each with what it becomes."""
    (asked,), (concluded,) = shape.body, shape.head
    pairs = []
    for row in shape.rows.rows:
        values = dict(zip(shape.rows.columns, row, strict=True))
        one, other = (
            values[atom.predicate] if isinstance(atom.predicate, Var) else atom.predicate for atom in (asked, concluded)
        )
        pairs.append((one, other))
    return pairs
