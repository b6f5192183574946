"""The commands: each is one call of :class:`kgtool.graph.KnowledgeGraph`, with what a person sees around it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kgtool import __version__
from kgtool.cli import asking, changing, exporting, serving, terminal

__all__ = ["cli", "main"]


class _Commands(click.Group):
    """A group that tells a reader who has left from a failure; click would give both the exit code of a no."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
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


for _command in (
    changing.build,
    changing.load,
    changing.unload,
    changing.update,
    changing.reason,
    asking.query,
    asking.entails,
    asking.validate,
    asking.stats,
    exporting.export,
    serving.serve,
):
    cli.add_command(_command)


def main() -> None:
    """Run the command that was typed, and leave with the exit code of the contract."""
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
    sys.exit(code or 0)
