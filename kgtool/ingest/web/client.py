"""One page from one server: asked politely, tried again where that can help, within limits of time and size."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urljoin

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError, LocationParseError, NameResolutionError, NewConnectionError, SSLError

from kgtool.errors import LimitError, Location, ParseError, RemoteError
from kgtool.ingest.web.asking import Request, Secrets, printable, target_named
from kgtool.ingest.web.connecting import Homes, pools, pools_of_proxy
from kgtool.ingest.web.manners import Clock, Manners, retry_after
from kgtool.ingest.web.timing import TookTooLongError
from kgtool.store.hosts import address_of, is_public, target_of

MAX_REDIRECTS: Final = 5
REDIRECTS: Final = (301, 302, 303, 307, 308)
_PASSING: Final = (429, 500, 502, 503, 504)
MISSING: Final = (404, 410)
_PIECE: Final = 1 << 16
_WORDS: Final = 2000
#: A whole body that is not what it should be is asked for no more often than this.
_BAD_BODIES: Final = 3


@dataclass(frozen=True)
class Answer:
    """What a server answered.

    :param status: 200, 304 for a page that is as it was, or one that is an answer to who asked.
    :param content: the body, decompressed; nothing for 304, and of others than 200 only how it begins.
    :param url: where it came from in the end, without secrets.
    :param location: where it redirects to.
    """

    status: int
    content: bytes
    url: str
    etag: str | None = None
    last_modified: str | None = None
    location: str | None = None


class _PassingError(Exception):
    """What another attempt may mend."""

    def __init__(self, why: str, after: float | None = None, *, body: bool = False) -> None:
        super().__init__(why)
        self.after = after
        self.body = body


@dataclass
class Client:
    """Asks servers, one request at a time for each host: among all clients of this machine if they share ``locks``.

    :param agent: the User-Agent.
    :param key: name of the setting that holds the secrets, for who is told that they are wrong or missing.
    :param note: told in words of what a person should know: attempts that failed, waits.
    :param locks: folder for one lock file a host; None for no locks.
    :param proxy: address of a proxy that leads out; private addresses are asked without it.
    :param again: what a person is told of another run, after one that failed.
    """

    agent: str
    manners: Manners = field(default_factory=Manners)
    secrets: Secrets | None = None
    key: str | None = None
    note: Callable[[str], None] = lambda words: None
    clock: Clock = field(default_factory=Clock)
    locks: Path | None = None
    proxy: str | None = None
    again: str = "it goes on from the pages that were got"
    _last: dict[str, float] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self._homes = Homes()
        self._pools = pools(self._homes.allow, self.manners.whole)
        self._outward = pools_of_proxy(self.proxy, self.manners.whole) if self.proxy else self._pools

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._pools.clear()
        self._outward.clear()

    def get(
        self,
        request: Request,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        check: Callable[[bytes], object] | None = None,
        answers: Container[int] = (),
    ) -> Answer:
        """Ask for a page, as often as it takes within the limits.

        :param etag: of the page that is at hand; with ``last_modified`` it makes 304 a possible answer.
        :param check: reads the body; a ParseError says that it is not what it should be, and it is asked for again.
        :param answers: statuses, beside 200, that are answers and no failures; a redirect among them is not followed.
        :raises InputError: if the URL is none.
        :raises LimitError: if the page is too large.
        :raises RemoteError: if the server fails, or asks to wait longer than our patience.
        """
        target = target_named(request.url)
        self._homes.add(target.host, target.port)
        bad = 0
        for attempt in range(1, self.manners.attempts + 1):
            try:
                answer = self._followed(request, etag, last_modified, answers)
                if check is not None and answer.status == 200:
                    _checked(check, answer.content)
                return answer
            except _PassingError as failure:
                bad += failure.body
                if attempt == self.manners.attempts or bad == _BAD_BODIES:
                    times = f"{attempt} times, at last: " if attempt > 1 else ""
                    raise _failed(
                        request.url, f"failed {times}{failure}", f"run it again later: {self.again}"
                    ) from failure
                wait = self.manners.wait(attempt) if failure.after is None else failure.after
                self._refuse_long(request.url, wait)
                self.note(f"{target.place}: {failure}; asked again in {wait:.0f} s")
                self.clock.sleep(wait)
        raise AssertionError("no attempt allowed")

    def _refuse_long(self, url: str, wait: float) -> None:
        if wait > self.manners.patience:
            back = self.clock.wall() + timedelta(seconds=min(wait, 10**9))
            why = f"asks to come back at {back:%Y-%m-%d %H:%M} UTC ({wait:.0f} s)"
            raise _failed(url, why, f"run it again then: {self.again}")

    def _followed(
        self, request: Request, etag: str | None, last_modified: str | None, answers: Container[int]
    ) -> Answer:
        """Ask once, and follow redirects."""
        url, body = request.full_url, request.body
        for _ in range(MAX_REDIRECTS + 1):
            fields = {"Accept": request.accept, "Accept-Encoding": "gzip", "User-Agent": self.agent}
            if body is not None and request.media_type:
                fields["Content-Type"] = request.media_type
            if etag is not None:
                fields["If-None-Match"] = etag
            if last_modified is not None:
                fields["If-Modified-Since"] = last_modified
            with self._response(url, body, fields) as response:
                if response.status not in REDIRECTS or response.status in answers:
                    return self._answer(response, url, answers)
                leads = response.headers.get("Location", "")
                if response.status == 303 or (response.status in (301, 302) and body is not None):
                    body = None
            url = _led(url, leads, request.url)
        raise _failed(request.url, f"redirects more than {MAX_REDIRECTS} times")

    @contextmanager
    def _response(self, url: str, body: bytes | None, fields: dict[str, str]) -> Iterator[BaseHTTPResponse]:
        """Wait for our turn, send, and give the response with its body unread."""
        asked, host = url, target_of(url).place
        if self.secrets is not None and self.secrets.are_for(url):
            fields = {**fields, **self.secrets.headers}
            if self.secrets.parameters:
                asked = f"{url}{'&' if '?' in url else '?'}{urlencode(self.secrets.parameters)}"
        timeout = Timeout(connect=self.manners.connect, read=self.manners.read)
        with self._turn(host):
            try:
                response = self._pools_to(url).request(
                    "POST" if body is not None else "GET",
                    asked,
                    body=body,
                    headers=fields,
                    redirect=False,
                    retries=False,
                    preload_content=False,
                    timeout=timeout,
                )
                try:
                    yield response
                finally:
                    response.close()
            except LocationParseError as error:
                raise _failed(url, "is no address") from error
            except SSLError as error:
                raise _failed(url, f"cannot be trusted: {printable(str(error))}") from error
            except NameResolutionError as error:
                raise _PassingError("the host was not found") from error
            except NewConnectionError as error:
                raise _PassingError("cannot be reached") from error
            except (HTTPError, OSError) as error:
                if TookTooLongError in (type(error), type(error.__cause__)):
                    raise _PassingError(f"took longer than {self.manners.whole:g} s for a page") from error
                raise _PassingError(f"broke off ({type(error).__name__})") from error

    def _pools_to(self, url: str) -> PoolManager:
        """Give the pools that lead to a host: a proxy is for the world outside, and for nothing that is inside."""
        address = address_of(target_of(url).host)
        return self._pools if address is not None and not is_public(address) else self._outward

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        """Hold a host for one request, the least gap after the one before."""
        with _locked(self.locks, host):
            early = self._last.get(host, -1e9) + self.manners.gap - self.clock.now()
            if early > 0:
                self.clock.sleep(early)
            try:
                yield
            finally:
                self._last[host] = self.clock.now()

    def _answer(self, response: BaseHTTPResponse, url: str, answers: Container[int]) -> Answer:
        status = response.status
        tags = (response.headers.get("ETag"), response.headers.get("Last-Modified"))
        if status == 304:
            return Answer(status, b"", url, *tags)
        if status in answers:
            return Answer(status, _beginning(response), url, location=response.headers.get("Location", ""))
        if status in _PASSING:
            after = retry_after(response.headers.get("Retry-After"), self.clock.wall())
            raise _PassingError(f"answered {status}{_said(response)}", after)
        if status != 200:
            hint = f"it wants a key: set {self.key}" if self.key and status in (401, 403) else None
            raise _failed(url, f"answered {status}{_said(response)}", hint)
        return Answer(status, self._body(response, url), url, *tags)

    def _body(self, response: BaseHTTPResponse, url: str) -> bytes:
        content = bytearray()
        for piece in response.stream(_PIECE, decode_content=True):
            content += piece
            if len(content) > self.manners.max_bytes:
                size = f"{self.manners.max_bytes / 2**20:g} MB"
                raise LimitError(f"an answer of more than {size}", where=Location(iri=url), hint="ask for less at once")
        return bytes(content)


@contextmanager
def _locked(folder: Path | None, host: str) -> Iterator[None]:
    if folder is None:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{host.replace(':', '_')}.lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _checked(check: Callable[[bytes], object], content: bytes) -> None:
    try:
        check(content)
    except ParseError as error:
        raise _PassingError(f"sent what cannot be read: {error}", body=True) from error


def _led(url: str, leads: str, first: str) -> str:
    """Give the URL that a redirect leads to.

    :raises RemoteError: if it is none, or leaves https, where nobody on the way reads or changes what is asked.
    """
    try:
        following = target_of(urljoin(url, leads))
        if (target_of(url).scheme, following.scheme) == ("https", "http"):
            raise ValueError("it leads from https to http")
    except ValueError as error:
        raise _failed(first, f"redirects to {printable(leads)!r}: {error}") from error
    return urljoin(url, leads)


def _said(response: BaseHTTPResponse) -> str:
    """Give the first words of a failure's body, without what could steer a terminal."""
    shown = printable(" ".join(_beginning(response).decode("utf-8", "replace").split()))
    return f": {shown}" if shown else ""


def _beginning(response: BaseHTTPResponse) -> bytes:
    """Give how a body begins, which nobody counts on."""
    try:
        return response.read1(_WORDS, decode_content=True)[:_WORDS]
    except (HTTPError, OSError):
        return b""


def _failed(url: str, why: str, hint: str | None = None) -> RemoteError:
    return RemoteError(f"{target_of(url).place} {why}", where=Location(iri=url), hint=hint)
