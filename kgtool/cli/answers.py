"""The answer of a query, printed: as a table for a person, in a result format for a program; and its plan."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Final

import click

from kgtool.cli import terminal
from kgtool.errors import InputError
from kgtool.graph import KnowledgeGraph
from kgtool.store.results import GRAPH_FORMATS, SOLUTION_FORMATS, QueryResult

#: Seconds after which a run is stopped by itself; at a terminal, --timeout and Ctrl-C do that.
_NO_LIMIT: Final = float("inf")
_NAMES: Final = {"select": "the answer to SELECT", "ask": "the answer to ASK", "graph": "a graph"}


def print_answer(result: QueryResult, format_: str | None, as_json: bool) -> int:
    """Print an answer, and give the exit code: 1 for the no of an ASK, else 0.

    :param format_: ``table`` or a result format; None for a table at a terminal, CSV or Turtle elsewhere.
    :param as_json: without a format, JSON.
    :raises InputError: if the answer cannot be written in that format.
    """
    fitting = GRAPH_FORMATS if result.kind == "graph" else SOLUTION_FORMATS
    chosen = format_ or _default(result.kind, as_json)
    if chosen == "table":
        _print_table(result)
    elif chosen in fitting:
        with terminal.whole_lines() as output:
            result.serialize(chosen, output)
    else:
        raise InputError(
            f"{_NAMES[result.kind]} cannot be written as {chosen}", hint=f"choose one of table, {', '.join(fitting)}"
        )
    return 1 if result.kind == "ask" and not result.answer else 0


def print_plan(graph: KnowledgeGraph, text: str, reasoning: bool, as_json: bool) -> int:
    """Print how a query is evaluated, and give the exit code.

    :raises QueryError: if the text is wrong, or asks for what is switched off.
    """
    from kgtool.web.plans import PARTS, PlanTask, part_of_plan  # here: no other command needs it

    told: dict[str, Any] = {"query": text}
    for part in PARTS:
        told |= part_of_plan(graph, PlanTask(text, part, reasoning, seconds=_NO_LIMIT))
    if as_json:
        terminal.print_json(told, sys.stdout)
        return 0
    whole, dataset = told["whole"], told["dataset"]
    size = f"{whole['rows']} rows" if "rows" in whole else str(whole["answer"]).lower()
    click.echo(f"The query: {size}, {whole['seconds']:.3f} s\n")
    click.echo(f"As it is put to the store:\n{dataset['text'].strip()}\n")
    if told["patterns"]:
        rows = [
            [_counted(row), f"{row['seconds']:.3f}" if "seconds" in row else "", row.get("graph", ""), row["pattern"]]
            for row in told["patterns"]
        ]
        terminal.print_table(("rows", "seconds", "graph", "pattern by itself"), rows, sys.stdout)
    if told["algebra"]:
        click.echo(f"\nIts algebra:\n{told['algebra']}")
    if "note" in told:
        click.echo(f"\n{told['note']}")
    return 0


def _counted(row: Mapping[str, Any]) -> str:
    if "rows" not in row:
        return str(row["note"])
    return str(row["rows"]) if row["complete"] else f"{row['rows']} or more"


def _default(kind: str, as_json: bool) -> str:
    if as_json:
        return "jsonld" if kind == "graph" else "json"
    if kind == "graph":
        return "turtle"
    return "table" if kind == "ask" or sys.stdout.isatty() else "csv"


def _print_table(result: QueryResult) -> None:
    if result.kind == "ask":
        click.echo("true" if result.answer else "false")
        return
    columns = ("subject", "predicate", "object") if result.kind == "graph" else result.variables
    terminal.print_table(columns, ([terminal.shown(term) for term in row] for row in result), sys.stdout)
