"""RDFC-1.0 in a process of its own: N-Quads on stdin, the same dataset with canonical labels on stdout.

Run as a script, so that it starts on pyoxigraph alone. The algorithm cannot be interrupted from inside, but a
process can be ended.
"""

from __future__ import annotations

import sys

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse, serialize


def main() -> None:
    """Canonicalise stdin to stdout."""
    dataset = Dataset(parse(sys.stdin.buffer, format=RdfFormat.N_QUADS, lenient=True))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    serialize(dataset, sys.stdout.buffer, format=RdfFormat.N_QUADS)


if __name__ == "__main__":
    main()
