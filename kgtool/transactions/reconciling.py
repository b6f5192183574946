"""A table reconciled with a service over HTTP, politely, and without its cells going where nobody said they may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urljoin, urlsplit

from kgtool.errors import InputError, Location
from kgtool.ingest.web import REDIRECTS, Answer, Client, Clock, Manners, Request
from kgtool.link.reconciliation.enriching import Ask, Enriched, Options, enrich
from kgtool.link.reconciliation.services import Sent, clean
from kgtool.link.reconciliation.tables import Table
from kgtool.transactions.progress import Progress

#: A batch takes a service long, and they come one after the other anyway.
_MANNERS: Final = Manners(gap=0.0, attempts=5, patience=120.0, read=120.0, max_bytes=32 * 2**20)
#: What another attempt does not mend: a service says so with these statuses, as does who is none.
_ANSWERS: Final = frozenset({*REDIRECTS, *range(400, 500)} - {429})
_MAX_REDIRECTS: Final = 5


def reconcile(
    table: Table,
    url: str,
    options: Options,
    *,
    agent: str,
    note: Callable[[str], None],
    proxy: str | None = None,
    progress: Progress | None = None,
    clock: Clock | None = None,
) -> Enriched:
    """Reconcile a column of a table with a service.

    :param agent: the User-Agent.
    :param note: told in words of waits.
    :param proxy: address of a proxy that leads out.
    :raises InputError: for what is wrong with the table or the options, or an answer that is none.
    :raises LimitError: for an answer that is too large.
    :raises RemoteError: if the service fails.
    """
    client = Client(
        agent, _MANNERS, note=note, clock=clock or Clock(), proxy=proxy, again="the whole table is asked for again"
    )
    try:
        return enrich(table, url, options, _asking(client), progress)
    finally:
        client.close()


def _asking(client: Client) -> Ask:
    def ask(url: str, sent: Sent | None) -> tuple[bytes, str]:
        for redirects in range(_MAX_REDIRECTS + 1):
            request = Request(url, body=sent.body, media_type=sent.media_type) if sent else Request(url)
            answer = client.get(request, answers=_ANSWERS)
            if answer.status == 200:
                return answer.content, url
            if answer.status not in REDIRECTS:
                raise _refused(answer)
            url = _followed(answer, sent, redirects)
        raise AssertionError("the last redirect is refused")

    return ask


def _followed(answer: Answer, sent: Sent | None, redirects: int) -> str:
    """Give where a redirect leads, if it may be followed: a GET, on the same host.

    :raises InputError: naming where it leads.
    """
    try:
        new = urljoin(answer.url, answer.location or "")
        stays = bool(answer.location) and urlsplit(new).hostname == urlsplit(answer.url).hostname
    except ValueError:
        new, stays = answer.location or "", False
    if sent is None and redirects < _MAX_REDIRECTS and stays:
        return new
    where, hint = Location(iri=answer.url), "if you trust it, give that as --service"
    raise InputError(f"it redirects to {clean(new)[:200]}", where=where, hint=hint)


def _refused(answer: Answer) -> InputError:
    said = clean(answer.content.decode("utf-8", "replace"))[:200]
    where, hint = Location(iri=answer.url), "is this a reconciliation service?"
    return InputError(f"it answered {answer.status}{f': {said}' if said else ''}", where=where, hint=hint)
