"""The access log: one line for each request, and its count in the metrics.

A request's query string and header fields are never logged: texts of queries, tokens and names of people are there.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kgtool.web import metrics
from kgtool.web.clients import client_of_environ
from kgtool.web.logs import LineLog, quoted, timestamp

if TYPE_CHECKING:
    from flask import Request

#: Where the environment of a request says its kind, its client, and its id.
KIND: Final = "kgtool.kind"
CLIENT: Final = "kgtool.client"
REQUEST_ID: Final = "kgtool.request_id"
#: When it came, on the monotonic clock.
BEGUN: Final = "kgtool.begun"
#: The status of a request whose client left before the end of its answer.
LEFT: Final = 499

_MAX_PATH: Final = 1000
#: Bytes of an answer of known length that are put together here, so that the server gets them in one piece.
_SHORT: Final = 64 * 1024
_SENT_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KINDS: Final = {
    "sparql": "query", "graphs": "graph", "export": "export", "explain": "explain", "ask": "ask",
    "": "page", "id": "page", "ontology": "page", "search": "page", "links": "page",
    "explore": "page", "page": "page", "sources": "page", "q": "page",
}  # fmt: skip

_StartResponse = Callable[..., Any]
_Application = Callable[[dict[str, Any], _StartResponse], Iterable[bytes]]


class ShortAnswer(NamedTuple):
    """An answer to a query, with status 200.

    :param headers: its header fields, in a list of its own.
    """

    headers: list[tuple[str, str]]
    body: bytes
    commit: str


#: Answers a request of a client with an id, begun at a time of the monotonic clock; None where it does not.
ShortWay = Callable[[dict[str, Any], str, str, float], ShortAnswer | None]


def kind_of(path: str) -> str:
    """Give the kind of request that a path asks for, of :data:`kgtool.web.metrics.KINDS`.

    >>> kind_of("/sparql"), kind_of("/ask/affiliated"), kind_of("/favicon.ico")
    ('query', 'ask', 'other')
    """
    return _KINDS.get(path[1:].partition("/")[0], "other")


def set_kind(request: Request, kind: str) -> None:
    """Say of what kind the current request is, where its path does not tell."""
    request.environ[KIND] = kind


class AccessLog:
    """The application within its access log: a WSGI application itself.

    :param application: what answers.
    :param short: what answers before it, if it can.
    :param log: where the lines go.
    :param trusted: the operator's proxies, see :mod:`kgtool.web.clients`.
    """

    def __init__(self, application: _Application, short: ShortWay, log: LineLog, trusted: Sequence[str]) -> None:
        self._application = application
        self._short = short
        self._log = log
        self._trusted = trusted
        self._next = count().__next__

    def __call__(self, environ: dict[str, Any], start_response: _StartResponse) -> Iterable[bytes]:
        """Answer a request, and log it at the end of its answer."""
        begun = time.monotonic()
        sent = environ.get("HTTP_X_REQUEST_ID")
        identity = sent if sent is not None and _SENT_ID.fullmatch(sent) else self._new_id()
        client = client_of_environ(environ, self._trusted)
        short = self._short(environ, client, identity, begun)
        if short is not None:
            headers, body, commit = short
            headers.append(("X-Request-Id", identity))
            start_response("200 OK", headers)
            seconds = time.monotonic() - begun
            metrics.observe_request("query", 200, seconds)
            self._log.put(_short_line, time.time(), client, len(body), seconds, commit, identity)
            return [body]
        environ[REQUEST_ID] = identity
        environ[CLIENT] = client
        environ[BEGUN] = begun
        return self._long(environ, start_response, client, identity, begun)

    def _long(
        self, environ: dict[str, Any], start_response: _StartResponse, client: str, identity: str, begun: float
    ) -> Iterable[bytes]:
        status, length, tag = 500, -1, ""

        def start(line: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal status, length, tag
            status = int(line[:3])
            for name, value in headers:
                if name == "Content-Length":
                    length = int(value)
                elif name == "ETag":
                    tag = value
            return start_response(line, [*headers, ("X-Request-Id", identity)], *rest)

        def done(size: int, broken: bool = False) -> None:
            seconds = time.monotonic() - begun
            path = environ.get("PATH_INFO", "")
            kind = environ.get(KIND) or kind_of(path)
            method = environ.get("REQUEST_METHOD", "")
            told = LEFT if broken else status
            metrics.observe_request(kind, told, seconds)
            self._log.put(_line, time.time(), client, method, path, told, size, seconds, kind, tag, identity)

        try:
            answer = self._application(environ, start)
        except BaseException:
            done(0)
            raise
        # To HEAD a server must not add the length of what is put together here.
        if not 0 <= length <= _SHORT or environ.get("REQUEST_METHOD") == "HEAD":
            return _Counted(answer, done)
        try:
            whole = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        done(len(whole))
        return [whole]

    def _new_id(self) -> str:
        if not _prefix:
            _prefix.append(os.urandom(4).hex())
        return f"{_prefix[0]}-{self._next():x}"


class _Counted:
    """An answer under way, whose bytes are counted; closed once, at its end or when its client leaves."""

    __slots__ = ("_answer", "_done", "_ended", "_sent")

    def __init__(self, answer: Iterable[bytes], done: Callable[[int, bool], None]) -> None:
        self._answer = answer
        self._done: Callable[[int, bool], None] | None = done
        self._ended = False
        self._sent = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._answer:
            self._sent += len(piece)
            yield piece
        self._ended = True

    def close(self) -> None:
        """Let go of the answer, then log."""
        try:
            if hasattr(self._answer, "close"):
                self._answer.close()
        finally:
            done, self._done = self._done, None
            if done is not None:
                done(self._sent, not self._ended)


#: What the ids of this process begin with, once there is one.
_prefix: Final[list[str]] = []
os.register_at_fork(after_in_child=_prefix.clear)


def _short_line(at: float, client: str, size: int, seconds: float, commit: str, identity: str) -> str:
    """Write the line of :func:`_line` for a query that was answered the short way."""
    return (
        f'{{"time":"{timestamp(at)}","log":"access","client":{quoted(client)},"method":"GET","path":"/sparql",'
        f'"status":200,"bytes":{size},"ms":{seconds * 1000:.2f},"kind":"query","commit":"{commit}",'
        f'"request":"{identity}"}}'
    )


def _line(
    at: float, client: str, method: str, path: str, status: int, size: int, seconds: float, kind: str, tag: str,
    identity: str,
) -> str:  # fmt: skip
    if not path.isascii():  # WSGI gives the bytes of a path as Latin-1
        path = path.encode("latin-1", errors="replace").decode("utf-8", errors="replace")
    commit = tag.removeprefix("W/").strip('"').partition(".")[0] if tag else ""
    return (
        f'{{"time":"{timestamp(at)}","log":"access","client":{quoted(client)},"method":{quoted(method[:20])},'
        f'"path":{quoted(path[:_MAX_PATH])},"status":{status},"bytes":{size},"ms":{seconds * 1000:.2f},'
        f'"kind":"{kind}","commit":{quoted(commit)},"request":"{identity}"}}'
    )
