"""The command that writes the graph: export."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import click
from pyoxigraph import RdfFormat

import kgtool
from kgtool import export as exports
from kgtool import ingest
from kgtool.errors import Location, MissingError


@click.command()
@click.option(
    "-f", "--format", "format_", type=click.Choice(list(exports.FORMATS)), help="[default: by FILE, or turtle]"
)
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="File to write.  [default: stdout]"
)
@click.option("--graph", metavar="IRI", help="This source graph alone.")
@click.option(
    "--only",
    type=click.Choice(("asserted", "inferred", "all")),
    default="asserted",
    show_default=True,
    help="What was stated, what follows, or both.",
)
@click.pass_obj
def export(store: Path, format_: str | None, output: Path | None, graph: str | None, only: str) -> None:
    """Write the graph: the same bytes for the same graph, on any machine.

    \b
    Examples:
      kgtool export -o graph.trig
      kgtool export -f jsonld --graph urn:kgtool:source:people.ttl
      kgtool export -f ntriples --only inferred | wc -l
    """
    with kgtool.KnowledgeGraph.open(store) as kg, written(output) as stream:
        kg.export(format_ or _format_of(output), stream, graph=graph, only=only)


def _format_of(output: Path | None) -> str:
    by_ending = RdfFormat.from_extension(output.suffix.removeprefix(".")) if output else None
    return next((name for name, format_ in ingest.FORMATS.items() if format_ == by_ending), "turtle")


@contextmanager
def written(output: Path | None) -> Iterator[BinaryIO]:
    """Give the stream to write to; a file takes its name only when all of it is there."""
    if output is None or str(output) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if not output.absolute().parent.is_dir():
        raise MissingError("no such folder", where=Location(str(output.parent)), hint="make it first")
    if output.exists() and not output.is_file():  # a pipe or a device has nothing to be kept
        with output.open("wb") as stream:
            yield stream
        return
    with tempfile.NamedTemporaryFile(dir=output.absolute().parent, prefix=f".{output.name}.", delete=False) as made:
        part = Path(made.name)
        try:
            yield cast(BinaryIO, made)
            made.flush()
            part.chmod(0o666 & ~_umask())
            part.replace(output)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
