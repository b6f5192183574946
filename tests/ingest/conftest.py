from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Quad

from kgtool.ingest import read_quads, sources_of_files


@pytest.fixture
def read_file(tmp_path: Path) -> Callable[..., list[Quad]]:
    """Write bytes to a file and read it as ``load`` does."""

    def read(name: str, content: bytes, format: str | None = None, **options: object) -> list[Quad]:
        path = tmp_path / name
        path.write_bytes(content)
        [source] = sources_of_files([str(path)], format=format)
        return list(read_quads(source, **options))

    return read
