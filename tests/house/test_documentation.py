"""What the documentation says is so: commands and targets exist, settings are listed, pages agree with the code."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import click
import pytest

from kgtool.cli.commands import cli
from kgtool.config import SETTINGS

COMMANDS = {name: cli.get_command(click.Context(cli), name) for name in cli.list_commands(click.Context(cli))}
ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = ("README.md", "CONTRIBUTING.md", "docs/cli.md")
LINES = [
    (page, line.strip().removeprefix("$ "))
    for page in PAGES
    for block in re.findall(r"```(?:console|sh|text)\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    for line in block.splitlines()
]


def kgtool_calls(line: str) -> list[list[str]]:
    """Give the arguments of each kgtool command in a shell line."""
    if not re.search(r"(^|[|;] *|bin/)kgtool ", line):
        return []
    try:
        lexer = shlex.shlex(line, posix=True, punctuation_chars="|;<>")
        lexer.whitespace_split = True
        words = list(lexer)
    except ValueError:  # prose with an apostrophe, or a text that goes on in the next line
        return []
    calls, call = [], None
    for word in words:
        if word in ("kgtool", ".venv/bin/kgtool") and call is None:
            call = []
        elif word in ("|", ";", "<", ">"):
            calls, call = calls + ([call] if call is not None else []), None
        elif call is not None:
            call.append(word)
    return calls + ([call] if call is not None else [])


@pytest.mark.parametrize(("page", "line"), [(p, line) for p, line in LINES if kgtool_calls(line)])
def test_every_command_shown_is_one_that_kgtool_takes(page, line):
    for args in kgtool_calls(line):
        with cli.make_context("kgtool", list(args)) as group:
            name, command, rest = cli.resolve_command(group, [*group._protected_args, *group.args])
            assert command is not None
            with command.make_context(name, rest, parent=group):
                pass


def test_every_command_has_help_with_an_example_of_itself():
    for name, command in [("", cli), *COMMANDS.items()]:
        assert command.help, name
        examples = command.help.split("Examples:")[1]
        assert re.search(rf"kgtool .*{name}", examples), name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.opts}"


def test_the_reference_page_is_what_the_commands_say():
    page = runpy.run_path(str(ROOT / "docs" / "write_cli.py"))["page"]()
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == page, "run `make docs`"


def test_every_make_target_shown_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"install", "serve", "test", "test-long", "bench", "lint"} <= targets
    for page in PAGES:
        shown = set(re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE))
        assert shown <= targets, page


def test_every_setting_is_in_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [setting.name for setting in SETTINGS if f"`{setting.name}`" not in text] == []


def test_every_command_is_in_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`{name}" not in text] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md"])
def test_links_between_pages_lead_somewhere(page):
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#\s]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target
