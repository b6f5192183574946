"""Which candidates are chosen: the probable ones, one for each place in the string."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

Array = np.ndarray[Any, Any]

#: More organisations are not chosen for one string: what a fourth adds is more often a namesake than an employer.
MOST: Final = 3
MOST_UNITS: Final = 2
DEFAULTS: Final = {
    "first": 0.25, "other": 0.4, "rest": 0.36, "least": 0.24, "across": 0.3,
    "first_france": 0.21, "other_france": 0.3, "rest_france": 0.1, "least_france": 0.05, "across_france": 0.1,
    "unit": 0.5, "alone": 0.005,
}  # fmt: skip


def chosen(
    string: Array,
    probability: Array,
    first: Array,
    last: Array,
    unit: Array,
    french: Array,
    limits: Mapping[str, float],
    alone: Array | None = None,
) -> Array:
    """Tell which candidates are chosen.

    The most probable organisation of a string is chosen from ``first`` on. Another one is chosen from ``other`` on, or
    when it takes the share ``rest`` of the probability that those before it left, and from ``least`` on; strings
    that name France have limits of their own, as they name the institutions that stand behind a unit. Two candidates
    that the same words speak for are alternatives: the second one needs ``across``. Units are chosen from ``unit`` on.

    Where none is chosen so, one whose name ``alone`` is the string is: labels may leave out the CNRS, but a string that
    says "CNRS" means it.

    :param french: by string, whether it names France; the rest by candidate.
    """
    found = np.zeros(len(string), dtype=bool)
    for candidates in strings_in_order(string, probability):
        units: list[int] = []
        taken: list[int] = []
        left = 1.0
        for at in candidates:
            p = float(probability[at])
            if unit[at]:
                if p >= limits["unit"] and len(units) < MOST_UNITS and not _overlaps(at, units, first, last):
                    units.append(at)
                continue
            land = "_france" if french[string[at]] else ""
            if not taken:
                good = left == 1.0 and p >= limits["first" + land]
                left = left if good else 0.0  # where the most probable one is not chosen, none is
            else:
                good = p >= limits["other" + land] or p >= max(limits["least" + land], limits["rest" + land] * left)
                good = good and (p >= limits["across" + land] or not _overlaps(at, taken, first, last))
            if good and len(taken) < MOST:
                taken.append(at)
                left = max(0.0, left - p)
        if not taken and alone is not None:
            taken += [at for at in candidates if alone[at] and not unit[at] and probability[at] >= limits["alone"]][:1]
        found[taken] = True
        found[units] = True
    return found


def strings_in_order(string: Array, probability: Array) -> Iterator[list[int]]:
    """Give the candidates of each string, the most probable first."""
    order = np.lexsort((-probability, string))
    edges = np.flatnonzero(np.append(True, string[order][1:] != string[order][:-1])) if len(order) else np.zeros(0, int)
    for begin, end in zip(edges, np.append(edges[1:], len(order)), strict=True):
        yield order[begin:end].tolist()


def _overlaps(at: int, others: list[int], first: Array, last: Array) -> bool:
    return any(first[at] <= last[o] and last[at] >= first[o] for o in others)
