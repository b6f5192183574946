"""Writes docs/cli.md from the commands' own help, so that the two cannot disagree (a test holds that they do not)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from kgtool.cli.commands import cli

PAGE = Path(__file__).with_name("cli.md")
HEAD = """# Commands

Made by `make docs` from the commands' own help; change that, not this page.
"""


def page() -> str:
    """Give the page: the group, then each command in the order of the alphabet, those of a group below it."""
    group = click.Context(cli, info_name="kgtool", terminal_width=100, help_option_names=["-h", "--help"])
    return "\n".join([HEAD, _section("kgtool", cli.get_help(group)), *_commands(cli, group)])


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        own = click.Context(command, info_name=name, parent=context, terminal_width=100)
        yield _section(own.command_path, command.get_help(own))
        if isinstance(command, click.Group):
            yield from _commands(command, own)


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text.strip()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
