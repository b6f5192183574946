"""Writes the table of settings in docs/operating.md from kgtool's own; a test holds that the two agree."""

from __future__ import annotations

import re
from pathlib import Path

import click

from kgtool.cli.commands import cli
from kgtool.config import SETTINGS, Setting

PAGE = Path(__file__).with_name("operating.md")
BEGIN, END = "<!-- settings: made by `make docs` -->\n", "<!-- end of settings -->"
#: Defaults that depend on the machine, in words.
_OF_THE_MACHINE = {
    "KGTOOL_QUERY_WORKERS": "4 a core, at least 16",
    "KGTOOL_FRONTS": "2, or 1 on a single core",
}


def table() -> str:
    """Give the table: name, flag of ``kgtool serve``, default, meaning."""
    flags = _flags()
    rows = [
        f"| `{row.name}` | {flags.get(row.name, '')} | {_default(row)} | {row.help.replace('|', chr(92) + '|')} |"
        for row in SETTINGS
    ]
    return "\n".join(["| name | flag | default | is |", "|---|---|---|---|", *rows]) + "\n"


def page(text: str) -> str:
    """Give the page with the table put in its place."""
    before, rest = text.split(BEGIN)
    return before + BEGIN + table() + END + rest.split(END)[1]


def _flags() -> dict[str, str]:
    serve = cli.get_command(click.Context(cli), "serve")
    assert serve is not None
    found = {}
    for option in serve.params:
        name = re.search(r"\[(\w+)\]$", getattr(option, "help", None) or "")
        if name:
            found[name[1]] = f"`{option.opts[0]}`"
    return {"KGTOOL_STORE": "`kgtool --store`", **found}


def _default(setting: Setting) -> str:
    if setting.name in _OF_THE_MACHINE:
        return _OF_THE_MACHINE[setting.name]
    value = setting.default
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
