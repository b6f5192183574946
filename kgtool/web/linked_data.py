"""``/id/…``: what the graph says of a resource, as a page for people and as documents for programs.

An address below ``/id/`` names the thing itself, so it answers 303 with the address of a document about it
(https://www.w3.org/TR/cooluris/): ``/page/…`` in HTML, ``/data/….ttl`` and so on in RDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, request, url_for
from pyoxigraph import NamedNode, Triple

from kgtool.errors import Location, MissingError
from kgtool.graph import KnowledgeGraph
from kgtool.web import caching, documents, negotiation
from kgtool.web.addresses import address, candidates, raw_path
from kgtool.web.localising import in_language
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here
from kgtool.web.workbench import entity

blueprint = Blueprint("linked_data", __name__)

#: Formats of a resource, HTML first: who accepts anything is shown something readable only when it asks for it.
_OFFERS: Final = {**negotiation.RDF_FORMATS, "html": negotiation.GRAPH_FORMATS["html"]}


def found(graph: KnowledgeGraph, base: str, raw: str) -> tuple[NamedNode, list[Triple]]:
    """Find the resource that an address stands for, and what the graph says of it.

    :raises MissingError: if the graph says nothing of any IRI that the address may stand for.
    """
    nodes = candidates(base, raw)
    for node in nodes:
        triples = graph.describe(node.value)
        if triples:
            return node, triples
    raise _missing(nodes)


def known(graph: KnowledgeGraph, base: str, raw: str) -> NamedNode:
    """Find the resource that an address stands for, without reading all that the graph says of it.

    :raises MissingError: if the graph says nothing of any IRI that the address may stand for.
    """
    nodes = candidates(base, raw)
    for node in nodes:
        if graph.query(f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s ?q {node} }} }}").answer:
            return node
    raise _missing(nodes)


def _missing(nodes: Sequence[NamedNode]) -> MissingError:
    return MissingError(
        "the graph says nothing of this resource",
        where=Location(iri=nodes[0].value) if nodes else None,
        hint="its IRI may be spelt otherwise; look it up by a query",
    )


@blueprint.get("/id/", defaults={"rest": ""})
@blueprint.get("/id/<path:rest>")
def resource(rest: str) -> Response:
    """Send a client on to the document that it can read."""
    source = here()
    raw = raw_path(request, "/id/", rest)
    wanted = negotiation.choose(request.headers.get("Accept"), _OFFERS)
    if wanted is None:
        raise HttpProblem(406, "no such format", hint=f"one of: {', '.join(_OFFERS)}", headers={"Vary": "Accept"})
    known(source.graph, source.settings.base, raw)
    if wanted == "html":
        target = in_language(url_for("linked_data.page", rest="") + raw)
    else:
        target = f"{url_for('linked_data.data', rest='')}{raw}.{documents.ending_of(wanted)}"
    return Response(status=303, headers={"Location": target, "Vary": "Accept", "Link": _alternates(raw)})


@blueprint.get("/data/", defaults={"rest": ""})
@blueprint.get("/data/<path:rest>")
def data(rest: str) -> Response:
    """Give what the graph says of a resource, in the format of the address's ending."""
    source = here()
    raw, _, ending = raw_path(request, "/data/", rest).rpartition(".")
    name = documents.ENDINGS.get(ending)
    if not raw or name is None:
        raise MissingError(
            f"no document has an address that ends in .{ending}", hint=f"one of: .{', .'.join(documents.ENDINGS)}"
        )
    tag = caching.entity_tag(source.commit, "data", raw, name)
    unchanged = caching.not_modified(request, tag)
    if unchanged:
        return unchanged
    node, triples = found(source.graph, source.settings.base, raw)
    response = documents.answer(documents.document(source.graph, triples, name), name)
    response.headers["Link"] = f'<{address(node.value, source.settings.base)}>; rel="about", {_alternates(raw)}'
    return caching.tagged(response, tag)


@blueprint.get("/page/", defaults={"rest": ""})
@blueprint.get("/page/<path:rest>")
def page(rest: str) -> Response:
    """Show what the graph says of a resource."""
    source = here()
    raw = raw_path(request, "/page/", rest)
    response = entity.show(known(source.graph, source.settings.base, raw), raw)
    response.headers["Link"] = _alternates(raw)
    return response


def _alternates(raw: str) -> str:
    """Give the Link field that names the documents about a resource, one in each format."""
    data_address = url_for("linked_data.data", rest="") + raw
    links = [
        f'<{data_address}.{ending}>; rel="alternate"; type="{negotiation.RDF_FORMATS[name][0]}"'
        for ending, name in documents.ENDINGS.items()
    ]
    page_address = url_for("linked_data.page", rest="") + raw
    return ", ".join([*links, f'<{page_address}>; rel="alternate"; type="text/html"'])
