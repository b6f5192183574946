"""``/search?q=``: the things whose names hold, or begin with, what somebody types; as JSON."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from kgtool.web import caching, pages
from kgtool.web.addresses import address
from kgtool.web.names import looked_up
from kgtool.web.parameters import Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.reconcile_answers import Search
from kgtool.web.source import here

blueprint = Blueprint("searching", __name__)

_MOST = 100


@blueprint.get("/search")
def search() -> Response:
    """Find things by name, the likeliest first."""
    source = here()
    parameters = Parameters.of_request(request)
    text = parameters.one("q")
    if not text or not text.strip():
        raise HttpProblem(400, "the request does not say what to look for", hint="send q= and a name, or its beginning")
    given = parameters.one("limit") or "20"
    if not given.isascii() or not given.isdigit() or not 0 < int(given[:9]) <= _MOST:
        raise HttpProblem(400, f"limit={given[:80]} is no number from 1 to {_MOST}")
    language = pages.language(request, parameters)
    asked = Search(text[:500], int(given))
    unchanged = caching.not_modified(request, caching.entity_tag(source.commit, asked, language), vary=pages.VARY)
    if unchanged:
        return unchanged
    timeout = parameters.seconds("timeout", source.settings.query_timeout)
    body, commit = looked_up(source, asked, language, timeout)
    found = json.loads(body)
    for each in found:
        each["address"] = address(each["iri"], source.settings.base)
    body = json.dumps({"query": text, "results": found}, ensure_ascii=False).encode()
    response = Response(body, content_type="application/json")
    return caching.tagged(response, caching.entity_tag(commit, asked, language), vary=pages.VARY)
