"""Every route under odd requests, and bytes that are hardly HTTP: an error is the client's, told as a problem."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.trials.odd_requests import OddRequest, requests, routes
from tests.trials.services import TOKEN, Service, running
from tests.trials.stores import NUMBERS, make_store
from tests.trials.wire import Answer, exchange, first_answer

#: 501 and 505 are right for a transfer coding or a version that is not known (RFC 9110, 15.6.2 and 15.6.6).
OF_HTTP_ITSELF = {501, 505}


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, list[tuple[str, tuple[str, ...]]]]]:
    store = make_store(tmp_path_factory.mktemp("fuzzed") / "store", numbers=NUMBERS)
    known = routes()
    limits = {"KGTOOL_QUERY_TIMEOUT": "5", "KGTOOL_QUERY_MEMORY": "256", "KGTOOL_MAX_BODY": "1"}
    with running(store, **limits) as service:
        yield service, known
        assert service.asked("ASK { <urn:n1> <urn:number> 1 }")


def check(answer: Answer, method: str, request: object, also: frozenset[int] = frozenset()) -> None:
    """Assert what holds for every answer."""
    assert answer.status < 500 or answer.status in {503, 504, *also}, (request, answer.status, answer.body[:500])
    assert not answer.cut, request
    assert b"Traceback" not in answer.body, request
    assert TOKEN.encode() not in answer.body, request
    assert answer["X-Content-Type-Options"] == "nosniff", (request, answer.status, answer.headers.items())
    assert "frame-ancestors" in answer["Content-Security-Policy"], (request, answer.status)
    assert "X-Split" not in answer.headers, request
    if answer.status >= 400 and method != "HEAD":
        assert answer["Content-Type"].startswith("application/problem+json"), (request, answer.headers.items())
        problem = json.loads(answer.body)
        assert problem["status"] == answer.status
        assert problem["title"]
        assert problem["detail"]


def send(service: Service, request: OddRequest) -> None:
    answer = first_answer(exchange(service.port, request.raw(), timeout=30), request.method)
    assert answer is not None, f"no answer to {request}"
    check(answer, request.method, request)


def fuzz(fuzzed: tuple[Service, list[tuple[str, tuple[str, ...]]]], examples: int) -> None:
    service, known = fuzzed

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(requests(known))
    def each(request: OddRequest) -> None:
        send(service, request)

    each()
    assert service.answers()
    assert service.faults() == []


def test_odd_requests(fuzzed: tuple[Service, list[tuple[str, tuple[str, ...]]]]) -> None:
    fuzz(fuzzed, 250)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_many_odd_requests(fuzzed: tuple[Service, list[tuple[str, tuple[str, ...]]]]) -> None:
    fuzz(fuzzed, 20_000)


def test_every_route_answers_every_method(fuzzed: tuple[Service, list[tuple[str, tuple[str, ...]]]]) -> None:
    service, known = fuzzed
    assert len(known) > 10
    for rule, _ in known:
        methods = {method for other, some in known if other == rule for method in some}
        path = "/".join("x" if part.startswith("<") else part for part in rule.split("/"))
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"):
            request = OddRequest(method, path.encode(), (), b"")
            answer = first_answer(exchange(service.port, request.raw(), timeout=30), method)
            assert answer is not None, request
            check(answer, method, request)
            if method not in methods and method != "BREW":
                assert answer.status in (404, 405), (method, rule, answer.status)  # several rules may share a path


_GET = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"
_POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
#: Requests that are hardly HTTP.
MALFORMED = {
    "nothing": b"",
    "an empty line": b"\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "version 2 in text": b"GET / HTTP/2.0\r\nHost: x\r\n\r\n",
    "version 9": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "noise": bytes(range(256)) * 4,
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00",
    "no host": b"GET /health HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "bare line feeds": b"GET /health HTTP/1.1\nHost: x\n\n",
    "a control character": b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "bytes above ASCII": b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    "a full URL": b"GET http://evil.example/health HTTP/1.1\r\nHost: x\r\n\r\n",
    "CONNECT": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    "an asterisk": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "a control character in a field": _GET + b"Cookie: =\x7f\r\n\r\n",
    "a field without a colon": _GET + b"nonsense\r\n\r\n",
    "a folded field": _GET + b"X: a\r\n b\r\n\r\n",
    "a space before the colon": _GET + b"X : a\r\n\r\n",
    "a field of 1 MB": _GET + b"X: " + b"x" * 2**20 + b"\r\n\r\n",
    "a target of 1 MB": b"GET /" + b"x" * 2**20 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "10,000 fields": _GET + b"".join(b"X%d: x\r\n" % n for n in range(10_000)) + b"\r\n",
    "a negative length": _POST + b"Content-Length: -1\r\n\r\n",
    "a length of letters": _POST + b"Content-Length: ten\r\n\r\nASK {}",
    "a huge length": _POST + b"Content-Length: 99999999999999999999999999\r\n\r\nASK {}",
    "two lengths": _POST + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nASK {}",
    "a length and chunks": _POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a body that is too short": _POST + b"Content-Length: 100\r\n\r\nASK {}",
    "broken chunks": _POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK {}\r\n0\r\n\r\n",
    "a huge chunk": _POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nASK {}\r\n0\r\n\r\n",
    "chunks without an end": _POST + b"Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n",
    "an unknown transfer coding": _POST + b"Transfer-Encoding: nonsense\r\n\r\nASK {}",
    "coded twice": _POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", MALFORMED)
def test_what_is_hardly_http_is_refused_or_cut_off(
    fuzzed: tuple[Service, list[tuple[str, tuple[str, ...]]]], kind: str
) -> None:
    """What the server refuses before the application sees it may be told in its own words, or by hanging up."""
    service = fuzzed[0]
    received = exchange(service.port, MALFORMED[kind], end=True, timeout=30)
    assert b"Traceback" not in received
    if received.startswith(b"HTTP/"):
        answer = first_answer(received)
        assert answer is not None
        assert answer.status < 500 or answer.status in {503, *OF_HTTP_ITSELF}, answer.body[:500]
    assert service.answers()
    assert service.faults() == []


def test_noise_on_the_socket(fuzzed: tuple[Service, list[tuple[str, tuple[str, ...]]]]) -> None:
    service = fuzzed[0]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 200), st.binary(max_size=60), st.sampled_from([_GET + b"X: y\r\n\r\n", _POST + b"\r\n", b""]))
    def each(place: int, noise: bytes, request: bytes) -> None:
        received = exchange(service.port, request[:place] + noise + request[place:] + b"\r\n\r\n", end=True, timeout=30)
        assert b"Traceback" not in received
        try:
            answer = first_answer(received)
        except http.client.HTTPException:  # hung up on, or an answer of HTTP/0.9
            return
        if answer is not None:
            assert answer.status < 500 or answer.status in {503, *OF_HTTP_ITSELF}

    each()
    assert service.answers()
    assert service.faults() == []
