"""Who may write over HTTP: who has the bearer token (RFC 6750), if there is one at all."""

from __future__ import annotations

import hmac

from flask import Request

from kgtool.config import Settings
from kgtool.errors import ForbiddenError
from kgtool.web.access_log import set_kind
from kgtool.web.problems import HttpProblem


def require_write(request: Request, settings: Settings) -> None:
    """Let a request pass that may write.

    :raises ForbiddenError: if the service is read-only, or the token is not the right one.
    :raises HttpProblem: 401 if there is no token.
    """
    if request.path == "/sparql":
        set_kind(request, "update")  # the access log tells it from a query
    if settings.read_only or not settings.write_token:
        raise ForbiddenError(
            "this service is read-only", hint="whoever runs it sets KGTOOL_WRITE_TOKEN to allow writes"
        )
    require_token(request, settings.write_token, "writing needs a token")


def require_token(request: Request, right: str | None, what: str) -> None:
    """Let a request pass that has a token.

    :param right: the token; None lets nobody pass.
    :param what: what to say where there is none.
    :raises ForbiddenError: if the token is not the right one.
    :raises HttpProblem: 401 if there is no token.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise HttpProblem(
            401,
            what,
            hint="send Authorization: Bearer TOKEN",
            headers={"WWW-Authenticate": 'Bearer realm="kgtool"'},
        )
    if not is_token(token, right):
        raise ForbiddenError("the token is not the right one")


def is_token(given: str, *right: str | None) -> bool:
    """Tell whether what a header field gives is one of the right tokens, in a time that does not depend on it.

    Header fields are Latin-1 in WSGI; a token is text of any kind.
    """
    sent = given.strip().encode("latin-1", errors="replace")
    return any(hmac.compare_digest(sent, token.encode()) for token in right if token)
