"""The wheel carries all that kgtool needs: installed elsewhere, without the checkout, it builds and serves."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Give a folder far from the checkout, and the ``bin`` of an environment into which only the wheel was installed.

    The dependencies are those of this environment, put on the path: what is tested is the wheel, not the network.
    """
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder / "dist", ROOT],
        check=True,
        cwd=folder,
    )
    (wheel,) = (folder / "dist").glob("kgtool-*.whl")
    made = folder / "venv"
    venv.create(made, with_pip=False, symlinks=True)
    python = made / "bin" / "python"
    (packages,) = (made / "lib").glob("python*/site-packages")
    subprocess.run([*pip, "--python", python, "install", "--no-deps", "--no-index", wheel], check=True, cwd=folder)
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (folder / "empty").mkdir()
    return folder / "empty", made / "bin"


def clean() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("KGTOOL_", "PYTHON")) and k != "PORT"}


def run(elsewhere, *args: str) -> str:
    folder, bin_ = elsewhere
    done = subprocess.run(
        [bin_ / args[0], *args[1:]], cwd=folder, env=clean(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def get(url: str, accept: str = "*/*") -> tuple[str, str]:
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.headers.get_content_type(), answer.read().decode()


def test_the_wheel_is_what_runs(elsewhere):
    assert str(elsewhere[1].parent) in run(elsewhere, "python", "-c", "import kgtool; print(kgtool.__file__)")
    assert re.fullmatch(r"kgtool \d+\.\d+\.\d+\n", run(elsewhere, "kgtool", "--version"))


def test_the_wheel_builds_and_serves_without_the_checkout(elsewhere):
    folder, bin_ = elsewhere
    run(elsewhere, "kgtool", "build")
    assert run(elsewhere, "kgtool", "query", "ASK { ?p a <https://w3id.org/kgtool/ontology#Researcher> }") == "true\n"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [bin_ / "kgtool", "serve", "--port", str(port)], cwd=folder, env=clean(), stderr=subprocess.PIPE, text=True
    )
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            assert server.poll() is None, server.stderr.read()
            try:
                get(f"{base}/ready")
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        kind, page = get(f"{base}/", "text/html")
        assert kind == "text/html"
        assert "<form" in page
        assert '<script type="module" src="/static/built/' in page
        assert "Graphe de connaissances" in get(f"{base}/?lang=fr", "text/html")[1]
        assert "<textarea" in get(f"{base}/query", "text/html")[1]
        kind, ontology = get(f"{base}/ontology", "text/turtle")
        assert kind == "text/turtle"
        assert "Researcher" in ontology
        query = "SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%3Fs%20%3Fp%20%3Fo%7D"
        kind, answer = get(f"{base}/sparql?query={query}", "application/sparql-results+json")
        assert int(json.loads(answer)["results"]["bindings"][0]["n"]["value"]) > 1000
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)
