"""Inputs that are cut off, turned round, doubled, huge or meant to do harm: what is good of them still goes in."""

from __future__ import annotations

import gzip
import io
import json
import random
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgtool.errors import InputError
from kgtool.ingest.registries import csv_records as csv
from kgtool.ingest.registries import json_records as jsons
from kgtool.ingest.registries import registry_named
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.registry import Record
from tests.ingest.registries.importing import ID, lines, made, packed, ror

GOOD = ("02ppyfa04", "02vjkv261", "02feahw73")
RNSR = "numero_national_de_structure;libelle;sigle;annee_de_creation;code_postal;commune\n"


@pytest.fixture
def records() -> list[dict[str, object]]:
    return [ror(key, f"Name of {key}") for key in GOOD]


def test_an_array_lines_and_a_release_say_the_same(tmp_path: Path, records: list[dict[str, object]]) -> None:
    array = json.dumps(records, indent=2).encode()
    answer = json.dumps({"number_of_results": 3, "items": records}, indent=1).encode()
    shapes = [array, lines(*records), gzip.compress(lines(*records)), packed(array), b"\xef\xbb\xbf" + array, answer]
    found = [made("ror", shape, tmp_path / str(n)) for n, shape in enumerate(shapes)]
    assert all(one.keys == set(GOOD) and one.faults == [] for one in found)
    named = [{str(q.triple) for q in one.quads if f"{ID}ror/0" in str(q.subject)} for one in found]
    assert all(one == named[0] for one in named)
    assert len(named[0]) > 20


def test_the_order_of_records_says_nothing(tmp_path: Path, records: list[dict[str, object]]) -> None:
    records[0]["relationships"] = [{"type": "parent", "id": "https://ror.org/02vjkv261", "label": "x"}]
    turned = records[::-1]
    random.Random(1).shuffle(turned)
    a, b = (made("ror", lines(*some), tmp_path / str(n)) for n, some in enumerate((records, turned)))
    apart = "ni:"  # the sum of the file's bytes
    assert {str(q) for q in a.quads if apart not in str(q)} == {str(q) for q in b.quads if apart not in str(q)}


def test_a_record_that_stands_twice_is_taken_once_and_told_of(tmp_path: Path, records: list[dict[str, object]]) -> None:
    found = made("ror", lines(*records, {**records[0], "names": [{"value": "Another"}]}), tmp_path)
    assert found.keys == set(GOOD)
    assert found.values(f"{ID}ror/{GOOD[0]}", "label") == {f"Name of {GOOD[0]}"}
    assert [number for number, _ in found.faults] == [4]


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_an_array_that_is_cut_off_gives_what_is_whole(
    tmp_path: Path, records: list[dict[str, object]], cut: int
) -> None:
    found = made("ror", json.dumps(records).encode()[:-cut], tmp_path)
    assert set(GOOD[:2]) <= found.keys
    assert len(found.faults) == 1


def test_a_broken_record_costs_itself_alone(tmp_path: Path, records: list[dict[str, object]]) -> None:
    first, second, third = (json.dumps(record).encode() for record in records)
    broken = second.replace(b'"status":', b'"status"')
    array = made("ror", b"[" + b",\n".join((first, broken, third)) + b"]", tmp_path / "a")
    listed = made("ror", b"\n".join((first, broken, third)), tmp_path / "b")
    for found in (array, listed):
        assert found.keys == {GOOD[0], GOOD[2]}
        assert [number for number, _ in found.faults] == [2]


@pytest.mark.parametrize(
    "value",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "9" * 10_000,
        "1e999999",
        "NaN",
        "-Infinity",
        '"\\ud800"',
        "null",
        "[[], {}, 7]",
    ],
    ids=["brackets", "braces", "digits", "exponent", "nan", "infinity", "surrogate", "null", "mixed"],
)
@pytest.mark.parametrize("part", ["id", "names", "established", "locations", "relationships", "links", "external_ids"])
def test_odd_values_anywhere_in_a_record(tmp_path: Path, value: str, part: str) -> None:
    good = json.dumps(ror(GOOD[0])).encode()
    odd = json.dumps({**ror(GOOD[1]), part: "HERE"}).replace('"HERE"', value).encode()
    found = made("ror", b"\n".join((good, odd, good.replace(b"02ppyfa04", b"02feahw73"))), tmp_path)
    assert {GOOD[0], GOOD[2]} <= found.keys


class _Flood(Input):
    """A file of one field that is as long as asked, made while it is read."""

    def __init__(self, head: bytes, size: int, tail: bytes) -> None:
        super().__init__("flood", Path("flood"))
        object.__setattr__(self, "parts", (head, size, tail))

    def blocks(self, *, prefer: tuple[str, ...] = ()) -> Iterator[bytes]:
        head, size, tail = self.parts  # type: ignore[attr-defined]
        yield head
        for _ in range(size >> 16):
            yield b"x" * (1 << 16)
        yield tail


_HUNDRED = 100 << 20


@pytest.mark.parametrize(
    ("registry", "head", "tail"),
    [
        ("ror", b'[{"id": "' + b"a", b'"},' + lines(ror(GOOD[0])) + b"]"),
        ("ror", lines(ror(GOOD[1])) + b'{"id": "', b'"}\n' + lines(ror(GOOD[0]))),
        ("rnsr", RNSR.encode() + b'201019111J;"', b'";;;;\n201019111J;Good;;;;\n'),
        ("rnsr", RNSR.encode() + b"201019111J;", b";;;;\n201019111J;Good;;;;\n"),
    ],
    ids=["array", "lines", "quoted cell", "bare cell"],
)
def test_a_field_of_a_hundred_megabytes_is_never_held(registry: str, head: bytes, tail: bytes) -> None:
    tracemalloc.start()
    try:
        found = list(registry_named(registry).read(_Flood(head, _HUNDRED, tail)))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    good = [record for record in found if isinstance(record, Record)]
    assert good[-1].key in (GOOD[0], "201019111J")
    assert len(found) == len(good) + 1
    assert most < _HUNDRED / 2


def test_what_is_no_object_is_told_as_that(tmp_path: Path, records: list[dict[str, object]]) -> None:
    found = made("ror", json.dumps([records[0], 7, "x", None, [records[1]], records[2]]).encode(), tmp_path)
    assert found.keys == {GOOD[0], GOOD[2]}
    assert found.faults == [(number, "this record is no object") for number in (2, 3, 4, 5)]


def test_an_archive_that_unfolds_without_end_is_read_as_a_stream(tmp_path: Path) -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb.json", "w") as bomb:
        bomb.write(b'[{"id": "')
        for _ in range(100):
            bomb.write(b"0" * (1 << 20))
    assert len(output.getvalue()) < 1 << 18
    file = tmp_path / "bomb.zip"
    file.write_bytes(output.getvalue())
    tracemalloc.start()
    found = list(registry_named("ror").read(Input("bomb.zip", file)))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < _HUNDRED / 2
    assert not any(isinstance(item, Record) for item in found)


@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", b"\x1f\x8b no gzip", b"<html>", b"\xff\xfei\x00d\x00"])
@pytest.mark.parametrize("registry", sorted({"ror", "rnsr", "finess"}))
def test_what_is_no_file_of_a_registry_is_refused_with_advice(tmp_path: Path, registry: str, content: bytes) -> None:
    with pytest.raises(InputError) as raised:
        made(registry, content, tmp_path)
    assert raised.value.hint


def test_cells_that_would_run_in_a_spreadsheet_are_texts(tmp_path: Path) -> None:
    row = '201019111J;"=HYPERLINK(""http://evil"";""x"")";\'+1+cmd|\' /C calc\'!A0;2002;59000;@SUM(1)\n'
    found = made("rnsr", (RNSR + row).encode(), tmp_path)
    assert found.values(f"{ID}rnsr/201019111J", "label") == {'=HYPERLINK("http://evil";"x")'}
    assert found.faults == []


def test_what_is_not_seen_is_taken_out_of_names(tmp_path: Path) -> None:
    name = "Lille\u202e elliL\u2066\x00\x1b[2J\u0085 \ud800"
    found = made("ror", lines(ror(GOOD[0], name), ror(GOOD[1], "عربي\u200c زبان")), tmp_path)
    assert found.values(f"{ID}ror/{GOOD[0]}", "label") == {"Lille elliL[2J \ufffd"}
    assert found.values(f"{ID}ror/{GOOD[1]}", "label") == {"عربي\u200c زبان"}


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_separators_and_encodings_of_a_table(tmp_path: Path, separator: str, encoding: str) -> None:
    text = 'libelle;Numéro national de structure\n"Génie; civil, à l’œuvre";201019111J\n'
    if separator != ";":
        text = text.replace("libelle;", f"libelle{separator}").replace('";2', f'"{separator}2')
    found = made("rnsr", text.encode(encoding), tmp_path)
    assert found.values(f"{ID}rnsr/201019111J", "label") == {"Génie; civil, à l’œuvre"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("told", ["", "sep=;", "\ufeffSEP=;"])
def test_line_ends_and_a_separator_that_is_told(tmp_path: Path, end: str, told: str) -> None:
    rows = [told, RNSR.strip(), "201019111J;One;;;;", "202023567J;Two, and a comma;;;;"]
    found = made("rnsr", end.join(filter(None, rows)).encode(), tmp_path)
    assert found.keys == {"201019111J", "202023567J"}
    assert found.faults == []
    assert found.described.setting.numbers["202023567J"] == len(list(filter(None, rows)))


def test_a_mark_that_nothing_closes_costs_its_row_alone(tmp_path: Path) -> None:
    rows = ["201019111J;One;;;;", '202023567J;"Two;;;;', "201019064H;Three;;;;", '200212749D;an "inner" mark;;;;']
    found = made("rnsr", (RNSR + "\n".join(rows)).encode(), tmp_path)
    assert found.keys == {"201019111J", "201019064H", "200212749D"}
    assert [number for number, _ in found.faults] == [3]


def test_columns_are_read_by_their_names(tmp_path: Path) -> None:
    text = "LIBELLE;more;numero_national_de_structure\nU1190;?;201019111J\nU1172;?;202023567J;too many\n"
    found = made("rnsr", text.encode(), tmp_path)
    assert found.keys == {"201019111J"}
    assert [number for number, _ in found.faults] == [3]
    with pytest.raises(InputError, match="no column libelle: the first line has numero_national_de_structure, a, b"):
        made("rnsr", b"numero_national_de_structure;a;b\n", tmp_path)


def test_records_as_long_as_the_blocks_they_come_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The bounds of blocks fall everywhere, and no record is lost to them."""
    monkeypatch.setattr(jsons, "RECORD", 2_000)
    monkeypatch.setattr(csv, "RECORD", 200)
    data = json.dumps([{"id": n, "text": 'é\\"{[' * (n % 40)} for n in range(60)], ensure_ascii=False).encode()

    class Slow(Input):
        def blocks(self, *, prefer: tuple[str, ...] = ()) -> Iterator[bytes]:
            return (data[at : at + 7] for at in range(0, len(data), 7))

    found = list(jsons.json_records(Slow("slow", tmp_path)))
    assert [item[1]["id"] for item in found if isinstance(item, tuple)] == list(range(60))
