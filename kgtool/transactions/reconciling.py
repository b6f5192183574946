"""A table reconciled with a service over HTTP: what is asked, politely, and within limits of time and size."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from kgtool.errors import InputError, LimitError, Location, RemoteError
from kgtool.link.reconciliation.enriching import Ask, Enriched, Options, enrich
from kgtool.link.reconciliation.services import Sent, clean, host_of
from kgtool.link.reconciliation.tables import Table
from kgtool.transactions.progress import Progress
from kgtool.vocabulary import ONTOLOGY_IRI

MAX_BYTES: Final = 32 * 2**20
_ATTEMPTS: Final = 5
#: Longest wait that a server may ask for, and the first one where it asks for none.
_PATIENCE: Final = 120.0
_FIRST_WAIT: Final = 1.0
_PASSING: Final = (429, 502, 503, 504)
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_MAX_REDIRECTS: Final = 5
_TIMEOUT: Final = urllib3.Timeout(connect=10, read=120)


def reconcile(
    table: Table,
    url: str,
    options: Options,
    *,
    agent: str,
    note: Callable[[str], None],
    progress: Progress | None = None,
) -> Enriched:
    """Reconcile a column of a table with a service.

    :param agent: who asks, as software with its version.
    :param note: told in words of waits.
    :raises InputError: for what is wrong with the table or the options, or an answer that is none.
    :raises RemoteError: if the service fails.
    """
    with _asking(f"{agent} (+{ONTOLOGY_IRI})", note) as ask:
        return enrich(table, url, options, ask, progress)


@contextmanager
def _asking(agent: str, note: Callable[[str], None], sleep: Callable[[float], None] = time.sleep) -> Iterator[Ask]:
    pool = urllib3.PoolManager(num_pools=2, maxsize=1, retries=False)

    def once(url: str, sent: Sent | None) -> tuple[int, dict[str, str], bytes]:
        headers = {"User-Agent": agent, "Accept": "application/json", "Accept-Encoding": "gzip"}
        if sent is not None:
            headers["Content-Type"] = sent.media_type
        response = pool.request(
            "GET" if sent is None else "POST",
            url,
            body=sent.body if sent else None,
            headers=headers,
            redirect=False,
            preload_content=False,
            timeout=_TIMEOUT,
        )
        try:
            content = bytearray()
            for piece in response.stream(1 << 16, decode_content=True):
                content += piece
                if len(content) > MAX_BYTES:
                    hint = "a service that answers so much is of no use here"
                    raise InputError(f"an answer of more than {MAX_BYTES >> 20} MB", where=Location(iri=url), hint=hint)
            return response.status, dict(response.headers), bytes(content)
        finally:
            response.close()

    def ask(url: str, sent: Sent | None) -> tuple[bytes, str]:
        host = host_of(url)
        redirects, attempt = 0, 0
        while True:
            attempt += 1
            try:
                status, headers, content = once(url, sent)
            except (HTTPError, OSError) as error:
                status, headers, content = 0, {}, str(type(error).__name__).encode()
            if status == 200:
                return content, url
            if status in _REDIRECTS:
                url = _followed(url, headers.get("Location", ""), host, sent, redirects)
                redirects, attempt = redirects + 1, attempt - 1
                continue
            if status not in (0, *_PASSING) or attempt == _ATTEMPTS:
                raise _failed(url, status, content)
            wait = _wait(headers.get("Retry-After"), attempt)
            if wait > _PATIENCE:
                raise RemoteError(
                    f"{host} asks to come back in {wait:.0f} s", where=Location(iri=url), hint="try later"
                )
            note(f"{host} {f'answered {status}' if status else 'did not answer'}; asked again in {wait:.0f} s")
            sleep(wait)

    try:
        yield ask
    finally:
        pool.clear()


def _followed(url: str, target: str, host: str, sent: Sent | None, redirects: int) -> str:
    """Give where a redirect leads, if it may be followed: a GET, on the same host.

    :raises InputError: naming where it leads.
    """
    new = urljoin(url, target)
    if sent is None and redirects < _MAX_REDIRECTS and urlsplit(new).hostname == host and target:
        return new
    where = Location(iri=url)
    raise InputError(f"it redirects to {clean(new)[:200]}", where=where, hint="if you trust it, give that as --service")


def _wait(field: str | None, attempt: int) -> float:
    if field is not None and field.strip().isascii() and field.strip().isdigit():
        return float(field.strip()[:12])
    return float(_FIRST_WAIT * 2 ** (attempt - 1))


def _failed(url: str, status: int, content: bytes) -> InputError | RemoteError | LimitError:
    said = clean(content[:2000].decode("utf-8", "replace"))[:200]
    where = Location(iri=url)
    if status == 0:
        return RemoteError(
            f"it cannot be reached ({said})", where=where, hint="is the address right, and the service up?"
        )
    if 400 <= status < 500 and status != 429:
        return InputError(f"it answered {status}: {said}", where=where, hint="is this a reconciliation service?")
    return RemoteError(f"it answered {status}: {said}", where=where, hint="try later")
