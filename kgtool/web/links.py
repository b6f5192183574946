"""``/links``: the links to registries with their evidence, and ``/links/ID``: one of them, to decide on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext
from werkzeug.exceptions import UnsupportedMediaType

from kgtool.errors import MissingError
from kgtool.link.entities.reviewed import STATUSES, ReviewedLink
from kgtool.link.folding import folded
from kgtool.web import access, bodies, caching, conditions, link_cards, localising, negotiation, pages
from kgtool.web.jobs import ReviewJob
from kgtool.web.negotiation import Formats
from kgtool.web.parameters import FORM_TYPE, Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.source import GraphSource, here

blueprint = Blueprint("links", __name__)

_FORMATS: Final[Formats] = {"json": ("application/json",), "html": ("text/html",)}
_STATUSES: Final = ("open", *STATUSES, "all")
_PAGE: Final = 20
_MOST: Final = 1000
#: Bytes of a decision.
_LONGEST: Final = 64 * 1024
#: The links of the last commit that was asked about.
_READ: Final[dict[tuple[str, str], tuple[ReviewedLink, ...]]] = {}
_FIELDS: Final = ("decision", "by", "why")
#: What people call statuses, decisions and kinds.
_CALLED: Final = {
    "open": lazy_gettext("open"),
    "chosen": lazy_gettext("chosen"),
    "candidate": lazy_gettext("candidate"),
    "accepted": lazy_gettext("accepted"),
    "rejected": lazy_gettext("rejected"),
    "withdrawn": lazy_gettext("withdrawn"),
    "all": lazy_gettext("all"),
    "person": lazy_gettext("person"),
    "organisation": lazy_gettext("organisation"),
    "project": lazy_gettext("project"),
    "theme": lazy_gettext("theme"),
}


@blueprint.get("/links")
def links() -> Response:
    """List links: those of a status, of a kind, with a name; a page at a time."""
    source, parameters = here(), Parameters.of_request(request)
    wanted, language = _wanted(parameters), pages.language(request, parameters)
    status = parameters.choice("status", _STATUSES, "open")
    kind, search = parameters.one("kind") or "", parameters.one("q") or ""
    start, size = _whole(parameters, "start", 0, 10**9), _whole(parameters, "limit", _PAGE, _MOST)
    asked = (wanted, language, request.args.get("lang"), status, kind, search, start, size)
    tag = caching.entity_tag(source.commit, "links", *asked)
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged:
        return unchanged
    known = _known(source)
    found = [each for each in known if _is_asked_for(each, status, kind, folded(search))]
    shown = found[start : start + size]
    if wanted == "json":
        document = {"total": len(found), "start": start, "links": [_document(each) for each in shown]}
        body = json.dumps(document, ensure_ascii=False).encode()
        return caching.tagged(Response(body, content_type="application/json"), tag, vary=pages.VARY)
    given = {"status": status, "kind": kind, "q": search}
    given |= {"lang": language} if request.args.get("lang") else {}
    given |= {"limit": str(size)} if size != _PAGE else {}
    localising.choose(language)
    response = pages.page(
        "links.html",
        language,
        called=_CALLED,
        cards=link_cards.cards(shown, language),
        total=len(found),
        decided=sum(each.review is not None for each in known),
        everything=len(known),
        statuses=_STATUSES,
        kinds=sorted({each.link.kind for each in known} - {""}),
        given=given,
        may_write=bool(source.settings.write_token) and not source.settings.read_only,
        first=start + 1,
        last=min(len(found), start + size),
        before=_at(given, max(0, start - size)) if start else None,
        after=_at(given, start + size) if start + size < len(found) else None,
    )
    return caching.tagged(response, tag, vary=pages.VARY)


@blueprint.get("/links/<id>")
def link(id: str) -> Response:
    """Give one link, with every review of it."""
    source = here()
    found = next((each for each in _known(source) if each.link.id == id), None)
    if found is None:
        raise MissingError(f"no link {id[:40]!r}", hint="see /links")
    return pages.json_answer(_document(found), source.commit)


@blueprint.post("/links/<id>")
def review(id: str) -> Response:
    """Accept or reject a link, or withdraw the last decision."""
    source = here()
    access.require_write(request, source.settings)
    given = _decision()
    job = ReviewJob(
        link=id,
        decision=given["decision"],
        by=given["by"],
        why=given["why"],
        base=source.settings.base,
        timeout=source.settings.query_timeout,
        only_if=conditions.of_request(request, source.commit),
    )
    report = source.perform(job)
    return pages.json_answer(report, str(report["commit"]))


def _known(source: GraphSource) -> tuple[ReviewedLink, ...]:
    """Give the links of the last commit, which are read once."""
    graph, base = source.graph, source.settings.base
    key = (graph.commit, base)
    found = _READ.get(key)
    if found is None:
        found = tuple(graph.links(base))
        _READ.clear()
        _READ[key] = found
    return found


def _decision() -> dict[str, str]:
    """Read a decision: JSON, or a form.

    :raises HttpProblem: 400 for what is broken, or has other members.
    """
    bodies.require_utf8(request)
    limit = min(_LONGEST, here().settings.max_body * 2**20)
    if request.mimetype == FORM_TYPE:
        form = Parameters.of_request(request, form=bodies.read(request, limit))
        given: dict[str, object] = {name: form.one(name) for name in form.names()}
    elif request.mimetype == "application/json":
        try:
            read = json.loads(bodies.text(request, limit))
        except (ValueError, RecursionError) as error:
            raise HttpProblem(400, f"the body is no JSON: {error}") from error
        if not isinstance(read, dict):
            raise HttpProblem(400, "the body is no JSON object", hint=f"give {', '.join(_FIELDS)}")
        given = read
    else:
        raise UnsupportedMediaType(f"a body of type {request.mimetype or 'unknown'} is not read here; send JSON")
    unknown = sorted(given.keys() - {*_FIELDS})
    if unknown or not all(isinstance(value, str) for value in given.values()):
        what = f"no member is called {unknown[0][:40]!r}" if unknown else "a member is no text"
        raise HttpProblem(400, what, hint=f"give {', '.join(_FIELDS)}")
    return {name: str(given.get(name, "")) for name in _FIELDS}


def _document(reviewed: ReviewedLink) -> dict[str, object]:
    history: Sequence[dict[str, str]] = [
        {"decision": each.decision, "by": each.by, "at": each.at, "why": each.why} for each in reviewed.history
    ]
    address = url_for("links.link", id=reviewed.link.id)
    return {**reviewed.as_json(), "reviews": history, "address": address}


def _is_asked_for(reviewed: ReviewedLink, status: str, kind: str, search: str) -> bool:
    link = reviewed.link
    if kind and link.kind != kind:
        return False
    if search and not any(search in folded(text) for text in (link.subject_label, link.object_label, link.id)):
        return False
    return status == "all" or (reviewed.review is None if status == "open" else reviewed.status == status)


def _wanted(parameters: Parameters) -> str:
    name = parameters.one("format")
    wanted = (
        negotiation.choose(request.headers.get("Accept"), _FORMATS)
        if name is None
        else negotiation.named(name, _FORMATS)
    )
    if wanted is None:
        raise HttpProblem(406, "no such format", hint=f"one of: {', '.join(_FORMATS)}", headers={"Vary": pages.VARY})
    return wanted


def _whole(parameters: Parameters, name: str, default: int, most: int) -> int:
    text = parameters.one(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) > most:
        raise HttpProblem(400, f"{name}={text[:40]} is not a whole number from 0 to {most}")
    return int(text)


def _at(given: Mapping[str, str], start: int) -> str:
    return f"{url_for('links.links')}?{urlencode({**given, 'start': start})}"
