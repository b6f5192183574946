"""The command that links what the graph holds with registries: link entities."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

import kgtool
from kgtool.cli import options, terminal
from kgtool.cli.exporting import written
from kgtool.config import settings_from


@click.command()
@click.option(
    "--against", metavar="GRAPH", multiple=True, help="Link with the things of this graph; may be given again.  "
    "[default: all that kgtool import brought]",
)  # fmt: skip
@click.option("--among", is_flag=True, help="Link things of one registry with those of another too.")
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Also write the links as SSSOM/TSV."
)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Date of the links.  [default: the last load's]")
@click.option("--dry-run", is_flag=True, help="Find links, and leave those of the store as they are.")
@options.as_json
@click.pass_obj
def entities(
    store: Path,
    against: tuple[str, ...],
    among: bool,
    output: Path | None,
    day: datetime | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Link people, organisations, projects and themes with what was imported from registries.

    Each link has a confidence and its evidence in words, and is chosen or a candidate; a person is never chosen on a
    name alone, and identifiers that differ exclude a link. The links go to the graph urn:kgtool:source:links, in the
    place of earlier ones, as skos:exactMatch (an identifier says so) or skos:closeMatch. What a review rejected is
    not proposed again; owl:sameAs is only for what a review accepted (kgtool link review).

    \b
    Examples:
      kgtool link entities
      kgtool link entities -o links.sssom.tsv --json
      kgtool link entities --against urn:kgtool:source:partners.ttl --dry-run
    """
    settings, at = settings_from(), day.date() if isinstance(day, datetime) else None
    with (
        terminal.progress() as progress,
        kgtool.KnowledgeGraph.open(store, write=not dry_run, memory=settings.reason_memory) as graph,
    ):
        kept = {"write": not dry_run, "among": among}
        found = graph.link(against=against, base=settings.base, day=at, progress=progress, **kept)
        if output is not None:
            with written(output) as stream:
                stream.write(graph.links_as_sssom(kgtool.__version__, settings.base, found).encode())
    if output is not None and str(output) == "-":
        return
    facts = found.as_json()
    more = {"found": [each.as_json() for each in found.reviewed]} if as_json else {}
    terminal.tell({**facts, **more}, as_json)
