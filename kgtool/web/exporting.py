"""``/export``: the graph as a file, the same bytes for the same graph."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from kgtool.export import FORMATS
from kgtool.web import caching, negotiation
from kgtool.web.answers import spooled
from kgtool.web.evaluation import ExportTask
from kgtool.web.parameters import Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here

blueprint = Blueprint("exporting", __name__)

_ENDINGS: Final = {
    "turtle": "ttl", "trig": "trig", "ntriples": "nt", "nquads": "nq", "jsonld": "jsonld", "rdfxml": "rdf",
}  # fmt: skip


@blueprint.get("/export")
def export() -> Response:
    """Give the graph, or one of its graphs, in a format of RDF.

    It is written whole before its first byte is sent: a format that cannot hold it, or a limit, is an error and not a
    part of the graph.
    """
    source = here()
    parameters = Parameters.of_request(request)
    name = parameters.one("format")
    if name is None:
        offers = {known: (media_type,) for known, media_type in FORMATS.items()}
        name = negotiation.choose(request.headers.get("Accept"), offers)
    if name is None or name not in FORMATS:
        raise HttpProblem(
            406, f"the format {name or 'that Accept asks for'} is not on offer", hint=f"one of: {', '.join(FORMATS)}",
            headers={"Vary": "Accept"},
        )  # fmt: skip
    only = parameters.choice("only", ("asserted", "inferred", "all"), "asserted")
    graph = parameters.one("graph")
    if graph is not None:
        _require_iri(graph)
    timeout = parameters.seconds("timeout", source.settings.export_timeout)
    unchanged = caching.not_modified(request, caching.entity_tag(source.commit, "export", name, only, graph))
    if unchanged:
        return unchanged
    answer = source.run(ExportTask(name, graph, only), timeout=timeout)
    response = spooled(answer, FORMATS[name])
    response.headers["Content-Disposition"] = f'attachment; filename="kgtool.{_ENDINGS[name]}"'
    return caching.tagged(response, caching.entity_tag(answer.head.commit, "export", name, only, graph))


def _require_iri(text: str) -> None:
    try:
        NamedNode(text)
    except ValueError as error:
        raise HttpProblem(400, f"graph={text} is not an absolute IRI") from error
