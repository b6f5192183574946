"""Records of CSV: any usual separator, UTF-8 or the old Western encodings, columns by name; each record bounded."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator
from typing import Final

from kgtool.errors import InputError, Location
from kgtool.ingest.registries.inputs import Input, lines
from kgtool.ingest.registries.places import slug
from kgtool.ingest.registries.registry import Fault

#: Bytes that one record may have.
RECORD: Final = 1 << 20
_SEPARATORS: Final = (";", ",", "\t", "|")
#: A first line by which spreadsheets tell one another the separator.
_TOLD: Final = re.compile(r"sep=([;,\t|])", re.IGNORECASE)
_SEPARATOR: Final = re.compile(rb"[;,\t|]")

# A record is bounded already; the module's own limit would raise in the middle of a file.
csv.field_size_limit(max(csv.field_size_limit(), RECORD))


def column_name(name: str) -> str:
    """Give the name of a column as lower-case ASCII.

    >>> column_name("Année d'effet")
    'annee_d_effet'
    """
    return slug(name).replace("-", "_")


def csv_records(
    source: Input, needed: Collection[str], *, called: Callable[[str], str] = column_name
) -> Iterator[tuple[int, dict[str, str]] | Fault]:
    """Give the rows of a file by the names of their columns, each with its line, and what was left out.

    :param needed: columns without which a row says nothing.
    :param called: how a column is called by its name in the file.
    :raises InputError: if they are not all there, naming those that are, or if two are called the same.
    """
    rows = csv_rows(source)
    first = next(rows, None)
    if first is None:
        return
    header = [called(name) for name in first[1]] if not isinstance(first, Fault) else []
    missing = [name for name in needed if name not in header]
    if missing:
        shown = ", ".join(name[:40] for name in header[:12]) or "none"
        raise InputError(
            f"there is no column {missing[0]}: the first line has {shown}",
            where=Location(source.name, 1),
            hint="give the registry's file as it was published, with its line of column names",
        )
    doubled = [name for name, count in Counter(filter(lambda name: name.strip("_"), header)).items() if count > 1]
    if doubled:
        raise InputError(
            f"two columns are called {doubled[0][:40]}, as signs and capitals say nothing",
            where=Location(source.name, 1),
            hint="call one of them otherwise, or take it out",
        )
    for row in rows:
        if isinstance(row, Fault):
            yield row
            continue
        number, cells = row
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            yield Fault(number, f"this row has {len(cells)} cells, the first line {len(header)}")
        elif any(cell.strip() for cell in cells):
            padded = cells + [""] * (len(header) - len(cells))
            yield number, dict(zip(header, padded, strict=False))


def csv_rows(source: Input, separator: str | None = None) -> Iterator[tuple[int, list[str]] | Fault]:
    """Give the rows of a file, each with the line where it begins, and what was left out.

    :param separator: None to take the one that the first line has most of.
    """
    for number, data in _records(lines(_with_line_feeds(source.blocks(prefer=(r"\.csv$",))), RECORD)):
        if data is None:
            yield Fault(number, f"this row has more than {RECORD:,} bytes, or a quotation mark that nothing closes")
            continue
        if number == 1:
            if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise InputError("this is UTF-16", where=Location(source.name, 1), hint="save it as UTF-8")
            data = data.removeprefix(codecs.BOM_UTF8)
        text = _decoded(data)
        if number == 1 and (told := _TOLD.fullmatch(text)):
            separator = separator or told[1]
            continue
        if separator is None:
            separator = max(_SEPARATORS, key=text.count)
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        except csv.Error as error:
            yield Fault(number, f"this row is no CSV: {error}")
            continue
        if len(rows) > 1:  # other line ends inside a cell
            rows = [[cell for row in rows for cell in row]] if '"' not in text else rows[:1]
        yield from ((number, row) for row in rows)


def _with_line_feeds(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Give blocks with line feeds, where the first has only the carriage returns of old."""
    first = next(blocks, b"")
    if b"\r" in first.rstrip(b"\r") and b"\n" not in first:
        yield first.replace(b"\r", b"\n")
        yield from (block.replace(b"\r", b"\n") for block in blocks)
    else:
        yield first
        yield from blocks


def _decoded(data: bytes) -> str:
    """Read a record as UTF-8, or else as the old Western encoding of Windows or of Unix."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _records(numbered: Iterator[tuple[int, bytes | None]]) -> Iterator[tuple[int, bytes | None]]:
    """Join the lines of each record; None for one that is too long.

    Where a quotation mark is never closed, the line where it stands is left out alone, and reading goes on after it.
    """
    waiting: deque[tuple[int, bytes | None]] = deque()  # lines read ahead of a record that did not end
    while (first := _next(waiting, numbered)) is not None:
        number, line = first
        inside = odd = False
        if line is not None:
            inside, odd = _ends_inside(line, False)
        held = [line or b""]
        ahead: list[tuple[int, bytes | None]] = []
        size = len(held[0])
        while inside and size <= RECORD and (more := _next(waiting, numbered)) is not None:
            ahead.append(more)
            if more[1] is None:
                break
            held.append(more[1])
            size += len(more[1]) + 1
            inside, odd = _ends_inside(more[1], True)
        if inside or line is None or (odd and ahead):
            waiting.extendleft(reversed(ahead))
            yield number, None
        else:
            yield number, b"\n".join(held)


def _next(
    waiting: deque[tuple[int, bytes | None]], numbered: Iterator[tuple[int, bytes | None]]
) -> tuple[int, bytes | None] | None:
    return waiting.popleft() if waiting else next(numbered, None)


def _ends_inside(line: bytes, inside: bool) -> tuple[bool, bool]:
    """Tell whether a line ends inside a quoted cell, and whether more follows a mark that ends one.

    A mark in a cell that does not begin with one is a letter.

    :param inside: whether it begins inside one.
    """
    if b'"' not in line:
        return inside, False
    odd = False
    at, start = 0, True
    while True:
        if inside:
            end = line.find(b'"', at)
            if end < 0:
                return True, odd
            if line[end + 1 : end + 2] == b'"':
                at = end + 2
                continue
            inside, start, at = False, False, end + 1
            odd = odd or (at < len(line) and _SEPARATOR.match(line, at) is None)
        elif start and line[at : at + 1] == b'"':
            inside, at = True, at + 1
        else:
            found = _SEPARATOR.search(line, at)
            if found is None:
                return False, odd
            start, at = True, found.end()
