"""The commands that change a store: build, load, unload, update, reason."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import kgtool
from kgtool import ingest
from kgtool.cli import options, terminal
from kgtool.cli.federating import federated
from kgtool.config import settings_from
from kgtool.reasoning.engines import DEFAULT_ENGINE
from kgtool.store.services import Services


@click.command()
@click.argument("folders", metavar="[DIR]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--no-data", is_flag=True, help="The ontology alone.")
@options.engine
@options.allow_inconsistent
@options.as_json
@click.pass_obj
def build(
    store: Path,
    folders: tuple[Path, ...],
    no_data: bool,
    engine: str | None,
    allow_inconsistent: bool,
    as_json: bool,
) -> None:
    """Make a fresh store of the ontology and the data, or of the data of the folders DIR.

    Without DIR, the data that kgtool brings. A DIR that holds an ontology/ folder brings its own terms, rules and
    shapes in place of kgtool's. Loads, reasons, validates; an old store is replaced only when all of it went well.

    \b
    Examples:
      kgtool build
      kgtool build --no-data
      kgtool --store bretagne build my-region/
    """
    with terminal.progress() as progress:
        report = kgtool.KnowledgeGraph.build(
            store,
            folders or None,
            with_data=not no_data,
            engine=engine or DEFAULT_ENGINE,
            memory=settings_from().reason_memory,
            allow_inconsistent=allow_inconsistent,
            progress=progress,
        )
    facts = report.as_json()
    say_left_out(report.load.left_out)
    terminal.tell(facts if as_json else {**facts, "files": len(report.files)}, as_json)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--graph", metavar="IRI", help="Named graph to load into.  [default: urn:kgtool:source:FILENAME]")
@click.option("--replace", is_flag=True, help="Put the files in the place of what the graph holds now.")
@options.format_in
@click.option("--ontology", is_flag=True, help="Put kgtool's ontology into it, of a new store.")
@options.engine_of_new
@options.allow_inconsistent
@options.as_json
@click.pass_obj
def load(
    store: Path,
    files: tuple[str, ...],
    graph: str | None,
    replace: bool,
    format_: str | None,
    ontology: bool,
    engine: str | None,
    allow_inconsistent: bool,
    as_json: bool,
) -> None:
    """Add files to the store: all of them with their consequences, or nothing.

    Turtle, TriG, N-Triples, N-Quads, JSON-LD and RDF/XML, each also .gz .xz .zst .bz2; - is standard input. A store
    that does not exist starts empty: no ontology, no shapes, plain OWL 2 RL.

    \b
    Examples:
      kgtool load people.ttl projects.jsonld.gz
      kgtool load --graph https://example.org/hal --replace hal.nt.zst
      curl -s https://example.org/staff.ttl | kgtool load - --format turtle
    """
    sources = ingest.sources_of_files(files, graph=graph, format=format_, stdin=sys.stdin.buffer)
    with (
        terminal.progress() as progress,
        kgtool.KnowledgeGraph.open(
            store,
            write=True,
            create=True,
            ontology=ontology,
            engine=engine,
            memory=settings_from().reason_memory,
        ) as kg,
    ):
        report = kg.load(sources, replace=replace, allow_inconsistent=allow_inconsistent, progress=progress)
    say_left_out(report.left_out)
    terminal.tell(report.as_json(), as_json)


@click.command()
@click.argument("graphs", metavar="GRAPH...", nargs=-1, required=True)
@options.as_json
@click.pass_obj
def unload(store: Path, graphs: tuple[str, ...], as_json: bool) -> None:
    """Remove source graphs, with what followed from them.

    \b
    Examples:
      kgtool unload urn:kgtool:source:people.ttl
    """
    with _opened(store) as kg:
        report = kg.unload(graphs)
    terminal.tell(report.as_json(), as_json)


@click.command()
@options.sparql_source
@options.sparql_text
@options.timeout
@options.allow_inconsistent
@options.as_json
@click.pass_obj
def update(
    store: Path,
    source: str | None,
    text: str | None,
    timeout: float | None,
    allow_inconsistent: bool,
    as_json: bool,
) -> None:
    """Change the store by SPARQL 1.1 Update: every operation with its consequences, or nothing.

    What names no graph goes to urn:kgtool:default.

    \b
    Examples:
      kgtool update 'PREFIX foaf: <http://xmlns.com/foaf/0.1/> INSERT DATA { <urn:x:ada> foaf:name "Ada" }'
      kgtool update corrections.ru --json
    """
    sparql = options.sparql(source, text)
    with federated(sparql) as services, _opened(store, services) as kg:
        report = kg.update(sparql, timeout=timeout, allow_inconsistent=allow_inconsistent)
    say_left_out(report.left_out)
    terminal.tell(report.as_json(), as_json)


@click.command()
@options.engine
@click.option("--rules", is_flag=True, help="List the rules instead: those of OWL 2 RL, and the store's own.")
@options.as_json
@click.pass_obj
def reason(store: Path, engine: str | None, rules: bool, as_json: bool) -> None:
    """Compute again, from scratch, everything that follows.

    \b
    Examples:
      kgtool reason
      kgtool reason --engine none --json
      kgtool reason --rules
    """
    if rules:
        with kgtool.KnowledgeGraph.open(store) as kg:
            listed = kg.rules()
        if as_json:
            terminal.print_json({"rules": [rule.as_json() for rule in listed]}, sys.stdout)
        else:
            for rule in listed:
                click.echo(f"{rule.as_text()}\n")
        return
    with terminal.progress() as progress, _opened(store) as kg:
        report = kg.reason(engine, progress=progress)
    terminal.tell(report.as_json(), as_json)


def say_left_out(statements: int) -> None:
    """Tell the person of statements that were left out, as they are about somebody whom the store has forgotten."""
    if statements:
        said = "1 statement" if statements == 1 else f"{statements:,} statements"
        terminal.say(f"{said} about people who were forgotten left out (see kgtool forget --list)")


def _opened(store: Path, services: Services | None = None) -> kgtool.KnowledgeGraph:
    memory = settings_from().reason_memory
    return kgtool.KnowledgeGraph.open(store, write=True, memory=memory, services=services)
