"""Labels as a page shows them."""

from __future__ import annotations

from typing import Final

#: What changes the direction of the text that follows; left open in a label it would turn what stands beside it.
_TURNING: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def plain(text: str) -> str:
    """Give a text without the characters that turn the direction of what follows.

    >>> plain("\u202eab")
    'ab'
    """
    return text.translate(_TURNING)
