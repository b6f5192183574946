"""The command by which people decide of links: link review."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

import kgtool
from kgtool.cli import options, terminal
from kgtool.config import settings_from
from kgtool.errors import InputError
from kgtool.link.entities.reviewed import STATUSES, ReviewedLink
from kgtool.link.entities.reviews import ACCEPTED, REJECTED, WITHDRAWN
from kgtool.transactions.reports import UpdateReport

_OPEN: Final = ("chosen", "candidate")
_KEYS: Final = {"a": ACCEPTED, "r": REJECTED}


@click.command()
@click.option("--list", "listing", is_flag=True, help="List links instead of asking about each.")
@click.option("--status", type=click.Choice((*STATUSES, "open", "all")), default="open", show_default=True,
              help="Links of this status; open: chosen and candidate.")  # fmt: skip
@click.option("--kind", metavar="KIND", help="Links of this kind: person, organisation, project, theme.")
@click.option("--accept", metavar="ID", help="Accept this link: the two are the same.")
@click.option("--reject", metavar="ID", help="Reject this link: the two are not the same; --why is needed.")
@click.option("--undo", metavar="ID", help="Withdraw the last decision on this link.")
@click.option("--by", metavar="NAME", help="Who decides.")
@click.option("--why", metavar="TEXT", default="", help="Why, in words that others can check.")
@options.as_json
@click.pass_obj
def review(
    store: Path,
    listing: bool,
    status: str,
    kind: str | None,
    accept: str | None,
    reject: str | None,
    undo: str | None,
    by: str | None,
    why: str,
    as_json: bool,
) -> None:
    """Decide which links are right. At a terminal, each open link is shown with its evidence, and asked about.

    A link that is accepted becomes owl:sameAs, so that what is known of either counts for both; one that is rejected is
    never proposed again. Decisions stand in the graph urn:kgtool:source:reviews with who, when and why; linking anew
    leaves them, and --undo withdraws one.

    \b
    Examples:
      kgtool link review --by "A. Reviewer"
      kgtool link review --list --kind person --json
      kgtool link review --reject 0ac1404928cd --by "A. Reviewer" --why "another institute of this name"
    """
    decided = [(id, word) for id, word in ((accept, ACCEPTED), (reject, REJECTED), (undo, WITHDRAWN)) if id]
    if len(decided) > 1 or (decided and listing):
        raise click.UsageError("give one of --list, --accept, --reject, --undo")
    if decided:
        _decide(store, *decided[0], by, why, as_json)
        return
    with kgtool.KnowledgeGraph.open(store) as graph:
        links = [each for each in graph.links(settings_from().base) if _is_asked_for(each, status, kind)]
    if listing or as_json or not sys.stdin.isatty():
        _list(links, as_json)
    else:
        _ask_about(store, links, by)


def _is_asked_for(link: ReviewedLink, status: str, kind: str | None) -> bool:
    if kind is not None and link.link.kind != kind:
        return False
    return status == "all" or (link.status in _OPEN if status == "open" else link.status == status)


def _decide(store: Path, id: str, decision: str, by: str | None, why: str, as_json: bool) -> None:
    report = _reviewed(store, id, decision, by, why)
    terminal.tell({"link": id, "decision": decision, **report.as_json()}, as_json)


def _reviewed(store: Path, id: str, decision: str, by: str | None, why: str) -> UpdateReport:
    settings = settings_from()
    with kgtool.KnowledgeGraph.open(store, write=True, memory=settings.reason_memory) as graph:
        return graph.review(id, decision, by=by or "", why=why, base=settings.base)


def _list(links: Sequence[ReviewedLink], as_json: bool) -> None:
    if as_json:
        terminal.print_json({"links": [each.as_json() for each in links]}, sys.stdout)
        return
    rows = [
        (each.link.id, each.status, f"{each.link.confidence:.2f}", _line(each.link.subject_label),
         _line(each.link.object_label), _line(each.link.object), _line(each.link.why))
        for each in links
    ]  # fmt: skip
    terminal.print_table(("id", "status", "confidence", "this", "that", "iri", "why"), rows, sys.stdout)


def _ask_about(store: Path, links: Sequence[ReviewedLink], by: str | None) -> None:
    name = by or click.prompt("Who decides (your name)", err=True)
    for number, each in enumerate(links, 1):
        link = each.link
        for line in (
            f"\n{number} of {len(links)}  {link.id}  {each.status}  {link.confidence:.2f}  {link.kind}",
            f"  this  {_line(link.subject_label)}  <{link.subject}>",
            f"  that  {_line(link.object_label)}  <{link.object}>",
            *(f"  - {_line(reason)}" for reason in link.why.split("; ")),
        ):
            click.echo(line, err=True)
        answer = click.prompt(
            "The same? a accept, r reject, s skip, q quit", type=click.Choice(("a", "r", "s", "q")), err=True
        )
        if answer == "q":
            return
        if answer in _KEYS:
            why = click.prompt("Why", default="" if answer == "a" else None, show_default=False, err=True)
            try:
                _reviewed(store, link.id, _KEYS[answer], name, why)
            except InputError as error:  # the next one may be decided all the same
                terminal.say(str(error))
            else:
                click.echo(f"{link.id} {_KEYS[answer]}")


def _line(text: str) -> str:
    """Give a text for a terminal: data cannot steer it."""
    return "".join(c if c.isprintable() else " " for c in text)
