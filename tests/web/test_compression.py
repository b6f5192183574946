"""Compressed answers, pages of other sites, and the header fields of answers."""

from __future__ import annotations

import gzip
import http.client
import json
import zlib
from urllib.parse import urlencode

import pytest
import zstandard

from tests.web.conftest import Server
from tests.web.test_limits import ENDLESS

LARGE = "SELECT * { ?s <urn:number>|<urn:text> ?o } ORDER BY ?s ?o"
UNPACK = {"gzip": gzip.decompress, "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)}


def path(query: str, **more: str) -> str:
    return "/sparql?" + urlencode({"query": query, **more})


@pytest.mark.parametrize("coding", UNPACK)
@pytest.mark.parametrize(
    "place", [path(LARGE), path(LARGE, format="csv"), "/graphs?graph=urn:g:many", "/export?format=nquads", "/"]
)
def test_a_large_answer_is_compressed_for_who_wants_it(small: Server, coding: str, place: str) -> None:
    plain = small("GET", place)
    assert not plain["Content-Encoding"]
    assert "Accept-Encoding" in plain["Vary"]
    packed = small("GET", place, headers={"Accept-Encoding": coding})
    assert packed["Content-Encoding"] == coding
    assert "Accept-Encoding" in packed["Vary"]
    assert UNPACK[coding](packed.body) == plain.body
    assert len(packed.body) < len(plain.body)
    assert packed["ETag"] == plain["ETag"]
    asked = {"Accept-Encoding": coding, "If-None-Match": packed["ETag"]}
    assert small("GET", place, headers=asked).status == 304
    head = small("HEAD", place, headers={"Accept-Encoding": coding})
    assert (head.status, head.body, head["Content-Encoding"]) == (200, b"", coding)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip;q=0.5, zstd;q=0.9", "zstd"),
        ("gzip, identity;q=0.5", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=0, zstd; q=0.0", ""),
        ("identity", ""),
        ("br", ""),
        ("*;q=0", ""),
        ("", ""),
    ],
)
def test_the_client_chooses_the_coding(small: Server, accepted: str, coding: str) -> None:
    answer = small("GET", path(LARGE), headers={"Accept-Encoding": accepted})
    assert (answer.status, answer["Content-Encoding"]) == (200, coding)


def test_a_small_answer_and_an_error_are_sent_as_they_are(small: Server) -> None:
    for place in (path("ASK {}"), path("NONSENSE"), "/health"):
        answer = small("GET", place, headers={"Accept-Encoding": "gzip, zstd"})
        assert not answer["Content-Encoding"]
        json.loads(answer.body)


@pytest.mark.parametrize("coding", UNPACK)
def test_a_compressed_answer_that_breaks_off_is_never_whole(small: Server, coding: str) -> None:
    connection = small.connection()
    try:
        connection.request("GET", path(ENDLESS, timeout="1"), headers={"Accept-Encoding": coding})
        response = connection.getresponse()
        assert (response.status, response.headers["Content-Encoding"]) == (200, coding)
        with pytest.raises(http.client.IncompleteRead) as caught:
            response.read()
    finally:
        connection.close()
    if coding == "gzip":
        decoder = zlib.decompressobj(wbits=31)
        assert decoder.decompress(caught.value.partial)
        assert not decoder.eof
    else:
        frame = zstandard.ZstdDecompressor().decompressobj()
        assert frame.decompress(caught.value.partial)
        assert not frame.eof


@pytest.mark.parametrize("coding", UNPACK)
def test_who_leaves_a_compressed_answer_frees_its_worker(small: Server, coding: str) -> None:
    for _ in range(4):  # twice as many as there are workers
        connection = small.connection()
        connection.request("GET", path(ENDLESS, timeout="20"), headers={"Accept-Encoding": coding})
        assert connection.getresponse().read(10)
        connection.close()
    assert small.query("ASK {}").status == 200


def test_pages_of_other_sites_may_ask(small: Server) -> None:
    answer = small("GET", path("ASK {}"), headers={"Origin": "https://example.org"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer["Access-Control-Allow-Credentials"]
    assert {"ETag", "Link", "Retry-After", "Location"} <= set(answer["Access-Control-Expose-Headers"].split(", "))
    assert small("GET", "/nowhere")["Access-Control-Allow-Origin"] == "*", "a page must be able to read the problem"
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "PUT"}
    preflight = small("OPTIONS", "/graphs?default", headers=asked)
    assert preflight.status == 200
    assert {"GET", "PUT", "DELETE"} <= set(preflight["Access-Control-Allow-Methods"].split(", "))
    assert {"Authorization", "Content-Type", "If-Match"} <= set(preflight["Access-Control-Allow-Headers"].split(", "))


@pytest.mark.parametrize("place", ["/sparql", "/sparql/", "/graphs", "/graphs/a", "/health", "/export", "/"])
def test_options_tell_what_is_allowed(small: Server, place: str) -> None:
    answer = small("OPTIONS", place)
    assert (answer.status, answer.body) == (200, b"")
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer["Allow"].split(", "))
    assert not answer["Access-Control-Allow-Methods"]


def test_answers_say_where_the_service_is_described(small: Server) -> None:
    for place in (path("ASK {}"), "/sparql/?" + urlencode({"query": "ASK {}"}), "/sparql"):
        link = small("GET", place)["Link"]
        assert '</sparql>; rel="service-desc"' in link
        assert '</.well-known/void>; rel="describedby"' in link
