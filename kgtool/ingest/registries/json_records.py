"""Records of JSON: lines, an array, or values one after another; each bounded, and what is wrong of one left out."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn

from kgtool.errors import InputError, Location
from kgtool.ingest.registries.inputs import Input, lines
from kgtool.ingest.registries.registry import Fault

#: Characters that one record may have; the largest of ROR have a tenth of it.
RECORD: Final = 1 << 22
#: How bytes that are no UTF-8 are read: as the old Western encoding of Windows, in which such files are.
WESTERN: Final = "kgtool-western"
_MARKS: Final = re.compile(r'["\\{}\[\]]')
_BETWEEN: Final = re.compile(r"[\s,]*")
_LAST_SHOWN: Final = 60


def json_records(
    source: Input, *, prefer: tuple[str, ...] = (r"\.jsonl?$",)
) -> Iterator[tuple[int, dict[str, Any]] | Fault]:
    """Give the objects of a file, each with its number, and what was left out.

    JSON lines are numbered by line, the values of an array by their place in it.

    :raises InputError: if the file is no JSON at all.
    """
    blocks = source.blocks(prefer=prefer)
    head = b""
    for block in blocks:
        head += block
        if len(head) > RECORD or b"\n" in head.lstrip():
            break
    blocks = _chained(head, blocks)
    first = head.removeprefix(codecs.BOM_UTF8).lstrip()
    line = first.partition(b"\n")[0].rstrip()
    if line.startswith(b"{") and (line.endswith(b"}") or len(line) > RECORD):
        yield from _of_lines(blocks)
    elif first[:1] in (b"{", b"["):
        yield from _of_values(blocks, source.name)
    elif first.strip():
        raise InputError("this is no JSON", where=Location(source.name, 1), hint="give JSON lines, or an array")


def _chained(head: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield head.removeprefix(codecs.BOM_UTF8)
    yield from blocks


def _of_lines(blocks: Iterator[bytes]) -> Iterator[tuple[int, dict[str, Any]] | Fault]:
    for number, line in lines(blocks, RECORD):
        if line is None:
            yield Fault(number, f"this record has more than {RECORD:,} bytes")
        elif line.strip():
            try:
                value = _decode(line.decode("utf-8", errors=WESTERN))
            except (ValueError, RecursionError) as error:
                yield Fault(number, f"this line is no JSON: {_said(error)}")
            else:
                yield _object(number, value)


def _of_values(blocks: Iterator[bytes], name: str) -> Iterator[tuple[int, dict[str, Any]] | Fault]:
    """Give the values of an array, or one after another, each decoded where it lies in a buffer."""
    text, number = _Text(blocks), 0
    if text.after_blanks() == "[":
        text.pass_over(1)
    while True:
        start = text.after_blanks()
        if start in ("", "]"):
            if start == "" and text.opened:
                yield Fault(None, "the file ends in the middle: its array is not closed")
            return
        number += 1
        try:
            value = text.value()
        except _OversizeError:
            yield Fault(number, f"this record has more than {RECORD:,} characters")
        except (ValueError, RecursionError) as error:
            yield Fault(number, f"this record is no JSON: {_said(error)}")
        else:
            yield _object(number, value)


def _western(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that a decoder of UTF-8 stops at."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(WESTERN, _western)


class _OversizeError(Exception):
    """A value was longer than a record may be; it was passed over."""


class _Text:
    """Text from blocks of UTF-8, of which one value at a time is held."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._decode = codecs.getincrementaldecoder("utf-8")(errors=WESTERN).decode
        self._text, self._at, self._ended = "", 0, False
        self.opened = False

    def after_blanks(self) -> str:
        """Pass over blanks and commas, and give the next character; none at the end."""
        while True:
            found = _BETWEEN.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def pass_over(self, count: int) -> None:
        """Go on after the bracket that opens the array."""
        self._at += count
        self.opened = True

    def value(self) -> Any:
        """Give the value that begins here, and go on after it.

        :raises ValueError: if it is none; it is passed over then, as far as its brackets tell where it ends.
        :raises _OversizeError: if it is too long; likewise.
        """
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                ends = self._end_of_value()
                if ends is None and len(self._text) - self._at <= RECORD and self._more():
                    continue
                if ends is None:
                    self._skip()
                self._at = ends
                raise
            if end == len(self._text) and self._more():  # a number may go on
                continue
            self._at = end
            return value

    def _end_of_value(self) -> int | None:
        """Give where the value that begins here ends by its brackets; None if that is not read yet."""
        scan = _Scan()
        return scan.end(self._text, self._at)

    def _skip(self) -> NoReturn:
        """Pass over a value that is too long, or cut off, holding a block of it at a time."""
        scan, start = _Scan(), self._at
        while (end := scan.end(self._text, start)) is None:
            oversize = len(self._text) - self._at > RECORD
            self._text, self._at, start = "", 0, 0
            if not self._more():
                if oversize or scan.passed > RECORD:
                    raise _OversizeError
                self.opened = False
                raise ValueError("the file ends in the middle of it")
        self._at = end
        raise _OversizeError

    def _more(self) -> bool:
        """Read another block behind what is held; False at the end."""
        if self._ended:
            return False
        block = next(self._blocks, None)
        self._ended = block is None
        added = self._decode(block or b"", self._ended)
        # Grown by as much as is held, so that a long value is not decoded again for each block.
        held = len(self._text) - self._at
        pieces = [self._text[self._at :], added]
        while not self._ended and sum(map(len, pieces[1:])) < held:
            block = next(self._blocks, None)
            self._ended = block is None
            pieces.append(self._decode(block or b"", self._ended))
        self._text, self._at = "".join(pieces), 0
        return len(self._text) > held or not self._ended


class _Scan:
    """Follows brackets and strings through text that comes in pieces, to find where a value ends."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = self._escaped = False
        self.passed = 0

    def end(self, text: str, start: int) -> int | None:
        """Give where the value ends; None if that is not in this piece."""
        position = start
        while (found := _MARKS.search(text, position)) is not None:
            position = found.end()
            mark = found.group()
            if self._in_string:
                if mark == "\\":
                    if position == len(text):
                        break
                    position += 1
                elif mark == '"':
                    self._in_string = False
            elif mark == '"':
                self._in_string = True
            elif mark in "{[":
                self._depth += 1
            elif mark in "}]":
                self._depth -= 1
                if self._depth <= 0:
                    return position
        self.passed += len(text) - start
        return None


def _object(number: int, value: Any) -> tuple[int, dict[str, Any]] | Fault:
    return (number, value) if isinstance(value, dict) else Fault(number, "this record is no object")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse)


def _decode(line: str) -> Any:
    return _DECODER.decode(line)


def _said(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    return str(error)[:_LAST_SHOWN]
