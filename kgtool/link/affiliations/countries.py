"""Countries by the names that affiliation strings use (``countries.tsv``), as numbers of two letters."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np

from kgtool.link.affiliations.words import bag_of


def number(code: str) -> int:
    """Give a country code as a number; 0 for none.

    >>> number("FR"), number("")
    (18002, 0)
    """
    return ord(code[0]) * 256 + ord(code[1]) if len(code) == 2 and code.isascii() else 0


def code(number: int) -> str:
    """Give the country code of a number; empty for 0."""
    return chr(number // 256) + chr(number % 256) if number else ""


@cache
def names() -> dict[str, str]:
    """Give the first name of each country, by its code."""
    return {row[0]: row[1][0] for row in _rows()}


@cache
def by_bag() -> tuple[np.ndarray, np.ndarray]:
    """Give the bags of countries' names, sorted, and the number of the country of each."""
    found = {bag_of(name): number(row[0]) for row in _rows() for name in row[1]}
    found.pop(0, None)
    bags = np.array(sorted(found), dtype=np.uint64)
    return bags, np.array([found[int(b)] for b in bags], dtype=np.uint16)


def _rows() -> list[tuple[str, list[str]]]:
    lines = files(__package__).joinpath("countries.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(row[0], row[1].split("|")) for row in pairs]
