"""The commands that find organisations in affiliation strings: link affiliations, and link index, which they need."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import click

from kgtool.cli import options, terminal
from kgtool.cli.exporting import written
from kgtool.config import settings_from
from kgtool.errors import InputError

#: Lines that are wrong are named up to this number; then they are counted.
_NAMED: Final = 20
_registry = click.Path(path_type=Path)
_ror = click.option(
    "--ror",
    multiple=True,
    type=_registry,
    metavar="FILE",
    help="ROR: the data dump (v2 JSON or its zip), its lines, or a TSV of names.",
)
_rnsr = click.option(
    "--rnsr", multiple=True, type=_registry, metavar="FILE", help="RNSR: the table of structures (CSV)."
)
_index = click.option(
    "--index",
    type=_registry,
    metavar="DIR",
    help="Folder of the index.  [default: KGTOOL_LINK_INDEX, or beside the store]",
)


@click.command()
@_ror
@_rnsr
@click.option(
    "-o",
    "--output",
    "folder",
    type=_registry,
    metavar="DIR",
    help="Folder to build it in.  [default: KGTOOL_LINK_INDEX, or beside the store]",
)
@options.as_json
@click.pass_obj
def index(store: Path, ror: tuple[Path, ...], rnsr: tuple[Path, ...], folder: Path | None, as_json: bool) -> None:
    """Build the index of organisations in which link affiliations looks names up.

    Of ROR's records and RNSR's table, several files of each if need be; all of it, or the old index stays.

    \b
    Examples:
      kgtool link index --ror v1.63-ror-data.zip --rnsr structures-recherche.csv
      kgtool link index --ror ror-names-all.tsv.gz -o organisations
    """
    from kgtool.link.affiliations import locating

    if not ror and not rnsr:
        raise click.UsageError("give a registry: --ror FILE, --rnsr FILE, or both")
    target = folder or locating.index_folder(settings_from(), store)
    with terminal.progress() as progress:
        counts = locating.make_index(ror, rnsr, target, progress)
    terminal.tell({"folder": str(target), **counts}, as_json)


@click.command()
@click.argument("source", metavar="FILE|-")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File to write, whole or not at all.  [default: stdout]",
)
@click.option("--column", metavar="NAME", help="Column, or key, that holds the strings.  [default: affiliation]")
@_ror
@_rnsr
@_index
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
@click.option("--strict", is_flag=True, help="End at the first line that is wrong, with exit code 2.")
@click.pass_obj
def affiliations(
    store: Path,
    source: str,
    output: Path | None,
    column: str | None,
    ror: tuple[Path, ...],
    rnsr: tuple[Path, ...],
    index: Path | None,
    workers: int,
    strict: bool,
) -> None:
    """Find the institutions (ROR) and research units (RNSR) that affiliation strings name, each with its reasons.

    FILE holds JSON lines with "id" and "affiliation", or a CSV with such columns; - is standard input. One line of
    JSON is written for
    each: {"id", "matches": [{"id", "name", "score", "decision", "span", "text", "why"}]}, in the same order. A
    decision is chosen, or
    candidate; none is chosen where the string names nothing that is registered. Works without a network. An index is
    needed
    (kgtool link index), and is built once where the shared data sets are; with --ror and --rnsr, of these files.

    \b
    Examples:
      kgtool link affiliations strings.jsonl -o matches.jsonl
      kgtool link affiliations staff.csv --column employer --workers 2 > matches.jsonl
      echo '{"id": 1, "affiliation": "UMR 8199, CNRS, Univ. Lille"}' | kgtool link affiliations -
    """
    from kgtool.link.affiliations import locating
    from kgtool.link.affiliations.many import match_rows
    from kgtool.link.affiliations.rows import opened_input, read_rows

    settings = settings_from(link_index=index)
    wrong = _Wrong(strict)
    strings = matched = 0
    with opened_input(source, sys.stdin.buffer) as lines, terminal.progress() as progress:
        if ror or rnsr:
            folder = locating.index_folder(settings, store)
            locating.make_index(ror, rnsr, folder, progress)
        else:
            folder = locating.found_index(settings, store, progress, terminal.say)
        with written(output) as out:
            for row, matches in match_rows(read_rows(lines, source, wrong, column=column), folder, workers):
                out.write(
                    json.dumps({"id": row.id, "matches": [m.as_json() for m in matches]}, ensure_ascii=False).encode(
                        "utf-8", "replace"
                    )
                    + b"\n"
                )
                strings += 1
                matched += any(m.decision == "chosen" for m in matches)
                if progress and not strings % 256:
                    progress("matching", strings)
    left_out = f"; {wrong.count:,} lines left out" if wrong.count else ""
    terminal.say(
        f"{strings:,} strings: {matched:,} with an organisation chosen, {strings - matched:,} with none{left_out}"
    )


class _Wrong:
    """Tells what is wrong with lines, some by name and all by number; raises the first one when strict."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self.count = 0

    def __call__(self, error: InputError) -> None:
        if self.strict:
            raise error
        self.count += 1
        if self.count <= _NAMED:
            terminal.say(f"{error}; left out")
