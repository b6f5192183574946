"""Canonical blank node labels (W3C RDF Dataset Canonicalization, RDFC-1.0), with limits on work, time and memory.

Only quads that mention blank nodes take part: the hashes of RDFC-1.0 (sections 4.6 to 4.8) read no other quad, so
that the labels are those of the whole dataset.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Final

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize

from kgtool.errors import LimitError
from kgtool.export import canonical_worker
from kgtool.export.canonical_work import Work, foreseen

#: Work above which labelling is refused. Measured: a complete graph of 8 nodes is 41 million units and takes 2.4 s,
#: of 9 520 million and 29 s; a ring of 300 is 41 million and takes 2 s. Of random graphs, the worst
#: take 3.4 s for 10 million.
MOST_WORK: Final = 60_000_000
#: Work that is done here, in some 0.02 s. A process costs 0.1 s.
_WORK_HERE: Final = 300_000
#: Memory of the process: what orders of neighbours may take, and what a quad takes (measured: 1.8 KiB).
_MEMORY: Final = 2**30
_MEMORY_OF_QUAD: Final = 2**12


def canonical(quads: Collection[Quad], *, seconds: float, most: int = MOST_WORK) -> list[Quad]:
    """Give the quads with their blank nodes labelled ``c14n0``, ``c14n1``, … by RDFC-1.0.

    Where nodes that look alike are few or apart from each other, the algorithm is linear and runs here; elsewhere it
    may be exponential, and runs in a process that ends when its time or its memory is over.

    >>> from pyoxigraph import BlankNode, NamedNode
    >>> [str(quad.subject) for quad in canonical([Quad(BlankNode("x"), NamedNode("a:p"), NamedNode("a:o"))], seconds=1)]
    ['_:c14n0']

    :param quads: quads that mention blank nodes, each once.
    :param seconds: wall-clock time allowed.
    :param most: work allowed, in the units of ``canonical_work.Work``.
    :raises LimitError: when the work foreseen is above ``most``, or the time or the memory is over.
    """
    if not quads:
        return []
    work = foreseen(quads, most=most)
    if work.units > most:
        raise _too_much(work, "within the work allowed")
    if work.units > _WORK_HERE:
        return _in_process(quads, seconds, work)
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def _in_process(quads: Collection[Quad], seconds: float, work: Work) -> list[Quad]:
    memory = _MEMORY + _MEMORY_OF_QUAD * len(quads)
    # -P: the worker's folder must not come before the standard library.
    command = [sys.executable, "-P", str(Path(canonical_worker.__file__)), str(memory), str(int(seconds) + 1)]
    text = serialize(quads, format=RdfFormat.N_QUADS)
    try:
        done = subprocess.run(
            command, input=text, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds, check=True
        )
    except subprocess.TimeoutExpired as error:
        raise _too_much(work, f"in {seconds:g} s") from error
    except subprocess.CalledProcessError as error:
        limits = f"in {int(seconds) + 1} s of processor and {memory >> 20} MiB (the process ended with status"
        raise _too_much(work, f"{limits} {error.returncode})") from error
    return list(parse(done.stdout, format=RdfFormat.N_QUADS, lenient=True))


def _too_much(work: Work, limit: str) -> LimitError:
    links = f" linked by <{work.predicate}>" if work.predicate else ""
    return LimitError(
        f"{work.alike} blank nodes{links} look alike and cannot be told apart {limit}: they get no canonical labels",
        hint="give them IRIs, or values that differ",
    )
