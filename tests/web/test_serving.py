"""Starting and ending the service."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.web.conftest import ROOT, environment


def run(*args: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *args], env=environment(**settings), capture_output=True, text=True, timeout=120, cwd=ROOT
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_well_and_frees_the_store(own_store: Path, serve: Callable, how: signal.Signals) -> None:
    with serve(own_store) as server:
        assert server.query("ASK {}").status == 200
        server.process.send_signal(how)
        assert server.process.wait(30) == 0
    again = run("-m", "kgtool", "--store", str(own_store), "stats")
    assert again.returncode == 0, again.stderr


def test_it_ends_while_a_query_runs(own_store: Path, serve: Callable) -> None:
    with serve(own_store) as server:
        connection = server.connection()
        runaway = "SELECT%20*%20%7B?a%20?b%20?c.%20?d%20?e%20?f.%20?g%20?h%20?i%7D&timeout=30"
        connection.request("GET", f"/sparql?query={runaway}")
        assert connection.getresponse().read(10)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(60) == 0
        connection.close()


def test_a_port_in_use_is_said(own_store: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run("server.py", KGTOOL_STORE=str(own_store), PORT=port)
    assert done.returncode == 2
    assert f"port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_store_is_said(tmp_path: Path) -> None:
    done = run("server.py", KGTOOL_STORE=str(tmp_path / "none"))
    assert done.returncode == 2
    assert "no store" in done.stderr
    assert not (tmp_path / "none").exists()


def test_a_second_server_of_a_store_is_refused(small: object, small_store: Path) -> None:
    done = run("server.py", KGTOOL_STORE=str(small_store), PORT="0")
    assert done.returncode == 4
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_named() -> None:
    done = run("server.py", KGTOOL_QUERY_TIMEOUT="fast")
    assert done.returncode == 2
    assert "KGTOOL_QUERY_TIMEOUT" in done.stderr


def test_malformed_http_is_refused(own_store: Path, serve: Callable) -> None:
    with serve(own_store) as server:
        parts = urlsplit(server.url)
        for request in (b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"GET / HTTP/1.1\r\nHost : x\r\n\r\n"):
            with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
                connection.sendall(request)
                received = b"".join(iter(lambda: connection.recv(65536), b""))
            assert received.split()[1] == b"400"


def test_the_app_opens_no_store_before_it_is_asked_for(own_store: Path, tmp_path: Path) -> None:
    idle = run("-c", "import server", KGTOOL_STORE=str(tmp_path / "none"))
    assert idle.returncode == 0, idle.stderr
    script = "import server; print(server.app.test_client().get('/ready').json['status'])"
    used = run("-c", script, KGTOOL_STORE=str(own_store))
    assert used.stdout.strip() == "ready", used.stderr
