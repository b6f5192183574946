"""``/q``: short addresses of queries that somebody shares."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from kgtool.errors import StoreFullError
from kgtool.store.folder import StoreFolder
from kgtool.store.shared_queries import SharedQueries, SharedQuery
from kgtool.web import bodies, localising, negotiation
from kgtool.web.parameters import FORM_TYPE, Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here

blueprint = Blueprint("sharing", __name__)

#: A query of the most bytes, each written as an escape.
_MOST_BODY: Final = 256 * 1024
_MOST_TITLE: Final = 200
_VIEW: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}")
_FIELDS: Final = ("query", "reasoning", "view", "title")
_OFFERS: Final = {"html": ("text/html",), "json": ("application/json",)}


@blueprint.post("/q")
def share() -> Response:
    """Keep a query of a form or of JSON: ``query``, and if wanted ``reasoning``, ``view`` and ``title``.

    The same again has the same address.
    """
    shared = _read(_sent())
    try:
        name = _queries().add(shared)
    except StoreFullError as error:
        raise HttpProblem(507, error.what, hint=error.hint) from error
    address = url_for("sharing.shared", name=name, _external=True)
    body = json.dumps({"id": name, "address": address}).encode()
    response = Response(body, status=201, content_type="application/json")
    response.headers["Location"] = address
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/q/<name>")
def shared(name: str) -> Response:
    """Lead to the editor with a shared query in it; or give it as JSON."""
    found = _queries().get(name)
    wanted = negotiation.choose(request.headers.get("Accept"), _OFFERS)
    if wanted == "json":
        document = {
            "id": name, "query": found.query, "reasoning": found.reasoning, "view": found.view, "title": found.title,
        }  # fmt: skip
        response = Response(json.dumps(document, ensure_ascii=False).encode(), content_type="application/json")
    else:
        response = Response(status=303)
        response.headers["Location"] = localising.in_language(f"/query?{urlencode(_of_editor(found))}")
    # Forgetting a person removes queries, so nobody is to go on answering with what was kept.
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept"
    return response


def _of_editor(found: SharedQuery) -> dict[str, str]:
    """Give the parameters with which the editor opens a query; what is usual is left out."""
    more = {"reasoning": "" if found.reasoning else "off", "view": found.view, "title": found.title}
    return {"query": found.query, **{name: value for name, value in more.items() if value}}


def _queries() -> SharedQueries:
    return SharedQueries(StoreFolder(here().settings.store).shared_file)


def _sent() -> Mapping[str, object]:
    """Read the fields of a request.

    :raises HttpProblem: 400 for what is no JSON object, 415 for what is neither JSON nor a form.
    """
    if request.mimetype == FORM_TYPE:
        form = Parameters.of_request(request, form=bodies.read(request, _MOST_BODY))
        return {name: form.one(name) for name in form.names() if name != "lang"}
    if request.mimetype != "application/json":
        raise HttpProblem(415, f"the body is {request.mimetype or 'of no type'}", hint="send application/json")
    try:
        document = json.loads(bodies.text(request, _MOST_BODY))
    except (ValueError, RecursionError) as error:
        raise HttpProblem(400, "the body is no JSON", hint='send {"query": …}') from error
    if not isinstance(document, dict):
        raise HttpProblem(400, "the body is no JSON object", hint='send {"query": …}')
    return document


def _read(fields: Mapping[str, object]) -> SharedQuery:
    for name in fields:
        if name not in _FIELDS:
            raise HttpProblem(400, f"there is no field {name[:80]!r}", hint=f"there are {', '.join(_FIELDS)}")
    query, view, title = (_text(fields, name) for name in ("query", "view", "title"))
    if not query.strip():
        raise HttpProblem(400, "there is no query to share", hint="send its text as query")
    if view and not _VIEW.fullmatch(view):
        raise HttpProblem(400, f"view={view[:80]} is no name of a view")
    if len(title) > _MOST_TITLE:
        raise HttpProblem(400, f"the title has more than {_MOST_TITLE} characters")
    given = fields.get("reasoning", True)
    if given not in (True, False, "on", "off"):
        raise HttpProblem(400, f"reasoning={str(given)[:80]} is not known", hint="true or false")
    return SharedQuery(query, given in (True, "on"), view, " ".join(title.split()))


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name) or ""
    if not isinstance(value, str):
        raise HttpProblem(400, f"{name} is no text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise HttpProblem(400, f"{name} is not Unicode", hint="send whole characters, no half of a pair") from error
    return value
