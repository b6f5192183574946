"""The logs: what a line holds and never holds, and that nobody who reads them badly can hold the service up."""

from __future__ import annotations

import http.client
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtool.config import Settings
from kgtool.web.access_log import _line as access_line
from kgtool.web.app import create_app
from kgtool.web.evaluation import AskTask, QueryTask
from kgtool.web.logs import JsonHandler, LineLog, json_line, quoted, timestamp
from kgtool.web.observing import observing
from kgtool.web.slow_queries import SlowQueries
from kgtool.web.source import LoneSource
from tests.web.conftest import ROOT, environment

SECRET = "a-secret-token"


class Logged:
    """A file of lines, and what writes to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = LineLog(str(path))

    def lines(self) -> list[dict[str, object]]:
        self.log.close(30)
        return [json.loads(line) for line in self.path.read_text("ascii").splitlines()]


@pytest.fixture
def logged(tmp_path: Path) -> Logged:
    return Logged(tmp_path / "log")


@pytest.fixture
def client(own_store: Path, tmp_path: Path) -> Iterator[FlaskClient]:
    chosen = Settings(
        store=own_store, read_only=True, query_workers=1, write_token=SECRET, access_log=str(tmp_path / "access.log")
    )
    source = LoneSource(chosen)
    yield create_app(source, chosen).test_client()
    source.close()


def lines_of(client: FlaskClient) -> list[dict[str, object]]:
    told = observing(client.application)
    told.log.close(30)
    return [json.loads(line) for line in Path(told.settings.access_log).read_text("ascii").splitlines()]


def test_each_request_has_one_line_that_tells_no_query_and_no_token(client: FlaskClient) -> None:
    authorization = {"Authorization": f"Bearer {SECRET}"}
    client.get("/sparql?query=ASK{<urn:somebody>?p?o}&token=" + SECRET, headers=authorization)
    client.post("/sparql", data={"update": "INSERT DATA { <urn:somebody> a <urn:x> }"}, headers=authorization)
    client.get("/id/" + quote("où\n\x1b[2J\u202e"), headers={"X-Request-Id": "mine-1"})
    answer = client.get("/sparql?query=SELECT * { ?s ?p ?o }", headers={"X-Request-Id": 'no"\tid'}, buffered=True)
    client.head("/health", buffered=True)
    query, update, page, long, head = lines_of(client)
    assert (query["log"], query["kind"], query["status"], query["method"]) == ("access", "query", 200, "GET")
    assert (query["path"], query["client"], query["bytes"]) == (
        "/sparql",
        "127.0.0.1",
        len('{"head":{},"boolean":false}'),
    )
    assert str(query["commit"]).endswith("-1")
    assert 0 < float(str(query["ms"])) < 60_000
    assert (update["kind"], update["status"]) == ("update", 403)
    assert (page["path"], page["request"], page["kind"]) == ("/id/où\n\x1b[2J\u202e", "mine-1", "page")
    assert (long["bytes"], long["request"]) == (len(answer.data), answer.headers["X-Request-Id"])
    assert (head["bytes"], head["kind"]) == (0, "other")
    assert len({line["request"] for line in (query, update, page, long, head)}) == 5
    text = Path(observing(client.application).settings.access_log).read_text("ascii")
    assert SECRET not in text
    assert "somebody" not in text


def test_an_answer_that_its_client_leaves_is_logged_as_left(client: FlaskClient) -> None:
    cross = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    answer = client.get("/sparql?query=" + quote(cross), buffered=False)
    assert next(iter(answer.response))
    answer.close()
    (line,) = lines_of(client)
    assert line["status"] == 499
    assert int(str(line["bytes"])) > 0


def test_an_unforeseen_error_is_logged_with_its_traceback(logged: Logged) -> None:
    logger = logging.Logger("kgtool.web.problems")
    logger.addHandler(JsonHandler(logged.log))
    try:
        raise ZeroDivisionError("by\nzero")
    except ZeroDivisionError as error:
        logger.error("unforeseen error at %s", "/x\u2028", exc_info=error)
    logger.warning("%d", "no number")
    first, second = logged.lines()
    assert (first["log"], first["level"], first["message"]) == ("service", "ERROR", "unforeseen error at /x\u2028")
    assert "ZeroDivisionError: by\nzero" in str(first["traceback"])
    assert "no number" in str(second["message"])


def test_slow_queries_are_logged_with_the_start_of_their_text(logged: Logged) -> None:
    slow = SlowQueries(logged.log, 0.5)
    slow.ended(QueryTask("ASK {}", "json", None), "done", 0.4)
    slow.ended(QueryTask("é" * 10_000, "json", None), "time", 2.0, client="192.0.2.1", request="r-1", size=10)
    slow.ended(AskTask("affiliated", (("date", "2020"),), "json"), "done", 0.5)
    slow.ended(QueryTask("ASK {}", "json", None), "refused", 10.0)
    long, ask = logged.lines()
    assert (long["log"], long["outcome"], long["ms"], long["client"]) == ("slow-query", "time", 2000.0, "192.0.2.1")
    assert (long["text"], long["length"], long["bytes"]) == ("é" * 2048, 10_000, 10)
    assert "affiliated" in str(ask["text"])


def assert_safe(line: str) -> None:
    assert "\n" not in line
    assert all(" " <= character <= "~" for character in line)


@settings(max_examples=150, deadline=None)
@given(st.text(), st.text(), st.text(), st.floats(0, 4e9), st.floats(0, 1e6))
def test_no_text_breaks_a_line(path: str, method: str, tag: str, at: float, seconds: float) -> None:
    as_wsgi = path.encode("utf-8", errors="replace").decode("latin-1")
    line = access_line(at, "192.0.2.1", method, as_wsgi, 200, 5, seconds, "query", tag, "r-1")
    assert_safe(line)
    read = json.loads(line)
    assert read["path"] == as_wsgi.encode("latin-1").decode("utf-8", errors="replace")[:1000] or len(as_wsgi) > 1000
    assert read["method"] == method[:20]
    assert_safe(json_line({"text": path, "more": [tag, {"x": method}]}))
    assert json.loads(quoted(tag)) == tag
    assert timestamp(at).startswith(time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(int(at))))


def test_a_file_that_is_renamed_is_opened_again(logged: Logged) -> None:
    logged.log.put(lambda: '"before"')
    deadline = time.monotonic() + 30
    while not logged.path.exists() or not logged.path.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    logged.path.rename(logged.path.with_suffix(".1"))
    time.sleep(1.1)
    logged.log.put(lambda: '"after"')
    assert logged.lines() == ["after"]
    assert logged.path.with_suffix(".1").read_text() == '"before"\n'
    assert logged.path.stat().st_mode & 0o007 == 0


def test_lines_that_cannot_be_written_end_nothing(tmp_path: Path) -> None:
    log = LineLog(str(tmp_path / "no" / "folder"))
    log.put(lambda: "x")
    log.put(lambda: 1 / 0)
    log.close(30)
    assert log.dropped == 0


UNDRAINED = """
import os, sys, time
from kgtool.web import metrics
from kgtool.web.logs import LineLog, MAX_WAITING
log = LineLog("stderr")
worst = 0.0
for number in range(3 * MAX_WAITING):
    begun = time.perf_counter()
    log.put(str, "x" * 200)
    worst = max(worst, time.perf_counter() - begun)
    if number % 5000 == 0:
        time.sleep(0.15)
begun = time.monotonic()
log.close(0.5)
print(log.dropped, worst, time.monotonic() - begun, flush=True)
"""


def test_nobody_who_reads_no_log_holds_anything_up() -> None:
    reader, writer = os.pipe()
    try:
        done = subprocess.run(
            [sys.executable, "-c", UNDRAINED],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=writer,
            stdout=subprocess.PIPE,
            timeout=120,
            check=True,
        )
        dropped, worst, closing = map(float, done.stdout.split())
        assert dropped > 10_000
        assert worst < 5
        assert closing < 10
        assert len(os.read(reader, 2**20)) > 1000, "the pipe is full of lines"
    finally:
        os.close(reader)
        os.close(writer)


def test_a_server_whose_log_nobody_reads_goes_on(small_store: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "server.py")],
        env=environment(KGTOOL_STORE=str(small_store), KGTOOL_READ_ONLY="1", KGTOOL_QUERY_WORKERS="1"),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        said = ""
        while "kgtool serves" not in said:
            said = process.stderr.readline()
            assert said, "no server"
        host = said.split()[-1].removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=30)
        for number in range(300):  # four times as much as a pipe takes
            connection.request("GET", f"/none/{'x' * 900}/{number}")
            response = connection.getresponse()
            response.read()
            assert response.status == 404
        connection.request("GET", "/sparql?query=ASK%7B%7D")
        assert connection.getresponse().status == 200
        connection.close()
    finally:
        process.terminate()
        process.stderr.close()
        process.wait(30)


def test_lines_of_many_processes_do_not_mix(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    script = (
        "import os, sys; from kgtool.web.logs import LineLog, quoted; log = LineLog('stderr')\n"
        "for number in range(40): log.put(quoted, sys.argv[1] * 9000)\n"
        "log.close(60)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "KGTOOL_RUNTIME": str(tmp_path)}
    writers = [
        subprocess.Popen([sys.executable, "-c", script, letter], env=env, stderr=writer, stdout=subprocess.DEVNULL)
        for letter in "abc"
    ]
    os.close(writer)
    with os.fdopen(reader) as text:
        lines = text.read().splitlines()
    for process in writers:
        assert process.wait(60) == 0
    assert sorted(lines) == sorted(json.dumps(letter * 9000) for letter in "abc" for _ in range(40))
