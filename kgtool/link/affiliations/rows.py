"""The strings to match as files hold them: JSON lines or a table; what is wrong with a line is told, and others go
on.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from kgtool.errors import InputError, Location, MissingError

#: Columns that hold the string where none is named.
COLUMNS: Final = ("affiliation", "affiliations", "raw_affiliation", "raw_affiliation_string", "text", "string")
Wrong = Callable[[InputError], None]


@dataclass(frozen=True, slots=True)
class Row:
    """A string with the name that its file gives it."""

    id: str | int
    text: str


@contextmanager
def opened_input(name: str, stdin: BinaryIO) -> Iterator[BinaryIO]:
    """Open a file, packed with gzip or not, or standard input (``-``).

    :raises MissingError: if there is no such file.
    """
    if name == "-":
        yield stdin
        return
    path = Path(name)
    if not path.is_file():
        raise MissingError(
            "no such file", where=Location(name), hint="give JSON lines or a CSV, or - for standard input"
        )
    with path.open("rb") as plain:
        packed = plain.read(2) == b"\x1f\x8b"
        plain.seek(0)
        if not packed:
            yield plain
            return
        with gzip.open(plain) as unpacked:
            yield unpacked  # type: ignore[misc]


def read_rows(source: BinaryIO, name: str, wrong: Wrong, *, column: str | None = None) -> Iterator[Row]:
    """Give the rows of a file in their order; a line that is wrong goes to ``wrong``, which may raise it.

    A file whose first line begins with ``{`` holds JSON lines with ``affiliation`` and ``id``; any other is a table
    with
    such columns, separated by commas, semicolons or tabs.

    :raises InputError: if a table has no column of strings.
    """
    lines = _lines(source, name, wrong)
    first = next(((n, line) for n, line in lines if line.strip()), None)
    if first is None:
        return
    if (column is None and first[1].lstrip().startswith("{")) or Path(name.removesuffix(".gz")).suffix in (
        ".jsonl",
        ".ndjson",
    ):
        yield from _json_rows(first, lines, name, wrong, column or "affiliation")
    else:
        yield from _table_rows(first, lines, name, wrong, column)


def _lines(source: BinaryIO, name: str, wrong: Wrong) -> Iterator[tuple[int, str]]:
    try:
        for number, line in enumerate(source, 1):
            try:
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                wrong(InputError("not UTF-8", where=Location(name, number), hint="save the file as UTF-8"))
    except (EOFError, gzip.BadGzipFile) as error:
        raise InputError(f"a damaged gzip file: {error}", where=Location(name), hint="is the file whole?") from error


def _json_rows(
    first: tuple[int, str], lines: Iterator[tuple[int, str]], name: str, wrong: Wrong, field: str
) -> Iterator[Row]:
    for number, line in _chained(first, lines):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            wrong(InputError(f"not JSON: {str(error)[:200]}", where=Location(name, number)))
            continue
        text = value.get(field) if isinstance(value, dict) else None
        if not isinstance(text, str):
            wrong(
                InputError(
                    f"no string {field!r}", where=Location(name, number), hint='write {"id": …, "affiliation": "…"}'
                )
            )
            continue
        given = value.get("id")
        yield Row(given if isinstance(given, str | int) and not isinstance(given, bool) else number, text)


def _table_rows(
    first: tuple[int, str], lines: Iterator[tuple[int, str]], name: str, wrong: Wrong, column: str | None
) -> Iterator[Row]:
    csv.field_size_limit(sys.maxsize)
    head = first[1]
    separator = max(",;\t", key=head.count)
    names = [cell.strip() for cell in next(csv.reader([head], delimiter=separator))]
    lowered = [cell.lower() for cell in names]
    wanted = [column] if column else [c for c in COLUMNS if c in lowered]
    if not wanted or (column and column not in names):
        raise InputError(
            f"no column {column!r}" if column else "no column of affiliations",
            where=Location(name, first[0]),
            hint=f"name one of {', '.join(map(repr, names[:12]))} with --column",
        )
    at = names.index(column) if column else lowered.index(wanted[0])
    key = lowered.index("id") if "id" in lowered else None
    table = csv.reader((line.replace("\0", "") for _, line in lines), delimiter=separator, strict=False)
    while True:
        try:
            cells = next(table, None)
        except csv.Error as error:
            wrong(InputError(f"not CSV: {error}", where=Location(name, first[0] + table.line_num)))
            continue
        if cells is None:
            return
        number = first[0] + table.line_num
        if not cells:
            continue
        if len(cells) <= at:
            wrong(InputError(f"{len(cells)} cells, and the strings are in cell {at + 1}", where=Location(name, number)))
            continue
        yield Row(cells[key] if key is not None and key < len(cells) else number, cells[at])


def _chained(first: tuple[int, str], lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    yield first
    yield from lines
