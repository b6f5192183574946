"""The command that says which people printed names may mean: link people."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import click

import kgtool
from kgtool.cli import terminal
from kgtool.cli.exporting import written
from kgtool.link.people.name_index import NameIndex
from kgtool.link.people.people_files import BadRow, opened, read_people, read_rows

#: Rows left out that are told one by one.
_TOLD: Final = 20
#: What a name alone is worth.
_DECISION: Final = {"decision": "candidate"}


@click.command()
@click.argument("names", metavar="NAMES")
@click.option("--against", metavar="FILE", help="The people to choose from, as NAMES.  [default: those of the store]")
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="File to write.  [default: stdout]"
)
@click.option(
    "--top", type=click.IntRange(1, 100), default=3, show_default=True, metavar="N", help="Most people for a name."
)
@click.pass_obj
def people(store: Path, names: str, against: str | None, output: Path | None, top: int) -> None:
    """Say which people each of the NAMES may mean, with a score and the reasons.

    NAMES is JSON lines with id and name, or CSV with such columns (also person_id, full_name, first_name, last_name);
    - is standard input. Who has several forms of a name has several rows of the same id. Out come JSON lines: id, and
    matches with id, name, score, decision and why. The decision is always "candidate": a name alone identifies nobody.

    \b
    Examples:
      kgtool link people names.jsonl
      echo '{"id": "1", "name": "PATTOU F."}' | kgtool link people -
      kgtool link people names.jsonl --against people.csv -o matches.jsonl
    """
    bad: list[BadRow] = []
    with terminal.progress() as progress:
        tell = progress or (lambda stage, done: None)
        if against is None:
            with kgtool.KnowledgeGraph.open(store) as graph:
                index = NameIndex(graph.people())
        else:
            with opened(against, sys.stdin.buffer) as stream:
                index = NameIndex(read_people(read_rows(stream, against), against, bad))
        with opened(names, sys.stdin.buffer) as stream, written(output) as out:
            for number, row in enumerate(read_rows(stream, names), 1):
                if isinstance(row, BadRow):
                    bad.append(row)
                    continue
                tell("names", number)
                found = [index.find(name, top=top) for name in row.names]
                best = max(found, key=lambda each: [match.score for match in each[:1]], default=[])
                matches = [{"id": m.id, "name": m.name, "score": m.score, **_DECISION, "why": m.why} for m in best]
                out.write(json.dumps({"id": row.id, "matches": matches}, ensure_ascii=False).encode() + b"\n")
    tell_of(bad)


def tell_of(bad: list[BadRow]) -> None:
    """Tell of rows that were left out: the first of them, and how many more."""
    for row in bad[:_TOLD]:
        terminal.say(f"left out: {row}")
    if len(bad) > _TOLD:
        terminal.say(f"left out: {len(bad) - _TOLD:,} more rows")
