"""The group of commands that find what is the same as what: each is imported when it is named."""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

import click

#: Command of the group to the module of this package that holds it, and its name there.
_MODULES: Final = {
    "affiliations": ("linking_affiliations", "affiliations"),
    "entities": ("linking_entities", "entities"),
    "export": ("linking_export", "export"),
    "index": ("linking_affiliations", "index"),
    "people": ("linking_people", "people"),
    "review": ("linking_reviews", "review"),
}


class _Links(click.Group):
    """A group that imports commands when needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return None
        module, name = _MODULES[cmd_name]
        return cast(click.Command, getattr(import_module(f"kgtool.cli.{module}"), name))


@click.group(cls=_Links)
def link() -> None:
    """Find what is the same as what: names and things of the graph against open registries, each with its reasons.

    \b
    Examples:
      kgtool link affiliations strings.jsonl -o matches.jsonl
      kgtool link entities
      kgtool link review
      kgtool link people names.jsonl --against people.csv
    """
