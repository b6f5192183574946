"""A proxy leads out, and to nothing that is inside."""

from __future__ import annotations

import pytest

from kgtool.errors import RemoteError
from kgtool.ingest.web import Client, Manners, Request

from .server import Registry, Told, running

GOOD = Told(b'{"a": 1}', headers={"Content-Type": "application/json"})


def test_a_proxy_leads_out_and_is_not_asked_for_what_is_inside(registry: Registry, waited) -> None:
    registry.script(Told(b"", 302, {"Location": "http://169.254.169.254/latest"}), GOOD)
    client = Client("kgtool/test", clock=waited.clock(), proxy=registry.url)
    with pytest.raises(RemoteError, match="no public address"):
        client.get(Request("http://registry.example/a"))
    assert client.get(Request("http://registry.example/b")).content == GOOD.body
    assert [(asked.headers["Host"], asked.path) for asked in registry.asked] == [
        ("registry.example", "/a"),
        ("registry.example", "/b"),
    ]
    with running() as inside:
        client.get(Request(f"{inside.url}/c"))
        assert [asked.path for asked in inside.asked] == ["/c"]
    assert len(registry.asked) == 2


def test_a_proxy_that_does_not_answer_is_told(waited) -> None:
    with running() as gone:
        proxy = gone.url
    client = Client("kgtool/test", Manners(attempts=2), clock=waited.clock(), proxy=proxy)
    with pytest.raises(RemoteError, match="failed 2 times"):
        client.get(Request("http://registry.example/a"))
