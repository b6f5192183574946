"""Names as people shorten or turn them: "CHU de Lille" for the long name that a registry has."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path


def shortened(name: str) -> list[str]:
    """Give the other forms of a name that the table ``abbreviations.tsv`` knows.

    >>> shortened("Centre Hospitalier Universitaire de Lille")
    ['CHU de Lille', 'CHRU de Lille', 'Lille University Hospital']
    >>> shortened("CHU Amiens-Picardie")
    ['CHRU Amiens-Picardie', 'Amiens-Picardie University Hospital']
    >>> shortened("University of Lille")
    []
    """
    return [form for long, short in _table() if (form := long.sub(short, name)) != name]


@cache
def _table() -> tuple[tuple[re.Pattern[str], str], ...]:
    with Path(__file__).with_name("abbreviations.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader((line for line in file if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple((re.compile(long, re.IGNORECASE), short) for long, short in rows)
