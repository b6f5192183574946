"""``/query``: the editor of SPARQL with its results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import UnsupportedMediaType

from kgtool.vocabulary import PREFIXES, iri
from kgtool.web import bodies, caching, pages
from kgtool.web.labels import labels
from kgtool.web.parameters import Parameters
from kgtool.web.problems import SECURITY_HEADERS, HttpProblem
from kgtool.web.sizes import class_sizes
from kgtool.web.source import here

blueprint = Blueprint("querying", __name__)

#: Ways to see an answer, as ``view=`` names them.
VIEWS: Final = ("table", "graph", "map", "chart", "timeline", "raw")
#: IRIs whose names one request may ask for, and the bytes that they may take.
MOST_LABELS: Final = 5_000
_MOST_BYTES: Final = 8 * 2**20
#: The editor's own styles bring small pictures along as data; nothing else is allowed beyond what every page is.
_HEADERS: Final = {
    **SECURITY_HEADERS,
    "Content-Security-Policy": f"{SECURITY_HEADERS['Content-Security-Policy']}; img-src 'self' data:",
}
_RESEARCHER: Final = iri("kg", "Researcher")
#: What stands in the editor before somebody writes there: of a graph of research, and of any other.
_PEOPLE: Final = f"""PREFIX kg: <{PREFIXES["kg"]}>

SELECT ?person ?institution WHERE {{
  ?person a kg:Researcher ;
    kg:affiliatedWith ?institution .
  ?institution a kg:Institution .
}}
LIMIT 100
"""
_CLASSES: Final = """SELECT ?class (COUNT(?thing) AS ?number) WHERE {
  ?thing a ?class .
}
GROUP BY ?class
ORDER BY DESC(?number)
LIMIT 100
"""


@blueprint.get("/query")
def query() -> Response:
    """Show the editor; ``query=``, ``reasoning=``, ``timeout=`` and ``view=`` say what stands there, ``run=1`` runs it.

    :raises HttpProblem: 400 for a parameter that is not what it should be.
    """
    source = here()
    parameters = Parameters.of_request(request)
    language = pages.language(request, parameters)
    text = parameters.one("query")
    reasoning = parameters.choice("reasoning", ("on", "off"), "on") == "on"
    parameters.seconds("timeout", source.settings.query_timeout)
    parameters.choice("view", (*VIEWS, ""), "")
    parameters.choice("run", ("0", "1", ""), "")
    tag = caching.entity_tag(source.commit, "query", language, request.query_string, source.settings.query_timeout)
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged:
        return unchanged
    first = _PEOPLE if _RESEARCHER.value in class_sizes(source.graph) else _CLASSES
    response = pages.page(
        "query.html",
        language,
        query=first if text is None else text,
        reasoning=reasoning,
        timeout=source.settings.query_timeout,
        editor={"first": first, "timeout": source.settings.query_timeout, "prefixes": PREFIXES},
    )
    response.headers.extend(_HEADERS)
    return caching.tagged(response, tag, vary=pages.VARY)


@blueprint.post("/query/labels")
def query_labels() -> Response:
    """Give the names of the things that ``{"iris": […]}`` lists, in the language of ``lang=`` or Accept-Language.

    Answers ``{"labels": {IRI: {"text", "language"}}}``; what the graph does not name goes by its prefixed IRI.

    :raises HttpProblem: 400 for anything else, 413 for more than :data:`MOST_LABELS`.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("send application/json")
    source = here()
    language = pages.language(request)
    nodes = [_node(each) for each in _listed(bodies.text(request, _MOST_BYTES))]
    names = labels(source.graph, nodes, language, source.settings.base)
    found = {name: {"text": label.text, "language": label.language} for name, label in names.items()}
    return pages.json_answer({"labels": found}, source.commit)


def _listed(text: str) -> Sequence[object]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise HttpProblem(400, f"the body is not JSON: {error}") from error
    listed = document.get("iris") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise HttpProblem(400, "the body has no list of IRIs", hint='send {"iris": ["https://…", …]}')
    if len(listed) > MOST_LABELS:
        raise HttpProblem(413, f"{len(listed)} IRIs are too many", hint=f"send at most {MOST_LABELS} at a time")
    return listed


def _node(value: object) -> NamedNode:
    try:
        return NamedNode(value if isinstance(value, str) else "")
    except ValueError as error:
        raise HttpProblem(400, f"{json.dumps(value)[:200]} is not an IRI") from error
