"""``/graphs``: the SPARQL 1.1 Graph Store HTTP Protocol.

A graph is named by ``?graph=IRI`` or ``?default``, or it is the one whose IRI is the address asked (below
``/graphs/``). A graph that holds nothing does not exist. Sections in comments are those of
https://www.w3.org/TR/sparql11-http-rdf-update/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from flask import Blueprint, Response, request, url_for
from pyoxigraph import NamedNode

from kgtool.errors import MissingError
from kgtool.store.updates import refuse_reserved
from kgtool.vocabulary import DEFAULT_SOURCE
from kgtool.web import access, bodies, caching, conditions, documents, negotiation, pages
from kgtool.web.addresses import raw_path
from kgtool.web.answers import spooled
from kgtool.web.evaluation import ExportTask
from kgtool.web.jobs import GraphJob
from kgtool.web.negotiation import RDF_FORMATS
from kgtool.web.parameters import Parameters
from kgtool.web.payloads import as_ntriples
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here

blueprint = Blueprint("graphs", __name__)

_METHODS: Final = ["GET", "HEAD", "PUT", "POST", "DELETE"]
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True)
class Target:
    """The graph that a request is about.

    :param name: its IRI; None for the default graph.
    :param base: what relative IRIs in a body are resolved against.
    """

    name: str | None
    base: str

    @property
    def iri(self) -> str:
        """The graph's IRI in the store."""
        return self.name or DEFAULT_SOURCE.value


@blueprint.route("/graphs", methods=_METHODS)
@blueprint.route("/graphs/", endpoint="slash", methods=_METHODS)
@blueprint.route("/graphs/<path:rest>", endpoint="direct", methods=_METHODS, merge_slashes=False)
def graphs(rest: str = "") -> Response:
    """Give, replace, extend or remove a graph; a POST that names none makes one."""
    parameters = Parameters.of_request(request)
    target = _target(parameters, rest)
    if request.method in ("GET", "HEAD"):
        return _get(_named(target), parameters)
    access.require_write(request, here().settings)
    if request.method == "DELETE":
        return _delete(_named(target), parameters)
    if request.method == "POST" and target is None:
        made = url_for("graphs.direct", rest=uuid4().hex, _external=True)
        response = _write(Target(made, made), parameters)
        response.headers["Location"] = made
        return response
    return _write(_named(target), parameters)


def _target(parameters: Parameters, rest: str) -> Target | None:
    """Read which graph is meant (sections 4.1 and 4.2); None if none is named.

    :raises HttpProblem: 400 for two names, and for one that is no absolute IRI.
    """
    name = parameters.one("graph")
    default = parameters.one("default") is not None
    if sum((name is not None, default, bool(rest))) > 1:
        raise HttpProblem(400, "the request names its graph in two ways", hint="give one of graph=, default, a path")
    if default:
        return Target(None, request.base_url)
    if rest:
        name = f"{url_for('graphs.graphs', _external=True)}/" + raw_path(request, "/graphs/", rest)
    if name is None:
        return None
    try:
        iri = NamedNode(name).value if _ABSOLUTE.match(name) else None
    except ValueError:
        iri = None
    if iri is None:
        raise HttpProblem(400, f"graph={name[:200]} is no absolute IRI", hint="give one, percent-encoded, without < >")
    return Target(None if iri == DEFAULT_SOURCE.value else iri, iri)


def _named(target: Target | None) -> Target:
    if target is None:
        raise HttpProblem(400, "the request names no graph", hint="add ?graph=IRI or ?default")
    return target


def _get(target: Target, parameters: Parameters) -> Response:
    """Give a graph as RDF (section 5.2)."""
    source = here()
    name = parameters.one("format")
    accept = request.headers.get("Accept")
    wanted = negotiation.choose(accept, RDF_FORMATS) if name is None else negotiation.named(name, RDF_FORMATS)
    if wanted is None:
        raise HttpProblem(
            406, f"the format {name or 'that Accept asks for'} is not on offer",
            hint=f"one of: {', '.join(RDF_FORMATS)}", headers={"Vary": "Accept"},
        )  # fmt: skip
    timeout = parameters.seconds("timeout", source.settings.export_timeout)
    unchanged = caching.not_modified(request, caching.entity_tag(source.commit, "graph", wanted, target.iri))
    if unchanged:
        return unchanged
    try:
        answer = source.run(ExportTask(wanted, target.iri), timeout=timeout)
    except MissingError:
        if target.name is not None:
            raise
        response = documents.answer(documents.document(source.graph, (), wanted), wanted)  # it is always there
        return caching.tagged(response, caching.entity_tag(source.commit, "graph", wanted, target.iri))
    types = RDF_FORMATS[wanted]
    media_type = types[0] if name else negotiation.sent_type(accept, types)
    response = spooled(answer, negotiation.with_charset(media_type))
    return caching.tagged(response, caching.entity_tag(answer.head.commit, "graph", wanted, target.iri))


def _write(target: Target, parameters: Parameters) -> Response:
    """Replace a graph (PUT, section 5.3) or add to it (POST, section 5.5)."""
    with bodies.folder() as folder:
        job = _job(target, parameters, as_ntriples(request, folder, target.base, _timeout(parameters)))
        report = here().perform(job)
    existed = report.pop("existed")
    if existed and request.method == "PUT":
        response = Response(status=204)
        response.set_etag(str(report["commit"]), weak=True)
        return response
    return pages.json_answer(report, str(report["commit"]), status=200 if existed else 201)


def _delete(target: Target, parameters: Parameters) -> Response:
    """Remove a graph (section 5.4)."""
    report = here().perform(_job(target, parameters, None))
    report.pop("existed")
    return pages.json_answer(report, str(report["commit"]))


def _job(target: Target, parameters: Parameters, content: Path | None) -> GraphJob:
    refuse_reserved(NamedNode(target.iri))
    return GraphJob(
        target.name,
        content,
        replace=request.method == "PUT",
        timeout=_timeout(parameters),
        only_if=conditions.of_request(request, here().commit),
    )


def _timeout(parameters: Parameters) -> float:
    return parameters.seconds("timeout", here().settings.query_timeout)
