"""Files packed together, and pipes: what is meant is read, and what is damaged is told of."""

from __future__ import annotations

import io
import json
import os
import random
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from kgtool.errors import KgtoolError, ParseError
from kgtool.ingest.registries import registry_named
from kgtool.ingest.registries.inputs import Input, inputs_of
from kgtool.ingest.registries.registry import Record
from tests.ingest.registries.importing import made, packed, ror

GOOD = ("02ppyfa04", "02vjkv261", "02feahw73")


@pytest.fixture
def records() -> list[dict[str, object]]:
    return [ror(key, f"Name of {key}") for key in GOOD]


@pytest.mark.parametrize("others", ["v2.12-2026-08-25-ror-data.csv", "v2.12-2026-08-25-ror-data_schema_v1.json"])
def test_in_the_archive_of_a_release_the_json_of_schema_2_is_meant(
    tmp_path: Path, records: list[dict[str, object]], others: str
) -> None:
    """Releases after 1.74 have no other, and it is not called so; their table may be the larger file."""
    output = io.BytesIO()
    own = "v2.12-2026-08-25-ror-data.json" if others.endswith("csv") else "v1.45-ror-data_schema_v2.json"
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(own, json.dumps(records))
        archive.writestr(others, b" " * 9_000_000)
    assert made("ror", output.getvalue(), tmp_path).keys == set(GOOD)


def damaged(packed: bytes, seed: int) -> bytes:
    """Change some bytes of a file, or cut it off."""
    chance, data = random.Random(seed), bytearray(packed)
    for _ in range(chance.randint(1, 4)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.randrange(len(data))] if chance.random() < 0.3 else data)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_archive_is_told_of_and_no_bug(tmp_path: Path, method: int) -> None:
    output, file = io.BytesIO(), tmp_path / "ror.zip"
    with zipfile.ZipFile(output, "w", method) as archive:
        archive.writestr("a.json", b'[{"id": "x"}]' * 50)
        archive.writestr("b.csv", b"x")
    told = 0
    for seed in range(300):
        file.write_bytes(damaged(output.getvalue(), seed))
        try:
            list(Input(file.name, file).blocks(prefer=(r"\.json$",)))
        except KgtoolError as error:
            told += bool(error.hint)
    assert told > 100


def test_an_archive_that_is_cut_off_is_to_be_fetched_again(tmp_path: Path, records: list[dict[str, object]]) -> None:
    with pytest.raises(ParseError, match="zip archive is cut off") as raised:
        made("ror", packed(json.dumps(records).encode())[:-100], tmp_path)
    assert raised.value.hint == "fetch it again"


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_an_archive_of_records_that_is_cut_off_is_told_of(tmp_path: Path, mode: str) -> None:
    output, file = io.BytesIO(), tmp_path / "summaries.tar"
    with tarfile.open(fileobj=output, mode=mode) as archive:  # type: ignore[call-overload]
        archive.addfile(tarfile.TarInfo("0000-0002-1825-0097.xml"))
    for end in range(4, len(output.getvalue()), 7):
        file.write_bytes(output.getvalue()[:end])
        try:
            found = list(registry_named("orcid").read(Input(file.name, file)))
        except KgtoolError:
            continue
        assert not any(isinstance(one, Record) for one in found)


def test_a_pipe_is_read_as_a_file_is(tmp_path: Path, records: list[dict[str, object]]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(packed(json.dumps(records).encode()),))
    writer.start()
    with inputs_of([str(pipe)]) as (source,):
        found = [one for one in registry_named("ror").read(source) if isinstance(one, Record)]
        assert source.origin().name == "pipe"
    writer.join()
    assert {record.key for record in found} == set(GOOD)
