"""``/search``: the things whose names hold, or begin with, what somebody types; as JSON, or as a page with facets."""

from __future__ import annotations

import json
from typing import Final

from flask import Blueprint, Response, request

from kgtool.link.reconciliation.browsing import Browsed
from kgtool.web import caching, negotiation, pages, search_page
from kgtool.web.addresses import address
from kgtool.web.names import looked_up
from kgtool.web.negotiation import Formats
from kgtool.web.parameters import Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.reconcile_answers import Search
from kgtool.web.source import here

blueprint = Blueprint("searching", __name__)

_FORMATS: Final[Formats] = {"json": ("application/json",), "html": ("text/html",)}
_MOST: Final = 100
#: Characters of a text, and values that are chosen of facets.
_LONGEST: Final = 500
_MOST_CHOSEN: Final = 50


@blueprint.get("/search")
def search() -> Response:
    """Find things by name, the likeliest first."""
    parameters = Parameters.of_request(request)
    if _wanted(parameters) == "html":
        return _page(parameters)
    source = here()
    text = parameters.one("q")
    if not text or not text.strip():
        raise HttpProblem(400, "the request does not say what to look for", hint="send q= and a name, or its beginning")
    language = pages.language(request, parameters)
    types = _chosen(parameters, "class")
    asked = Search(text[:_LONGEST], _number(parameters, "limit", 20, least=1, most=_MOST), types)
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


def _page(parameters: Parameters) -> Response:
    """Show what is found, with facets to narrow it."""
    source = here()
    language = pages.language(request, parameters)
    text = (parameters.one("q") or "").strip()[:_LONGEST]
    chosen = tuple((name, found) for name in search_page.FACETS if (found := _chosen(parameters, name)))
    start = _number(parameters, "start", 0, least=0, most=10_000)
    asked = Browsed(text, chosen, start, search_page.SIZE)
    tag = caching.entity_tag(source.commit, "search", asked, language, parameters.one("lang"))
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged:
        return unchanged
    body, commit = looked_up(source, asked, language, parameters.seconds("timeout", source.settings.query_timeout))
    response = search_page.rendered(asked, json.loads(body), language)
    tag = caching.entity_tag(commit, "search", asked, language, parameters.one("lang"))
    return caching.tagged(response, tag, vary=pages.VARY)


def _wanted(parameters: Parameters) -> str:
    """Choose the format: JSON for programs, which accept anything, and a page for who asks for one."""
    name = parameters.one("format")
    accept = request.headers.get("Accept")
    wanted = negotiation.choose(accept, _FORMATS) if name is None else negotiation.named(name, _FORMATS)
    if wanted is None and name is None:
        return "json"  # as it always was, whatever a program says that it accepts
    if wanted is None:
        raise HttpProblem(406, "no such format", hint=f"one of: {', '.join(_FORMATS)}", headers={"Vary": pages.VARY})
    return wanted


def _chosen(parameters: Parameters, name: str) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(each.strip()[:2000] for each in parameters.all(name) if each.strip()))
    if len(values) > _MOST_CHOSEN:
        raise HttpProblem(400, f"{len(values)} values of {name} are too many", hint=f"send at most {_MOST_CHOSEN}")
    return values


def _number(parameters: Parameters, name: str, default: int, *, least: int, most: int) -> int:
    given = parameters.one(name) or str(default)
    if not given.isascii() or not given.isdigit() or not least <= int(given[:9]) <= most:
        raise HttpProblem(400, f"{name}={given[:80]} is no number from {least} to {most}")
    return int(given)
