"""The command that reconciles a table with a service: reconcile."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from kgtool import __version__
from kgtool.cli import terminal
from kgtool.config import settings_from
from kgtool.ingest.web import user_agent
from kgtool.link.reconciliation.enriching import Options
from kgtool.link.reconciliation.tables import FORMATS, format_of, read_input, write_table
from kgtool.transactions.reconciling import reconcile as reconciled


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--service", required=True, metavar="URL", help="Address of a reconciliation service.")
@click.option("--column", metavar="NAME", help="Column to reconcile.  [default: the first]")
@click.option("--type", "type_id", metavar="T", help="Class to look in, as the service names it.")
@click.option(
    "--property", "properties", metavar="COLUMN=P", multiple=True, help="Column that holds values of the property P."
)
@click.option("--extend", metavar="P,…", help="Properties to fetch of what was found, each a column more.")
@click.option("--limit", type=click.IntRange(1, 100), default=3, show_default=True, help="Most candidates of a cell.")
@click.option("--threshold", type=float, metavar="S", help="Leave out candidates of a lower score.")
@click.option("-o", "--output", metavar="FILE", help="Write to a file; its name tells the format.")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Format of FILE, if its name does not tell.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON lines, with all candidates.")
def reconcile(
    file: str,
    service: str,
    column: str | None,
    type_id: str | None,
    properties: tuple[str, ...],
    extend: str | None,
    limit: int,
    threshold: float | None,
    output: str | None,
    format_: str | None,
    as_json: bool,
) -> None:
    """Find what the cells of a column of FILE mean, by any reconciliation service, such as kgtool serve's /reconcile.

    FILE is CSV, TSV or JSON lines; - is standard input. Added are the columns NAME_id, NAME_name, NAME_score and
    NAME_match: the best candidate of each cell, and whether the service is sure of it. Equal cells are asked once. In
    CSV and TSV, what the service sent is guarded against being a formula.

    \b
    Examples:
      kgtool reconcile staff.csv --service http://localhost:8000/reconcile --column employer --type kg:Institution
      kgtool reconcile labs.csv --service https://example.org/reconcile --property town=kg:locatedIn --extend ROR,RNSR
    """
    table = read_input(file, format_)
    pairs = tuple(_pair(each) for each in properties)
    wanted = Options(
        column or (table.columns[0] if table.columns else ""),
        type_id,
        pairs,
        tuple(dict.fromkeys(part.strip() for part in (extend or "").split(",") if part.strip())),
        limit,
        threshold,
    )
    form = "jsonl" if as_json else format_of(output) if output else table.format
    settings = settings_from()
    with terminal.progress() as progress:
        agent = user_agent(__version__, settings.contact)
        found = reconciled(
            table, service, wanted, agent=agent, note=terminal.say, proxy=settings.proxy, progress=progress
        )
    with _written(output) as out:
        write_table(table, found.columns, found.rows, form, out)
    told = found.as_json()
    terminal.say(
        f"{told['cells']} cells, {told['found']} with a candidate, {told['matched']} that the service is sure of"
    )


def _pair(text: str) -> tuple[str, str]:
    column, equals, property = text.rpartition("=")
    if not equals or not column or not property:
        raise click.UsageError(f"--property {text!r} is not COLUMN=P")
    return column, property


@contextmanager
def _written(output: str | None) -> Iterator[TextIO]:
    """Give standard output, or a file that takes its place when all is written."""
    if output is None or output == "-":
        yield sys.stdout
        return
    target = Path(output)
    if target.exists() and not target.is_file():  # a device or a pipe
        with target.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
