"""How operations say how far they are."""

from __future__ import annotations

from collections.abc import Callable

from kgtool.reasoning.engine import Tell

#: Called with the name of a stage and how far it is (bytes read of a file, facts found, or 0).
Progress = Callable[[str, int], None]


def of_rounds(progress: Progress | None) -> Tell | None:
    """Say how far a closure is, as a part of a larger progress."""
    if progress is None:
        return None
    return lambda words, count: progress(f"reason: {words}", count)
