"""Compressed files that are cut off, damaged, misnamed, or followed by something else."""

from __future__ import annotations

import bz2
from contextlib import suppress

import pytest

from .broken import Read, error_of, place
from .documents import DOCUMENTS, PACKERS, TURTLE


@pytest.mark.parametrize("packing", PACKERS)
@pytest.mark.parametrize("kept", [0.5, 0.9, 0.999])
def test_cut_off_packed_data_name_the_file(read_file: Read, packing: str, kept: float) -> None:
    lines = b"".join(b"<urn:s> <urn:p> <urn:o%d> .\n" % (number * 7919 % 100_003) for number in range(50_000))
    packed = PACKERS[packing](lines)
    error = error_of(read_file, f"a.nt.{packing}", packed[: int(len(packed) * kept)])

    assert "too early" in error.what
    assert "cut off" in (error.hint or "")


@pytest.mark.parametrize("packing", PACKERS)
def test_what_is_not_packed_as_its_name_says(read_file: Read, packing: str) -> None:
    error = error_of(read_file, f"a.ttl.{packing}", TURTLE)

    assert "rename" in (error.hint or "")


@pytest.mark.parametrize("packing", ["gz", "xz", "bz2"])
def test_damaged_packed_data(read_file: Read, packing: str) -> None:
    packed = bytearray(PACKERS[packing](DOCUMENTS["ntriples"]))
    packed[len(packed) // 2] ^= 0xFF

    assert "damaged" in error_of(read_file, f"a.nt.{packing}", bytes(packed)).what


def test_a_checksum_that_fails_is_told_before_the_garbled_text(read_file: Read) -> None:
    """Where damage shows as a syntax error first, the syntax is not to blame."""
    lines = b"".join(b"<urn:s> <urn:p> <urn:o%d> .\n" % (number * 7919 % 100_003) for number in range(5_000))
    packed = bz2.compress(lines)
    told = 0
    for at in range(200, len(packed) - 20, len(packed) // 40):
        damaged = packed[:at] + bytes([packed[at] ^ 0x55]) + packed[at + 1 :]
        unpacker = bz2.BZ2Decompressor()
        with suppress(OSError):  # the decompressor gives the block, and then finds its checksum wrong
            told += unpacker.decompress(damaged, 1000) not in (b"", lines[:1000])
        assert "damaged bz2" in error_of(read_file, "a.nt.bz2", damaged).what
    assert told, "no place was tried where the text comes out garbled"


def test_an_error_in_sound_packed_data_keeps_its_place(read_file: Read) -> None:
    for packing, pack in PACKERS.items():
        assert place(error_of(read_file, f"a.nt.{packing}", pack(b"<urn:a> <urn:b> 1 .\nnonsense\n"))) == (1, 17)


@pytest.mark.parametrize("packing", PACKERS)
@pytest.mark.parametrize("rest", [b"\n", b"B", b"trailing garbage", b"<urn:a> <urn:b> <urn:c> .\n" * 4000])
def test_what_follows_packed_data_is_an_error(read_file: Read, packing: str, rest: bytes) -> None:
    packed = PACKERS[packing](b"<urn:a> <urn:b> <urn:c> .\n")

    assert packing in error_of(read_file, f"a.nt.{packing}", packed + rest).what


def test_a_zip_archive(read_file: Read) -> None:
    assert "unpack" in (error_of(read_file, "a.ttl", b"PK\x03\x04rest").hint or "")


@pytest.mark.parametrize("packing", PACKERS)
def test_a_packed_empty_file_is_an_error(read_file: Read, packing: str) -> None:
    assert "empty" in error_of(read_file, f"a.ttl.{packing}", PACKERS[packing](b"")).what
