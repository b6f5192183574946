"""Which nodes are written inside the node that refers to them, and which blank nodes are lists.

The rule, the same for every format: a blank node that one graph alone mentions and that is the object of exactly one
triple is written there, unless it stands on a cycle or would stand deeper than ``DEPTH``. It looks at the graph and
at its canonical labels only, so that the same graph gives the same nesting.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from kgtool.export.tokens import RDF_FIRST, RDF_NIL, RDF_REST, is_blank, is_literal

#: Nodes within nodes, lists within lists. Deeper ones stand apart: some readers recurse.
DEPTH: Final = 12

Pair = tuple[str, str]
Triple = tuple[str, str, str]


@dataclass(frozen=True)
class Nesting:
    """How the nodes of one graph nest; empty for a graph without blank nodes.

    :param described: (predicate, object) pairs, in order, of each subject that may be written inside another.
    :param inline: nodes to write where they are referred to, the cells of lists included.
    :param lists: members of each list, by its first cell, which is inline.
    :param unnamed: blank subjects that nothing refers to, so that they need no label.
    """

    described: Mapping[str, list[Pair]] = field(default_factory=dict)
    inline: frozenset[str] = frozenset()
    lists: Mapping[str, list[str]] = field(default_factory=dict)
    unnamed: frozenset[str] = frozenset()


def never(_node: str, _parent: str) -> bool:
    """Let no IRI be written inside another node."""
    return False


def nest(
    triples: Iterable[Triple],
    *,
    apart: Container[str] = (),
    nest_iri: Callable[[str, str], bool] = never,
    literal_members: bool = True,
) -> Nesting:
    """Work out the nesting of one graph.

    >>> found = nest([("<a:s>", "<a:p>", "_:b"), ("_:b", "<a:p>", '"1"'), ("_:c", "<a:p>", "_:c")])
    >>> found.inline, found.unnamed
    (frozenset({'_:b'}), frozenset())

    :param triples: sorted; all that mention blank nodes, and with ``nest_iri`` all of the graph.
    :param apart: blank nodes that other graphs mention too.
    :param nest_iri: whether an IRI that only this subject refers to may be written there.
    :param literal_members: whether lists may hold literals, and other lists (RDF/XML writes neither).
    """
    described: defaultdict[str, list[Pair]] = defaultdict(list)
    references: Counter[str] = Counter()
    parents: dict[str, str] = {}
    for subject, predicate, value in triples:
        described[subject].append((predicate, value))
        if not is_literal(value):
            references[value] += 1
            parents[value] = subject

    def nests(node: str) -> bool:
        if is_blank(node):
            return node not in apart
        return node in described and node != RDF_NIL and nest_iri(node, parents[node])

    once = {node for node in parents if references[node] == 1 and nests(node)}
    once -= _on_cycles(once, parents)
    lists = _lists(once, described, parents, literal_members=literal_members)
    inline = _shallow(once, described, parents, lists)
    return Nesting(
        dict(described),
        inline,
        {head: members for head, members in lists.items() if head in inline},
        frozenset(node for node in described if is_blank(node) and node not in parents and node not in apart),
    )


def _on_cycles(nodes: set[str], parents: Mapping[str, str]) -> set[str]:
    """Give the nodes that come back to themselves by going from parent to parent."""
    cycling: set[str] = set()
    seen: set[str] = set()
    for start in nodes:
        path: dict[str, int] = {}
        node = start
        while node in nodes and node not in seen:
            seen.add(node)
            path[node] = len(path)
            node = parents[node]
        if node in path:
            cycling.update(list(path)[path[node] :])
    return cycling


def _lists(
    once: set[str], described: Mapping[str, list[Pair]], parents: Mapping[str, str], *, literal_members: bool
) -> dict[str, list[str]]:
    """Find the well-formed lists: chains of cells, each with a first and a rest and nothing else, up to rdf:nil."""

    def is_cell(node: str) -> bool:
        pairs = described.get(node, [])
        if not (node in once and is_blank(node) and [predicate for predicate, _ in pairs] == [RDF_FIRST, RDF_REST]):
            return False
        first = pairs[0][1]
        return literal_members or not (
            is_literal(first) or any(predicate == RDF_FIRST for predicate, _ in described.get(first, []))
        )

    lists = {}
    for last in [node for node in once if is_cell(node) and described[node][1][1] == RDF_NIL]:
        head, members = last, [described[last][0][1]]
        while is_cell(parents[head]) and described[parents[head]][1][1] == head:
            head = parents[head]
            members.append(described[head][0][1])
        lists[head] = members[::-1]
    return lists


def _shallow(
    once: set[str], described: Mapping[str, list[Pair]], parents: Mapping[str, str], lists: Mapping[str, list[str]]
) -> frozenset[str]:
    """Give the nodes that stand no deeper than ``DEPTH``; one that would stands apart and starts anew."""
    within = {}
    for head, members in lists.items():
        cell = head
        for _ in members[1:]:
            cell = described[cell][1][1]
            within[cell] = head
    depths: dict[str, int] = {}
    for start in once:
        path = []
        node = within.get(start, start)
        while node in once and node not in depths:
            path.append(node)
            node = within.get(parents[node], parents[node])
        depth = depths.get(node, 0)
        for node in reversed(path):
            depth = 0 if depth == DEPTH else depth + 1
            depths[node] = depth
    return frozenset(node for node in once if depths[within.get(node, node)] > 0)
