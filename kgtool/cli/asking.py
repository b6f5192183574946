"""The commands that ask a store and change nothing: query, entails, validate, stats."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import kgtool
from kgtool import ingest
from kgtool.cli import options, terminal
from kgtool.cli.answers import print_answer, print_plan
from kgtool.cli.federating import federated
from kgtool.store.results import GRAPH_FORMATS, SOLUTION_FORMATS


@click.command()
@options.sparql_source
@options.sparql_text
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(("table", *SOLUTION_FORMATS, *GRAPH_FORMATS)),
    help="Format of the answer.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as -f json, or -f jsonld for a graph.")
@click.option(
    "--reasoning", type=click.Choice(("on", "off")), default="on", show_default=True, help="Use what follows."
)
@options.timeout
@click.option("--commit", is_flag=True, help="Print the commit answered from, on standard error; alone: just print it.")
@click.option("--plan", is_flag=True, help="Say how the query is evaluated: rows and seconds of each pattern.")
@click.pass_obj
def query(
    store: Path,
    source: str | None,
    text: str | None,
    format_: str | None,
    as_json: bool,
    reasoning: str,
    timeout: float | None,
    commit: bool,
    plan: bool,
) -> int:
    """Answer a SPARQL 1.1 query, given as text, as a file, or on standard input (-).

    At a terminal the answer is a table; elsewhere CSV, and Turtle for CONSTRUCT and DESCRIBE. ASK prints true or
    false and exits 0 or 1.

    \b
    Examples:
      kgtool query 'SELECT * WHERE { ?s ?p ?o } LIMIT 5'
      kgtool query people.rq -f json --reasoning off
      echo 'ASK { ?person ?role ?unit }' | kgtool query -
      kgtool query people.rq --plan
    """
    sparql = None if commit and source is None and text is None else options.sparql(source, text)

    open_graph = kgtool.KnowledgeGraph.open  # imported here, as the time limit is the query's

    def answer() -> int:
        with federated(sparql or "") as services, open_graph(store, services=services) as kg:
            if sparql is None:
                click.echo(kg.commit)
                return 0
            if plan:
                return print_plan(kg, sparql, reasoning == "on", as_json or format_ == "json")
            result = kg.query(sparql, reasoning=reasoning == "on")
            if commit:
                click.echo(f"commit: {kg.commit}", err=True)
            return print_answer(result, format_, as_json)

    return terminal.killable(answer, timeout)


@click.command()
@click.argument("file", metavar="FILE")
@options.format_in
@options.as_json
@click.pass_obj
def entails(store: Path, file: str, format_: str | None, as_json: bool) -> int:
    """Tell whether what FILE says follows from the store: exit 0 if it does, 1 and what fails if not.

    Blank nodes of FILE stand for anything; triples that share one are matched together.

    \b
    Examples:
      kgtool entails claims.ttl
      kgtool entails - --format ntriples < claims.nt
    """
    sources = ingest.sources_of_files([file], format=format_, stdin=sys.stdin.buffer)
    with kgtool.KnowledgeGraph.open(store) as kg:
        answer = kg.entails(sources)
    missing = [[f"{triple} ." for triple in group] for group in answer.missing]
    if as_json:
        terminal.print_json({"entailed": answer.entailed, "missing": missing}, sys.stdout)
    else:
        click.echo("yes" if answer.entailed else "no; this does not follow:")
        for group in missing:
            click.echo("  " + "\n  ".join(group) if len(group) == 1 else "  together:\n    " + "\n    ".join(group))
    return 0 if answer.entailed else 1


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1)
@options.format_in
@click.option(
    "-f", "report_format", type=click.Choice(("text", "json", "turtle")), default="text", help="Format of the report."
)
@click.option("--json", "as_json", is_flag=True, help="The same as -f json.")
@options.language("messages")
@click.pass_obj
def validate(
    store: Path, files: tuple[str, ...], format_: str | None, report_format: str, as_json: bool, language: str
) -> int:
    """Check the store, or the store with FILEs added, against the shapes and for contradictions; change nothing.

    Exit 1 and a report when something would be refused.

    \b
    Examples:
      kgtool validate
      kgtool validate new-people.ttl -f json
    """
    sources = ingest.sources_of_files(files, format=format_, stdin=sys.stdin.buffer) if files else []
    with kgtool.KnowledgeGraph.open(store) as kg:
        report = kg.validate(sources)
    if as_json or report_format == "json":
        terminal.print_json(report.as_json(), sys.stdout)
    elif report_format == "turtle":
        sys.stdout.buffer.write(report.as_turtle())
    else:
        click.echo(report.as_text(language).rstrip())
    return 0 if report.conforms else 1


@click.command()
@options.as_json
@click.pass_obj
def stats(store: Path, as_json: bool) -> None:
    """Count what the store holds.

    \b
    Examples:
      kgtool stats
      kgtool stats --json
    """
    with kgtool.KnowledgeGraph.open(store) as kg:
        counts = kg.stats()
    terminal.tell(counts, as_json)
