"""What a group of a rule is read into: its parts, in the order of the text, and where each stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple, TypeAlias

from kgtool.reasoning.language import Absent, Aggregate, Atom, Bind, Expression, Optionally, Var


class Inside(Enum):
    """The groups that a rule may have, as errors call them."""

    WHERE = "WHERE"
    ABSENT = "NOT EXISTS"
    OPTIONAL = "OPTIONAL"
    SUB_SELECT = "a sub-SELECT"


class Condition(NamedTuple):
    """A FILTER."""

    expression: Expression


Part: TypeAlias = Atom | Condition | Bind | Absent | Optionally | Aggregate


class Piece(NamedTuple):
    """A part of a group, and the stretch of words that it was read from (the whole block, for one of many triples)."""

    part: Part
    first: int
    last: int


def atoms_of(pieces: Iterable[Piece]) -> tuple[Atom, ...]:
    """Give the atoms that stand in a group itself."""
    return tuple(piece.part for piece in pieces if isinstance(piece.part, Atom))


def conditions_of(pieces: Iterable[Piece]) -> tuple[Expression, ...]:
    """Give the conditions that stand in a group itself."""
    return tuple(piece.part.expression for piece in pieces if isinstance(piece.part, Condition))


def binds_of(pieces: Iterable[Piece]) -> tuple[Bind, ...]:
    """Give the computed values of a group."""
    return tuple(piece.part for piece in pieces if isinstance(piece.part, Bind))


def variables(atoms: Iterable[Atom]) -> Iterator[Var]:
    """Give the variables of atoms, in order."""
    for atom in atoms:
        yield from atom.variables()
