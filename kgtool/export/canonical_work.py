"""How much work RDFC-1.0 has with a dataset, foreseen without doing it.

The algorithm (W3C RDF Dataset Canonicalization, sections 4.4 and 4.8) tries every order of neighbours that it cannot
tell apart. Here one order is followed, and its work multiplied by the number of orders. The estimate depends on the
dataset alone, neither on the machine nor on the clock, so that a dataset that is refused is refused everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256
from math import factorial
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Quad

#: More orders than these are beyond any limit, and their number is slow to compute.
_MOST: Final = 30
#: Rounds of colour refinement. They choose the order that is followed, so few are enough.
_ROUNDS: Final = 4


@dataclass(frozen=True)
class Work:
    """The work foreseen.

    :param units: comparisons of neighbours and copies of labels, of which a second does 3 to 20 million.
    :param alike: the nodes that look alike in the connected part that costs most.
    :param predicate: IRI of a predicate that links them, if one does.
    """

    units: int
    alike: int
    predicate: str | None


class _Relation(NamedTuple):
    place: str
    predicate: str
    node: str


def blank_nodes(quad: Quad) -> Iterator[BlankNode]:
    """Give the blank nodes of a quad, one for each place."""
    for term in (quad.subject, quad.object, quad.graph_name):
        if isinstance(term, BlankNode):
            yield term


def foreseen(quads: Collection[Quad], *, most: int) -> Work:
    """Foresee the work of RDFC-1.0.

    >>> from pyoxigraph import NamedNode
    >>> a, b, p = BlankNode("a"), BlankNode("b"), NamedNode("urn:x:p")
    >>> foreseen([Quad(a, p, p), Quad(p, p, b)], most=100)
    Work(units=0, alike=0, predicate=None)
    >>> foreseen([Quad(a, p, b), Quad(b, p, a)], most=100).alike
    2

    :param quads: quads that mention blank nodes, each once.
    :param most: where counting may stop: ``units`` is then above this, but less than all.
    """
    hashes, relations = _first_degree(quads)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for node, value in hashes.items():
        groups[value].append(node)
    # Nodes told apart by their own quads get their labels first (section 4.4.3, step 4).
    names = {members[0]: value for value, members in groups.items() if len(members) == 1}
    colours = _refined({node: value for node, value in hashes.items() if node not in names}, relations)
    total, costliest, heaviest = 0, 0, ""
    for _, members in sorted((value, members) for value, members in groups.items() if len(members) > 1):
        reached: dict[str, None] = {}
        for start in sorted(members, key=lambda node: (colours[node], node)):
            if start in names:
                continue
            units, issued = _walk(start, names, hashes, colours, relations, most - total)
            reached.update(dict.fromkeys(issued))
            total += units
            if units > costliest:
                costliest, heaviest = units, start
            if total > most:
                return _told(total, heaviest, colours, relations)
        for node in reached:
            names[node] = f"c{len(names)}"
    return _told(total, heaviest, colours, relations) if heaviest else Work(0, 0, None)


def _first_degree(quads: Collection[Quad]) -> tuple[dict[str, str], dict[str, list[_Relation]]]:
    """Give the first-degree hash of each node (section 4.6), and its relations to other nodes (section 4.8)."""
    lines: defaultdict[str, list[str]] = defaultdict(list)
    relations: defaultdict[str, list[_Relation]] = defaultdict(list)
    for quad in quads:
        terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
        places = [(place, term.value) for place, term in zip("spog", terms, strict=True) if isinstance(term, BlankNode)]
        for name in {name for _, name in places}:
            line = " ".join(
                ("_:a" if term.value == name else "_:z") if isinstance(term, BlankNode) else str(term)
                for term in terms
                if not isinstance(term, DefaultGraph)
            )
            lines[name].append(f"{line} .\n")
            relations[name] += [_Relation(place, quad.predicate.value, node) for place, node in places if node != name]
    return {name: sha256("".join(sorted(those)).encode()).hexdigest() for name, those in lines.items()}, relations


def _refined(hashes: dict[str, str], relations: dict[str, list[_Relation]]) -> dict[str, int]:
    """Give nodes that look alike a colour by their neighbours' colours, whatever their labels are."""
    ranks = {value: rank for rank, value in enumerate(sorted(set(hashes.values())))}
    colours = {node: ranks[value] for node, value in hashes.items()}
    for _ in range(_ROUNDS):
        signatures = {
            node: (colour, *sorted((one.place, one.predicate, colours.get(one.node, -1)) for one in relations[node]))
            for node, colour in colours.items()
        }
        order = {signature: rank for rank, signature in enumerate(sorted(set(signatures.values())))}
        if len(order) == len(set(colours.values())):
            break
        colours = {node: order[signature] for node, signature in signatures.items()}
    return colours


def _walk(
    start: str,
    names: dict[str, str],
    hashes: dict[str, str],
    colours: dict[str, int],
    relations: dict[str, list[_Relation]],
    most: int,
) -> tuple[int, dict[str, str]]:
    """Count the work of Hash N-Degree Quads (section 4.8) from a node; give the nodes that it reaches, too."""
    issued = {start: "i0"}
    units = 0
    # A node is a call, several are neighbours to be tried in every order; the number is how often it happens.
    stack: list[tuple[str | list[str], int]] = [(start, 1)]
    while stack and units <= most:
        item, times = stack.pop()
        if isinstance(item, str):
            units += times * (1 + len(relations[item]))
            groups: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
            for one in relations[item]:
                known = names.get(one.node) or issued.get(one.node) or hashes[one.node]
                groups[one.place, "" if one.place == "g" else one.predicate, known].append(one.node)
            stack += [(group, times) for _, group in sorted(groups.items(), reverse=True)]
        else:
            times *= factorial(min(len(item), _MOST))
            fresh = sorted({node for node in item if node not in names and node not in issued}, key=colours.__getitem__)
            for node in fresh:
                issued[node] = f"i{len(issued)}"
            units += times * (len(item) + len(issued))
            stack += [(node, times) for node in reversed(fresh)]
    return units, issued


def _told(units: int, start: str, colours: dict[str, int], relations: dict[str, list[_Relation]]) -> Work:
    """Describe the connected part of nodes that look alike around one of them."""
    part, left = {start}, [start]
    while left:
        for one in relations[left.pop()]:
            if one.node in colours and one.node not in part:
                part.add(one.node)
                left.append(one.node)
    predicates = sorted({one.predicate for one in relations[start] if one.node in part})
    return Work(units, len(part), predicates[0] if predicates else None)
