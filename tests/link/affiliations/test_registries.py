"""Registry files in every form give the same organisations; broken ones are refused by name."""

from __future__ import annotations

import gzip
import json
import zipfile

import pytest

from kgtool.errors import InputError, MissingError
from kgtool.link.affiliations.registries import read_registries

from .conftest import rnsr_table, ror_records, ror_table


def known(organisations):
    return {(o.key, o.country, o.city, o.types, frozenset((n.value, n.kind) for n in o.names)) for o in organisations}


def test_table_lines_dump_and_archive_say_the_same(tmp_path):
    table, lines, dump, archive = (tmp_path / name for name in ("n.tsv.gz", "n.jsonl", "n.json", "n.zip"))
    table.write_bytes(gzip.compress(ror_table().encode()))
    lines.write_text("\n".join(json.dumps(r) for r in ror_records()))
    dump.write_text(json.dumps(ror_records()))
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("v1.63-ror-data.json", "[]")
        packed.writestr("v1.63-ror-data_schema_v2.json", dump.read_text())
    found = [known(read_registries([path], [])) for path in (table, lines, dump, archive)]
    assert found[0] == found[1] == found[2] == found[3]
    assert len(found[0]) == len(ror_records())


def test_the_detailed_record_wins_and_the_names_of_both_count(tmp_path):
    bare, full = tmp_path / "a.tsv", tmp_path / "b.json"
    bare.write_text(
        ror_table().split("\n")[0] + "\n02kzqn938\tactive\tname-only\tv1\t\t\t\tUniversité Lille Nord@fr|label\n"
    )
    full.write_text(json.dumps(ror_records()))
    (lille,) = [o for o in read_registries([bare, full], []) if o.key == "02kzqn938"]
    assert lille.country == "FR"
    assert {"Université Lille Nord", "Université de Lille"} <= {n.value for n in lille.names}
    assert lille.display == "Université de Lille"


def test_units_bring_their_numbers_and_supervisors(tmp_path):
    path = tmp_path / "rnsr.csv"
    path.write_text(rnsr_table())
    unit = next(o for o in read_registries([], [path]) if o.key == "201019131Y")
    assert unit.numbers == ("UMR 8199", "U 1283")
    assert "CNRS" in unit.supervisors


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"hello", ""),
        (b'{"id": 1}\n', ":1"),
        (b"[1]", ":1"),
        (b"ror_id\tx\n1\t2\n", ":2"),
        (b"\x1f\x8b\x08broken", ""),
        (b'[{"id"', ""),
        (b"\xff\xfe", ""),
    ],
)
def test_what_is_no_registry_is_refused_with_its_place(tmp_path, content, where):
    path = tmp_path / "bad"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_registries([path], [])
    assert str(caught.value).startswith(f"{path}{where}")


def test_a_missing_file_and_a_table_without_numbers_are_refused(tmp_path):
    with pytest.raises(MissingError):
        read_registries([tmp_path / "absent"], [])
    path = tmp_path / "other.csv"
    path.write_text("a;b\n1;2\n")
    with pytest.raises(InputError, match="numero_national_de_structure"):
        read_registries([], [path])


def withdrawn(key, name, *successors):
    return {
        "id": f"https://ror.org/{key}",
        "status": "withdrawn",
        "names": [{"value": name, "types": ["ror_display", "label"], "lang": "fr"}],
        "types": ["education"],
        "locations": [],
        "relationships": [{"type": "successor", "id": f"https://ror.org/{after}", "label": ""} for after in successors],
    }


def test_the_names_of_a_withdrawn_record_lead_to_its_successor(tmp_path):
    gone = [
        withdrawn("012y58k53", "Université Lille 2", "02kzqn938"),
        withdrawn("00000aa01", "Université Morte"),
        withdrawn("00000aa02", "Université Partagée", "02kzqn938", "012y58k53"),
    ]
    path = tmp_path / "n.json"
    path.write_text(json.dumps([*ror_records(), *gone]))
    found = {o.key: o for o in read_registries([path], [])}
    assert "012y58k53" not in found
    assert ("Université Lille 2", "alias") in {(name.value, name.kind) for name in found["02kzqn938"].names}
    assert {"00000aa01", "00000aa02"} <= found.keys()
