"""One visit to a registry's service: what is asked for, the pages as they come, and what is to be told of it later."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from kgtool.config import Settings
from kgtool.errors import InputError
from kgtool.ingest.registries.answers import Numbered, checked
from kgtool.ingest.registries.registry import Fault, Origin, Record
from kgtool.ingest.web import Client, Following, Page, Request, Secrets, Shelf, harvest
from kgtool.store.hosts import target_of

Read = TypeVar("Read")
#: Identifiers that a graph names of a visit that asked for each; of more it says how many.
_NAMED: Final = 50


@dataclass(frozen=True)
class Asked:
    """What a person asks a registry for: a query in the registry's own language, or records by identifier.

    :param base: address of the service in place of the registry's own.
    :param limit: of records.
    """

    query: str | None = None
    identifiers: tuple[str, ...] = ()
    base: str | None = None
    limit: int | None = None


@dataclass
class Visit:
    """Goes to a service for pages. All of them are one run on disk: it is whole when all that was asked for was got.

    :param cache: folder for pages; None keeps none.
    """

    client: Client
    asked: Asked
    cache: Path | None = None
    progress: Callable[[str, int], None] | None = None
    _queries: dict[str, str | None] = field(default_factory=dict, init=False)
    _shelf: Shelf | None = field(default=None, init=False)

    def pages(
        self, first: Request, following: Following[Read], *, told: str | None = None, limited: bool = True
    ) -> Iterator[Page[Read]]:
        """Give the pages that begin with a request, up to the limit that the person set.

        :param told: what the graph says was asked; the address of the request in any case.
        :param limited: whether what a page lists are records, so that the limit is for it; else ``following`` heeds it.
        """
        self._queries[first.shown] = told
        shelf, limit = self._shelf_for(first), self.asked.limit if limited else None
        yield from harvest(self.client, first, following, shelf=shelf, progress=self.progress, limit=limit)

    def one(self, request: Request, following: Following[Read]) -> Read | None:
        """Give one page; None if there is no such thing."""
        pages = harvest(self.client, request, following, shelf=self._shelf_for(request), may_be_missing=True)
        return next((page.content for page in pages), None)

    def finish(self) -> None:
        """Say that all was got: the next visit like this one asks for every page again."""
        if self._shelf is not None:
            self._shelf.finish()

    def _shelf_for(self, first: Request) -> Shelf:
        if self._shelf is None:
            self._shelf = Shelf(self.cache, first, astuple(self.asked))
            if self._shelf.resumed:
                self.client.note(f"goes on from an interrupted run: {self._shelf.resumed} pages are at hand")
        return self._shelf

    def names(self, base: str) -> None:
        """Take note that records were asked for by identifier."""
        named = self.asked.identifiers
        shown = ", ".join(named[:_NAMED]) + (f" and {len(named) - _NAMED} more" if len(named) > _NAMED else "")
        self._queries[base] = shown

    def origins(self) -> list[Origin]:
        """Say what was asked, for the graph: addresses and queries, never secrets."""
        return [Origin(address, target_of(address).url, query=query) for address, query in self._queries.items()]


@dataclass(frozen=True)
class Service:
    """How a registry is asked.

    :param base: its address.
    :param records: the records that it gives; a query that it cannot be asked is an InputError.
    :param is_identifier: tells what is an identifier of it from the name of a file.
    :param secrets: what the settings hold for it, under the name ``key``.
    """

    base: str
    records: Callable[[Visit, str], Iterator[Record | Fault]]
    is_identifier: Callable[[str], bool]
    secrets: Callable[[Settings, str], Secrets | None] = lambda settings, base: None
    key: str | None = None


def counted(pages: Iterable[list[Any]], limit: int | None) -> Numbered:
    """Number the records of pages one after the other, up to a limit."""
    every = (record for page in pages for record in page)
    for number, record in enumerate(itertools.islice(every, limit), 1):
        yield checked(number, record)


def query_of(asked: Asked, source: str, example: str) -> str:
    """Give the query.

    :raises InputError: if nothing is asked for.
    """
    if not asked.query or not asked.query.strip():
        raise InputError(f"nothing is asked of {source}", hint=f"give a query, such as --query {example}")
    return asked.query.strip()


def kind_and_query(query: str, kinds: Iterable[str], example: str) -> tuple[str, str]:
    """Take a query apart that begins with what is looked for.

    >>> kind_and_query("works:institutions.ror:02ppyfa04", ["works"], "works:…")
    ('works', 'institutions.ror:02ppyfa04')

    :raises InputError: if it does not.
    """
    kind, _, rest = query.partition(":")
    if kind not in kinds or not rest.strip():
        shown = ", ".join(kinds)
        raise InputError(
            f"{query[:60]!r} does not say what is looked for", hint=f"begin with one of {shown}: {example}"
        )
    return kind, rest.strip()


def batches(identifiers: Iterable[str], size: int) -> Iterator[list[str]]:
    """Give identifiers in lists of at most so many, each once."""
    left = iter(dict.fromkeys(identifiers))
    while batch := list(itertools.islice(left, size)):
        yield batch
