"""Tables that people keep: CSV, TSV and JSON lines, read whole and written with further columns.

What a stranger's service sent is no formula in a spreadsheet: such a cell gets an apostrophe before it
(https://owasp.org/www-community/attacks/CSV_Injection). The table's own cells stay as they are.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final, TextIO

from kgtool.errors import InputError, Location, ParseError

FORMATS: Final = ("csv", "tsv", "jsonl")
#: Characters of one cell.
_LONGEST: Final = 2**20
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Table:
    """A table in memory.

    :param rows: cells by column; of JSON lines, whatever values they have.
    :param delimiter: of CSV and TSV.
    """

    name: str
    format: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    delimiter: str = ","


def format_of(name: str) -> str:
    """Tell the format of a file by its name.

    :raises InputError: if the name does not tell.

    >>> format_of("staff.TSV")
    'tsv'
    """
    ending = PurePath(name).suffix.lower().removeprefix(".")
    known = {"csv": "csv", "tsv": "tsv", "tab": "tsv", "jsonl": "jsonl", "ndjson": "jsonl"}
    if ending not in known:
        raise InputError(f"the name {name!r} does not tell the format", hint=f"name it .{', .'.join(FORMATS)}")
    return known[ending]


def read_table(content: bytes, name: str, format: str) -> Table:
    """Read a table.

    :raises ParseError: naming file and line, for what is none.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ParseError("not UTF-8", where=Location(name, line), hint="save it as UTF-8") from error
    return _json_lines(text, name) if format == "jsonl" else _separated(text, name, format)


def write_table(
    table: Table, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], format: str, output: TextIO
) -> None:
    """Write a table with further columns.

    :param columns: the further ones; their cells are guarded against formulas in CSV and TSV.
    :param rows: the cells of both.
    """
    if format == "jsonl":
        for row in rows:
            output.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    writer = csv.writer(output, delimiter="\t" if format == "tsv" else table.delimiter, lineterminator="\n")
    writer.writerow([*table.columns, *columns])
    for row in rows:
        own = [shown(row.get(column)) for column in table.columns]
        writer.writerow([*own, *(guarded(row.get(column)) for column in columns)])


def shown(value: object) -> str:
    """Write a value as a cell.

    >>> shown(None), shown(True), shown(97.5), shown(["a", "b"])
    ('', 'true', '97.5', 'a; b')
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return "; ".join(shown(each) for each in value)
        case float():
            return f"{value:g}"
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def guarded(value: object) -> str:
    """Write a value of a stranger as a cell that no spreadsheet takes for a formula; numbers are none.

    >>> guarded("=HYPERLINK(1)"), guarded(-3.5), guarded("Lille")
    ("'=HYPERLINK(1)", '-3.5', 'Lille')
    """
    text = shown(value)
    is_number = isinstance(value, int | float)
    return f"'{text}" if text.startswith(_FORMULAS) and not is_number else text


def _separated(text: str, name: str, format: str) -> Table:
    delimiter = "\t" if format == "tsv" else _delimiter(text)
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[dict[str, str]] = []
    try:
        header = next(reader, None)
        if not header or not any(header):
            raise ParseError("the table has no line of column names", where=Location(name, 1))
        twice = next((column for column in header if header.count(column) > 1), None)
        if twice is not None:
            hint = "give each column a name of its own"
            raise ParseError(f"two columns are named {twice!r}", where=Location(name, 1), hint=hint)
        for cells in reader:
            if not cells:
                continue
            if len(cells) > len(header):
                what = f"{len(cells)} cells, and the first line names {len(header)} columns"
                hint = f"cells that hold {delimiter!r} stand in quotation marks"
                raise ParseError(what, where=Location(name, reader.line_num), hint=hint)
            rows.append(dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True)))
    except csv.Error as error:
        where = Location(name, reader.line_num)
        raise ParseError(f"no {format.upper()} that is read here: {error}", where=where) from error
    return Table(name, format, tuple(header), tuple(rows), delimiter)


def _delimiter(text: str) -> str:
    """Tell what stands between cells: spreadsheets in French write semicolons into CSV."""
    first = text.partition("\n")[0]
    return max((",", ";", "\t"), key=first.count)


def _json_lines(text: str, name: str) -> Table:
    rows: list[dict[str, Any]] = []
    columns: dict[str, None] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"no JSON: {str(error)[:200]}", where=Location(name, number)) from error
        if not isinstance(row, dict):
            raise ParseError("no JSON object", where=Location(name, number), hint='write {"column": value}')
        rows.append(row)
        columns.update(dict.fromkeys(row))
    return Table(name, "jsonl", tuple(columns), tuple(rows))


def read_input(file: str, format: str | None) -> Table:
    """Read a file, or standard input for ``-``.

    :raises InputError: if there is no such file, or its format is not known.
    :raises ParseError: if it is no table.
    """
    if file == "-":
        return read_table(sys.stdin.buffer.read(), "stdin", format or "csv")
    from pathlib import Path

    return read_table(Path(file).read_bytes(), file, format or format_of(file))
