"""RDFC-1.0 in a process of its own: N-Quads on stdin, the same dataset with canonical labels on stdout.

Run as a script, so that it starts on pyoxigraph alone, with two arguments: bytes of memory and seconds of processor
time. The algorithm cannot be interrupted from inside, but the system ends a process that goes beyond its limits.
"""

from __future__ import annotations

import contextlib
import resource
import sys

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse, serialize


def main() -> None:
    """Canonicalise stdin to stdout, within limits."""
    _limit(resource.RLIMIT_AS, int(sys.argv[1]))
    _limit(resource.RLIMIT_CPU, int(sys.argv[2]))
    _limit(resource.RLIMIT_CORE, 0)
    dataset = Dataset(parse(sys.stdin.buffer, format=RdfFormat.N_QUADS, lenient=True))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    serialize(dataset, sys.stdout.buffer, format=RdfFormat.N_QUADS)


def _limit(kind: int, most: int) -> None:
    """Lower a limit; one that is lower already stays."""
    lowest = min([most, *(value for value in resource.getrlimit(kind) if value != resource.RLIM_INFINITY)])
    with contextlib.suppress(ValueError, OSError):  # a system without this limit
        resource.setrlimit(kind, (lowest, lowest))


if __name__ == "__main__":
    main()
