"""Files of names: JSON lines or CSV, one name a row; bad rows are told with their number and left out."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from kgtool.errors import InputError, Location, MissingError
from kgtool.link.people.name_index import Person
from kgtool.link.people.printed_names import PrintedName, read_name

#: Bytes of a row: far above a name with whatever stands beside it.
_MOST_BYTES: Final = 1 << 20
_IDS: Final = ("id", "person_id", "idref", "orcid")
_NAMES: Final = ("name", "full_name", "fullname", "label", "names")
_FAMILY: Final = ("family", "last_name", "family_name", "lastname", "nom")
_GIVEN: Final = ("given", "first_name", "given_name", "firstname", "prenom")


@dataclass(frozen=True)
class NamedRow:
    """A row: who, and the forms of the name that stand there.

    :param line: its number, from 1.
    :param names: none if nothing there can be a name.
    """

    id: str
    line: int
    names: tuple[PrintedName, ...]


@dataclass(frozen=True)
class BadRow:
    """A row that says nothing that can be used.

    :param line: its number, from 1.
    :param why: what is wrong with it.
    """

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"{Location(self.file, self.line)}: {self.why}"


@contextmanager
def opened(file: str, stdin: BinaryIO) -> Iterator[BinaryIO]:
    """Open a file of rows, also packed by gzip; ``-`` is standard input.

    :raises MissingError: if it is not there.
    """
    if file == "-":
        yield stdin
        return
    path = Path(file)
    if not path.is_file():
        raise MissingError("no such file", where=Location(file))
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        yield stream  # type: ignore[misc]


def read_rows(stream: BinaryIO, file: str) -> Iterator[NamedRow | BadRow]:
    """Read rows of JSON lines, or of CSV if the first row is none of JSON; memory holds one row at a time.

    A row has an id and a name: as ``name`` (or ``names``, a list), or as ``family`` and ``given``.

    :raises InputError: if a CSV has no column of names, or the file is packed and broken.
    """
    try:
        lines = _lines(stream, file)
        first = next(lines, None)
        if first is None:
            return
        number, text = first
        if isinstance(text, str) and text.lstrip("\ufeff").lstrip().startswith("{"):
            yield _of_json(file, number, text.lstrip("\ufeff"))
            for number, text in lines:
                if isinstance(text, BadRow):
                    yield text
                elif text.strip():
                    yield _of_json(file, number, text)
        else:
            yield from _of_csv(file, text, lines)
    except (EOFError, gzip.BadGzipFile) as error:
        raise InputError(f"broken gzip: {error}", where=Location(file), hint="fetch the file again") from error


def read_people(rows: Iterator[NamedRow | BadRow], file: str, bad: list[BadRow]) -> list[Person]:
    """Gather the people of rows; an id that comes again is the same person under another form of the name.

    :param bad: told of the rows that are left out.
    """
    found: dict[str, dict[PrintedName, int]] = {}
    for row in rows:
        if isinstance(row, BadRow):
            bad.append(row)
            continue
        if not row.names:
            bad.append(BadRow(file, row.line, "holds no name of a person"))
            continue
        seen = found.setdefault(row.id, {})
        for name in row.names:
            seen[name] = seen.get(name, 0) + 1
    return [Person(id, tuple(names.items())) for id, names in found.items()]


def _lines(stream: BinaryIO, file: str) -> Iterator[tuple[int, str | BadRow]]:
    number = 0
    while line := stream.readline(_MOST_BYTES + 1):
        number += 1
        if len(line) > _MOST_BYTES:
            while line and not line.endswith(b"\n"):
                line = stream.readline(_MOST_BYTES)
            yield number, BadRow(file, number, f"longer than {_MOST_BYTES:,} bytes")
            continue
        try:
            yield number, line.decode("utf-8")
        except UnicodeDecodeError as error:
            yield number, BadRow(file, number, f"not UTF-8 at byte {error.start + 1}")


def _of_json(file: str, number: int, text: str) -> NamedRow | BadRow:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        return BadRow(file, number, f"no JSON: {error}")
    return _row(file, number, row) if isinstance(row, dict) else BadRow(file, number, "no JSON object")


def _of_csv(file: str, head: str | BadRow, lines: Iterator[tuple[int, str | BadRow]]) -> Iterator[NamedRow | BadRow]:
    if isinstance(head, BadRow):
        raise InputError(
            f"the first row is {head.why}", where=Location(file, 1), hint="give JSON lines, or CSV in UTF-8"
        )
    comma = max(",;\t", key=head.count)
    columns = next(csv.reader([head.lstrip("\ufeff")], delimiter=comma), [])
    if not {*columns} & {*_NAMES, *_FAMILY}:
        raise InputError(
            f"no column of names among {', '.join(columns[:20])}"[:500],
            where=Location(file, 1),
            hint=f"one column is to be called {' or '.join(_NAMES[:2])}; or give JSON lines with id and name",
        )
    for number, text in lines:
        if isinstance(text, BadRow):
            yield text
            continue
        while text.count('"') % 2 and len(text) <= _MOST_BYTES:  # a quoted cell goes on in the next line
            more = next(lines, None)
            if more is None or isinstance(more[1], BadRow):
                break
            text += more[1]
        if not text.strip():
            continue
        try:
            cells = next(csv.reader(text.splitlines(keepends=True), delimiter=comma, strict=True))
        except (csv.Error, StopIteration) as error:
            yield BadRow(file, number, f"no CSV: {error}")
            continue
        yield _row(file, number, dict(zip(columns, cells, strict=False)))


def _row(file: str, number: int, row: Mapping[str, object]) -> NamedRow:
    id = next((str(row[key]) for key in _IDS if isinstance(row.get(key), str | int) and str(row[key])), str(number))
    family, given = _text(row, _FAMILY), _text(row, _GIVEN)
    found = [name for key in _NAMES for name in _texts(row.get(key))]
    names = [read_name(name, family, given) for name in found]
    if not names and family:
        names = [read_name("", family, given)]
    return NamedRow(id, number, tuple(name for name in names if name.readings))


def _text(row: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    return next((value for key in keys if isinstance(value := row.get(key), str) and value.strip()), None)


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]
