"""docs/operating.md says what is so: settings, commands, links, files, statuses; alerts watch what is counted."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import pytest
import yaml

from kgtool.config import SETTINGS
from kgtool.errors import KgtoolError
from tests.deploy.test_files import parsed

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
#: What follows `kgtool` in each line that calls it: alone, after an assignment, or by its path.
CALLS = re.findall(r'^ *(?:kgtool|.*bin/kgtool|KGTOOL.*" kgtool) (.+)$', PAGE, re.MULTILINE)


def test_the_table_of_settings_is_kgtools_own() -> None:
    assert runpy.run_path(str(ROOT / "docs" / "write_settings.py"))["page"](PAGE) == PAGE, "run `make docs`"
    assert re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE) == [setting.name for setting in SETTINGS]


def test_every_setting_named_exists() -> None:
    assert set(re.findall(r"KGTOOL_[A-Z_]+", PAGE)) <= {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("call", [call for call in CALLS if not call.startswith("serve (")])
def test_every_command_shown_is_one_that_kgtool_takes(call: str) -> None:
    parsed(shlex.split(call))


def test_the_commands_shown_are_found() -> None:
    shown = {word for call in CALLS for word in call.split()}
    assert {"build", "serve", "backup", "check", "restore"} <= shown
    assert len(CALLS) > 6


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#\s]+)\)", PAGE)
    assert len(targets) > 5
    assert [target for target in targets if "://" not in target and not (ROOT / "docs" / target).exists()] == []


def test_the_files_shown_are_those_of_deploy() -> None:
    named = set(re.findall(r"deploy/([\w.-]+)", PAGE))
    assert named == {path.name for path in (ROOT / "deploy").iterdir()}


def test_every_status_of_an_error_is_explained() -> None:
    def statuses(kind: type[KgtoolError]) -> set[int]:
        return {kind.http_status}.union(*(statuses(below) for below in kind.__subclasses__()))

    explained = {
        int(status) for row in re.findall(r"^\| ([0-9, ]+) \|", PAGE, re.MULTILINE) for status in row.split(",")
    }
    assert statuses(KgtoolError) - {404} <= explained
    assert {401, 429, 500, 502} <= explained


def test_alerts_watch_what_is_counted() -> None:
    observed = (ROOT / "docs" / "observing.md").read_text(encoding="utf-8")
    groups = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    names = {name for group in groups for rule in group["rules"] for name in re.findall(r"kgtool_\w+", rule["expr"])}
    assert len(names) > 5
    assert {name for name in names if re.sub(r"_(total|bucket)$", "", name) not in observed} == set()
    labels = {
        pair for group in groups for rule in group["rules"] for pair in re.findall(r'(\w+)="(\w+)"', rule["expr"])
    }
    assert {f"{name}={value}" for name, value in labels - {("job", "kgtool")} if value not in observed} == set()
