"""``kgtool query`` and ``kgtool update`` with SERVICE and LOAD, as processes."""

from __future__ import annotations

import subprocess
import sys
from http.server import ThreadingHTTPServer
from pathlib import Path

from tests.federation.conftest import asking
from tests.web.conftest import environment


def run(store: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kgtool", "--store", str(store), *words]
    return subprocess.run(command, env=environment(**settings), capture_output=True, text=True, check=False)


def test_commands_reach_the_hosts_of_the_setting_alone(tmp_path: Path, hostile: ThreadingHTTPServer) -> None:
    store = tmp_path / "store"
    with asking(store):
        pass
    host = f"127.0.0.1:{hostile.server_port}"
    text = f"SELECT ?x {{ SERVICE <http://{host}/ok> {{ ?x ?y ?z }} }}"
    before = len(hostile.asked)  # type: ignore[attr-defined]
    off = run(store, "query", text)
    assert (off.returncode, off.stdout) == (2, "")
    assert "SERVICE is switched off" in off.stderr
    other = run(store, "query", text, KGTOOL_FEDERATION="data.example")
    assert other.returncode == 2
    assert f"query:1:21: the host {host} may not be reached" in other.stderr
    assert len(hostile.asked) == before  # type: ignore[attr-defined]

    done = run(store, "query", text, "-f", "csv", KGTOOL_FEDERATION=host)
    assert (done.returncode, done.stdout.split()) == (0, ["x", "urn:far"])
    update = (
        f"LOAD <http://{host}/data>; INSERT {{ ?x <urn:seen> 1 }} WHERE {{ SERVICE <http://{host}/ok> {{ ?x ?y ?z }} }}"
    )
    assert run(store, "update", update, "--json", KGTOOL_FEDERATION=host).returncode == 0
    with asking(store, write=False) as graph:
        assert graph.query("ASK { <urn:far> <urn:seen> 1 . <urn:a> <urn:p> [] }").answer
    late = run(store, "query", text.replace("/ok", "/trickle"), KGTOOL_FEDERATION=host, KGTOOL_FEDERATION_TIMEOUT="0.3")
    assert late.returncode == 3
    assert "did not answer within 0.3 s" in late.stderr
    assert "Traceback" not in late.stderr
    wrong = run(store, "query", text, KGTOOL_FEDERATION="http://a.example/")
    assert wrong.returncode == 2
    assert "KGTOOL_FEDERATION lists" in wrong.stderr
