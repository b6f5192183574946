"""Writes docs/cli.md from the commands' own help, so that the two cannot disagree (a test holds that they do not)."""

from __future__ import annotations

from pathlib import Path

import click

from kgtool.cli.commands import cli

PAGE = Path(__file__).with_name("cli.md")
HEAD = """# Commands

Made by `make docs` from the commands' own help; change that, not this page.
"""


def page() -> str:
    """Give the page: the group, then each command in the order of the alphabet."""
    group = click.Context(cli, info_name="kgtool", terminal_width=100, help_option_names=["-h", "--help"])
    parts = [HEAD, _section("kgtool", cli.get_help(group))]
    for name in cli.list_commands(group):
        command = cli.get_command(group, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=group, terminal_width=100)
        parts.append(_section(f"kgtool {name}", command.get_help(context)))
    return "\n".join(parts)


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text.strip()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
