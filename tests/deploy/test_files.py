"""What deploy/ names is there: settings, commands, files; and nothing that runs them needs more than it says."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pytest

from kgtool.cli.commands import cli
from kgtool.config import SETTINGS, settings_from

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))
EVERY_FILE = sorted(path.name for path in DEPLOY.iterdir())
NAMES = {setting.name for setting in SETTINGS}
SECRETS = {setting.name for setting in SETTINGS if setting.name.endswith("_TOKEN")}


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def values(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))


def parsed(command: list[str]) -> click.Command:
    """Give the command that kgtool takes a line for; a line that it does not take raises."""
    with cli.make_context("kgtool", list(command)) as group:
        name, found, rest = cli.resolve_command(group, [*group._protected_args, *group.args])
        assert found is not None
        with found.make_context(name, rest, parent=group):
            return found


@pytest.mark.parametrize("name", EVERY_FILE)
def test_every_setting_named_exists(name: str) -> None:
    assert set(re.findall(r"KGTOOL_[A-Z_]+", text_of(name))) <= NAMES


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_runs_commands_that_exist(unit: str) -> None:
    lines = [line for line in text_of(unit).splitlines() if "bin/kgtool " in line]
    assert lines
    for line in lines:
        assert parsed(shlex.split(line.split("bin/kgtool ", 1)[1].rstrip("'"))).name in cli.list_commands(
            click.Context(cli)
        )


def test_the_container_starts_the_service_and_tells_how_to_build_a_store() -> None:
    text = text_of("Containerfile")
    (entry,), (command,) = (re.findall(rf'^{word} \["(.*)"\]$', text, re.MULTILINE) for word in ("ENTRYPOINT", "CMD"))
    assert entry == "kgtool"
    assert parsed([command]).name == "serve"
    assert parsed(re.findall(r"kgtool (build)$", text, re.MULTILINE)).name == "build"


def test_the_container_is_nobodys_root_and_its_packages_are_pinned() -> None:
    text = text_of("Containerfile")
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE) == ["10001"]
    assert text.index("\nUSER ") < text.index("\nENTRYPOINT ")
    assert "--require-hashes -r requirements.lock" in text
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"python:3.11-slim"}
    assert "127.0.0.1:8000:8000" in text, "what is shown opens the service to this machine only"


def test_the_container_copies_all_that_the_package_is_made_of(tmp_path: Path) -> None:
    """The files that the Containerfile copies are enough for the wheel, which then holds all that ours holds."""
    copied = [line.split()[1:] for line in text_of("Containerfile").splitlines() if re.match(r"COPY (?!--from)", line)]
    place = tmp_path / "copied"
    place.mkdir()
    for *sources, target in copied:
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, place / target)
    pip = [
        sys.executable,
        "-m",
        "pip",
        "-qq",
        "--disable-pip-version-check",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
    ]
    subprocess.run([*pip, "--wheel-dir", tmp_path, place], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "kgtool").rglob("*.py")}
    ontology = {f"kgtool/_packaged/ontology/{path.name}" for path in (ROOT / "ontology").glob("*.ttl")}
    assert modules | ontology <= names


def test_the_health_check_is_one_that_can_fail(tmp_path: Path) -> None:
    code = re.search(r'CMD \["python", "-c", "(.*)"\]', text_of("Containerfile"))
    assert code
    done = subprocess.run(
        [sys.executable, "-c", code[1]], env={"PORT": "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "refused" in done.stderr


def test_the_example_of_settings_is_one_that_kgtool_reads_and_holds_no_secret() -> None:
    given = values(text_of("kgtool.env.example"))
    assert settings_from(given).host == "127.0.0.1"
    assert given.keys() <= NAMES
    assert not given.keys() & SECRETS


@pytest.mark.parametrize("name", EVERY_FILE)
def test_no_file_gives_a_secret(name: str) -> None:
    assert not re.search(r"TOKEN=(?!\.\.\.)\S", text_of(name))


def test_the_example_of_settings_is_read_by_the_unit() -> None:
    unit = text_of("kgtool.service")
    assert "EnvironmentFile=-/etc/kgtool/kgtool.env" in unit
    assert text_of("kgtool.env.example").startswith("# /etc/kgtool/kgtool.env")
