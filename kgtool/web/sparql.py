"""``/sparql``: SPARQL 1.1 Protocol, query and update.

What is asked is evaluated by a worker process; see :mod:`kgtool.web.processes`. Sections in comments are those of
https://www.w3.org/TR/sparql11-protocol/.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zlib import crc32

from flask import Blueprint, Request, Response, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import UnsupportedMediaType

from kgtool.store.limits import MAX_QUERY, check_length
from kgtool.web import access, bases, bodies, caching, conditions, negotiation, pages
from kgtool.web.answers import respond
from kgtool.web.description import service_description
from kgtool.web.evaluation import QueryTask
from kgtool.web.jobs import UpdateJob
from kgtool.web.negotiation import GRAPH_FORMATS, RDF_FORMATS, SOLUTION_FORMATS
from kgtool.web.parameters import FORM_TYPE, Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.processes.pool import Answer
from kgtool.web.source import here

blueprint = Blueprint("sparql", __name__)

#: Where clients find what the service is (RFC 8631), and what it holds.
#: Where a request's environment says what a worker has answered already; see :mod:`kgtool.web.short_way`.
OUTCOME: Final = "kgtool.outcome"
LINK: Final = '</sparql>; rel="service-desc"; type="text/turtle", </.well-known/void>; rel="describedby"'
QUERY_TYPE: Final = "application/sparql-query"
UPDATE_TYPE: Final = "application/sparql-update"
_GRAPHS: Final = ("default-graph-uri", "named-graph-uri")
_UPDATE_GRAPHS: Final = ("using-graph-uri", "using-named-graph-uri")


@dataclass(frozen=True)
class Asked:
    """What a request to ``/sparql`` holds: a query or an update, or neither, with its parameters."""

    query: str | None
    update: str | None
    parameters: Parameters


@blueprint.route("/sparql", methods=["GET", "POST"])
@blueprint.route("/sparql/", endpoint="slash", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query, carry out an update, or describe the service."""
    asked = read(request)
    if asked.query is not None and asked.update is not None:
        raise HttpProblem(400, "the request holds a query and an update", hint="send one of them")
    if asked.update is not None:
        return _update(asked.update, asked.parameters)
    if asked.query is not None:
        return _query(asked.query, asked.parameters)
    if request.method in ("GET", "HEAD"):
        return _without_query()
    raise HttpProblem(400, "the request holds neither a query nor an update", hint="send query= or update=")


def read(request: Request) -> Asked:
    """Read the query or update of a request (sections 2.1 and 2.2).

    :raises HttpProblem: 400 for parameters that are broken or given twice, 415 for a body of another type.
    """
    if request.method in ("GET", "HEAD"):
        parameters = Parameters.of_request(request)
        if parameters.one("update") is not None:
            raise HttpProblem(400, "an update cannot come by GET", hint="send it by POST")
        return Asked(parameters.one("query"), None, parameters)
    kind = request.mimetype
    limit = here().settings.max_body * 2**20
    bodies.require_utf8(request)
    if kind == FORM_TYPE:
        parameters = Parameters.of_request(request, form=bodies.read(request, limit))
        return Asked(parameters.one("query"), parameters.one("update"), parameters)
    parameters = Parameters.of_request(request)
    if kind in (QUERY_TYPE, UPDATE_TYPE):
        if parameters.one("query") is not None or parameters.one("update") is not None:
            raise HttpProblem(400, "the request holds a text in its body and one in its URL", hint="send one of them")
        text = bodies.text(request, min(limit, MAX_QUERY) if kind == QUERY_TYPE else limit)
        return Asked(text, None, parameters) if kind == QUERY_TYPE else Asked(None, text, parameters)
    raise UnsupportedMediaType(
        f"a body of type {kind or 'unknown'} is not read here; send {QUERY_TYPE}, {UPDATE_TYPE} or {FORM_TYPE}"
    )


def _query(text: str, parameters: Parameters) -> Response:
    check_length(text)
    source = here()
    settings = source.settings
    accept = request.headers.get("Accept")
    name = _format(parameters)
    solutions, graphs = wanted(accept, name)
    if solutions is None and graphs is None:
        raise _not_acceptable(f"the format {name}" if name else "what Accept asks for")
    reasoning = parameters.choice("reasoning", ("on", "off"), "on") == "on"
    default_graphs, named_graphs = (parameters.all(key) for key in _GRAPHS)
    timeout = parameters.seconds("timeout", settings.query_timeout)
    declared = bases.declaration(text, lambda: request.base_url)
    task = QueryTask(declared + text, solutions, graphs, reasoning, default_graphs, named_graphs)
    volatile = caching.is_volatile(text)
    language = pages.language(request, parameters) if "html" in (solutions, graphs) else None
    commit = source.commit
    tag = tag_of(commit, task, name, accept, language)
    if not volatile:
        unchanged = caching.not_modified(request, tag)
        if unchanged:
            return unchanged

    with bases.places_without(declared):
        answer = _begun() or source.run(task, timeout=timeout)
    head = answer.head
    formats = GRAPH_FORMATS if head.kind == "graph" else SOLUTION_FORMATS
    if head.format is None:
        what = "a graph" if head.kind == "graph" else f"the result of {head.kind.upper()}"
        raise _not_acceptable(f"{what} in {f'the format {name}' if name else 'what Accept asks for'}")
    if head.format == "html":
        table = Markup(b"".join(answer).decode())  # made of escaped pieces by kgtool.web.tables
        response = pages.results(text, table, reasoning=reasoning, language=language or "en")
    else:
        types = formats[head.format]
        response = respond(request, answer, sent_type(None if name else accept, types))
    vary = pages.VARY if head.format == "html" else "Accept"
    caching.tagged(response, tag_of(head.commit, task, name, accept, language), vary=vary)
    if volatile:
        response.headers["Cache-Control"] = "no-store"
    response.headers["Link"] = LINK
    return response


def tag_of(commit: str, task: QueryTask, name: str | None, accept: str | None, language: str | None) -> str:
    """Give the entity tag of an answer.

    A tag tells the answers of one address apart (https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3), so a checksum
    of the text is enough.
    """
    return (
        f"{commit}.{_variant(task[1:], name, accept, language)}{crc32(task.text.encode('utf-8', 'surrogatepass')):08x}"
    )


@lru_cache(maxsize=1024)
def _variant(*parts: object) -> str:
    """Give the part of a tag that is the same for most of a client's queries."""
    return caching.entity_tag("", *parts)[1:9]


def _begun() -> Answer | None:
    """Give what a worker answered already, on the short way.

    :raises KgtoolError: or any other error that it met.
    """
    outcome = request.environ.pop(OUTCOME, None)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome if isinstance(outcome, Answer) else None


@lru_cache(maxsize=1024)
def wanted(accept: str | None, name: str | None) -> tuple[str | None, str | None]:
    """Give the formats of solutions and of graphs that a client wants."""
    if name is None:
        return negotiation.choose(accept, SOLUTION_FORMATS), negotiation.choose(accept, GRAPH_FORMATS)
    return negotiation.named(name, SOLUTION_FORMATS), negotiation.named(name, GRAPH_FORMATS)


@lru_cache(maxsize=1024)
def sent_type(accept: str | None, types: tuple[str, ...]) -> str:
    """Give what Content-Type says of an answer in a format with these media types."""
    return negotiation.with_charset(types[0] if accept is None else negotiation.sent_type(accept, types))


def _format(parameters: Parameters) -> str | None:
    """Give the format that ``format=`` asks for; SPARQLWrapper writes one in two ways.

    :raises HttpProblem: 400 for two that differ.
    """
    names = parameters.all("format")
    if len(names) > 1:
        meant = {(negotiation.named(name, SOLUTION_FORMATS), negotiation.named(name, GRAPH_FORMATS)) for name in names}
        if len(meant) == 1:
            return names[0]
    return parameters.one("format")


def _not_acceptable(what: str) -> HttpProblem:
    return HttpProblem(
        406,
        f"{what} is not on offer",
        hint=f"SELECT and ASK: {', '.join(SOLUTION_FORMATS)}; graphs: {', '.join(GRAPH_FORMATS)}",
        headers={"Vary": "Accept"},
    )


def _update(text: str, parameters: Parameters) -> Response:
    source = here()
    access.require_write(request, source.settings)
    using, using_named = (parameters.all(key) for key in _UPDATE_GRAPHS)
    timeout = parameters.seconds("timeout", source.settings.query_timeout)
    condition = conditions.of_request(request, source.commit)
    declared = bases.declaration(text, lambda: request.base_url)
    with bases.places_without(declared):
        report = source.perform(UpdateJob(declared + text, using, using_named, timeout, condition))
    return pages.json_answer(report, str(report["commit"]))


def _without_query() -> Response:
    accept = request.headers.get("Accept")
    offers = {**RDF_FORMATS, "html": GRAPH_FORMATS["html"]}
    # The bare address describes the service (SPARQL 1.1 Service Description, section 2); who gives parameters and no
    # query meant to ask something.
    wanted = negotiation.choose(accept, offers, explicit=bool(request.query_string))
    if wanted is None:
        raise HttpProblem(
            400,
            "the request holds no query",
            hint="send query=; or ask for RDF (Accept: text/turtle) to read the description of the service",
            headers={"Vary": "Accept"},
        )
    if wanted == "html":
        return Response(status=303, headers={"Location": "/query", "Vary": "Accept"})
    source = here()
    endpoint = url_for("sparql.sparql", _external=True)
    tag = caching.entity_tag(source.commit, "description", endpoint, wanted)
    body = service_description(source.graph, endpoint, wanted, federates=bool(source.settings.federation))
    response = Response(body, content_type=negotiation.with_charset(RDF_FORMATS[wanted][0]))
    response.headers["Link"] = LINK
    return caching.not_modified(request, tag) or caching.tagged(response, tag)
