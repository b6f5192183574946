"""Which rules a fact may set off, found by its predicate, or by its class where it is a type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from kgtool.reasoning.language import Fact
from kgtool.reasoning.matching.patterns import Key, keys_of
from kgtool.reasoning.shapes import Shape
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
#: A shape, and the place of an atom in its body, or of a head.
Trigger: TypeAlias = tuple[Shape, int]


class Triggers:
    """Shapes by what one of their atoms may match.

    :param shapes: the rules.
    :param heads: look at their heads, for going backwards; else at their bodies.
    """

    def __init__(self, shapes: Iterable[Shape], *, heads: bool = False) -> None:
        self._found: dict[Key, list[Trigger]] = {}
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
