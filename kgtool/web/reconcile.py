"""``/reconcile``: the Reconciliation Service API (https://reconciliation-api.github.io/specs/), 0.2 and 1.0-draft.

Version 0.2 is at ``/reconcile`` itself: ``queries=`` and ``extend=``. Version 1.0-draft is below it: ``/match``,
``/extend``, ``/suggest/…``, ``/preview``; what both have is the same. The manifest has the form of 0.2, unless a client
asks for the other by ``?version=1.0-draft``, by ``Accept: application/json;version=1.0-draft``, or at
``/reconcile/1.0-draft``, below which all of 1.0-draft is too.
"""

from __future__ import annotations

import json
import re
from typing import Final, cast

from flask import Blueprint, Response, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.exceptions import UnsupportedMediaType

from kgtool.errors import Location, MissingError
from kgtool.link.reconciliation.manifest import NEW, OLD
from kgtool.link.reconciliation.reading import read_extension, read_new_batch, read_old_batch
from kgtool.web import bodies, caching, pages
from kgtool.web.addresses import address
from kgtool.web.names import looked_up
from kgtool.web.parameters import FORM_TYPE, Parameters
from kgtool.web.problems import SECURITY_HEADERS, HttpProblem
from kgtool.web.reconcile_answers import (
    Asked,
    Fetch,
    Manifest,
    NewBatch,
    OldBatch,
    Propose,
    Show,
    Suggest,
    What,
)
from kgtool.web.source import here

blueprint = Blueprint("reconcile", __name__, url_prefix="/reconcile")

#: Bytes of a request's body.
MAX_BODY: Final = 8 * 2**20
#: Classes that suggestions may be of.
MAX_TYPES: Final = 30
_JSON: Final = "application/json"
_KINDS: Final = ("entity", "type", "property")
_VERSION: Final = re.compile(r";\s*(?:version|v)\s*=\s*\"?([0-9A-Za-z.-]+)")
#: A function of the page that asks (JSONP): a name, and nothing else that a script could be made of.
_CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$]{0,100}(?:\.[A-Za-z_$][\w$]{0,100}){0,5}", re.ASCII)
#: The preview is made to be framed by tables of other sites. It has no script, no form, and loads its style alone.
_PREVIEW: Final = {
    **{name: value for name, value in SECURITY_HEADERS.items() if name != "Cross-Origin-Opener-Policy"},
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
    ),
}


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def service() -> Response:
    """Give the manifest, or answer queries or a data extension of version 0.2."""
    if request.method == "POST" and request.mimetype == _JSON:
        return match()
    parameters = _parameters()
    given = {name: parameters.one(name) for name in ("queries", "extend")}
    asked = [name for name, text in given.items() if text is not None]
    language = pages.language(request, parameters)
    if len(asked) > 1:
        raise HttpProblem(400, "the request holds queries and a data extension", hint="send one of them")
    if given["queries"] is not None:
        batch = read_old_batch(given["queries"], language)
        return _answer(OldBatch(tuple(batch.items())), language, parameters)
    if given["extend"] is not None:
        return _answer(Fetch(read_extension(given["extend"], "extend"), OLD), language, parameters)
    if parameters.one("query") is not None or request.method == "POST":
        hint = 'send queries={"q0": {"query": "a name"}}, or JSON to /reconcile/match'
        raise HttpProblem(400, "the request holds neither queries nor a data extension", hint=hint)
    return _manifest(_wanted_version(parameters), language, parameters)


@blueprint.get("/1.0-draft", strict_slashes=False)
def new_manifest() -> Response:
    """Give the manifest in the form of version 1.0-draft."""
    parameters = _parameters()
    return _manifest(NEW, pages.language(request, parameters), parameters)


@blueprint.post("/match")
@blueprint.post("/1.0-draft/match", endpoint="new_match")
def match() -> Response:
    """Answer queries of version 1.0-draft."""
    parameters = Parameters.of_request(request)
    language = pages.language(request, parameters)
    queries = read_new_batch(_json_body(), language)
    return _answer(NewBatch(tuple(queries)), language, parameters)


@blueprint.post("/extend")
@blueprint.post("/1.0-draft/extend", endpoint="new_extend")
def extend() -> Response:
    """Fetch values of properties, as version 1.0-draft has it."""
    parameters = Parameters.of_request(request)
    language = pages.language(request, parameters)
    return _answer(Fetch(read_extension(_json_body(), "the body"), NEW), language, parameters)


@blueprint.get("/extend/propose")
@blueprint.get("/1.0-draft/extend/propose", endpoint="new_propose")
def propose() -> Response:
    """Propose properties to fetch of the members of a class."""
    parameters = _parameters()
    limit = _number(parameters, "limit")
    return _answer(Propose(parameters.one("type") or "", limit), pages.language(request, parameters), parameters)


@blueprint.get("/suggest/<kind>")
@blueprint.get("/1.0-draft/suggest/<kind>", endpoint="new_suggest")
def suggest(kind: str) -> Response:
    """Suggest entities, classes or properties whose names begin with ``prefix`` (entities: of a ``type``)."""
    parameters = _parameters()
    prefix = parameters.one("prefix")
    if prefix is None:
        raise HttpProblem(400, "the request has no prefix", hint="send prefix= and what was typed")
    types = tuple(each for each in parameters.all("type") if each)
    if len(types) > MAX_TYPES:
        raise HttpProblem(400, f"{len(types)} types are too many", hint=f"send at most {MAX_TYPES}")
    asked = Suggest(_kind(kind), prefix[:500], _number(parameters, "cursor") or 0, types)
    return _answer(asked, pages.language(request, parameters), parameters)


@blueprint.get("/flyout/<kind>")
def flyout(kind: str) -> Response:
    """Give a line of HTML about an entity, a class or a property (version 0.2)."""
    parameters = _parameters()
    return _answer(Show(_id(parameters), _kind(kind)), pages.language(request, parameters), parameters)


@blueprint.get("/view")
@blueprint.get("/1.0-draft/view", endpoint="new_view")
def view() -> Response:
    """Send a client on to the page of an entity."""
    id = _id(_parameters())
    source = here()
    try:
        known = source.graph.query(f"ASK {{ {NamedNode(id)} ?p ?o }}").answer
    except ValueError:  # no IRI
        known = False
    target = address(id, source.settings.base) if known else None
    if target is None:  # nobody is sent to an address that only the request names
        raise MissingError("no page is about this id", where=Location(iri=id[:500]), hint="ids are whole IRIs")
    return Response(status=303, headers={"Location": target})


@blueprint.get("/preview")
@blueprint.get("/1.0-draft/preview", endpoint="new_preview")
def preview() -> Response:
    """Show an entity in a page small enough to be framed."""
    parameters = _parameters()
    language = pages.language(request, parameters)
    source = here()
    asked = Show(_id(parameters))
    tag = caching.entity_tag(source.commit, "preview", asked, language)
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged is None:
        shown = json.loads(looked_up(source, asked, language, source.settings.query_timeout)[0])
        link = address(shown["id"], source.settings.base)
        body = render_template("reconcile_preview.html", language=language, shown=shown, link=link)
        unchanged = caching.tagged(Response(body, content_type="text/html; charset=utf-8"), tag, vary=pages.VARY)
    unchanged.headers.update(_PREVIEW)
    return unchanged


def _manifest(version: str, language: str, parameters: Parameters) -> Response:
    root = url_for("starting.start", _external=True).rstrip("/")
    return _answer(Manifest(version, root, here().settings.base), language, parameters)


def _answer(asked: Asked, language: str, parameters: Parameters) -> Response:
    """Have a worker answer, and send it as JSON, or as JSONP where a script of another page asks so."""
    source = here()
    callback = parameters.one("callback")
    if callback is not None and (request.method != "GET" or not _CALLBACK.fullmatch(callback)):
        hint = "leave it out: any page may read the JSON (CORS)"
        raise HttpProblem(400, "the callback is not the plain name of a function, sent by GET", hint=hint)
    unchanged = caching.not_modified(
        request, caching.entity_tag(source.commit, asked, language, callback), vary=pages.VARY
    )
    if unchanged is not None:
        return unchanged
    timeout = parameters.seconds("timeout", source.settings.query_timeout)
    body, commit = looked_up(source, asked, language, timeout)
    kind = _JSON
    if callback is not None:
        # U+2028 and U+2029 end a line in older scripts; the comment keeps the answer from being anything but a script.
        shown = body.decode().replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        body, kind = f"/**/{callback}({shown});".encode(), "text/javascript; charset=utf-8"
    tag = caching.entity_tag(commit, asked, language, callback)
    return caching.tagged(Response(body, content_type=kind), tag, vary=pages.VARY)


def _parameters() -> Parameters:
    """Read the query string, and the form of a POST.

    :raises UnsupportedMediaType: for a body of another kind.
    """
    if request.method != "POST":
        return Parameters.of_request(request)
    bodies.require_utf8(request)
    if request.mimetype != FORM_TYPE:
        raise UnsupportedMediaType(
            f"a body of type {request.mimetype or 'unknown'} is not read here; send {FORM_TYPE}, or {_JSON} to match"
        )
    return Parameters.of_request(request, form=bodies.read(request, _limit()))


def _json_body() -> str:
    bodies.require_utf8(request)
    if request.mimetype != _JSON:
        raise UnsupportedMediaType(f"a body of type {request.mimetype or 'unknown'} is not read here; send {_JSON}")
    return bodies.text(request, _limit())


def _limit() -> int:
    return min(here().settings.max_body * 2**20, MAX_BODY)


def _wanted_version(parameters: Parameters) -> str:
    version = parameters.one("version")
    if version is None:
        asked = _VERSION.search(request.headers.get("Accept", ""))
        return NEW if asked and asked.group(1) in (NEW, "1.0") else OLD
    if version not in (OLD, NEW):
        raise HttpProblem(400, f"version={version[:80]} is not spoken here", hint=f"one of: {OLD}, {NEW}")
    return version


def _kind(kind: str) -> What:
    if kind not in _KINDS:
        raise MissingError(f"nothing suggests a {kind[:80]!r}", hint=f"one of: {', '.join(_KINDS)}")
    return cast(What, kind)


def _id(parameters: Parameters) -> str:
    id = parameters.one("id")
    if not id:
        raise HttpProblem(400, "the request has no id", hint="send id= and the IRI of an entity")
    return id[:2000]


def _number(parameters: Parameters, name: str) -> int | None:
    text = parameters.one(name)
    if text is None or not text.strip():
        return None
    if not text.strip().isascii() or not text.strip().isdigit() or len(text) > 9:
        raise HttpProblem(400, f"{name}={text[:80]} is no number of 0 or more")
    return int(text)
