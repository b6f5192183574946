"""``kgtool reconcile``: our own service over real HTTP, a scripted one, and services that mean harm."""

from __future__ import annotations

import csv
import gzip
import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.serving import make_server

from kgtool.cli import commands
from kgtool.ingest.web import Manners
from kgtool.link.reconciliation.tables import read_table, write_table

LILLE = "https://w3id.org/kgtool/id/hauts-de-france/institution/chu-de-lille"
MANIFEST = {"name": "Scripted", "versions": ["0.2"], "batchSize": 2, "extend": {}}
Run = Callable[..., tuple[int, str, str]]


@dataclass
class Scripted:
    """A service that answers what it is told to, one after the other, and remembers what it was asked."""

    url: str = ""
    answers: list[Any] = field(default_factory=list)
    asked: list[tuple[str, str, bytes, Any]] = field(default_factory=list)

    def queries(self) -> list[Any]:
        return [
            json.loads(parse_qs(body.decode())["queries"][0]) for method, _, body, _ in self.asked if method == "POST"
        ]


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    service = Scripted()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            service.asked.append((self.command, self.path, body, self.headers))
            given = service.answers.pop(0) if service.answers else MANIFEST
            status, headers, content = given if isinstance(given, tuple) else (200, {}, given)
            content = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}/service"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield service
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def ours(service: FlaskClient) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, service.application, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/reconcile"
    server.shutdown()
    server.server_close()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def command(table: str, *args: str, name: str = "table.csv") -> tuple[int, str, str]:
        Path(name).write_text(table, encoding="utf-8")
        monkeypatch.setattr("sys.argv", ["kgtool", "reconcile", name, *args])
        code = commands.run()
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return code, told.out, told.err

    return command


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def result(*candidates: Any) -> dict[str, Any]:
    return {"result": list(candidates)}


def candidate(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "name": f"Name of {id}", "score": 50, "match": False, **more}


def test_a_table_is_reconciled_with_our_own_service(run: Run, ours: str) -> None:
    table = 'place,employer\nLille,CHU de Lille\nnowhere,\n"Paris, FR",Nobody Knows This One\nLille,CHU de Lille\n'
    for service in (ours, f"{ours}/1.0-draft", f"{ours}/"):
        args = (
            "--service",
            service,
            "--column",
            "employer",
            "--type",
            "kg:Institution",
            "--extend",
            "ROR,kg:locatedIn",
        )
        code, out, err = run(table, *args, "--property", "place=kg:locatedIn", "--threshold", "60")
        assert (code, err) == (0, "kgtool: 2 cells, 1 with a candidate, 1 that the service is sure of\n")
        first, empty, unknown, again = rows(out)
        assert first["employer_id"] == again["employer_id"] == LILLE
        assert (first["employer_name"], first["employer_match"]) == ("CHU de Lille", "true")
        assert first["employer_ROR"] == "https://ror.org/02ppyfa04"
        assert "Lille" in first["employer_kg:locatedIn"].split("; ")
        assert empty["employer_id"] == unknown["employer_id"] == ""
        assert [each["place"] for each in rows(out)] == ["Lille", "nowhere", "Paris, FR", "Lille"]


def test_equal_cells_are_asked_once_in_the_batches_that_the_service_wants(run: Run, scripted: Scripted) -> None:
    answers = [{f"q{n}": result(candidate(f"x{n}")) for n in range(2)}, {"q0": result(candidate("x9"))}]
    scripted.answers = [MANIFEST, *answers]
    code, out, _ = run("name\na\nb\na\nc\nb\n", "--service", scripted.url, "--type", "T", "--limit", "1")
    assert code == 0
    assert [each["name_id"] for each in rows(out)] == ["x0", "x1", "x0", "x9", "x1"]
    assert scripted.queries() == [
        {"q0": {"query": "a", "type": "T", "limit": 1}, "q1": {"query": "b", "type": "T", "limit": 1}},
        {"q0": {"query": "c", "type": "T", "limit": 1}},
    ]
    agents = {headers["User-Agent"] for *_, headers in scripted.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("kgtool/")


def test_json_lines_keep_what_they_hold_and_get_all_candidates(run: Run, scripted: Scripted) -> None:
    scripted.answers = [MANIFEST, {"q0": result(candidate("b", score=1), candidate("a", score=99, match=True))}]
    code, out, _ = run('{"n": "x", "deep": {"kept": [1]}}\n', "--service", scripted.url, name="t.jsonl")
    assert code == 0
    row = json.loads(out)
    assert row["deep"] == {"kept": [1]}
    assert (row["n_id"], row["n_match"], [each["id"] for each in row["n_candidates"]]) == ("a", True, ["a", "b"])


def test_what_a_service_sends_is_no_formula_and_steers_no_terminal(run: Run, scripted: Scripted) -> None:
    evil = candidate("@evil", name='=HYPERLINK("http://e.example","x")\r\n\x1b[2J+1', score=-3.5)
    scripted.answers = [MANIFEST, {"q0": result(evil)}]
    _, out, _ = run("n,own\nx,=1+1\n", "--service", scripted.url)
    (row,) = rows(out)
    assert row["n_id"] == "'@evil"
    assert row["n_name"] == '\'=HYPERLINK("http://e.example","x") [2J+1'
    assert (row["n_score"], row["own"]) == ("-3.5", "=1+1")


def test_a_busy_service_is_asked_again_when_it_says(run: Run, scripted: Scripted) -> None:
    busy = (429, {"Retry-After": "0"}, b"")
    scripted.answers = [busy, MANIFEST, (503, {"Retry-After": "0"}, b""), {"q0": result()}]
    code, _, err = run("n\nx\n", "--service", scripted.url)
    assert (code, len(scripted.asked)) == (0, 4)
    assert "answered 429; asked again in 0 s" in err
    scripted.answers = [(503, {"Retry-After": "86400"}, b"")]
    code, _, err = run("n\nx\n", "--service", scripted.url)
    assert code == 3
    assert "(86400 s)" in err


def test_a_busy_service_may_say_when_as_a_date(run: Run, scripted: Scripted) -> None:
    scripted.answers = [(503, {"Retry-After": "Sun, 01 Mar 2020 12:00:00 GMT"}, b""), MANIFEST, {"q0": result()}]
    code, _, err = run("n\nx\n", "--service", scripted.url)
    assert code == 0
    assert "asked again in 0 s" in err


def test_an_answer_that_is_too_large_is_a_limit(run: Run, scripted: Scripted) -> None:
    scripted.answers = [(200, {"Content-Encoding": "gzip"}, gzip.compress(b" " * (40 * 2**20)))]
    code, _, err = run("n\nx\n", "--service", scripted.url)
    assert code == 3
    assert "an answer of more than 32 MB" in err


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([b"<!DOCTYPE html><html>"], "a web page in place of JSON"),
        ([b"cb({})"], "no JSON"),
        ([b"[" * 100_000], "no JSON"),
        ([b'{"name": "\xff"}'], "not UTF-8"),
        ([[1]], "no object"),
        ([{"versions": 3, "name": "x"}], "no manifest"),
        ([{"hello": "world"}], "no manifest"),
        ([(404, {}, b"gone")], "answered 404: gone"),
        ([(301, {"Location": "http://evil.example/"}, b"")], "it redirects to http://evil.example/"),
        ([(301, {"Location": "file:///etc/passwd"}, b"")], "it redirects to file:///etc/passwd"),
        ([MANIFEST, {"q1": result()}], "no result for the query q0"),
        ([MANIFEST, {"message": "\x1b[31mout of order"}], "it says: [31mout of order"),
        ([MANIFEST, {"q0": {"result": {"id": 1}}}], "no list of candidates"),
        ([MANIFEST, {"q0": result({"name": "x"})}], "a candidate has no id"),
        ([MANIFEST, {"q0": result(candidate("x", score="high"))}], "the score of a candidate is no number"),
        ([MANIFEST, {"q0": result(candidate("x", name=["x"]))}], "the name of a candidate is no text"),
        ([MANIFEST, (302, {"Location": "/elsewhere"}, b"")], "it redirects to"),
        ([{"name": "new", "versions": ["1.0-draft"]}, {"results": []}], "it has not the 1 results"),
    ],
)
def test_a_service_that_is_none_is_told_in_words(run: Run, scripted: Scripted, answers: list[Any], said: str) -> None:
    scripted.answers = answers
    code, out, err = run("n\nx\n", "--service", scripted.url, "-o", "out.csv")
    assert (code, out) == (2, "")
    assert said in err
    assert "\x1b" not in err
    assert not Path("out.csv").exists()


def test_a_redirect_on_the_same_host_is_followed_for_the_manifest(run: Run, scripted: Scripted) -> None:
    scripted.answers = [(301, {"Location": "/moved"}, b""), MANIFEST, {"q0": result(candidate("x"))}]
    code, out, _ = run("n\nx\n", "--service", scripted.url)
    assert (code, rows(out)[0]["n_id"]) == (0, "x")
    assert [(method, path) for method, path, *_ in scripted.asked] == [
        ("GET", "/service"), ("GET", "/moved"), ("POST", "/moved"),
    ]  # fmt: skip


def test_values_that_were_not_asked_for_are_left_out(run: Run, scripted: Scripted) -> None:
    values = {
        "meta": [],
        "rows": {"x": {"P": [{"str": "=1"}, {"int": 3}, {}, {"id": "i", "name": "named"}]}, "y": {"P": 5}},
    }
    scripted.answers = [MANIFEST, {"q0": result(candidate("x"))}, values]
    code, out, _ = run("n\nx\n", "--service", scripted.url, "--extend", "P,Q")
    assert (code, rows(out)[0]["n_P"], rows(out)[0]["n_Q"]) == (0, "'=1; 3; named", "")
    scripted.answers = [{"name": "plain"}]
    code, _, err = run("n\nx\n", "--service", scripted.url, "--extend", "P")
    assert code == 2
    assert "plain offers no values of properties" in err


@pytest.mark.parametrize(
    ("table", "args", "said"),
    [
        ("n\nx\n", ["--column", "m"], "no column 'm'; it has: n"),
        ("n,n_id\nx,1\n", [], "a column 'n_id' already"),
        ("n,n\nx,1\n", [], "table.csv:1: two columns are named 'n'"),
        ("n\nx,y\n", [], "table.csv:2: 2 cells"),
        ('n\n"x\n', [], "table.csv:"),
        ("", [], "table.csv:1: the table has no line of column names"),
        ("n\nx\n", ["--property", "n"], "is not COLUMN=P"),
        ("n\nx\n", ["--service", "ftp://a.example/"], "no http or https URL"),
        ("n\nx\n", ["-o", "out.pdf"], "does not tell the format"),
    ],
)
def test_what_is_wrong_with_the_table_is_told(
    run: Run, scripted: Scripted, table: str, args: list[str], said: str
) -> None:
    code, out, err = run(table, "--service", scripted.url, *args)
    assert (code, out) == (2, "")
    assert said in err


def test_nobody_there_is_no_bad_input(run: Run, scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgtool.transactions.reconciling._MANNERS", Manners(attempts=2, first_wait=0.0))
    code, _, err = run("n\nx\n", "--service", "http://127.0.0.1:9/")
    assert code == 3
    assert "cannot be reached" in err


def test_spreadsheets_in_french_write_semicolons(run: Run, scripted: Scripted) -> None:
    scripted.answers = [MANIFEST, {"q0": result(candidate("x"))}]
    code, out, _ = run("\ufeffnom;ville\nCHU, Lille;Lille\n", "--service", scripted.url)
    assert (code, out.splitlines()[1]) == (0, "CHU, Lille;Lille;x;Name of x;50;false")


_CELLS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=8)


@given(st.lists(st.lists(_CELLS, min_size=2, max_size=2), max_size=5), st.sampled_from(["csv", "tsv"]))
def test_a_table_that_is_written_is_read_again_as_it_was(cells: list[list[str]], format: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter="\t" if format == "tsv" else ",", lineterminator="\n").writerows(
        [["one", "two"], *cells]
    )
    table = read_table(text.getvalue().encode(), "table", format)
    again = io.StringIO()
    write_table(table, (), table.rows, format, again)
    assert read_table(again.getvalue().encode(), "table", format).rows == table.rows
