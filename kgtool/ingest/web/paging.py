"""From page to page, to the end: resumed where it was interrupted, and never round in circles."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from kgtool.errors import LimitError, Location, ParseError, RemoteError
from kgtool.ingest.web.asking import Request
from kgtool.ingest.web.client import MISSING, Client
from kgtool.ingest.web.keeping import KeptPage, Shelf

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

    :param read: a body to what is in it; a ParseError for what cannot be read, or owns to be less than was asked for.
    :param after: the request for the page after one; None after the last; a ParseError where pages would have no end.
    :param records: those of a page.
    :param total: how many there are in all, where the server says so.
    :param may_repeat: whether pages may hold the same records and be honest; then ``after`` tells circles.
    """

    read: Callable[[bytes], Read]
    after: Callable[[Request, Read], Request | None]
    records: Callable[[Read], Sequence[object]]
    total: Callable[[Read], int | None] = lambda read: None
    may_repeat: bool = False


def harvest(
    client: Client,
    first: Request,
    following: Following[Read],
    *,
    shelf: Shelf | None = None,
    progress: Callable[[str, int], None] | None = None,
    limit: int | None = None,
    may_be_missing: bool = False,
) -> Iterator[Page[Read]]:
    """Give the pages from the first to the last.

    A page that is on the shelf from a run that broke off is not asked for again. One that a whole run got is asked for
    with its ETag and its date, and taken from disk where the server says that it is as it was. Whether the run is whole
    now is for whoever has the shelf to say: a harvest does not know whether another one follows.

    :param shelf: for pages; None keeps nothing.
    :param progress: told the stage, with the total where it is known, and the records so far.
    :param limit: of records: no page is asked for once there are so many.
    :param may_be_missing: whether "not found" is an answer, with no page to give, and no error.
    :raises InputError: if the URL is none.
    :raises LimitError: for more pages than our manners allow.
    :raises RemoteError: if the server fails, ends before it gave as many records as it says there are, or leads back to
        pages that it gave already.
    """
    shelf = shelf or Shelf(None, first)
    asked: dict[str, None] = {}
    seen: set[bytes] = set()
    read, number = _Reading(following, limit), 0
    request: Request | None = first
    while request is not None and (limit is None or read.count < limit):
        number += 1
        if request.key in asked:
            raise _circle(f"page {number} leads back to a page that was read already", request, shelf, asked)
        if number > client.manners.max_pages:
            where = Location(iri=request.shown)
            raise LimitError(f"more than {client.manners.max_pages:,} pages", where=where, hint="ask for less")
        asked[request.key] = None
        got = _page(client, request, shelf, partial(read.checked, request), may_be_missing)
        if got is None:
            break
        body, url, at_hand = got
        content = read.taken(request, body)
        records = following.records(content)
        digest = hashlib.sha256(repr(records).encode("utf-8", "surrogatepass")).digest()
        if records and digest in seen and not following.may_repeat:
            what = f"page {number} is the same as an earlier one, so the pages have no end"
            raise _circle(what, request, shelf, asked)
        seen.add(digest)
        if progress is not None:
            total = following.total(content)
            progress(f"page {number}" if total is None else f"page {number}, records of {total:,}", read.count)
        yield Page(number, content, url, asked=not at_hand)
        request = _next(following, request, content, shelf, asked)


@dataclass
class _Reading(Generic[Read]):
    """Reads page after page, and counts.

    :param count: of records so far.
    :param least: the least number of records that a page said there are: what is removed while we read is not missed.
    """

    following: Following[Read]
    limit: int | None
    count: int = 0
    least: int | None = None

    def checked(self, request: Request, body: bytes) -> Read:
        """Read the next page.

        :raises ParseError: if it cannot be read, or is the last one and there should be more.
        """
        content = self.following.read(body)
        least = self._least(content)
        count = self.count + len(self.following.records(content))
        if least is None or count >= (least if self.limit is None else min(least, self.limit)):
            return content
        if self.following.after(request, content) is None:
            raise ParseError(f"the pages end after {count:,} of {least:,} records")
        return content

    def taken(self, request: Request, body: bytes) -> Read:
        """Read the next page, and count it."""
        content = self.checked(request, body)
        self.least = self._least(content)
        self.count += len(self.following.records(content))
        return content

    def _least(self, content: Read) -> int | None:
        told = [total for total in (self.least, self.following.total(content)) if total is not None]
        return min(told, default=None)


def _page(
    client: Client, request: Request, shelf: Shelf, read: Callable[[bytes], object], may_be_missing: bool
) -> tuple[bytes, str, bool] | None:
    """Give a page's body, its address, and whether nobody was asked for it; None for one that is not there."""
    kept = _readable(shelf.page(request), read)
    if kept is not None and kept.fresh:
        return kept.content, kept.url, True
    etag, date = (kept.etag, kept.last_modified) if kept is not None else (None, None)
    answer = client.get(request, etag=etag, last_modified=date, check=read, answers=MISSING if may_be_missing else ())
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


def _next(
    following: Following[Read], request: Request, content: Read, shelf: Shelf, asked: Iterable[str]
) -> Request | None:
    try:
        return following.after(request, content)
    except ParseError as error:
        raise _circle(error.what, request, shelf, asked) from error


def _circle(what: str, request: Request, shelf: Shelf, asked: Iterable[str]) -> RemoteError:
    """Say that pages have no end, and keep none of them: a later run would not ask for them again."""
    shelf.drop(asked)
    hint = "nothing was imported; ask for less, or tell the registry"
    return RemoteError(what, where=Location(iri=request.shown), hint=hint)
