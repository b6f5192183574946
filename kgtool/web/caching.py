"""Entity tags: every answer says which commit it was computed on, and one that the client has is not sent again."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from flask import Request, Response

from kgtool import __version__

#: Where none of these stands, a query need not be looked at more closely.
_PERHAPS: Final = re.compile("NOW|RAND|UUID|BNODE|SERVICE")
#: A query with one of these may answer differently on the same commit. Over-matching costs only a repeated answer.
_VOLATILE: Final = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE|SERVICE)\b", re.IGNORECASE)


def is_volatile(query: str) -> bool:
    """Tell whether a query's answer may change though the graph does not.

    >>> is_volatile("SELECT (NOW() AS ?t) {}"), is_volatile("ASK {}")
    (True, False)
    """
    return _PERHAPS.search(query.upper()) is not None and _VOLATILE.search(query) is not None


def entity_tag(commit: str, *parts: object) -> str:
    """Give the tag of what these parts ask of a commit; it starts with the commit.

    >>> entity_tag("3f9a61c2-17", "ASK {}", "json").split(".")[0]
    '3f9a61c2-17'
    """
    # Another kgtool may word the same thing otherwise.
    return f"{commit}.{hashlib.sha256(repr((__version__, parts)).encode()).hexdigest()[:16]}"


def not_modified(request: Request, tag: str, *, vary: str = "Accept") -> Response | None:
    """Give the 304 for a client that has what this tag names, else ``None``.

    ``If-None-Match: *`` is no match: nothing tells that such a client has this very representation.
    """
    if request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(tag):
        return tagged(Response(status=304), tag, vary=vary)
    return None


def tagged(response: Response, tag: str, *, vary: str = "Accept") -> Response:
    """Put the tag on an answer. It is a weak one: rows without an order may come in another order."""
    response.set_etag(tag, weak=True)
    response.headers["Vary"] = vary
    response.headers["Cache-Control"] = "no-cache"
    return response
