"""The command that removes a person from everywhere, and keeps that person out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import kgtool
from kgtool.cli import options, terminal
from kgtool.config import settings_from
from kgtool.errors import InputError, StoreLockedError
from kgtool.store.folder import StoreFolder
from kgtool.store.locks import holder
from kgtool.transactions.forgetting.forget import Forgetting


@click.command()
@click.argument("iris", metavar="[IRI]...", nargs=-1)
@click.option("--why", metavar="TEXT", default="", help="A note for the list, such as the day of the request.")
@click.option("--texts", is_flag=True, help="Take the name out of every text, also of what is about others.")
@click.option("--dry-run", is_flag=True, help="Change nothing, and show what would go.")
@click.option("--list", "lists", is_flag=True, help="Show instead how many were forgotten, when and why.")
@click.option("--allow", "allows", is_flag=True, help="Take the person off the list instead: may be loaded again.")
@options.as_json
@click.pass_obj
def forget(
    store: Path,
    iris: tuple[str, ...],
    why: str,
    texts: bool,
    dry_run: bool,
    lists: bool,
    allows: bool,
    as_json: bool,
) -> None:
    """Remove the person IRI from graph and files, and keep that person out.

    What goes: every statement about the person, under whatever name (owl:sameAs, schema:sameAs, skos:exactMatch,
    the same identifier, the same full name in the same unit); memberships, participations, identifiers and links
    that exist only for that person; what follows from them; the name in what tells where facts come from, and in
    the log of changes over HTTP. The store's files are then written anew. Where a name still stands is listed, and
    so are other people of that name: they stay.

    A list of keyed digests of the IRIs and identifiers, and of the full name with each unit, stays in the store.
    What is loaded, imported, built or restored later is held against it, and statements about the person are left
    out. Backups made before keep the person: remove them, or restore them with this store in place. A server of the
    store takes the same by POST /forget.

    \b
    Examples:
      kgtool forget --dry-run https://w3id.org/kgtool/id/hauts-de-france/person/joel-haas
      kgtool forget https://w3id.org/kgtool/id/hauts-de-france/person/joel-haas --why 'asked on 26 November'
      kgtool forget --list
      kgtool forget --allow https://w3id.org/kgtool/id/hauts-de-france/person/joel-haas
    """
    if lists:
        _list(store, as_json)
        return
    if not iris:
        raise InputError("nobody is named", hint="give the IRI of a person, or --list")
    settings = settings_from()
    memory = settings.reason_memory
    try:
        with (
            terminal.progress() as progress,
            kgtool.KnowledgeGraph.open(store, write=not dry_run or allows, memory=memory) as kg,
        ):
            if allows:
                terminal.tell({"allowed": kg.allow(iris)}, as_json)
                return
            report = kg.forget(Forgetting(iris, why, texts, dry_run, settings.cache), progress=progress)
    except StoreLockedError as error:
        url = holder(StoreFolder(store).lock_file).get("url")
        raise StoreLockedError(
            error.what, hint=f"send the IRI to {url}/forget over HTTP (POST)" if url else error.hint
        ) from error
    terminal.tell(report.as_json(), as_json)
    if not dry_run:
        terminal.say("backups made before still hold what was removed: remove them when they are no longer needed")


def _list(store: Path, as_json: bool) -> None:
    with kgtool.KnowledgeGraph.open(store) as kg:
        people = kg.forgotten()
    rows = [{"number": p.number, "on": p.on, "names": len(p.digests), "why": p.why} for p in people]
    if as_json:
        terminal.print_json({"forgotten": len(rows), "people": rows}, sys.stdout)
    else:
        terminal.print_facts({"forgotten": len(rows), "people": rows}, sys.stdout)
