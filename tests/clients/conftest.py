"""One server that takes writes, which clients of other makers speak to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.conftest import Server, make_small, serving

TOKEN = "token-of-the-clients"


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own: what clients write may go to any graph."""
    place = tmp_path_factory.mktemp("clients")
    with serving(make_small(place / "store"), place / "log", KGTOOL_WRITE_TOKEN=TOKEN) as server:
        yield server
