"""Bodies of requests: codings, and limits that count what unfolds."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import urlencode, urlsplit

import pytest
import zstandard

from kgtool.web.codings import codings_of, decoded
from kgtool.web.problems import HttpProblem
from tests.web.conftest import TOKEN, Server

QUERY = {"Content-Type": "application/sparql-query"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TURTLE = {"Content-Type": "text/turtle", "Authorization": f"Bearer {TOKEN}".encode().decode("latin-1")}
ASK = b"ASK { <urn:a> ?p ?o }"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": lambda data: gzip.compress(data[:5]) + gzip.compress(data[5:]),
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "zstd": lambda data: zstd(data[:5]) + zstd(data[5:]),
    "identity": bytes,
    "gzip, zstd": lambda data: zstd(gzip.compress(data)),
    "identity, deflate, gzip": lambda data: gzip.compress(zlib.compress(data)),
}


@pytest.mark.parametrize("coding", PACKERS)
def test_each_coding_is_read(small: Server, coding: str) -> None:
    packed = PACKERS[coding]
    for body, kind in ((ASK, QUERY), (urlencode({"query": ASK}).encode(), FORM)):
        answer = small("POST", "/sparql", packed(body), {**kind, "Content-Encoding": coding})
        assert (answer.status, json.loads(answer.body)["boolean"]) == (200, True)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "Deflate", "zstd"])
@pytest.mark.parametrize(
    "broken", [lambda data: data[:-3], lambda data: data + b"more", lambda data: b"\xff" + data[1:], lambda _: b"plain"]
)
def test_a_broken_coding_is_the_clients_error(small: Server, coding: str, broken: Callable[[bytes], bytes]) -> None:
    body = broken(PACKERS[coding](ASK * 20))
    answer = small("POST", "/sparql", body, {**QUERY, "Content-Encoding": coding})
    assert answer.status == 400
    assert coding.lower() in json.loads(answer.body)["detail"]


@pytest.mark.parametrize("coding", ["br", "compress", "gzip, gzip, gzip", "gzip;q=1"])
def test_other_codings_are_refused_with_advice(small: Server, coding: str) -> None:
    answer = small("POST", "/sparql", ASK, {**QUERY, "Content-Encoding": coding})
    assert (answer.status, answer["Accept-Encoding"]) == (415, "gzip, deflate, zstd, identity")


def bombs() -> Iterator[tuple[str, bytes]]:
    zeros, packer = bytes(2**20), zlib.compressobj(9, wbits=31)
    once = b"".join(packer.compress(zeros) for _ in range(256)) + packer.flush()
    yield "gzip", once
    yield "gzip, gzip", gzip.compress(once)
    yield "gzip, zstd", zstd(once)
    raw = zlib.compressobj(9, wbits=-15)
    yield "deflate", b"".join(raw.compress(zeros) for _ in range(64)) + raw.flush()
    frame = zstandard.ZstdCompressor().compressobj()
    yield "zstd", b"".join(frame.compress(zeros) for _ in range(256)) + frame.flush()


@pytest.mark.parametrize(("coding", "bomb"), list(bombs()), ids=lambda part: part if isinstance(part, str) else "")
def test_a_bomb_is_stopped_while_it_unfolds(small: Server, coding: str, bomb: bytes) -> None:
    assert len(bomb) < 2**20
    assert small("POST", "/sparql", bomb, {**QUERY, "Content-Encoding": coding}).status == 413
    assert small("PUT", "/graphs?graph=urn:bomb", bomb, {**TURTLE, "Content-Encoding": coding}).status == 413
    given: list[int] = []

    def counted(pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            given.append(len(piece))
            if sum(given) > 2**21:
                raise OverflowError
            yield piece

    with pytest.raises(OverflowError):
        sum(map(len, decoded([bomb], codings_of(coding), counted)))
    assert sum(given) < 2**21 + 2**23


def test_any_bytes_are_decoded_or_refused() -> None:
    for coding in ("gzip", "deflate", "zstd"):
        packed = PACKERS[coding](bytes(range(256)) * 40)
        for place in range(0, len(packed), 7):
            spoiled = packed[:place] + bytes([packed[place] ^ 0x55]) + packed[place + 1 :]
            for step in (1, 100_000):
                pieces = [spoiled[start : start + step] for start in range(0, len(spoiled), step)]
                with contextlib.suppress(HttpProblem):  # anything else would be a 500
                    list(decoded(pieces, (coding,), iter))


def test_a_body_in_pieces_is_limited(small: Server) -> None:
    for size, status in ((10, 200), (40_000, 413)):
        connection = small.connection()
        try:
            pieces = iter([b"ASK {}", *([b"# " + b"x" * 60 + b"\n"] * size)])
            connection.request("POST", "/sparql", pieces, QUERY, encode_chunked=True)
            assert connection.getresponse().status == status
        finally:
            connection.close()


def test_a_query_has_a_limit_of_its_own(small: Server) -> None:
    long = "ASK {} #" + "x" * 2**20
    assert small("POST", "/sparql", long, QUERY).status == 413
    packed = gzip.compress(urlencode({"query": long}).encode())
    assert small("POST", "/sparql", packed, {**FORM, "Content-Encoding": "gzip"}).status == 413


@pytest.mark.parametrize("length", ["-1", "1e3", "99999999999999999999", "0x10"])
def test_a_senseless_length_is_refused(small: Server, length: str) -> None:
    parts = urlsplit(small.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {QUERY['Content-Type']}\r\nContent-Length: {length}"
        connection.sendall(head.encode() + b"\r\nConnection: close\r\n\r\nASK {}")
        status = connection.recv(65536).split()[1]
    assert status in (b"400", b"413")
    assert small.query("ASK {}").status == 200
