"""Canonical blank node labels (W3C RDF Dataset Canonicalization, RDFC-1.0), with a limit on the work.

Only quads that mention blank nodes take part: the hashes of RDFC-1.0 (sections 4.6 to 4.8) read no other quad, so
that the labels are those of the whole dataset.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize

from kgtool.errors import LimitError
from kgtool.export import canonical_worker

# Measured on complete graphs, where every order is tried: 5 nodes 2 ms, 6 20 ms, 7 0.2 s, 8 2.4 s, 9 29 s. A process
# costs 0.1 s.
_GROUP: Final = 5
_GROUP_QUADS: Final = 100


def canonical(quads: Collection[Quad], *, seconds: float) -> list[Quad]:
    """Give the quads with their blank nodes labelled ``c14n0``, ``c14n1``, … by RDFC-1.0.

    Where nodes are told apart by their own quads, but for small groups, the algorithm is linear and runs here;
    elsewhere it may be exponential, and runs in a process that is ended when the time is over.

    >>> from pyoxigraph import NamedNode
    >>> [str(quad.subject) for quad in canonical([Quad(BlankNode("x"), NamedNode("a:p"), NamedNode("a:o"))], seconds=1)]
    ['_:c14n0']

    :param quads: quads that mention blank nodes, each once.
    :param seconds: wall-clock time allowed.
    :raises LimitError: when the time is over.
    """
    if not quads:
        return []
    if _is_cheap(quads):
        dataset = Dataset(quads)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return list(dataset)
    return list(_in_child(quads, seconds))


def blank_nodes(quad: Quad) -> Iterator[BlankNode]:
    """Give the blank nodes of a quad, one for each place."""
    for term in (quad.subject, quad.object, quad.graph_name):
        if isinstance(term, BlankNode):
            yield term


def _is_cheap(quads: Collection[Quad]) -> bool:
    """Tell whether the work is linear, but for small groups of nodes.

    Nodes that share their first-degree hash (RDFC-1.0, section 4.6) are compared by trying orders of those that are
    linked to each other; nodes told apart by their own quads end the search.
    """
    seen: defaultdict[str, list[str]] = defaultdict(list)
    linked: list[set[str]] = []
    for quad in quads:
        terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
        nodes = {node.value for node in blank_nodes(quad)}
        for name in nodes:
            line = " ".join(
                ("_:a" if term.value == name else "_:z") if isinstance(term, BlankNode) else str(term) for term in terms
            )
            seen[name].append(line)
        if len(nodes) > 1:
            linked.append(nodes)
    hashes = {name: hash(tuple(sorted(lines))) for name, lines in seen.items()}
    shared = Counter(hashes.values())
    alike = {name for name, value in hashes.items() if shared[value] > 1}
    return all(
        len(group) <= _GROUP and sum(len(seen[name]) for name in group) <= _GROUP_QUADS
        for group in _groups(alike, linked)
    )


def _groups(nodes: set[str], linked: Iterable[set[str]]) -> Iterable[list[str]]:
    """Give the connected groups of some nodes."""
    leaders = {node: node for node in nodes}

    def leader(node: str) -> str:
        while leaders[node] != node:
            leaders[node] = node = leaders[leaders[node]]
        return node

    for link in linked:
        first, *others = (link & nodes) or ("",)
        for other in others:
            leaders[leader(other)] = leader(first)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for node in nodes:
        groups[leader(node)].append(node)
    return groups.values()


def _in_child(quads: Collection[Quad], seconds: float) -> Iterator[Quad]:
    text = serialize(quads, format=RdfFormat.N_QUADS)
    # -P: the worker's folder must not come before the standard library.
    command = [sys.executable, "-P", str(Path(canonical_worker.__file__))]
    try:
        done = subprocess.run(
            command, input=text, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds, check=True
        )
    except subprocess.TimeoutExpired as error:
        nodes = len({node.value for quad in quads for node in blank_nodes(quad)})
        raise LimitError(
            f"canonical labels for {nodes} blank nodes took more than {seconds:g} s: too many of them look alike",
            hint="give IRIs to the nodes of the most symmetric part, or export fewer graphs at once",
        ) from error
    except subprocess.CalledProcessError as error:
        raise LimitError(
            f"the process that labels blank nodes ended with status {error.returncode}, as it does when memory ends",
            hint="export fewer graphs at once",
        ) from error
    return parse(done.stdout, format=RdfFormat.N_QUADS, lenient=True)
