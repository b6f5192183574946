"""Hands checked bytes to the parser and knows where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from kgtool.errors import Location


class Feed:
    """A readable stream over blocks of bytes that tells the place of what was handed out last.

    The RDF/XML and JSON-LD parsers do not say where an error stands. Handing them one tag or one line at a time tells:
    they go no further before they have dealt with it.

    :param piece_end: the byte after which a piece ends; None hands out as much as is asked for.
    """

    #: The parser asks for this much in the middle of a long token, and starts it again with what it gets: given less
    #: than it asks for, it would need quadratic time.
    _LARGE = 1 << 13

    def __init__(self, blocks: Iterator[bytes], name: str, *, piece_end: bytes | None = None) -> None:
        self._blocks = blocks
        self._name = name
        self._piece_end = piece_end
        self._block = b""
        self._position = 0
        self._piece_start = 0
        self._line = 1
        self._column = 1
        #: The first block, to tell what the content looks like.
        self.head = b""

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, at most ``size``; none at the end."""
        if self._position >= len(self._block) and not self._advance():
            return b""
        if size > self._LARGE and self._piece_end is None:
            self._gather(size)
        start = self._position
        end = len(self._block) if size < 0 else min(len(self._block), start + size)
        if self._piece_end is not None:
            found = self._block.find(self._piece_end, start, end)
            if found >= 0:
                end = found + 1
        self._piece_start = start
        self._position = end
        return self._block[start:end]

    def _gather(self, size: int) -> None:
        """Make the block hold at least ``size`` bytes ahead, or all that is left."""
        ahead = [self._block[self._position :]]
        missing = size - len(ahead[0])
        while missing > 0 and (block := next(self._blocks, b"")):
            ahead.append(block)
            missing -= len(block)
        if len(ahead) > 1:
            self._line, self._column = self._place(self._position)
            self._block = b"".join(ahead)
            self._position = self._piece_start = 0

    def drain(self) -> None:
        """Read to the end, so that the checks at the end of the bytes are made even if the parser stopped before."""
        while self._advance():
            pass

    def _advance(self) -> bool:
        self._line, self._column = self._place(len(self._block))
        self._block = next(self._blocks, b"")
        self._position = self._piece_start = 0
        self.head = self.head or self._block
        return bool(self._block)

    def _place(self, position: int) -> tuple[int, int]:
        """Give line and column (from 1, in characters) of a position in the block."""
        newline = self._block.rfind(b"\n", 0, position)
        text = self._block[newline + 1 : position].decode("utf-8", errors="ignore")
        if newline < 0:
            return self._line, self._column + len(text)
        return self._line + self._block.count(b"\n", 0, position), len(text) + 1

    def location(self) -> Location:
        """Give the place of the last tag handed out, or of the last line when no tag is in it."""
        tag = self._block.rfind(b"<", self._piece_start, self._position) if self._piece_end == b">" else -1
        line, column = self._place(tag if tag >= 0 else self._piece_start)
        return Location(self._name, line, column if tag >= 0 else None)

    def location_of(self, *texts: str) -> Location:
        """Give the place of a text in what was read last, or no more than the file when it is not there."""
        for text in texts:
            found = self._block.find(text.encode("utf-8"))
            if found >= 0:
                return Location(self._name, *self._place(found))
        return Location(self._name)
