"""The command that serves a store over HTTP. Its flags are rows of the table of settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from kgtool.config import SETTINGS, Setting, settings_from

#: The store has a flag of its own, a secret would show in the list of processes, and a server reads neither test data
#: nor registries.
_NO_FLAG: Final = frozenset(
    {
        *("store", "write_token", "metrics_token", "shared"),
        *("contact", "cache", "proxy", "openalex_key", "orcid_token", "scanr_login", "link_index"),
    }
)
_OTHER_NAME: Final = {"query_workers": "workers"}
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _with_settings(command: _Command) -> _Command:
    for setting in reversed([setting for setting in SETTINGS if setting.field not in _NO_FLAG]):
        command = _flag(setting)(command)
    return command


def _flag(setting: Setting) -> Callable[[_Command], _Command]:
    name = "--" + _OTHER_NAME.get(setting.field, setting.field).replace("_", "-")
    text = f"{setting.help[0].upper()}{setting.help[1:]}.  [{setting.name}]"
    if isinstance(setting.default, bool):
        return click.option(name, setting.field, is_flag=True, default=None, help=text)
    metavar = "TEXT" if isinstance(setting.default, (str, tuple)) else "N"
    return click.option(name, setting.field, metavar=metavar, help=text)


@click.command()
@_with_settings
@click.pass_obj
def serve(store: Path, /, **flags: str | bool | None) -> None:
    """Serve the store over HTTP, until Ctrl-C. A flag wins over its environment variable, named in brackets.

    \b
    Examples:
      kgtool serve
      kgtool serve --port 9000 --workers 4 --read-only
    """
    from kgtool.web import serving  # here, so that no other command waits for the web's libraries

    serving.serve(settings_from(None, store=store, **flags))
