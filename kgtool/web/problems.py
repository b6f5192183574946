"""Errors as ``application/problem+json`` (RFC 9457), and the headers that every answer carries."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from kgtool.errors import KgtoolError, RefusedError

LOG: Final = logging.getLogger(__name__)

PROBLEM_TYPE: Final = "application/problem+json"
#: Nothing is loaded from elsewhere, nothing frames the pages, nothing in data can become code.
SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_SECURITY: Final = tuple(SECURITY_HEADERS.items())


class HttpProblem(Exception):
    """An answer that HTTP asks for and that is no error of the graph: 400, 401, 406, 415, 503.

    :param status: the HTTP status.
    :param detail: the fact, with its values.
    :param hint: what to do about it.
    :param headers: header fields of the answer.
    """

    def __init__(
        self, status: int, detail: str, *, hint: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.hint = hint
        self.headers = dict(headers or {})


def problem_body(status: int, detail: str, *, title: str | None = None, **more: object) -> bytes:
    """Write the JSON of a problem; members that are ``None`` are left out.

    >>> problem_body(404, "no such page", line=None)
    b'{"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no such page"}'
    """
    document = {
        "type": "about:blank",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **{name: value for name, value in more.items() if value is not None},
    }
    return json.dumps(document, ensure_ascii=False).encode()


def _answer(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status=status, content_type=PROBLEM_TYPE, headers=dict(headers or {}))


def of_error(error: KgtoolError) -> Response:
    """Turn an error of kgtool into its problem: place, line, column and hint as members."""
    where = error.where
    report = getattr(error.report, "as_json", None) if isinstance(error, RefusedError) else None
    body = problem_body(
        error.http_status,
        error.what,
        title=error.title,
        where=str(where) if where and str(where) else None,
        line=where.line if where else None,
        column=where.column if where else None,
        hint=error.hint,
        report=report() if callable(report) else None,
    )
    return _answer(error.http_status, body, {"Retry-After": "5"} if error.http_status == 503 else None)


def of_http_problem(error: HttpProblem) -> Response:
    """Turn an :class:`HttpProblem` into its answer."""
    return _answer(error.status, problem_body(error.status, error.detail, hint=error.hint), error.headers)


def of_http_exception(error: HTTPException) -> Response:
    """Turn what Flask and Werkzeug raise (404, 405, 413, redirects too) into a problem, keeping its header fields."""
    status = error.code or 500
    if status < 400:  # a redirect is an exception to Werkzeug
        return Response(status=status, headers=error.get_headers())
    headers = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return _answer(status, problem_body(status, error.description or HTTPStatus(status).phrase), headers)


def of_unforeseen(error: Exception) -> Response:
    """Hide what went wrong inside, and log it."""
    LOG.error("unforeseen error at %s %s", request.method, request.path, exc_info=error)
    return _answer(500, problem_body(500, "an error of kgtool itself; its log says more"))


def secure(response: Response) -> Response:
    """Put the security header fields on an answer."""
    if "Content-Security-Policy" not in response.headers:
        response.headers.extend(_SECURITY)
    return response


def register(app: Flask) -> None:
    """Let the app answer every error as a problem, and every answer carry the security header fields."""
    app.register_error_handler(KgtoolError, of_error)
    app.register_error_handler(HttpProblem, of_http_problem)
    app.register_error_handler(HTTPException, of_http_exception)
    app.register_error_handler(Exception, of_unforeseen)
    app.after_request(secure)
