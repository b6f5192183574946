"""Who may write over HTTP: who has the bearer token (RFC 6750), if there is one at all."""

from __future__ import annotations

import hmac

from flask import Request

from kgtool.config import Settings
from kgtool.errors import ForbiddenError
from kgtool.web.problems import HttpProblem


def require_write(request: Request, settings: Settings) -> None:
    """Let a request pass that may write.

    :raises ForbiddenError: if the service is read-only, or the token is not the right one.
    :raises HttpProblem: 401 if there is no token.
    """
    if settings.read_only or not settings.write_token:
        raise ForbiddenError(
            "this service is read-only", hint="whoever runs it sets KGTOOL_WRITE_TOKEN to allow writes"
        )
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise HttpProblem(
            401,
            "writing needs a token",
            hint="send Authorization: Bearer TOKEN",
            headers={"WWW-Authenticate": 'Bearer realm="kgtool"'},
        )
    # Header fields are Latin-1 in WSGI; the token is text of any kind. Compared in constant time.
    given = token.strip().encode("latin-1", errors="replace")
    if not hmac.compare_digest(given, settings.write_token.encode()):
        raise ForbiddenError("the token is not the right one")
