"""What no format writes, and a disk that is full."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kgtool.errors import InputError, StoreFullError
from kgtool.export import FORMATS
from kgtool.export.spilling import disk_space
from tests.export.reading import exported

A = NamedNode("urn:x:a")


def test_an_unknown_format_is_told_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"'n3'.*turtle, trig, ntriples, nquads, jsonld, rdfxml"):
        exported([], "n3")


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_triple_terms_are_refused(format: str) -> None:
    with pytest.raises(InputError, match="triple term"):
        exported([Quad(A, A, Triple(A, A, Literal("x")))], format)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_an_error_of_the_store(tmp_path: Path) -> None:
    with pytest.raises(StoreFullError) as caught, disk_space(tmp_path), Path("/dev/full").open("wb", 0) as file:
        file.write(b"x")
    assert str(tmp_path) in str(caught.value)
    assert caught.value.exit_code == 4
