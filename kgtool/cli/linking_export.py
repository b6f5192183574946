"""The command that writes links for others: link export."""

from __future__ import annotations

from pathlib import Path

import click

import kgtool
from kgtool.cli.exporting import written
from kgtool.config import settings_from
from kgtool.link.entities.spreadsheet import write_csv


@click.command()
@click.option(
    "-f", "--format", "format_", type=click.Choice(("sssom", "sameas", "csv")), help="[default: by FILE, or sssom]"
)
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="File to write.  [default: stdout]"
)
@click.option("--bom", is_flag=True, help="Begin a CSV with a byte order mark, by which Excel knows UTF-8.")
@click.pass_obj
def export(store: Path, format_: str | None, output: Path | None, bom: bool) -> None:
    """Write the links that the store holds, with what reviews say of them: the same bytes for the same links.

    sssom is SSSOM/TSV, a standard for mappings. sameas is N-Triples of owl:sameAs between the things of the graph and
    the addresses that registries have for them: accepted links only. csv is for spreadsheets: no cell is a formula.

    \b
    Examples:
      kgtool link export -o links.sssom.tsv
      kgtool link export -f sameas | sort
      kgtool link export -f csv --bom -o links.csv
    """
    base = settings_from().base
    chosen = format_ or _format_of(output)
    with kgtool.KnowledgeGraph.open(store) as graph:
        if chosen == "sssom":
            data = graph.links_as_sssom(kgtool.__version__, base).encode()
        elif chosen == "sameas":
            data = graph.same_as(base).encode()
        else:
            links = graph.links(base)
            data = write_csv(links, graph.registry_iris(links, base), bom=bom)
    with written(output) as stream:
        stream.write(data)


def _format_of(output: Path | None) -> str:
    ending = output.suffix if output else ""
    return {".csv": "csv", ".nt": "sameas", ".ttl": "sameas"}.get(ending, "sssom")
