"""The group of all commands, each imported when it is named, and the exit code of what was typed."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Final, cast

import click

from kgtool import __version__
from kgtool.cli import interruption, terminal

#: Command to the module of this package that holds it.
_MODULES: Final = {
    "build": "changing",
    "load": "changing",
    "unload": "changing",
    "forget": "forgetting",
    "update": "changing",
    "reason": "changing",
    "import": "importing",
    "query": "asking",
    "ask": "questions",
    "entails": "asking",
    "validate": "asking",
    "link": "linking",
    "stats": "asking",
    "explain": "explaining",
    "export": "exporting",
    "serve": "serving",
    "backup": "keeping",
    "restore": "keeping",
    "check": "keeping",
    "reconcile": "reconciling",
}
#: Commands that are called by a word that Python keeps for itself.
_FUNCTIONS: Final = {"import": "import_"}


class _Commands(click.Group):
    """A group that imports commands when needed, and tells a reader who has left, or Ctrl-C, from a failure."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _MODULES.get(cmd_name)
        if module is None:
            return None
        name = _FUNCTIONS.get(cmd_name, cmd_name)
        return cast(click.Command, getattr(import_module(f"kgtool.cli.{module}"), name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        resolved = super().resolve_command(ctx, args)
        interruption.raise_on_interrupt()  # from here on there may be something to undo
        return resolved

    def invoke(self, ctx: click.Context) -> object:
        # Click would print an empty line for Ctrl-C, and give a broken pipe the exit code of a no.
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, KeyboardInterrupt) as error:
            ctx.exit(terminal.failed(error))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    envvar="KGTOOL_STORE",
    default=Path("kgtool-store"),
    show_default=True,
    show_envvar=True,
    help="Folder of the store.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context, store: Path) -> None:
    """A knowledge graph of research in a region: who works where, on what, with whom.

    Results go to standard output, messages to standard error. Exit codes: 0 done, or yes; 1 the answer is no; 2 bad
    input or usage; 3 a limit was hit; 4 the store is in use, damaged, full or of another version.

    \b
    Examples:
      kgtool build
      kgtool query 'SELECT * WHERE { ?s ?p ?o } LIMIT 5'
      kgtool --store bretagne stats
    """
    context.obj = store


def run() -> int:
    """Run the command that was typed, tell what went wrong, and give the exit code."""
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort as error:
        code = terminal.failed(error.__cause__ or KeyboardInterrupt())
    except (Exception, KeyboardInterrupt) as error:
        code = terminal.failed(error)
    return code or 0
