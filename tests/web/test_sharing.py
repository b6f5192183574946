"""``/q``: short addresses of queries, kept beside the store."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from kgtool.errors import LimitError, MissingError, StoreDamagedError, StoreFullError
from kgtool.graph import KnowledgeGraph
from kgtool.store.shared_queries import MOST_BYTES, SharedQueries, SharedQuery
from tests.questions.sample import ATTACKS
from tests.web.conftest import Answer, Server, make_small

JSON = {"Content-Type": "application/json"}


def share(server: Server, **fields: object) -> Answer:
    return server("POST", "/q", json.dumps(fields), JSON)


def address(answer: Answer) -> str:
    assert answer.status == 201, answer.body
    document = json.loads(answer.body)
    assert document["address"] == answer["Location"]
    return urlsplit(document["address"]).path


def test_a_query_has_one_short_address_that_leads_to_the_editor(small: Server) -> None:
    text = "SELECT * WHERE { ?s ?p 'é & + ?' }\n# <end>"
    first = share(small, query=text, reasoning=False, view="graph", title="My  query")
    path = address(first)
    assert len(path) == len("/q/") + 10
    assert address(share(small, query=text, reasoning=False, view="graph", title="My query")) == path
    assert address(share(small, query=text)) != path
    answer = small("GET", path, headers={"Accept": "text/html"})
    assert answer.status == 303
    led = urlsplit(answer["Location"])
    assert led.path == "/query"
    assert parse_qs(led.query) == {"query": [text], "reasoning": ["off"], "view": ["graph"], "title": ["My query"]}
    assert "lang=fr" in small("GET", f"{path}?lang=fr")["Location"]
    asked = small("GET", path, headers={"Accept": "application/json"})
    assert json.loads(asked.body) == {
        "id": path[3:], "query": text, "reasoning": False, "view": "graph", "title": "My query",
    }  # fmt: skip
    assert asked["Vary"].startswith("Accept")


def test_a_form_shares_too(small: Server) -> None:
    sent = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = small("POST", "/q", urlencode({"query": "ASK {}", "reasoning": "on"}), sent)
    assert address(answer) == address(share(small, query="ASK {}"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_text_is_data_whatever_it_looks_like(small: Server, attack: str) -> None:
    path = address(share(small, query=f"x{attack}", title=attack))
    kept = json.loads(small("GET", path, headers={"Accept": "application/json"}).body)
    assert kept["query"] == f"x{attack}"
    led = small("GET", path)["Location"]
    assert parse_qs(urlsplit(led).query)["query"] == [f"x{attack}"]
    assert not set("<>\"'\r\n ") & set(led)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{}", "application/json", 400),
        ('{"query": " "}', "application/json", 400),
        ('{"query": 1}', "application/json", 400),
        ('{"query": "ASK {}", "reasoning": "maybe"}', "application/json", 400),
        ('{"query": "ASK {}", "reasoning": []}', "application/json", 400),
        ('{"query": "ASK {}", "view": "<b>"}', "application/json", 400),
        ('{"query": "ASK {}", "other": 1}', "application/json", 400),
        (json.dumps({"query": "ASK {}", "title": "t" * 201}), "application/json", 400),
        ('{"query": "\\ud800"}', "application/json", 400),
        ("[1]", "application/json", 400),
        ("{", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        (b"\xff", "application/json", 400),
        ("query=a&query=b", "application/x-www-form-urlencoded", 400),
        ("ASK {}", "text/plain", 415),
        (json.dumps({"query": "x" * (MOST_BYTES + 1)}), "application/json", 413),
        (json.dumps({"query": "x" * 2**19}), "application/json", 413),
    ],
)
def test_what_cannot_be_shared_is_a_problem(small: Server, body: str | bytes, content_type: str, status: int) -> None:
    answer = small("POST", "/q", body, {"Content-Type": content_type})
    assert (answer.status, answer["Content-Type"]) == (status, "application/problem+json")


def test_what_nobody_shared_is_not_there(small: Server) -> None:
    for name in ("aaaaaaaaaa", "%3Cscript%3E", "..%2F..", "a" * 3000):
        assert small("GET", f"/q/{name}").status == 404
    assert small("PUT", "/q/aaaaaaaaaa").status == 405


def test_several_fronts_share_at_once_and_a_store_built_anew_keeps_what_was_shared(
    tmp_path: Path, serve: Callable
) -> None:
    store = make_small(tmp_path / "store")
    with serve(store, KGTOOL_QUERY_WORKERS="2", KGTOOL_FRONTS="2") as server:
        with ThreadPoolExecutor(8) as pool:
            paths = list(pool.map(lambda n: address(share(server, query=f"ASK {{}} # {n % 10}")), range(40)))
        assert len(set(paths)) == 10
    KnowledgeGraph.build(store, [], with_data=False)
    assert KnowledgeGraph.check(store).in_order
    with serve(store, KGTOOL_READ_ONLY="1") as server:
        assert server("GET", paths[0]).status == 303
        assert address(share(server, query="ASK {} # 0")) == paths[0]


def test_a_folder_that_cannot_be_written_is_told_of(tmp_path: Path, serve: Callable) -> None:
    store = make_small(tmp_path / "store")
    if os.getuid() == 0:
        (store / "shared.sqlite").mkdir()  # root may write anywhere, but not into this
    with serve(store, KGTOOL_READ_ONLY="1") as server:
        if os.getuid():
            store.chmod(0o500)
        answer = share(server, query="ASK {}")
        store.chmod(0o700)
        assert answer.status in (403, 503)
        assert "shared.sqlite" in json.loads(answer.body)["detail"]
        assert server.query("ASK {}").status == 200


def test_a_copy_of_a_store_has_the_queries(tmp_path: Path) -> None:
    store = make_small(tmp_path / "store")
    name = SharedQueries(store / "shared.sqlite").add(SharedQuery("ASK {}"))
    with KnowledgeGraph.open(store) as graph:
        graph.backup(tmp_path / "backup")
    KnowledgeGraph.restore(tmp_path / "other", tmp_path / "backup")
    assert SharedQueries(tmp_path / "other" / "shared.sqlite").get(name) == SharedQuery("ASK {}")
    assert (tmp_path / "other" / "shared.sqlite").stat().st_mode & 0o077 == 0
    # What the store shares by now is newer than what the backup has.
    SharedQueries(store / "shared.sqlite").remove(lambda shared: True)
    KnowledgeGraph.restore(store, tmp_path / "backup")
    with pytest.raises(MissingError):
        SharedQueries(store / "shared.sqlite").get(name)


def test_there_are_bounds(tmp_path: Path) -> None:
    queries = SharedQueries(tmp_path / "shared.sqlite", most=2)
    queries.add(SharedQuery("a"))
    queries.add(SharedQuery("é" * (MOST_BYTES // 2)))
    with pytest.raises(StoreFullError, match="2 queries are shared already"):
        queries.add(SharedQuery("c"))
    assert queries.add(SharedQuery("a"))
    with pytest.raises(LimitError):
        queries.add(SharedQuery("é" * (MOST_BYTES // 2) + "a"))


def test_two_queries_with_one_short_name_are_two(tmp_path: Path) -> None:
    queries = SharedQueries(tmp_path / "shared.sqlite")
    short = next(SharedQuery("b").names())
    queries.add(SharedQuery("a"))
    with sqlite3.connect(tmp_path / "shared.sqlite") as database:
        database.execute("UPDATE shared SET id = ?", (short,))
    name = queries.add(SharedQuery("b"))
    assert (len(name), queries.get(name).query, queries.get(short).query) == (16, "b", "a")


def test_a_damaged_file_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "shared.sqlite").write_text("no database, and long enough to be looked at " * 50, "utf-8")
    with pytest.raises(StoreDamagedError, match="shared queries"):
        SharedQueries(tmp_path / "shared.sqlite").get("a")
