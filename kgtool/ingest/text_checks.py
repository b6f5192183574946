"""Checks on the bytes of every format, before a parser sees them: encoding, emptiness, floods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgtool.errors import LimitError, Location, ParseError

#: Longest token, and longest run of white space, in bytes. The Turtle and JSON parsers have this limit themselves.
MAX_TOKEN: Final = 1 << 24
#: Deepest nesting. The JSON-LD parser overflows a stack of 8 MiB between 2,000 and 5,000 levels, one of 1 MiB, as
#: threads may have, below 500; N-Triples' and Turtle's triple terms between 5,000 and 20,000; RDF/XML takes quadratic
#: time. People write 20 levels.
MAX_DEPTH: Final = 200

LATIN1_ADVICE: Final = "the text may be in Latin-1: convert it (iconv -f ISO-8859-1 -t UTF-8)"

_UTF8_BOM: Final = b"\xef\xbb\xbf"
#: UTF-32 first, as its little-endian mark begins like that of UTF-16.
_OTHER_BOMS: Final = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def checked_text(blocks: Iterator[bytes], name: str, *, allow_empty: bool = False) -> Iterator[bytes]:
    """Pass the blocks on, without a byte order mark.

    :param allow_empty: take nothing, or nothing but white space, for an empty document.
    :raises ParseError: for UTF-16 and UTF-32, and for emptiness unless allowed.
    :raises LimitError: for white space without end.
    """
    where = Location(name, 1, 1)
    white = 0
    seen = False
    first = next(blocks, b"")
    while 0 < len(first) < 4 and (more := next(blocks, b"")):
        first += more
    for mark, encoding in _OTHER_BOMS.items():
        if first.startswith(mark):
            raise ParseError(
                f"the text is in {encoding}, not UTF-8", where=where, hint=f"convert it: iconv -f {encoding} -t UTF-8"
            )
    block = first.removeprefix(_UTF8_BOM)
    while block or first:
        if block.isspace():
            white += len(block)
            if white > MAX_TOKEN:
                raise LimitError(
                    f"more than {MAX_TOKEN >> 20} MiB of white space in a row",
                    where=Location(name),
                    hint="take it out, or check what wrote the file",
                )
        elif block:
            white = 0
            seen = True
        if block:
            yield block
        block, first = next(blocks, b""), b""
    if not seen and not allow_empty:
        raise ParseError("the file is empty", where=Location(name), hint="leave it out, or write it again")


class TripleTermWatch:
    """Counts the triple terms that open in Turtle and its kin, as their parser overflows its stack when they nest.

    The reader sets the counts back at each quad: terms inside one another open with no quad between.
    """

    _PIECE: Final = 2048
    #: Reified triples do not overflow the stack: this many only end a flood of angle brackets.
    _MOST_ANGLES: Final = 1 << 16

    def __init__(self) -> None:
        self.opened = 0
        self.angles = 0

    def watched(self, blocks: Iterator[bytes], name: str, *, reified: bool) -> Iterator[bytes]:
        """Pass the blocks on. Brackets in strings count too: a string with hundreds of ``<<(`` is refused.

        :param reified: whether the format has reified triples, ``<< … >>``.

        :raises LimitError: above :data:`MAX_DEPTH` triple terms opened before a quad ends.
        """
        for block in blocks:
            # A look for one rare byte costs next to nothing; for two that are frequent, as much as parsing.
            if not (b"(" in block and b"<(" in block) and (not reified or b"<<" not in block):
                yield block
                continue
            # Small pieces, so that little is counted ahead of the parser. A bracket may be cut between blocks.
            for start in range(0, len(block), self._PIECE):
                piece = block[start : start + self._PIECE]
                self.opened += piece.count(b"<(")
                self.angles += piece.count(b"<<")
                if self.opened > MAX_DEPTH or self.angles > self._MOST_ANGLES:
                    raise LimitError("too many triple terms inside one another", where=Location(name))
                yield piece
