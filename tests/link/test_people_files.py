"""Files of names: what can be read of them goes on, what cannot is told with its line."""

from __future__ import annotations

import gzip
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtool.errors import InputError
from kgtool.link.people.people_files import BadRow, NamedRow, read_people, read_rows


def rows(data: bytes) -> list[NamedRow | BadRow]:
    return list(read_rows(BytesIO(data), "names"))


def test_json_lines_and_csv_say_the_same() -> None:
    as_json = b'\xef\xbb\xbf{"id": "1", "name": "Ada Byron"}\n\n{"id": 2, "family": "Pattou", "given": "F."}\n'
    as_csv = b'\xef\xbb\xbfid;name;family;given\r\n1;"Ada Byron";;\r\n2;;Pattou;F.\r\n'
    assert [(r.id, r.names) for r in rows(as_json) if isinstance(r, NamedRow)] == [
        (r.id, r.names) for r in rows(as_csv) if isinstance(r, NamedRow)
    ]


def test_bad_rows_are_told_with_their_line_and_the_rest_goes_on() -> None:
    long = b'{"id": "x", "name": "' + b"a" * (2 << 20) + b'"}\n'
    data = b'{"id": "1", "name": "Ada Byron"}\n{"id": \n' + long + b'[1]\n\xff\n{"id": "6", "name": "Ben Z"}\n'
    found = rows(data)
    assert [row.line for row in found if isinstance(row, BadRow)] == [2, 3, 4, 5]
    assert [row.id for row in found if isinstance(row, NamedRow)] == ["1", "6"]
    assert "names:3: longer than" in str(found[2])


def test_a_csv_without_names_is_refused_with_advice() -> None:
    with pytest.raises(InputError, match="no column of names") as refused:
        rows(b"a,b\n1,2\n")
    assert "full_name" in str(refused.value)


def test_several_rows_of_one_id_are_one_person_and_rows_without_a_name_are_told() -> None:
    bad: list[BadRow] = []
    data = b'{"id": "1", "name": "Ada Byron"}\n{"id": "1", "name": "A. Byron"}\n{"id": "2", "name": "7"}\n'
    (person,) = read_people(read_rows(BytesIO(data), "people"), "people", bad)
    assert [name.text for name, _ in person.names] == ["Ada Byron", "A. Byron"]
    assert [row.line for row in bad] == [3]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    try:
        found = rows(data)
    except InputError:
        return
    assert all(isinstance(row, NamedRow | BadRow) for row in found)


def test_a_broken_gzip_is_an_error_of_the_file() -> None:
    cut = gzip.compress(b'{"id": "1", "name": "Ada Byron"}\n' * 5000)[:-20]
    with pytest.raises(InputError, match="broken gzip"):
        list(read_rows(gzip.open(BytesIO(cut)), "names"))  # type: ignore[arg-type]  # noqa: SIM115
