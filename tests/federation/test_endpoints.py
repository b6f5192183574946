"""SERVICE and LOAD against servers that really listen: good ones, and one that does all the harm it can."""

from __future__ import annotations

import http.client
import io
import shutil
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from kgtool.errors import InputError, KgtoolError, LimitError, ParseError, QueryError, RemoteError
from kgtool.federation import Proxy
from kgtool.graph import KnowledgeGraph
from tests.federation.conftest import (
    asking,
    free_port,
    of_json,
    process_listening,
    rows,
    services,
)
from tests.web.conftest import make_small, serving

FAILURES = {
    "/cut": "middle of its answer",
    "/endless": "more than 0.19",
    "/trickle": "within 1.5 s",
    "/slow-head": "within 1.5 s",
    "/bomb": "more than 0.19",
    "/html": "text/html",
    "/brotli": "br",
    "/ask": "yes or no",
    "/doctype": "document type",
    "/broken": "no result of SPARQL",
    "/nested": "too deep",
    "/failing": "500 Internal Server Error: no disk",
    "/loop": "more than 3 times",
}


def address(server: ThreadingHTTPServer, path: str) -> str:
    return f"http://127.0.0.1:{server.server_port}{path}"


@pytest.mark.parametrize("path", ["/ok", "/packed", "/moved"])
def test_an_endpoint_answers(kg: KnowledgeGraph, hostile: ThreadingHTTPServer, path: str) -> None:
    text = f"SELECT ?o ?x {{ ?s <urn:p> ?o SERVICE <{address(hostile, path)}> {{ ?x <urn:é> 'SERVICE' }} }}"
    found = rows(kg, text)
    assert [row[1] for row in found] == ["<urn:far>", "<urn:far>"]
    path, headers, body = hostile.asked[-1]  # type: ignore[attr-defined]
    assert parse_qs(body.decode()) == {"query": ['SELECT * WHERE { ?x <urn:é> "SERVICE" . }']}
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert headers["Host"] == f"127.0.0.1:{hostile.server_port}"
    assert not {"Cookie", "Authorization"} & set(headers)


def test_each_solution_may_ask_anew_while_the_answer_is_read(kg: KnowledgeGraph, hostile: ThreadingHTTPServer) -> None:
    text = f"SELECT ?o {{ ?s <urn:p> ?o FILTER EXISTS {{ SERVICE <{address(hostile, '/ok')}> {{ ?x ?y ?o }} }} }}"
    assert len(rows(kg, text)) == 2


@pytest.mark.parametrize("path", FAILURES)
def test_a_failing_endpoint_is_an_error_and_nothing_if_silent(
    kg: KnowledgeGraph, hostile: ThreadingHTTPServer, path: str
) -> None:
    service = f"<{address(hostile, path)}> {{ ?x ?y ?z }}"
    with pytest.raises(RemoteError) as failed:
        rows(kg, f"SELECT * {{ SERVICE {service} }}")
    assert FAILURES[path] in str(failed.value)
    assert str(hostile.server_port) in str(failed.value)
    assert (failed.value.http_status, failed.value.exit_code) == (502, 3)
    if path in ("/cut", "/broken", "/html", "/failing"):  # the way is the same for all
        assert rows(kg, f"SELECT ?o ?x {{ <urn:near> <urn:p> ?o SERVICE SILENT {service} }}")[0][1] == "None"
        assert list(kg.query(f"SELECT * {{ SERVICE SILENT {service} }}").solutions()) == [(None, None, None)]
    output = io.BytesIO()
    with pytest.raises(RemoteError):
        kg.query(f"SELECT * {{ SERVICE {service} }}").serialize("json", output)


def test_a_redirect_to_what_is_not_listed_goes_nowhere(
    kg: KnowledgeGraph, hostile: ThreadingHTTPServer, forbidden: ThreadingHTTPServer
) -> None:
    for path, host in (("/away", str(forbidden.server_port)), ("/file", "file:///etc/passwd")):
        with pytest.raises(QueryError, match=host):
            rows(kg, f"SELECT * {{ SERVICE <{address(hostile, path)}> {{ ?x ?y ?z }} }}")
        with pytest.raises(QueryError, match=host):
            kg.update(f"LOAD <{address(hostile, path)}>")
    assert forbidden.asked == []  # type: ignore[attr-defined]


def test_proxies_of_the_environment_are_not_asked(
    kg: KnowledgeGraph, hostile: ThreadingHTTPServer, forbidden: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", address(forbidden, "/"))
    monkeypatch.setenv("HTTP_PROXY", address(forbidden, "/"))
    assert rows(kg, f"SELECT ?x {{ SERVICE <{address(hostile, '/ok')}> {{ ?x ?y ?z }} }}") == [("<urn:far>",)]
    assert forbidden.asked == []  # type: ignore[attr-defined]


def test_the_proxy_opens_only_for_who_knows_its_secret(hostile: ThreadingHTTPServer) -> None:
    before = len(hostile.asked)  # type: ignore[attr-defined]
    with Proxy(services(f"127.0.0.1:{hostile.server_port}")) as proxy:
        parts = urlsplit(proxy.services.through(address(hostile, "/ok")))
        for method, path in (("POST", f"/?{parts.query}"), ("POST", f"{parts.path}x?{parts.query}"), ("GET", "/")):
            connection = http.client.HTTPConnection("127.0.0.1", parts.port or 0, timeout=10)
            connection.request(method, path, b"ASK {}" if method == "POST" else None)
            assert connection.getresponse().status in (404, 501)
            connection.close()
        connection.request("POST", f"{parts.path}?{parts.query}", b"SELECT * {}")
        assert of_json(connection.getresponse().read()) == [{"x": "urn:far"}]
        connection.close()
    assert len(hostile.asked) == before + 1  # type: ignore[attr-defined]


def test_a_proxy_that_is_gone_is_told(own_graph: Path) -> None:
    with asking(own_graph, "127.0.0.1:9") as graph:
        gone = graph.services
    with KnowledgeGraph.open(own_graph, services=gone) as graph, pytest.raises(RemoteError, match="passes SERVICE on"):
        rows(graph, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?x ?y ?z } }")


@pytest.fixture
def own_graph(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_updates_ask_and_load(own_graph: Path, hostile: ThreadingHTTPServer, forbidden: ThreadingHTTPServer) -> None:
    with asking(own_graph, f"127.0.0.1:{hostile.server_port}") as graph:
        ok = address(hostile, "/ok")
        text = f"INSERT {{ ?x <urn:seen> ?o }} WHERE {{ ?s <urn:p> ?o SERVICE <{ok}> {{ ?x ?y ?z }} }}"
        before = len(hostile.asked)  # type: ignore[attr-defined]
        assert graph.update(text).as_json()["added"] == 2
        assert len(hostile.asked) == before + 1  # type: ignore[attr-defined]
        assert graph.update(f"LOAD <{address(hostile, '/data.ttl')}>").as_json()["added"] == 2
        there = "ASK { GRAPH <urn:kgtool:default> { <%s> <urn:p> <%s#b>, 'c' } }"
        assert graph.query(there % (address(hostile, "/a"), address(hostile, "/data.ttl"))).answer
        prologue = f"PREFIX : <{address(hostile, '/')}>"
        graph.update(f"{prologue} CLEAR GRAPH <urn:x>; LOAD :data INTO GRAPH <urn:loaded>; DROP GRAPH <urn:g>")
        assert graph.query("ASK { GRAPH <urn:loaded> { <urn:a> <urn:p> ?o FILTER(isBlank(?o)) } }").answer
        before_failures = graph.commit
        failures: dict[str, type[KgtoolError]] = {
            "/quads": InputError,
            "/bad.ttl": ParseError,
            "/ok": ParseError,
            "/failing": RemoteError,
            "/cut": RemoteError,
            "/trickle": RemoteError,
            "/bomb": RemoteError,
        }
        for path, kind in failures.items():
            with pytest.raises(kind):
                graph.update(f"LOAD <{address(hostile, path)}>")
        with pytest.raises(LimitError):
            graph.update(f"LOAD <{address(hostile, '/trickle')}>", timeout=1e-9)
        with pytest.raises(InputError, match="not for writing"):
            graph.update(f"LOAD <{address(hostile, '/data')}> INTO GRAPH <urn:kgtool:inferred>")
        with pytest.raises(QueryError, match=str(forbidden.server_port)):
            graph.update(f"LOAD SILENT <{address(forbidden, '/data')}>")
        assert graph.commit == before_failures
        done = graph.update(f"LOAD SILENT <{address(hostile, '/failing')}> ; INSERT DATA {{ <urn:rest> <urn:p> 1 }}")
        assert done.as_json()["added"] == 1


def test_oxigraph_serve_answers(own_graph: Path, oxigraph: int) -> None:
    with asking(own_graph, f"127.0.0.1:{oxigraph}") as graph:
        text = f"""SELECT ?o ?name {{ ?s <urn:p> ?o
            SERVICE <http://127.0.0.1:{oxigraph}/query> {{ ?s <urn:name> ?name FILTER(lang(?name) = "en") }} }}"""
        assert [row[1] for row in rows(graph, text)] == ['"Ada"@en', '"Ada"@en']
        odd = f"SELECT ?name {{ SERVICE <http://127.0.0.1:{oxigraph}/query> {{ ?s <urn:name> ?name }} }}"
        assert {str(row[0]) for row in graph.query(odd).solutions()} == {'"Ada"@en', '"naïve \\"\\u0001"'}
        with pytest.raises(RemoteError, match="404"):
            rows(graph, f"SELECT * {{ SERVICE <http://127.0.0.1:{oxigraph}/nowhere> {{ ?s ?p ?o }} }}")
        dump = f"http://127.0.0.1:{oxigraph}/store?default"
        assert graph.update(f"LOAD <{dump}> INTO GRAPH <urn:dump>").as_json()["added"] == 3


def test_a_second_server_of_ours_answers(own_graph: Path, tmp_path: Path) -> None:
    with serving(make_small(tmp_path / "other"), tmp_path / "log", KGTOOL_READ_ONLY="1") as server:
        port = urlsplit(server.url).port
        with asking(own_graph, f"127.0.0.1:{port}", timeout=30) as graph:
            text = f"SELECT ?n {{ SERVICE <http://127.0.0.1:{port}/sparql> {{ ?n <urn:number> 7 }} }}"
            assert rows(graph, text) == [("<urn:n7>",)]
            inferred = f"ASK {{ SERVICE <http://127.0.0.1:{port}/sparql> {{ <urn:tom> a <urn:Animal> }} }}"
            assert graph.query(inferred).answer
            graph.update(f"LOAD <http://127.0.0.1:{port}/export?format=ntriples&graph=urn:g:one>")
            assert graph.query("ASK { <urn:a> <urn:q> <urn:b> }").answer


INI = """[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
LockFile = {folder}/v.lck
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
[TempDatabase]
DatabaseFile = {folder}/t.db
TransactionFile = {folder}/t.trx
[Parameters]
ServerPort = {sql}
NumberOfBuffers = 2000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = {http}
ServerRoot = {folder}
"""


def test_virtuoso_answers(own_graph: Path, tmp_path: Path) -> None:
    binary = shutil.which("virtuoso-t")
    if binary is None:
        pytest.skip("left out: no virtuoso-t (Debian's package virtuoso-opensource)")
    port, sql = free_port(), free_port()
    folder = tmp_path / "virtuoso"
    folder.mkdir()
    ini = folder / "virtuoso.ini"
    ini.write_text(INI.format(folder=folder, sql=sql, http=f"127.0.0.1:{port}"))
    command = [binary, "+foreground", "+configfile", str(ini)]
    hosts = f"127.0.0.1:{port}"
    with process_listening(command, port, folder), asking(own_graph, hosts, timeout=30) as graph:
        endpoint = f"<http://{hosts}/sparql>"
        classes = "SELECT DISTINCT ?class { [] a ?class } LIMIT 3"
        assert len(rows(graph, f"SELECT ?o ?class {{ ?s <urn:p> ?o SERVICE {endpoint} {{ {classes} }} }}")) == 6
        with pytest.raises(RemoteError, match="answered 40"):
            rows(graph, f"SELECT * {{ SERVICE <http://{hosts}/nowhere> {{ ?x ?y ?z }} }}")
