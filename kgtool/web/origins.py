"""Pages of other sites may ask (CORS): reading needs no credentials, and a token is nothing that a browser adds.

Source: https://fetch.spec.whatwg.org/#http-cors-protocol.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

#: The header fields of every answer.
ANY: Final = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Link, Location, Retry-After, Content-Encoding"),
)
_HEADERS: Final = (
    "Accept, Accept-Language, Authorization, Content-Encoding, Content-Type, If-Match, If-None-Match, Prefer"
)
_SECONDS: Final = "86400"


def register(app: Flask) -> None:
    """Let the app tell browsers that any page may read its answers, and what requests may hold."""

    def allowed(response: Response) -> Response:
        response.headers.extend(ANY)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
            response.headers["Access-Control-Allow-Headers"] = _HEADERS
            response.headers["Access-Control-Max-Age"] = _SECONDS
        return response

    app.after_request(allowed)
