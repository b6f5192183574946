"""One request to another server, within limits: allowed hosts, checked addresses, overall time, size, redirects.

No proxies of the environment, no cookies, no credentials. What is cut or too large is an error, never a part.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final
from urllib.parse import urljoin

from kgtool.errors import KgtoolError, Location, RemoteError
from kgtool.federation.addresses import addresses_of
from kgtool.store.hosts import AllowedHosts, Target

MAX_REDIRECTS: Final = 3
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_PIECE: Final = 64 * 1024
_SHOWN: Final = 200


@dataclass(frozen=True)
class Fetched:
    """What another server answered.

    :param content: the whole body, decompressed.
    :param media_type: in lower case, without parameters.
    :param url: where it came from in the end.
    """

    content: bytes
    media_type: str
    url: str


@dataclass(frozen=True)
class _Limits:
    """What is left for one request.

    :param ends: on the monotonic clock.
    :param seconds: how long that was at first.
    """

    ends: float
    seconds: float
    max_bytes: int

    def left(self, target: Target) -> float:
        """Give the seconds left.

        :raises RemoteError: if there are none.
        """
        left = self.ends - monotonic()
        if left <= 0:
            raise self.late(target)
        return left

    def late(self, target: Target) -> RemoteError:
        return _failed(target, f"did not answer within {self.seconds:g} s")


def fetch(
    url: str,
    hosts: AllowedHosts,
    *,
    accept: str,
    timeout: float,
    max_bytes: int,
    body: bytes | None = None,
    media_type: str | None = None,
) -> Fetched:
    """Ask another server: GET, or POST with a body.

    :param timeout: seconds, from the look-up of the name to the last byte of the last redirect.
    :param max_bytes: of the answer, after decompression.
    :param media_type: of the body.
    :raises QueryError: for a host or an address that may not be reached.
    :raises RemoteError: if the server fails.
    """
    limits = _Limits(monotonic() + timeout, timeout, max_bytes)
    headers = {"Accept": accept, "Accept-Encoding": "gzip", "User-Agent": "kgtool", "Connection": "close"}
    if media_type:
        headers["Content-Type"] = media_type
    for _ in range(MAX_REDIRECTS + 1):
        target = hosts.check(url)
        with _answer(target, hosts, body, headers, limits) as response:
            if response.status not in _REDIRECTS:
                _refuse_failure(response, target)
                kind = response.getheader("Content-Type", "").partition(";")[0].strip().lower()
                return Fetched(_whole(response, target, limits), kind, target.url)
            url = urljoin(target.url, response.getheader("Location", ""))
            if response.status == 303:
                body = None
                headers.pop("Content-Type", None)
    raise _failed(target, f"redirects more than {MAX_REDIRECTS} times")


@contextmanager
def _answer(
    target: Target, hosts: AllowedHosts, body: bytes | None, headers: Mapping[str, str], limits: _Limits
) -> Iterator[http.client.HTTPResponse]:
    """Send a request and give the response, its body unread; at the end of the time the connection breaks off."""
    connection = http.client.HTTPConnection(target.host, target.port)
    late = threading.Event()
    try:
        plain = _connected(target, hosts, limits)
        with plain, _cut_off(plain, limits.left(target), late):
            # The socket is there already, so http.client neither looks up the name nor connects by itself.
            connection.sock = _encrypted(plain, target) if target.scheme == "https" else plain
            connection.request("POST" if body is not None else "GET", target.path, body, dict(headers))
            with connection.getresponse() as response:
                yield response
            if late.is_set():
                raise limits.late(target)
    except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
        if isinstance(error, KgtoolError):
            raise
        if late.is_set() or isinstance(error, TimeoutError):
            raise limits.late(target) from error
        raise _failed(target, f"broke off: {str(error) or type(error).__name__}") from error
    finally:
        connection.close()


def _connected(target: Target, hosts: AllowedHosts, limits: _Limits) -> socket.socket:
    """Connect to an address that was checked."""
    failure: OSError | None = None
    for address in addresses_of(target, hosts, limits.left(target)):
        try:
            return socket.create_connection((str(address), target.port), limits.left(target))
        except OSError as error:
            failure = error
    raise _failed(target, f"cannot be connected to: {failure}") from failure


def _encrypted(plain: socket.socket, target: Target) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)


@contextmanager
def _cut_off(connection: socket.socket, seconds: float, late: threading.Event) -> Iterator[None]:
    """Break a connection off after some seconds; a time limit of each read does not bound a server that trickles."""
    other = connection.dup()

    def cut() -> None:
        late.set()
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        other.close()


def _whole(response: http.client.HTTPResponse, target: Target, limits: _Limits) -> bytes:
    """Read a body to its end, and unpack it.

    :raises RemoteError: if it is too large, cut, or packed otherwise.
    """
    coding = response.getheader("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise _failed(target, f"answers in the coding {coding[:40]!r}, which was not asked for")
    unpacker = zlib.decompressobj(wbits=31) if coding != "identity" else None
    content = bytearray()
    while piece := response.read1(_PIECE):
        while piece:
            room = limits.max_bytes + 1 - len(content)
            content += piece if unpacker is None else unpacker.decompress(piece, room)
            piece = b"" if unpacker is None else unpacker.unconsumed_tail
            if len(content) > limits.max_bytes:
                raise _failed(target, f"answers with more than {limits.max_bytes / 2**20:g} MB")
    if response.length or (unpacker is not None and not unpacker.eof):
        raise _failed(target, "broke off in the middle of its answer")
    limits.left(target)
    return bytes(content)


def _refuse_failure(response: http.client.HTTPResponse, target: Target) -> None:
    if 200 <= response.status < 300:
        return
    said = " ".join(response.read(2000).decode("utf-8", "replace").split())[:_SHOWN]
    shown = "".join(character for character in said if character.isprintable())
    raise _failed(target, f"answered {response.status} {response.reason}".rstrip() + (f": {shown}" if shown else ""))


def _failed(target: Target, why: str) -> RemoteError:
    return RemoteError(f"{target.scheme}://{target.place} {why}", where=Location(iri=target.url))
