"""The short way of the plainest requests: a query by GET whose answer is short.

Flask takes as long for a request as its query does, and most of what an endpoint is asked is of this kind. What comes
this way is answered as the route of ``/sparql`` would, byte by byte; whatever is not so plain goes the long way, with
what the worker has answered already.
"""

from __future__ import annotations

from binascii import a2b_qp
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote_plus

from kgtool.web import bases, caching, origins, problems, sparql
from kgtool.web.access_log import ShortAnswer
from kgtool.web.compressing import MIN_BYTES
from kgtool.web.evaluation import QueryTask
from kgtool.web.negotiation import GRAPH_FORMATS, SOLUTION_FORMATS
from kgtool.web.observing import LIMITED, Observing
from kgtool.web.processes.leases import Client
from kgtool.web.processes.pool import Answer
from kgtool.web.source import GraphSource

#: Characters of a query string.
_LENGTH: Final = 8192
_QUERY: Final = "query="
#: What makes a request one of the long way.
_NOT_PLAIN: Final = frozenset(
    {"HTTP_AUTHORIZATION", "HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING"}
)
_HEADERS: Final = (
    ("Cache-Control", "no-cache"),
    ("Link", sparql.LINK),
    *origins.ANY,
    *problems.SECURITY_HEADERS.items(),
)


class ShortWay:
    """What answers plain requests.

    :param observing: their limits.
    """

    def __init__(self, source: GraphSource, observing: Observing) -> None:
        self._source = source
        self._observing = observing

    def answer(self, environ: dict[str, Any], client: str, identity: str, begun: float) -> ShortAnswer | None:
        """Answer a request; None for one that goes the long way, where its environment then tells what came of it.

        :param client: who asks, as :mod:`kgtool.web.clients` names it.
        :param identity: the request's id in the logs.
        :param begun: when it came, on the monotonic clock.
        """
        accept = environ.get("HTTP_ACCEPT")
        task = _task(environ, accept)
        if task is None:
            return None
        source = self._source
        address = environ.get("REMOTE_ADDR") if source.watches else None
        try:
            environ[LIMITED] = True
            self._observing.limit(client)
            asks = Client(client, address, identity, begun)
            answer = source.pool.run(task, commit=source.commit, timeout=source.settings.query_timeout, client=asks)
        except Exception as error:  # the long way tells it
            environ[sparql.OUTCOME] = error
            return None
        head, body = answer.head, answer.whole
        long = body is not None and len(body) >= MIN_BYTES
        if body is None or head.format is None or (long and "HTTP_ACCEPT_ENCODING" in environ):
            environ[sparql.OUTCOME] = answer
            return None
        tag = sparql.tag_of(head.commit, task, None, accept, None)
        headers = [
            ("Content-Type", _content_type(accept, head.kind, head.format)),
            ("Content-Length", str(len(body))),
            ("Vary", "Accept, Accept-Encoding" if long else "Accept"),
            ("ETag", f'W/"{tag}"'),
            *_HEADERS,
        ]
        return ShortAnswer(headers, body, head.commit)


def _task(environ: dict[str, Any], accept: str | None) -> QueryTask | None:
    """Give what a plain request asks; None for one that is not plain."""
    asked: str = environ.get("QUERY_STRING", "")
    if (
        not asked.startswith(_QUERY)
        or "&" in asked
        or environ["PATH_INFO"] != "/sparql"
        or environ["REQUEST_METHOD"] != "GET"
        or len(asked) > _LENGTH
        or not _NOT_PLAIN.isdisjoint(environ)
    ):
        return None
    solutions, graphs = sparql.wanted(accept, None)
    if solutions is graphs is None or "html" in (solutions, graphs):
        return None
    try:
        text = decoded(asked[len(_QUERY) :])
    except UnicodeDecodeError:
        return None
    if caching.is_volatile(text) or bases.declaration(text, str):
        return None
    return QueryTask(text, solutions, graphs)


def decoded(encoded: str) -> str:
    """Decode a value of a query string as :func:`urllib.parse.unquote_plus` does, in a fifth of the time.

    Percent-encoding is quoted-printable with another sign (RFC 2045, section 6.7), which is decoded in C.

    :raises UnicodeDecodeError: if it is not UTF-8.

    >>> decoded("caf%C3%A9+%3D+100%"), decoded("a=b%3d"), decoded("%2B%zz%0A")
    ('café = 100%', 'a=b=', '+%zz\\n')
    """
    if encoded.isascii() and encoded.isprintable():
        octets = a2b_qp(encoded.replace("+", " ").replace("=", "=3D").replace("%", "="))
        if len(octets) == len(encoded) - 2 * encoded.count("%"):  # each sign was followed by two digits
            return octets.decode()
    return unquote_plus(encoded, errors="strict")


@lru_cache(maxsize=256)
def _content_type(accept: str | None, kind: str, format: str) -> str:
    return sparql.sent_type(accept, (GRAPH_FORMATS if kind == "graph" else SOLUTION_FORMATS)[format])


def letting_go(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Give the long way, as a WSGI application that lets go of a worker's answer which is not used there."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            return application(environ, start_response)
        finally:
            outcome = environ.pop(sparql.OUTCOME, None)
            if isinstance(outcome, Answer):
                outcome.close()

    return answer
