"""Labels as a page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kgtool.web.views import Cell

#: What changes the direction of the text that follows; left open in a label it would turn what stands beside it.
_TURNING: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def plain(text: str) -> str:
    """Give a text without the characters that turn the direction of what follows.

    >>> plain("\u202eab")
    'ab'
    """
    return text.translate(_TURNING)


def best(cells: Sequence[Cell], language: str) -> Cell | None:
    """Choose the text in the reader's language, else one without a language, else French or English, else any."""
    ranks = {"": 1, "en": 2, "fr": 2, language: 0}
    return min(cells, key=lambda cell: ranks.get((cell.language or "").partition("-")[0], 3), default=None)
