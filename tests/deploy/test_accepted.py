"""The programs that read the files of deploy/ accept them, where they are installed."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        pytest.skip(f"left out: {name} is not installed")
    return found


def accepted(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units, with a command that exists here in place of the installed one."""
    for file in [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]:
        text = file.read_text(encoding="utf-8").replace("/opt/kgtool/.venv/bin/kgtool", "/bin/true")
        (tmp_path / file.name).write_text(text)
    return sorted(tmp_path.iterdir())


def test_systemd_takes_the_units_without_a_word(units: list[Path]) -> None:
    done = accepted(program("systemd-analyze"), "verify", *units)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_finds_little_exposed(units: list[Path]) -> None:
    (unit,) = (path for path in units if path.name == "kgtool.service")
    done = accepted(program("systemd-analyze"), "security", "--offline=true", "--threshold=20", unit)
    assert done.returncode == 0, done.stdout


def test_nginx_takes_the_site(tmp_path: Path) -> None:
    nginx, openssl = program("nginx"), program("openssl")
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    made = ["-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate]
    assert accepted(openssl, "req", *made).returncode == 0
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").replace("/etc/ssl/kgtool", str(tmp_path))
    for port in ("80", "443"):  # it opens what it listens on, to see whether it can
        with socket.create_server(("127.0.0.1", 0)) as free:
            unused = free.getsockname()[1]
        site = re.sub(rf"listen (\[::\]:)?{port}\b", rf"listen \g<1>{unused}", site)
    (tmp_path / "site.conf").write_text(site)
    places = "".join(
        f"{kind}_temp_path {tmp_path / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/nginx.pid; events {{}} http {{ access_log off; {places} include {tmp_path}/site.conf; }}"
    )
    done = accepted(nginx, "-t", "-e", "stderr", "-c", tmp_path / "nginx.conf")
    assert done.returncode == 0, done.stderr
    assert "[emerg]" not in done.stderr
    assert "conflicting" not in done.stderr


def test_caddy_takes_the_site() -> None:
    done = accepted(program("caddy"), "adapt", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile")
    assert done.returncode == 0, done.stderr
    assert '"response_header_timeout":330000000000' in done.stdout
    assert '"flush_interval":-1' not in done.stdout
