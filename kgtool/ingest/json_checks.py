"""Checks on the bytes of JSON-LD, beside the parser: nesting that would overflow its stack, texts that say nothing.

The parser passes over strings and numbers that are in no object, as JSON-LD asks for inside a document
(https://www.w3.org/TR/json-ld11-api/#expansion-algorithm, 4.1). A whole file of them is no JSON-LD.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from kgtool.errors import LimitError, Location, ParseError
from kgtool.ingest.text_checks import MAX_DEPTH

_ESCAPE: Final = re.compile(rb"\\.", re.DOTALL)
_NOT_STRUCTURE: Final = bytes(set(range(256)) - set(b'"{}[]'))
_SPACE_AND_ARRAYS: Final = b" \t\r\n[]"
_STEP: Final = {ord("{"): 1, ord("["): 1, ord("}"): -1, ord("]"): -1}


def json_checked(blocks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Pass the blocks of a JSON text on; ``[]``, a graph of nothing, is fine.

    :raises ParseError: at the end, if there were values and no object.
    :raises LimitError: above :data:`kgtool.ingest.text_checks.MAX_DEPTH` levels.
    """
    depth = 0
    line = 1
    in_string = False
    escaped = b""
    objects = values = False
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
        objects = objects or b"{" in outside
        values = values or objects or bool(block.translate(None, _SPACE_AND_ARRAYS))
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
    if values and not objects:
        raise ParseError(
            "no object is in this JSON, so it says nothing of anything",
            where=Location(name, 1),
            hint='JSON-LD is an object with "@id" and properties, or an array of such objects',
        )
