"""Forms of given names that one person may use, from ``short_names.csv`` beside this file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def _sets() -> dict[str, frozenset[int]]:
    """Give for each form the numbers of the lines where it stands."""
    text = files("kgtool.link.people").joinpath("short_names.csv").read_text(encoding="utf-8")
    found: dict[str, set[int]] = {}
    for number, line in enumerate(text.splitlines()):
        if not line.startswith("#"):
            for form in line.split(","):
                found.setdefault(form, set()).add(number)
    return {form: frozenset(lines) for form, lines in found.items()}


def are_variants(one: str, other: str) -> bool:
    """Tell whether two folded given names are forms of one name.

    >>> are_variants("frederic", "fred"), are_variants("jean", "john"), are_variants("paul", "pierre")
    (True, True, False)
    """
    return bool(_sets().get(one, frozenset()) & _sets().get(other, frozenset()))
