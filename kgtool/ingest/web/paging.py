"""From page to page, to the end: resumed where it was interrupted, and never round in circles."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from kgtool.errors import LimitError, Location, ParseError, RemoteError
from kgtool.ingest.web.asking import Request
from kgtool.ingest.web.client import MISSING, Client, target_named
from kgtool.ingest.web.keeping import KeptPage, Shelf, tidy_pages

Read = TypeVar("Read")


@dataclass(frozen=True)
class Page(Generic[Read]):
    """One page of a harvest.

    :param number: from 1.
    :param content: as the harvest's ``read`` made it of the body.
    :param url: where it came from in the end.
    :param asked: whether a server was asked, or the page was at hand from an interrupted run.
    """

    number: int
    content: Read
    url: str
    asked: bool


@dataclass(frozen=True)
class Following(Generic[Read]):
    """How one kind of server pages.

    :param read: a body to what is in it; a ParseError for what cannot be read.
    :param after: the request for the page after one; None after the last.
    :param records: those of a page.
    :param total: how many there are in all, where the server says so.
    """

    read: Callable[[bytes], Read]
    after: Callable[[Request, Read], Request | None]
    records: Callable[[Read], Sequence[object]]
    total: Callable[[Read], int | None] = lambda read: None


def harvest(
    client: Client,
    first: Request,
    following: Following[Read],
    *,
    cache: Path | None = None,
    progress: Callable[[str, int], None] | None = None,
    limit: int | None = None,
    may_be_missing: bool = False,
    keep: Callable[[Shelf], None] | None = None,
) -> Iterator[Page[Read]]:
    """Give the pages from the first to the last.

    A page that was got by a run that broke off less than a day ago is not asked for again. One that a whole run got is
    asked for with its ETag and its date, and taken from disk where the server says that it is as it was.

    :param cache: folder for pages; None keeps nothing.
    :param progress: told the stage, with the total where it is known, and the records so far.
    :param limit: of records: no page is asked for once there are so many.
    :param may_be_missing: whether "not found" is an answer, with no page to give, and no error.
    :param keep: given the shelf of the pages, by who may leave before the last page and yet calls the harvest whole.
    :raises InputError: if the URL is none.
    :raises LimitError: for more pages than our manners allow.
    :raises RemoteError: if the server fails, or leads back to pages that it gave already.
    """
    target_named(first.url)
    if cache is not None:
        tidy_pages(cache)
    shelf = Shelf(cache, first)
    if keep is not None:
        keep(shelf)
    if shelf.resumed:
        client.note(f"goes on from an interrupted run: {shelf.resumed} pages are at hand")
    asked: set[str] = set()
    seen: set[bytes] = set()
    count, number = 0, 0
    request: Request | None = first
    while request is not None and (limit is None or count < limit):
        number += 1
        _refuse_circle(request, asked, number, client.manners.max_pages)
        got = _page(client, request, shelf, following.read, may_be_missing)
        if got is None:
            break
        body, url, at_hand = got
        content = following.read(body)
        records = following.records(content)
        digest = hashlib.sha256(repr(records).encode("utf-8", "surrogatepass")).digest()
        if records and digest in seen:
            raise RemoteError(
                f"page {number} is the same as an earlier one, so the pages have no end",
                where=Location(iri=request.shown),
                hint="nothing was imported; ask for less, or tell the registry",
            )
        seen.add(digest)
        count += len(records)
        if progress is not None:
            total = following.total(content)
            progress(f"page {number}" if total is None else f"page {number}, records of {total:,}", count)
        yield Page(number, content, url, asked=not at_hand)
        request = following.after(request, content) if records else None
    shelf.finish()


def _page(
    client: Client, request: Request, shelf: Shelf, read: Callable[[bytes], object], may_be_missing: bool
) -> tuple[bytes, str, bool] | None:
    """Give a page's body, its address, and whether nobody was asked for it; None for one that is not there."""
    kept = _readable(shelf.page(request), read)
    if kept is not None and kept.fresh:
        return kept.content, kept.url, True
    etag, date = (kept.etag, kept.last_modified) if kept is not None else (None, None)
    missing = MISSING if may_be_missing else ()
    answer = client.get(request, etag=etag, last_modified=date, check=read, answers=missing)
    if answer.status in MISSING:
        return None
    if answer.status == 304 and kept is not None:
        shelf.put(request, kept.content, kept.url, answer.etag or kept.etag, answer.last_modified or kept.last_modified)
        return kept.content, kept.url, False
    if answer.status == 304:
        raise RemoteError("says that a page is as it was, and we have none", where=Location(iri=request.shown))
    shelf.put(request, answer.content, answer.url, answer.etag, answer.last_modified)
    return answer.content, answer.url, False


def _readable(kept: KeptPage | None, read: Callable[[bytes], object]) -> KeptPage | None:
    """Give a kept page only if it can be read, as what reads it may have changed since."""
    if kept is None:
        return None
    try:
        read(kept.content)
    except ParseError:
        return None
    return kept


def _refuse_circle(request: Request, asked: set[str], number: int, most: int) -> None:
    if request.key in asked:
        raise RemoteError(
            f"page {number} leads back to a page that was read already",
            where=Location(iri=request.shown),
            hint="nothing was imported; ask for less, or tell the registry",
        )
    if number > most:
        raise LimitError(f"more than {most:,} pages", where=Location(iri=request.shown), hint="ask for less")
    asked.add(request.key)
