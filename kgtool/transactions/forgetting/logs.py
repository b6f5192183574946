"""A person's names in logs that a store keeps: written over in place, as another process may be appending to them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from kgtool.store.folder import no_space
from kgtool.transactions.forgetting.mentions import pattern_of


def erase_from_logs(logs: Iterable[Path], names: Collection[str], iris: Collection[str]) -> int:
    """Write asterisks over names in the lines of logs, and say in how many lines some stood.

    Each line keeps its length, and stays the JSON that it was: escapes are written over as a whole.

    :raises StoreError: if a log cannot be written.
    """
    # The end of an IRI is a name of its own in SPARQL, behind a prefix.
    ends = {iri.replace("#", "/").rstrip("/").rpartition("/")[2] for iri in iris}
    texts = {*iris, *(f":{end}" for end in ends if len(end) > 5)}
    pattern = pattern_of(names, texts, escaped=True)
    found = 0
    if pattern is None:
        return found
    for log in logs:
        with no_space(log), log.open("r+b") as lines:
            place = 0
            for line in iter(lines.readline, b""):
                text = line.decode("ascii", errors="replace")
                cleaned = pattern.sub(lambda match: "*" * len(match[0]), text)
                if cleaned != text:
                    found += 1
                    lines.seek(place)
                    lines.write(cleaned.encode("ascii", errors="replace"))
                place += len(line)
                lines.seek(place)
            lines.flush()
            os.fsync(lines.fileno())
    return found
