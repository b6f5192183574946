"""What a client's query may take: time, memory, depth, a worker. A limit is an answer; the service goes on."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.web.conftest import Answer, Server

#: Sums over 10^12 combinations: it sends nothing before its end, which nobody lives to see.
RUNAWAY = (
    "SELECT (COUNT(*) AS ?n) { ?a <urn:number> ?b . ?c <urn:number> ?d . ?e <urn:number> ?f . ?g <urn:number> ?h }"
)
#: As many rows, sent as they come.
ENDLESS = "SELECT * { ?a <urn:number> ?b . ?c <urn:number> ?d . ?e <urn:number> ?f . ?g <urn:number> ?h }"
DOUBLING = (
    'SELECT (STRLEN(?x30) AS ?n) { BIND("0123456789" AS ?x0) '
    + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(30))
    + " }"
)


@pytest.fixture(scope="module")
def limited(small: Server) -> Iterator[Server]:
    """The small server, which still answers when a test of this file is done with it."""
    yield small
    assert small.query("ASK {}").status == 200


def test_a_runaway_query_ends_and_its_neighbour_is_answered(limited: Server) -> None:
    late: list[Answer] = []
    thread = threading.Thread(target=lambda: late.append(limited.query(RUNAWAY, timeout="3")))
    thread.start()
    try:
        neighbours = [limited.query("ASK { <urn:a> ?p ?o }").status for _ in range(20)]
        assert thread.is_alive()  # so the neighbours were answered while it ran
    finally:
        thread.join()
    assert neighbours == [200] * 20
    assert late[0].status == 504
    assert json.loads(late[0].body)["title"] == "Out of time"
    assert [limited.query("ASK {}").status for _ in range(4)] == [200] * 4  # the killed worker was replaced


def test_a_request_may_only_lower_the_time(own_store: Path, serve: Callable) -> None:
    with serve(own_store, KGTOOL_QUERY_TIMEOUT="1") as server:
        assert server.query(RUNAWAY, timeout="100000").status == 504


def test_an_answer_that_breaks_off_breaks_the_connection(limited: Server) -> None:
    connection = limited.connection()
    try:
        connection.request("GET", "/sparql?" + urlencode({"query": ENDLESS, "timeout": "1"}))
        response = connection.getresponse()
        assert response.status == 200
        assert response.headers["Transfer-Encoding"] == "chunked"
        assert response.read(10)
        with pytest.raises(http.client.IncompleteRead):
            response.read()
    finally:
        connection.close()


def test_http_1_0_which_cannot_show_a_break_gets_all_or_an_error(limited: Server) -> None:
    parts = urlsplit(limited.url)
    for query, status in ((ENDLESS, b"504"), ("SELECT * { ?s <urn:number>|<urn:text> ?o }", b"200")):
        with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
            path = "/sparql?" + urlencode({"query": query, "timeout": "1"})
            connection.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
            received = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, body = received.partition(b"\r\n\r\n")
        assert head.split()[1] == status
        assert f"content-length: {len(body)}".encode() in head.lower()
        json.loads(body)


def test_a_client_that_leaves_frees_its_worker(limited: Server) -> None:
    for _ in range(4):  # twice as many as there are workers
        connection = limited.connection()
        connection.request("GET", "/sparql?" + urlencode({"query": ENDLESS, "timeout": "2"}))
        assert connection.getresponse().read(10)
        connection.close()
    assert limited.query("ASK {}").status == 200


@pytest.mark.parametrize("depth", [500, 3000, 20000])
def test_deep_nesting_is_the_clients_error(limited: Server, depth: int) -> None:
    answer = limited("POST", "/sparql", "SELECT * " + "{" * depth + "?s ?p ?o" + "}" * depth,
                     {"Content-Type": "application/sparql-query"})  # fmt: skip
    assert answer.status in (200, 400)
    if depth >= 3000:
        assert answer.status == 400
        assert "nested" in json.loads(answer.body)["hint"]


def test_a_query_that_wants_too_much_memory(limited: Server) -> None:
    answer = limited.query(DOUBLING)
    assert answer.status == 413
    assert "256 MB" in json.loads(answer.body)["detail"]


def test_who_finds_no_worker_is_told_when_to_come_back(own_store: Path, serve: Callable) -> None:
    settings = {"KGTOOL_QUERY_WORKERS": "1", "KGTOOL_QUERY_WAIT": "1.5"}
    with serve(own_store, **settings) as server:
        # One goes on as a slow one, and gives its place to the other, which keeps it.
        occupied = [threading.Thread(target=lambda: server.query(RUNAWAY, timeout="5")) for _ in range(2)]
        for thread in occupied:
            thread.start()
        statuses = set()
        while all(thread.is_alive() for thread in occupied) and 503 not in statuses:
            answer = server.query("ASK {}")
            statuses.add(answer.status)
        assert (answer.status, answer["Retry-After"]) == (503, "5")
        assert server("GET", "/health").status == 200
        assert server("GET", "/ready").status == 200
        for thread in occupied:
            thread.join()
        assert server.query("ASK {}").status == 200


def test_a_body_without_a_length_is_measured_too(limited: Server) -> None:
    pieces = iter([b"query=", *([b"x" * 65536] * 20)])
    connection = limited.connection()
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sparql", pieces, headers, encode_chunked=True)
        response = connection.getresponse()
        assert response.status == 413
        assert response.headers["Content-Type"] == "application/problem+json"
    finally:
        connection.close()
    huge = limited("POST", "/sparql", b"", {"Content-Length": str(10**12), "Content-Type": "application/sparql-query"})
    assert huge.status == 413
    assert json.loads(huge.body)["status"] == 413
