"""What several commands take, and how a SPARQL text is found."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kgtool import ingest
from kgtool.errors import InputError, Location, MissingError
from kgtool.reasoning.engines import ENGINES

_Command = TypeVar("_Command", bound=Callable[..., Any])

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
engine = click.option("--engine", type=click.Choice(ENGINES), help="Which engine reasons; none: no inference.")
engine_of_new = click.option(
    "--engine", type=click.Choice(ENGINES), help="Which engine reasons, of a new store; none: no inference."
)
allow_inconsistent = click.option(
    "--allow-inconsistent", is_flag=True, help="Take also what contradicts the ontology; tell of it no more."
)
format_in = click.option(
    "--format",
    "format_",
    type=click.Choice(list(ingest.FORMATS)),
    help="Format of the input, if its name does not tell.",
)
sparql_source = click.argument("source", metavar="[TEXT|FILE|-]", required=False)
timeout = click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), metavar="S", help="Give up after S seconds."
)
sparql_text = click.option("-q", "text", metavar="TEXT", help="The SPARQL text itself.")


def language(of: str) -> Callable[[_Command], _Command]:
    """Give the option that chooses a language, of messages for instance."""
    return click.option(
        "--language", type=click.Choice(("en", "fr")), default="en", show_default=True, help=f"Language of {of}."
    )


def sparql(source: str | None, text: str | None) -> str:
    """Give the SPARQL text that a command was given as itself (``-q``), as a file, or on standard input (``-``).

    An argument that names no file is the text when it could be one: every query and most updates have a brace.

    :raises click.UsageError: if there is not exactly one of the two.
    :raises MissingError: if the argument is neither a file nor SPARQL.
    :raises InputError: if what was read is not UTF-8.
    """
    if (source is None) == (text is None):
        raise click.UsageError("give one SPARQL text: as TEXT, FILE, - or -q TEXT")
    if text is not None:
        return text
    assert source is not None
    if source == "-":
        return _decoded(sys.stdin.buffer.read(), "stdin")
    if _is_file(source):
        return _decoded(Path(source).read_bytes(), source)
    if "{" in source or any(c.isspace() for c in source.strip()):
        return source
    raise MissingError("no such file, and no SPARQL text", where=Location(source), hint="or give the text with -q")


def _is_file(name: str) -> bool:
    try:
        return Path(name).exists()
    except OSError:  # a long text is no file name
        return False


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise InputError("not UTF-8", where=Location(name, line, column), hint="save it as UTF-8") from error
