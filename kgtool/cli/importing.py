"""The command that imports a registry."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import kgtool
from kgtool import export as exports
from kgtool.cli import options, terminal
from kgtool.cli.changing import say_left_out
from kgtool.cli.exporting import written
from kgtool.config import settings_from
from kgtool.errors import InputError
from kgtool.ingest.registries.known import known_in
from kgtool.ingest.registries.passes import Wanted
from kgtool.ingest.registries.places import region_named
from kgtool.ingest.registries.services.opening import Named, opened_source
from kgtool.ingest.sources import graph_of_iri
from kgtool.transactions.import_reports import ImportReport, fault_text
from kgtool.transactions.importing import Import, import_to_file
from kgtool.vocabulary import SOURCE_PREFIX

#: Faults that a person is shown; all are counted, and ``--json`` has them.
_SHOWN = 20
_BY_SUFFIX = {".ttl": "turtle", ".trig": "trig", ".nt": "ntriples", ".nq": "nquads", ".jsonld": "jsonld"}


@click.command(name="import")
@click.argument("source", metavar="SOURCE")
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@click.option("--query", "-q", metavar="TEXT", help="Ask the registry's service, in its own language; or a file of it.")
@click.option("--url", metavar="URL", help="Address of the service.  [default: the registry's own]")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="Take no more than the first N records.")
@click.option(
    "--mapping",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Of a table: CONSTRUCT query for each row, whose columns are its variables.",
)
@click.option("--graph", metavar="IRI", help="Named graph to write.  [default: urn:kgtool:source:SOURCE]")
@click.option(
    "--region", metavar="R", help="Keep what touches a region: a name, departments:59,62, nuts:FRE, city:Lille."
)
@click.option("--strict", is_flag=True, help="Refuse all if a record, or a part of one, cannot be taken.")
@click.option("--date", metavar="D", help="Day, month or year of the registry's state.  [default: by the file's name]")
@click.option(
    "--onto",
    metavar="PATH",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="RDF file or folder whose entities records with the same official identifier are.",
)
@click.option("--retrieved", metavar="DAY", help="Day on which the input was fetched, to be noted in the graph.")
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write a file instead of the store."
)
@options.engine_of_new
@options.allow_inconsistent
@options.as_json
@click.pass_obj
def import_(
    store: Path,
    source: str,
    inputs: tuple[str, ...],
    query: str | None,
    url: str | None,
    limit: int | None,
    mapping: Path | None,
    graph: str | None,
    region: str | None,
    strict: bool,
    date: str | None,
    onto: tuple[Path, ...],
    retrieved: str | None,
    output: Path | None,
    engine: str | None,
    allow_inconsistent: bool,
    as_json: bool,
) -> None:
    """Import a registry's records: they take the place of what its graph held, in one transaction.

    SOURCE is the registry, INPUT its files as it publishes them, packed or not (- is standard input), or identifiers
    of records to ask its service for. `table` is any CSV or JSON by a mapping, `sparql` any endpoint by a CONSTRUCT.
    Prints what changed. Records that cannot be taken are told of and left out. A store that does not exist starts
    with kgtool's ontology.

    \b
    Examples:
      kgtool import ror v1.63-2025-04-03-ror-data.zip
      kgtool import ror ror.jsonl.gz --region hauts-de-france --date 2026-06
      kgtool import rnsr rnsr-actives-2022.csv --region departments:35 --onto data/ -o bretagne.trig
      kgtool import hal --query 'structId_i:1004986'
      kgtool import orcid 0000-0002-1825-0097
      kgtool import table staff.csv --mapping staff.rq
      kgtool import sparql --url https://data.idref.fr/sparql --query people.rq
    """
    settings = settings_from()
    with (
        terminal.progress() as progress,
        opened_source(
            Named(source, inputs, query, url, limit, mapping),
            settings,
            version=kgtool.__version__,
            stdin=sys.stdin.buffer,
            progress=progress,
            note=terminal.say,
        ) as found,
    ):
        target = graph_of_iri(graph or f"{SOURCE_PREFIX}{found.registry.name}").value
        wanted = Wanted(
            target,
            base=settings.base,
            region=region_named(region, base=settings.base) if region is not None else None,
            date=date or found.date,
            known=known_in(onto, apart=target),
            retrieved=retrieved or found.retrieved,
        )
        asked = Import(found.registry, found.records, found.origins, wanted, strict)
        if output is not None:
            with written(output) as stream:
                report = import_to_file(asked, stream, _format_of(output), progress=progress)
        else:
            with _opened(store, engine) as kg:
                report = kg.import_records(asked, allow_inconsistent=allow_inconsistent, progress=progress)
    _tell(report, as_json)


def _opened(store: Path, engine: str | None) -> kgtool.KnowledgeGraph:
    fresh = not (store / "CURRENT").exists()
    return kgtool.KnowledgeGraph.open(
        store, write=True, create=True, ontology=fresh, engine=engine, memory=settings_from().reason_memory
    )


def _format_of(output: Path) -> str:
    format_ = _BY_SUFFIX.get(output.suffix, "turtle" if str(output) == "-" else "")
    if format_ not in exports.FORMATS:
        raise InputError(f"{output.name} tells no format", hint=f"end its name in one of {', '.join(_BY_SUFFIX)}")
    return format_


def _tell(report: ImportReport, as_json: bool) -> None:
    """Print what changed on standard output, and what was left out on standard error."""
    facts = report.as_json()
    say_left_out(report.forgotten)
    if not as_json:
        faults = report.faults
        for fault in faults.kept[:_SHOWN]:
            terminal.say(fault_text(fault))
        if faults.records or faults.parts:
            terminal.say(
                f"left out: {faults.records:,} records, and parts of others {faults.parts:,} times"
                + ("" if len(faults.kept) <= _SHOWN else f"; the first {_SHOWN} are above, --json has more")
            )
        if report.date is None:
            terminal.say("the registry's date is not known, so nothing is attested on a day: say it with --date")
        facts = {k: v for k, v in facts.items() if k not in ("faults", "added", "removed", "changed")}
    terminal.tell(facts, as_json)
