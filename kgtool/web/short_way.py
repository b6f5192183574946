"""The short way of the plainest requests: a query by GET that nobody counts, with a short answer.

Flask takes as long for a request as its query does, and most of what an endpoint is asked is of this kind. What comes
this way is answered as the route of ``/sparql`` would, byte by byte; whatever is not so plain goes the long way, with
what the worker has answered already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import unquote_plus

from kgtool.web import bases, caching, origins, problems, sparql
from kgtool.web.access_log import BEGUN, CLIENT, REQUEST_ID
from kgtool.web.clients import is_loopback
from kgtool.web.compressing import MIN_BYTES
from kgtool.web.evaluation import QueryTask
from kgtool.web.negotiation import GRAPH_FORMATS, SOLUTION_FORMATS
from kgtool.web.observing import Observing
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
_HEADERS: Final = [
    ("Vary", "Accept"),
    ("Cache-Control", "no-cache"),
    ("Link", sparql.LINK),
    *origins.ANY,
    *problems.SECURITY_HEADERS.items(),
]

_StartResponse = Callable[..., Any]
_Application = Callable[[dict[str, Any], _StartResponse], Iterable[bytes]]


class ShortWay:
    """The application with its short way: a WSGI application itself.

    :param application: the long way.
    :param observing: its limits.
    """

    def __init__(self, application: _Application, source: GraphSource, observing: Observing) -> None:
        self._application = application
        self._source = source
        #: Whether any client's requests are counted, and whether those of this machine are.
        self._counts = observing.rate is not None
        self._counts_all = self._counts and observing.settings.rate is not None

    def __call__(self, environ: dict[str, Any], start_response: _StartResponse) -> Iterable[bytes]:
        """Answer a request, one way or the other."""
        task, accept = self._task(environ)
        if task is None:
            return self._application(environ, start_response)
        source = self._source
        address = environ.get("REMOTE_ADDR") if source.watches else None
        client = Client(environ[CLIENT], address, environ[REQUEST_ID], environ[BEGUN])
        commit = source.commit
        try:
            answer = source.pool.run(task, commit=commit, timeout=source.settings.query_timeout, client=client)
        except Exception as error:  # the long way tells it
            environ[sparql.OUTCOME] = error
            return self._application(environ, start_response)
        head, body = answer.head, answer.whole
        if body is None or head.format is None or len(body) >= MIN_BYTES:
            return self._with(answer, environ, start_response)
        formats = GRAPH_FORMATS if head.kind == "graph" else SOLUTION_FORMATS
        tag = caching.entity_tag(head.commit, sparql.what_is_asked(task, None, accept, None))
        headers = [
            ("Content-Type", sparql.sent_type(accept, formats[head.format])),
            ("Content-Length", str(len(body))),
            ("ETag", f'W/"{tag}"'),
            *_HEADERS,
        ]
        start_response("200 OK", headers)
        return [body]

    def _task(self, environ: dict[str, Any]) -> tuple[QueryTask | None, str | None]:
        """Give what a plain request asks, and its Accept; None for one that is not plain."""
        asked = environ.get("QUERY_STRING", "")
        accept = environ.get("HTTP_ACCEPT")
        if (
            environ["REQUEST_METHOD"] != "GET"
            or environ["PATH_INFO"] != "/sparql"
            or not asked.startswith(_QUERY)
            or "&" in asked
            or len(asked) > _LENGTH
            or not _NOT_PLAIN.isdisjoint(environ)
            or self._counts_all
            or (self._counts and not is_loopback(environ[CLIENT]))
        ):
            return None, accept
        try:
            text = unquote_plus(asked[len(_QUERY) :], errors="strict")
        except UnicodeDecodeError:
            return None, accept
        solutions, graphs = sparql.wanted(accept, None)
        if solutions is graphs is None or "html" in (solutions, graphs):
            return None, accept
        if caching.is_volatile(text) or bases.declaration(text, str):
            return None, accept
        return QueryTask(text, solutions, graphs, True, (), ()), accept

    def _with(self, answer: Answer, environ: dict[str, Any], start_response: _StartResponse) -> Iterable[bytes]:
        """Go the long way with an answer; one that is not used there is let go."""
        environ[sparql.OUTCOME] = answer
        try:
            return self._application(environ, start_response)
        finally:
            if environ.pop(sparql.OUTCOME, None) is not None:
                answer.close()
