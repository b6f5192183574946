"""Canonical blank node labels (W3C RDF Dataset Canonicalization, RDFC-1.0), with a limit on the work.

Only quads that mention blank nodes take part: the hashes of RDFC-1.0 (sections 4.6 to 4.8) read no other quad, so
that the labels are those of the whole dataset.
"""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize

from kgtool.errors import LimitError
from kgtool.export import canonical_worker


def canonical(quads: Collection[Quad], *, seconds: float) -> list[Quad]:
    """Give the quads with their blank nodes labelled ``c14n0``, ``c14n1``, … by RDFC-1.0.

    Where every blank node is told apart by its own quads the algorithm is linear and runs here; elsewhere it may be
    exponential, and runs in a process that is ended when the time is over.

    >>> from pyoxigraph import NamedNode
    >>> [str(quad.subject) for quad in canonical([Quad(BlankNode("x"), NamedNode("a:p"), NamedNode("a:o"))], seconds=1)]
    ['_:c14n0']

    :param quads: quads that mention blank nodes, each once.
    :param seconds: wall-clock time allowed.
    :raises LimitError: when the time is over.
    """
    if not quads:
        return []
    if _told_apart(quads):
        dataset = Dataset(quads)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return list(dataset)
    return list(_in_child(quads, seconds))


def blank_nodes(quad: Quad) -> Iterator[BlankNode]:
    """Give the blank nodes of a quad, one for each place."""
    for term in (quad.subject, quad.object, quad.graph_name):
        if isinstance(term, BlankNode):
            yield term


def _told_apart(quads: Collection[Quad]) -> bool:
    """Tell whether no two blank nodes have the same first-degree hash (RDFC-1.0, section 4.6)."""
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for quad in quads:
        terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
        for node in set(blank_nodes(quad)):
            line = " ".join(
                ("_:a" if term == node else "_:z") if isinstance(term, BlankNode) else str(term) for term in terms
            )
            seen[node.value].append(line)
    return len({tuple(sorted(lines)) for lines in seen.values()}) == len(seen)


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
