"""Bodies that would fill the memory or the stack of who reads them: refused soon, and no process grows by them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.trials import processes
from tests.trials.bombs import DOCUMENTS, PACKED, RIGHT
from tests.trials.neighbour import Neighbour
from tests.trials.services import BEARER, Service, running
from tests.trials.stores import NUMBERS, make_store

#: Statuses of a refusal.
REFUSED = {400, 413, 415, 422, 504}
LIMIT = 5.0
#: MB that no process of the service ever holds: what it starts with, a body of the largest size in a few copies, and
#: the limit of a query.
PEAK = 800


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    store = make_store(tmp_path_factory.mktemp("bombs") / "store", numbers=NUMBERS)
    limits = {"KGTOOL_QUERY_TIMEOUT": f"{LIMIT:g}", "KGTOOL_QUERY_MEMORY": "256", "KGTOOL_MAX_BODY": "16"}
    with running(store, KGTOOL_QUERY_WORKERS="2", **limits) as service:
        yield service


def refused(service: Service, method: str, path: str, body: bytes, headers: dict[str, str], allowed: set[int]) -> None:
    """Send a bomb beside a neighbour: refused in time, with nothing changed and no process larger for it."""
    before = service("GET", "/ready").body
    with Neighbour(service) as neighbour:
        start = time.monotonic()
        try:
            answer = service(method, path, body, {**headers, **BEARER}, timeout=60)
        except ConnectionError:  # it hung up on a body that is far too large, before this side had sent it all
            assert len(body) > 16 * 2**20
            answer = None
        spent = time.monotonic() - start
    neighbour.check()
    assert spent < LIMIT + 1 + max(neighbour.seconds)
    if answer is not None:
        assert answer.status in allowed, (answer.status, answer.body[:500])
        assert answer["Content-Type"] == "application/problem+json"
        assert b"root:" not in answer.body
    assert service("GET", "/ready").body == before, "another commit"
    assert max(map(processes.peak, service.family())) < PEAK
    assert service.answers()


@pytest.mark.parametrize("kind", ["application/sparql-query", "application/sparql-update", "text/turtle"])
@pytest.mark.parametrize("coding", PACKED)
def test_a_packed_gigabyte(service: Service, coding: str, kind: str) -> None:
    method, path = ("PUT", "/graphs?graph=urn:g:bomb") if kind == "text/turtle" else ("POST", "/sparql")
    headers = {"Content-Type": kind, "Content-Encoding": coding}
    refused(service, method, path, PACKED[coding](), headers, REFUSED)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_that_grows_when_it_is_read(service: Service, kind: str) -> None:
    content_type, write = DOCUMENTS[kind]
    body = write().encode()
    if kind in RIGHT:
        taken_or_refused(service, body, content_type)
    else:
        refused(service, "PUT", "/graphs?graph=urn:g:bomb", body, {"Content-Type": content_type}, REFUSED)
    assert not service.asked("ASK { GRAPH <urn:g:bomb> { ?s ?p ?o } }")


def taken_or_refused(service: Service, body: bytes, content_type: str) -> None:
    with Neighbour(service) as neighbour:
        answer = service("PUT", "/graphs?graph=urn:g:bomb", body, {"Content-Type": content_type, **BEARER})
        assert answer.status in REFUSED | {200, 201, 204}
        if answer.status not in REFUSED:
            # A document without a triple makes no graph that lasts.
            assert service("DELETE", "/graphs?graph=urn:g:bomb", None, BEARER).status in (200, 204, 404)
    neighbour.check()
    assert max(map(processes.peak, service.family())) < PEAK


def test_a_packed_body_that_is_broken(service: Service) -> None:
    whole = PACKED["gzip"]()
    for coding, body in (
        ("gzip", whole[:1000]),
        ("gzip", b"ASK {}"),
        ("zstd", b"\x28\xb5\x2f\xfd"),
        ("deflate", b"\x00"),
    ):
        headers = {"Content-Type": "application/sparql-query", "Content-Encoding": coding}
        refused(service, "POST", "/sparql", body, headers, REFUSED)
