"""The commands that keep a store safe: backup, restore, check."""

from __future__ import annotations

from pathlib import Path

import click

import kgtool
from kgtool.cli import options, terminal
from kgtool.cli.changing import say_left_out
from kgtool.config import settings_from


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--copy", is_flag=True, help="Share no file with the store, as a backup against a failing disk must not.")
@options.as_json
@click.pass_obj
def backup(store: Path, folder: Path, copy: bool, as_json: bool) -> None:
    """Copy the store to the folder DIR, as of its last commit: all of it, or nothing.

    Beside a running server, too, while changes go on. DIR must not exist, or be empty; it is then a store itself. On
    the same file system the copy shares those files with the store that are never written to again (hard links): that
    is quick, takes little room, and is safe from every change of the store, but not from a disk that fails, or from
    another program that writes into these files. With --copy, or to another disk, it shares none.

    \b
    Examples:
      kgtool backup backups/monday
      kgtool backup --copy --json /mnt/other-disk/kgtool-monday
      kgtool --store backups/monday query 'ASK { ?s ?p ?o }'
    """
    with kgtool.KnowledgeGraph.open(store) as kg:
        report = kg.backup(folder, link=not copy)
    terminal.tell(report.as_json(), as_json)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@options.as_json
@click.pass_obj
def restore(store: Path, folder: Path, as_json: bool) -> None:
    """Put the backup DIR in the place of the store, which may be absent, damaged or older.

    The backup is read to its end first. The old store stays until the new one is wholly there. Who was forgotten
    since is left out. A server of the store has to be stopped before.

    \b
    Examples:
      kgtool restore backups/monday
      kgtool --store trial restore backups/monday --json
    """
    report = kgtool.KnowledgeGraph.restore(store, folder)
    say_left_out(report.left_out)
    terminal.tell(report.as_json(), as_json)


@click.command()
@click.option("--upgrade", is_flag=True, help="Bring a store of an older format to today's first.")
@options.as_json
@click.pass_context
def check(context: click.Context, upgrade: bool, as_json: bool) -> None:
    """Verify the store: read all of it by every index, and compare what is derived with what follows from scratch.

    What is derived is repaired, and what killed processes left is removed. Beside a running server nothing is changed,
    and in a backup neither. Exit code 0: in order, or repaired; 4: something is wrong that was not repaired. Where what
    was asserted is damaged or lost, only a backup helps.

    \b
    Examples:
      kgtool check
      kgtool check --upgrade --json
      kgtool --store backups/monday check
    """
    with terminal.progress() as progress:
        report = kgtool.KnowledgeGraph.check(
            context.obj, upgrade=upgrade, memory=settings_from().reason_memory, progress=progress
        )
    terminal.tell(report.as_json(), as_json)
    if not report.in_order:
        terminal.say("nothing was repaired, as another process uses the store, or it is a backup; stop it, then check")
        context.exit(4)
