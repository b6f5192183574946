"""Which rules a fact may set off, found by its predicate, or by its class where it is a type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from kgtool.reasoning.language import Atom, Fact, Term, Var
from kgtool.reasoning.matching.solve import Rows
from kgtool.reasoning.shapes import Shape
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
#: A shape, and the place of an atom in its body, or of a head.
Trigger: TypeAlias = tuple[Shape, int]
_Key: TypeAlias = tuple[Term | None, Term | None]


class Triggers:
    """Shapes by what one of their atoms may match.

    :param shapes: the rules.
    :param heads: look at their heads, for going backwards; else at their bodies.
    """

    def __init__(self, shapes: Iterable[Shape], *, heads: bool = False) -> None:
        self._found: dict[_Key, list[Trigger]] = {}
        for shape in shapes:
            atoms = shape.head if heads else shape.body
            for place, atom in enumerate(atoms):
                if atom.graph is None:
                    for key in keys_of(atom, shape.rows):
                        self._found.setdefault(key, []).append((shape, place))

    def of(self, fact: Fact) -> Iterator[Trigger]:
        """Give the triggers that a fact may match."""
        predicate = fact[1]
        yield from self._found.get((predicate, None), ())
        if predicate == _TYPE:
            yield from self._found.get((predicate, fact[2]), ())
        yield from self._found.get((None, None), ())


def keys_of(atom: Atom, rows: Rows) -> Sequence[_Key]:
    """Give what an atom may match: predicate, and class for types; None is any."""
    named = [node for node in (atom.predicate, atom.object) if isinstance(node, Var) and node in rows.columns]
    keys: dict[_Key, None] = {}
    for row in rows.project(named) if named else [()]:
        values = dict(zip(named, row, strict=True))
        predicate = values.get(atom.predicate) if isinstance(atom.predicate, Var) else atom.predicate
        value = values.get(atom.object) if isinstance(atom.object, Var) else atom.object
        keys[predicate, value if predicate == _TYPE else None] = None
    return list(keys)
