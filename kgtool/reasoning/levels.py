"""In which order rules run: those that feed others before them, those that feed each other together.

A rule about properties that looks at no class is done before any class is looked at, so that the rules about classes
see all properties at once instead of running again for each new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kgtool.reasoning.language import Atom
from kgtool.reasoning.matching.patterns import Key, keys_of
from kgtool.reasoning.shapes import Shape
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
_ANY_TYPE: Final[Key] = (_TYPE, None)
_ANYTHING: Final[Key] = (None, None)


@dataclass(frozen=True)
class Level:
    """Rules that run together.

    :param recursive: those among them that what they conclude may set off again.
    """

    shapes: tuple[Shape, ...]
    recursive: tuple[Shape, ...]


def levels_of(shapes: Sequence[Shape]) -> list[Level]:
    """Sort rules into levels: each needs only what the levels before it conclude, and what it concludes itself.

    The levels are the longest ways to each group of rules that feed each other (the strongly connected components).
    """
    feeds = _feeds(shapes)
    group_of, groups = _components(len(shapes), feeds)
    depth = [0] * len(groups)
    for group, members in enumerate(groups):  # Tarjan's algorithm gives the last of them first
        later = {group_of[other] for member in members for other in feeds[member]} - {group}
        depth[group] = 1 + max((depth[other] for other in later), default=-1)
    levels: dict[int, tuple[list[Shape], list[Shape]]] = {}
    for group, members in enumerate(groups):
        together, again = levels.setdefault(-depth[group], ([], []))
        together += (shapes[member] for member in sorted(members))
        if len(members) > 1 or members[0] in feeds[members[0]]:
            again += (shapes[member] for member in sorted(members))
    return [Level(tuple(together), tuple(again)) for _, (together, again) in sorted(levels.items())]


def _feeds(shapes: Sequence[Shape]) -> list[set[int]]:
    """Give for each rule those that look at what it concludes."""
    looks = [_keys(shape, shape.body) for shape in shapes]
    concludes = [_keys(shape, shape.head) for shape in shapes]
    return [{other for other, looked_at in enumerate(looks) if _meet(concluded, looked_at)} for concluded in concludes]


def _keys(shape: Shape, atoms: Iterable[Atom]) -> set[Key]:
    found = {key for atom in atoms if atom.graph is None for key in keys_of(atom, shape.rows)}
    optional = (atom for part in shape.rule.optional for atom in part.atoms) if atoms is shape.body else ()
    return found | {key for atom in optional if atom.graph is None for key in keys_of(atom, shape.rows)}


def _meet(one: set[Key], other: set[Key]) -> bool:
    """Tell whether two sets of keys may mean the same facts, without trying each with each."""
    if one & other or (one and _ANYTHING in other) or (other and _ANYTHING in one):
        return True
    return any(_ANY_TYPE in a and any(key[0] == _TYPE for key in b) for a, b in ((one, other), (other, one)))


def _components(count: int, feeds: Sequence[set[int]]) -> tuple[list[int], list[list[int]]]:
    """Find the strongly connected components: for each node its component, and the components, the last first.

    Source: Tarjan, Depth-first Search and Linear Graph Algorithms, 1972.
    """
    index = [-1] * count
    low = [0] * count
    component = [-1] * count
    stack: list[int] = []
    components: list[list[int]] = []
    clock = 0

    def visit(node: int) -> None:
        nonlocal clock
        index[node] = low[node] = clock
        clock += 1
        stack.append(node)
        for following in sorted(feeds[node]):
            if index[following] < 0:
                visit(following)
                low[node] = min(low[node], low[following])
            elif component[following] < 0:
                low[node] = min(low[node], index[following])
        if low[node] == index[node]:
            members = []
            while True:
                member = stack.pop()
                component[member] = len(components)
                members.append(member)
                if member == node:
                    break
            components.append(members)

    for node in range(count):
        if index[node] < 0:
            visit(node)
    return component, components
