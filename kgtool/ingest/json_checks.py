"""Checks on the bytes of JSON-LD, before the parser sees them: nesting that would overflow its stack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from kgtool.errors import LimitError, Location
from kgtool.ingest.text_checks import MAX_DEPTH

_ESCAPE: Final = re.compile(rb"\\.", re.DOTALL)
_NOT_STRUCTURE: Final = bytes(set(range(256)) - set(b'"{}[]'))
_STEP: Final = {ord("{"): 1, ord("["): 1, ord("}"): -1, ord("]"): -1}


def json_depth_checked(blocks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Pass the blocks of a JSON text on, unless its arrays and objects nest too deep.

    :raises LimitError: above :data:`kgtool.ingest.text_checks.MAX_DEPTH` levels.
    """
    depth = 0
    line = 1
    in_string = False
    escaped = b""
    for block in blocks:
        text = escaped + block
        escaped = b""
        if b"\\" in text:
            # A backslash that ends the block waits for its character. The text is cut there, never in an escape.
            run = len(text) - len(text.rstrip(b"\\"))
            if run % 2:
                text, escaped = text[:-1], b"\\"
            text = _ESCAPE.sub(b"", text)
        pieces = text.translate(None, _NOT_STRUCTURE).split(b'"')
        outside = b"".join(pieces[1 if in_string else 0 :: 2])
        in_string ^= len(pieces) % 2 == 0
        if depth + outside.count(b"{") + outside.count(b"[") > MAX_DEPTH:
            depths = accumulate(map(_STEP.__getitem__, outside), initial=depth)
            if max(depths) > MAX_DEPTH:
                raise LimitError(
                    f"more than {MAX_DEPTH} arrays and objects inside one another",
                    where=Location(name, line if b"\n" not in block else None),
                    hint="flatten the document",
                )
        depth += sum(map(_STEP.__getitem__, outside))
        line += block.count(b"\n")
        yield block
