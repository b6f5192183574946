"""Services asked at a server of this machine: what the tests of services share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kgtool.config import settings_from
from kgtool.ingest.registries.services.opening import Named, opened_source
from kgtool.ingest.web import Clock

from ..web.server import Registry, Told, running
from .reading import Read, described


@pytest.fixture
def server() -> Iterator[Registry]:
    with running() as registry:
        yield registry


@pytest.fixture
def visit(server: Registry, tmp_path: Path) -> Callable[..., Read]:
    """Give what a source brings that is asked at the server."""

    def go(source: str, *identifiers: str, path: str = "/", said: list[str] | None = None, **more: object) -> Read:
        environment = {"KGTOOL_CACHE": str(tmp_path), **more.pop("environment", {})}  # type: ignore[dict-item]
        named = Named(source, identifiers, url=server.url + path, **more)  # type: ignore[arg-type]
        note = (said if said is not None else []).append
        clock = Clock(sleep=lambda seconds: None)
        with opened_source(named, settings_from(environment), version="test", note=note, clock=clock) as opened:
            read = described(opened.registry, opened.records)
            read.origins = opened.origins()  # type: ignore[attr-defined]
            return read

    return go


def answer(value: object) -> Told:
    return Told(json.dumps(value).encode())
