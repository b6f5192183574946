"""The answer of a query, printed: as a table for a person, in a result format for a program."""

from __future__ import annotations

import sys
from typing import Final

import click

from kgtool.cli import terminal
from kgtool.errors import InputError
from kgtool.store.results import GRAPH_FORMATS, SOLUTION_FORMATS, QueryResult

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
